//! `GET /workspace`

use crate::api::doc::Doc;
use crate::api::extract::Signed;
use crate::api::reply::{Reply, found};
use crate::service::people::workspace;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("What holds for everybody in the workspace").answers::<wire::WorkspaceSettings>(200)
}

pub async fn handler(Signed(caller): Signed) -> Reply {
    found(&workspace::view(&caller.workspace, &caller.people.rules))
}
