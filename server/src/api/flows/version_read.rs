//! `GET /forms/{form}/flow/versions/{version}`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Signed};
use crate::api::reply::{Reply, found_at};
use crate::service::Installation;
use crate::service::flows::versions;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("A flow document as it was published")
        .answers::<serde_json::Value>(200)
        .refuses(403, &["forbidden"])
        .refuses(404, &["not_found"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path((form, version)): Path<(String, i64)>,
) -> Reply {
    found_at(version, &versions::read(&installation, &caller, &form, version).await?)
}
