//! `POST /phrases`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Once, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::Installation;
use crate::service::flows::phrases;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Keeps a phrase of the caller's own; one that is there already is answered as it is")
        .takes::<wire::flows::PhraseInput>()
        .answers::<wire::flows::Phrase>(201)
        .refuses(422, &["validation", "unknown_member"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Once(key): Once,
    Body(input): Body<wire::flows::PhraseInput>,
) -> Reply {
    answered(phrases::create(&installation, &caller, key, input).await)
}
