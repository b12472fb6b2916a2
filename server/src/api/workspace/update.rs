//! `PATCH /workspace`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::Installation;
use crate::service::people::workspace;

pub fn doc(doc: Doc) -> Doc {
    doc.summary(
        "Changes what holds for everybody in the workspace; sessions that may not last as long end sooner",
    )
    .takes::<wire::WorkspacePatch>()
    .answers::<wire::WorkspaceSettings>(200)
    .refuses(422, &["validation", "unknown_member"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Body(patch): Body<wire::WorkspacePatch>,
) -> Reply {
    answered(workspace::update(&installation, &caller, patch).await)
}
