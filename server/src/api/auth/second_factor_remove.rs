//! `DELETE /auth/second-factor`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::Signed;
use crate::api::reply::{Reply, done};
use crate::service::Installation;
use crate::service::people::second_factor;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Takes the caller's second step away")
        .empty(204, "Taken away")
        .refuses(403, &["session_required", "reauth_required"])
        .refuses(404, &["not_found"])
}

pub async fn handler(State(installation): State<Installation>, Signed(caller): Signed) -> Reply {
    second_factor::remove(&installation, &caller).await?;
    done()
}
