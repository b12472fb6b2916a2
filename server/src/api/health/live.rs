//! `GET /live`: the process answers.

use axum::http::StatusCode;

use crate::api::doc::Doc;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Whether the process answers").empty(204, "It does")
}

pub async fn handler() -> StatusCode {
    StatusCode::NO_CONTENT
}
