//! `POST /reports/{key}/records`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Path, Signed};
use crate::api::reply::{Reply, found};
use crate::service::{Installation, reports};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("The records behind one input of a figure, or of a cell of a table")
        .takes::<wire::BehindInput>()
        .answers::<wire::Behind>(200)
        .refuses(403, &["forbidden"])
        .refuses(404, &["not_found"])
        .refuses(422, &["validation", "unknown_field"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(key): Path<String>,
    Body(input): Body<wire::BehindInput>,
) -> Reply {
    found(&reports::records(&installation, &caller, &key, &input).await?)
}
