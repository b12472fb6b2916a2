//! `POST /forms/{form}/permissions`

use axum::extract::State;
use serde_json::Value as Json;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Once, Path, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::Installation;
use crate::service::forms::groups;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Makes a permission group from its document")
        .takes_document("permission-group")
        .answers::<wire::Made>(201)
        .refuses(403, &["forbidden", "reads_hidden_field", "reads_hidden_records"])
        .refuses(404, &["not_found"])
        .refuses(409, &["group_taken"])
        .refuses(422, &["validation", "unknown_member"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(form): Path<String>,
    Once(key): Once,
    Body(document): Body<Json>,
) -> Reply {
    answered(groups::create(&installation, &caller, key, form, document).await)
}
