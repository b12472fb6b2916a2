//! `POST /apps/{app}/forms/propose`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Path, Signed};
use crate::api::reply::{Reply, found};
use crate::service::{Installation, imports};

pub fn doc(doc: Doc) -> Doc {
    doc.summary(
        "A form that would take the records of a file, its kinds guessed from all cells; stores nothing",
    )
    .takes::<wire::ProposeInput>()
    .answers::<wire::Proposal>(200)
    .refuses(403, &["forbidden"])
    .refuses(404, &["not_found"])
    .refuses(422, &["unknown_member", "validation", "broken_csv", "broken_xlsx", "broken_list"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(app): Path<String>,
    Body(input): Body<wire::ProposeInput>,
) -> Reply {
    found(&imports::propose(&installation, &caller, &app, input).await?)
}
