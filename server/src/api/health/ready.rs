//! `GET /ready`: whether requests should be sent here.

use axum::extract::State;
use axum::http::StatusCode;

use crate::api::Problem;
use crate::api::doc::Doc;
use crate::service::{Installation, Refusal};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Whether requests should be sent here").empty(204, "They should").refuses(503, &["busy"])
}

pub async fn handler(State(installation): State<Installation>) -> Result<StatusCode, Problem> {
    if installation.is_draining() {
        return Err(Refusal::busy().into());
    }
    installation.store.read().await.map_err(Refusal::from)?;
    Ok(StatusCode::NO_CONTENT)
}
