//! `DELETE /tokens/{id}`

use axum::extract::State;
use engine::value::Id;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Signed};
use crate::api::reply::{Reply, done};
use crate::service::Installation;
use crate::service::people::tokens;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Ends a token of the caller")
        .empty(204, "Ended")
        .refuses(403, &["session_required"])
        .refuses(404, &["not_found"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(id): Path<Id>,
) -> Reply {
    tokens::delete(&installation, &caller, id).await?;
    done()
}
