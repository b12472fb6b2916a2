//! `POST /members/{id}/hand-over`

use axum::extract::State;
use engine::value::Id;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Once, Path, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::Installation;
use crate::service::people::members;

pub fn doc(doc: Doc) -> Doc {
    doc.summary(
        "Names who takes over from a member, and gives them what waits for the member; a job whose result is a HandedOver",
    )
    .takes::<wire::HandOver>()
    .answers::<wire::JobStarted>(202)
    .refuses(404, &["not_found"])
    .refuses(422, &["validation", "unknown_member"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(id): Path<Id>,
    Once(key): Once,
    Body(input): Body<wire::HandOver>,
) -> Reply {
    answered(members::hand_over(&installation, &caller, key, id, input.to).await)
}
