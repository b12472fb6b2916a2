//! `GET /metrics`, on an address of its own: figures for those who watch over the server are nobody else's.

use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;

use crate::service::{Installation, metrics};

/// What Prometheus calls its text format.
const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// All that is served there.
pub fn router(installation: Installation) -> Router {
    Router::new().route("/metrics", get(handler)).with_state(installation)
}

async fn handler(State(installation): State<Installation>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, TEXT)], metrics::text(&installation).await)
}
