//! `GET /workspace/files`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::Signed;
use crate::api::reply::{Reply, found};
use crate::service::Installation;
use crate::service::files;

pub fn doc(doc: Doc) -> Doc {
    doc.summary(
        "How many bytes the files of the workspace have, and how many they may have: beyond that nothing more is taken in \
         (507 `workspace_full`)",
    )
    .answers::<wire::WorkspaceFiles>(200)
}

pub async fn handler(State(installation): State<Installation>, Signed(caller): Signed) -> Reply {
    found(&files::room_of_workspace(&installation, caller.workspace_id()).await?)
}
