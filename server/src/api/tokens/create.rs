//! `POST /tokens`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::Installation;
use crate::service::people::tokens;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Makes an API token; it is shown once")
        .takes::<wire::TokenInput>()
        .answers::<wire::Token>(201)
        .refuses(403, &["session_required"])
        .refuses(422, &["validation"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Body(input): Body<wire::TokenInput>,
) -> Reply {
    answered(tokens::create(&installation, &caller, input).await)
}
