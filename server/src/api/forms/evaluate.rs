//! `POST /forms/{form}/evaluate`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Path, Signed};
use crate::api::reply::{Reply, found};
use crate::service::Installation;
use crate::service::forms::evaluate;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("What a save would make of a record; nothing is stored")
        .takes::<wire::EvaluateInput>()
        .answers::<wire::Evaluated>(200)
        .refuses(404, &["not_found"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(form): Path<String>,
    Body(input): Body<wire::EvaluateInput>,
) -> Reply {
    found(&evaluate::evaluate(&installation, &caller, &form, input).await?)
}
