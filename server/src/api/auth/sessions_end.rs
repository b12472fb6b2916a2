//! `DELETE /auth/sessions`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::Signed;
use crate::api::reply::{Reply, done};
use crate::service::Installation;
use crate::service::people::sessions;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Ends all sessions of the caller but this one")
        .empty(204, "Ended")
        .refuses(403, &["session_required"])
}

pub async fn handler(State(installation): State<Installation>, Signed(caller): Signed) -> Reply {
    sessions::end_others(&installation, &caller).await?;
    done()
}
