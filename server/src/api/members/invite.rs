//! `POST /members/{id}/invitation`

use axum::extract::State;
use engine::value::Id;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::Installation;
use crate::service::people::invitations;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Makes a link by which a member joins; it is shown once, and makes an earlier one worthless")
        .answers::<wire::Invitation>(201)
        .refuses(404, &["not_found"])
        .refuses(409, &["has_joined", "member_disabled"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(id): Path<Id>,
) -> Reply {
    answered(invitations::create(&installation, &caller, id).await)
}
