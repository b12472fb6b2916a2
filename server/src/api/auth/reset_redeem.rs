//! `POST /auth/reset/redeem`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Origin};
use crate::api::reply::{Reply, done};
use crate::service::Installation;
use crate::service::people::reset;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Sets a new password by the link of a letter; it ends sessions and tokens")
        .takes::<wire::ResetRedemption>()
        .empty(204, "Set; nobody is signed in by it")
        .refuses(410, &["link_expired"])
        .refuses(422, &["validation"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Origin(from): Origin,
    Body(input): Body<wire::ResetRedemption>,
) -> Reply {
    reset::redeem(&installation, from, input).await?;
    done()
}
