//! `GET /schemas/{document}`

use engine::package::document_schema;

use crate::api::doc::Doc;
use crate::api::extract::Path;
use crate::api::reply::{Reply, found};
use crate::service::Refusal;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("The JSON Schema (2020-12) of a document: form, flow, aggregate, permission-group, dashboard, view, print, package")
        .empty(200, "JSON Schema")
        .refuses(404, &["not_found"])
}

pub async fn handler(Path(document): Path<String>) -> Reply {
    found(&document_schema(&document).ok_or_else(Refusal::missing)?)
}
