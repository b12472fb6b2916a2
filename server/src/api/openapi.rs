//! `GET /api/v1/openapi.json`: this API, described.

use axum::Json;
use utoipa::openapi::OpenApi;

use super::doc::{Doc, document};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("The OpenAPI document of this API").empty(200, "OpenAPI 3.1")
}

pub async fn handler() -> Json<OpenApi> {
    Json(document())
}
