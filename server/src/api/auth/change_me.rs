//! `PATCH /me`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Origin, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::Installation;
use crate::service::people::members;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Changes one's own name, language, zone or password")
        .takes::<wire::MePatch>()
        .answers::<wire::Member>(200)
        .refuses(403, &["session_required"])
        .refuses(422, &["validation"])
        .refuses(429, &["too_many_requests"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Origin(from): Origin,
    Body(patch): Body<wire::MePatch>,
) -> Reply {
    answered(members::update_oneself(&installation, &caller, from, patch).await)
}
