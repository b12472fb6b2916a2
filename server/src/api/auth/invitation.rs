//! `POST /auth/invitation`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Origin};
use crate::api::reply::{Reply, found};
use crate::service::Installation;
use crate::service::people::invitations;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Who is invited by a link, and to what")
        .takes::<wire::InvitationInput>()
        .answers::<wire::InvitationSeen>(200)
        .refuses(404, &["not_found"])
        .refuses(410, &["invitation_over"])
        .refuses(429, &["too_many_requests"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Origin(from): Origin,
    Body(input): Body<wire::InvitationInput>,
) -> Reply {
    found(&invitations::look(&installation, &input.token, &from).await?)
}
