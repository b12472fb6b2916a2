//! `DELETE /auth/sessions/{id}`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Signed};
use crate::api::reply::{Reply, done};
use crate::service::Installation;
use crate::service::people::sessions;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Ends a session of the caller, at once")
        .empty(204, "Ended")
        .refuses(403, &["session_required"])
        .refuses(404, &["not_found"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(id): Path<String>,
) -> Reply {
    sessions::end(&installation, &caller, &id).await?;
    done()
}
