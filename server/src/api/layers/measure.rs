//! Counts what is asked, what becomes of it, and how long that takes.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;

use crate::service::Installation;

pub async fn measure(State(installation): State<Installation>, request: Request, next: Next) -> Response {
    let under_way = installation.metrics.begin();
    let response = next.run(request).await;
    under_way.answered(response.status().as_u16());
    response
}
