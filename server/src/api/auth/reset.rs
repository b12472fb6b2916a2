//! `POST /auth/reset`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Origin};
use crate::api::reply::{Reply, done};
use crate::service::Installation;
use crate::service::people::reset;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Sends a link for a new password, where somebody has this address")
        .takes::<wire::ResetInput>()
        .empty(204, "Whether somebody has it is not said")
        .refuses(404, &["not_found"])
        .refuses(429, &["too_many_requests"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Origin(from): Origin,
    Body(input): Body<wire::ResetInput>,
) -> Reply {
    reset::ask(&installation, from, &input.email).await?;
    done()
}
