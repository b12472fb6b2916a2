//! `POST /setup`

use axum::extract::State;
use axum::http::StatusCode;

use crate::api::auth::cookie;
use crate::api::doc::Doc;
use crate::api::extract::{Body, Origin};
use crate::api::reply::Reply;
use crate::service::Installation;
use crate::service::people::{set_up, sign_in};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Makes the workspace and its first administrator, and signs in")
        .takes::<wire::Setup>()
        .answers::<wire::Me>(201)
        .refuses(403, &["wrong_setup_code"])
        .refuses(404, &["not_found"])
        .refuses(422, &["validation"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Origin(from): Origin,
    Body(input): Body<wire::Setup>,
) -> Reply {
    let member = set_up::set_up(&installation, input, &from).await?;
    let secret = sign_in::open_session(&installation, &member, from).await?;
    cookie::signed_in(&installation, StatusCode::CREATED, &secret).await
}
