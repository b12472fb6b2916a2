//! Small bodies are taken in before anything is decided about a request. A connection on which a body is left unread can't be
//! used again: whoever was refused by what stands in their headers, and has sent the body a moment later, would find it
//! closed with their next request.

use axum::body::{Body, HttpBody, to_bytes};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::api::Problem;
use crate::service::Cause;

/// Bytes of a body that is small.
const SMALL: usize = 64 << 10;

pub async fn take_small_bodies(request: Request, next: Next) -> Response {
    let size = request.body().size_hint().exact().and_then(|size| usize::try_from(size).ok());
    if !size.is_some_and(|size| (1..=SMALL).contains(&size)) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    match to_bytes(body, SMALL).await {
        Ok(bytes) => next.run(Request::from_parts(parts, Body::from(bytes))).await,
        Err(_) => Problem::new(Cause::Malformed, "malformed_request").into_response(),
    }
}
