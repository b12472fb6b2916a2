//! `POST /auth/invitation/accept`

use axum::extract::State;
use axum::http::StatusCode;

use super::cookie;
use crate::api::doc::Doc;
use crate::api::extract::{Body, Origin};
use crate::api::reply::Reply;
use crate::service::Installation;
use crate::service::people::invitations;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Joins by a link, with a password of one's own; the answer sets the session cookie")
        .takes::<wire::InvitationAcceptance>()
        .answers::<wire::Me>(200)
        .refuses(404, &["not_found"])
        .refuses(410, &["invitation_over"])
        .refuses(422, &["validation", "unknown_member"])
        .refuses(429, &["too_many_requests"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Origin(from): Origin,
    Body(input): Body<wire::InvitationAcceptance>,
) -> Reply {
    let secret = invitations::accept(&installation, input, from).await?;
    cookie::signed_in(&installation, StatusCode::OK, &secret).await
}
