//! `DELETE /role-groups/{id}`

use axum::extract::State;
use engine::value::Id;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Signed};
use crate::api::reply::{Reply, done};
use crate::service::Installation;
use crate::service::people::role_groups;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Removes a group of roles; its roles stay, in no group")
        .empty(204, "Gone")
        .refuses(404, &["not_found"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(id): Path<Id>,
) -> Reply {
    role_groups::delete(&installation, &caller, id).await?;
    done()
}
