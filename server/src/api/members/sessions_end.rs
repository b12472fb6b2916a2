//! `DELETE /members/{id}/sessions`

use axum::extract::State;
use engine::value::Id;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Signed};
use crate::api::reply::{Reply, done};
use crate::service::Installation;
use crate::service::people::sessions;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Ends all sessions of a member, at once").empty(204, "Ended").refuses(404, &["not_found"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(id): Path<Id>,
) -> Reply {
    sessions::end_of(&installation, &caller, id).await?;
    done()
}
