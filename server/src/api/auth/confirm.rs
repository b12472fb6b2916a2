//! `POST /auth/confirm`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Origin, Signed};
use crate::api::reply::{Reply, done};
use crate::service::Installation;
use crate::service::people::confirm;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Shows anew who one is, for what changes how one signs in")
        .takes::<wire::Confirmation>()
        .empty(204, "Holds for five minutes")
        .refuses(403, &["session_required"])
        .refuses(422, &["validation"])
        .refuses(429, &["too_many_requests"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Origin(from): Origin,
    Body(input): Body<wire::Confirmation>,
) -> Reply {
    confirm::confirm(&installation, &caller, from, input).await?;
    done()
}
