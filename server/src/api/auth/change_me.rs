//! `PATCH /me`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::Installation;
use crate::service::people::members;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Changes one's own name, language, zone or password")
        .takes::<wire::MePatch>()
        .answers::<wire::Member>(200)
        .refuses(422, &["validation"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Body(patch): Body<wire::MePatch>,
) -> Reply {
    answered(members::update_oneself(&installation, &caller, patch).await)
}
