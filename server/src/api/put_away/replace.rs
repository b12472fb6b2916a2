//! `PUT /me/put-away`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::{Installation, put_away};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Puts hints of the pages away for the caller, and nobody else, wherever they sign in")
        .takes::<wire::PutAway>()
        .answers::<wire::PutAway>(200)
        .refuses(422, &["validation", "unknown_member"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Body(input): Body<wire::PutAway>,
) -> Reply {
    answered(put_away::replace(&installation, &caller, input).await)
}
