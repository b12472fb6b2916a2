//! `DELETE /members/{id}/second-factor`

use axum::extract::State;
use engine::value::Id;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Signed};
use crate::api::reply::{Reply, done};
use crate::service::Installation;
use crate::service::people::second_factor;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Takes the second step of a member away who has lost it, and ends their sessions")
        .empty(204, "Taken away")
        .refuses(403, &["session_required", "reauth_required"])
        .refuses(404, &["not_found"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(id): Path<Id>,
) -> Reply {
    second_factor::reset(&installation, &caller, id).await?;
    done()
}
