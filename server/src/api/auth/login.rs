//! `POST /auth/login`

use axum::extract::State;
use axum::http::StatusCode;

use super::cookie;
use crate::api::doc::Doc;
use crate::api::extract::{Body, Origin};
use crate::api::reply::Reply;
use crate::service::Installation;
use crate::service::people::sign_in;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Signs in; the answer sets the session cookie")
        .takes::<wire::Login>()
        .answers::<wire::Me>(200)
        .refuses(401, &["wrong_credentials", "second_step_required", "wrong_code"])
        .refuses(429, &["too_many_requests"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Origin(from): Origin,
    Body(input): Body<wire::Login>,
) -> Reply {
    let (secret, _) = sign_in::sign_in(&installation, &input, from).await?;
    cookie::signed_in(&installation, StatusCode::OK, &secret).await
}
