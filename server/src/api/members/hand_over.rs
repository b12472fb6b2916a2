//! `POST /members/{id}/hand-over`

use axum::extract::State;
use engine::value::Id;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Once, Path, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::Installation;
use crate::service::people::hand_over;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Hands over what a member has; a job whose result is a HandedOver")
        .takes::<wire::HandOver>()
        .answers::<wire::JobStarted>(202)
        .refuses(404, &["not_found"])
        .refuses(409, &["not_yourself", "last_administrator"])
        .refuses(422, &["validation", "unknown_member"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(id): Path<Id>,
    Once(key): Once,
    Body(input): Body<wire::HandOver>,
) -> Reply {
    answered(hand_over::start(&installation, &caller, key, id, input).await)
}
