//! `PATCH /members/{id}`

use axum::extract::State;
use engine::value::Id;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Path, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::Installation;
use crate::service::people::members;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Changes a member")
        .takes::<wire::MemberPatch>()
        .answers::<wire::Member>(200)
        .refuses(403, &["session_required", "reauth_required"])
        .refuses(404, &["not_found"])
        .refuses(422, &["validation"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(id): Path<Id>,
    Body(patch): Body<wire::MemberPatch>,
) -> Reply {
    answered(members::update(&installation, &caller, id, patch).await)
}
