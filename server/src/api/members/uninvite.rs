//! `DELETE /members/{id}/invitation`

use axum::extract::State;
use engine::value::Id;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Signed};
use crate::api::reply::{Reply, done};
use crate::service::Installation;
use crate::service::people::invitations;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Makes the link worthless by which a member could join")
        .empty(204, "Gone")
        .refuses(404, &["not_found"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(id): Path<Id>,
) -> Reply {
    invitations::revoke(&installation, &caller, id).await?;
    done()
}
