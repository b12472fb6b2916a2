//! `Idempotency-Key`.

use axum::body::Body;
use axum::extract::{FromRequestParts, MatchedPath, Request, State};
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use engine::text::Fault;
use sha2::{Digest, Sha256};

use super::body::too_large;
use crate::api::Problem;
use crate::service::Refusal;
use crate::service::once::Key;
use crate::service::people::secret::hex;

/// The key under which an action's answer is kept, if the request has one.
pub struct Once(pub Option<Key>);

impl<S: Send + Sync> FromRequestParts<S> for Once {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Once, Problem> {
        Ok(Once(parts.extensions.get::<Key>().cloned()))
    }
}

const HEADER: &str = "idempotency-key";
const LONGEST: usize = 255;

/// Reads the key of a request that has one, with the hash of its body. Others pass untouched. Where the body streams
/// it is not read here: who takes it hashes what went by.
pub async fn read_key(
    State((limit, streams)): State<(usize, bool)>,
    request: Request,
    next: Next,
) -> Response {
    let Some(value) = request.headers().get(HEADER) else { return next.run(request).await };
    let key = value.to_str().map(str::trim).unwrap_or_default().to_string();
    if key.is_empty() || key.len() > LONGEST {
        let fault = Fault::new("Idempotency-Key", "too_long").arg("max", LONGEST);
        return Problem::from(Refusal::invalid(vec![fault])).into_response();
    }
    let (mut parts, body) = request.into_parts();
    let path = parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str);
    let route = format!("{} {path}", parts.method);
    // What is in the path belongs to what is asked for, and so does the body.
    let mut hash = Sha256::new();
    hash.update(parts.uri.path().as_bytes());
    hash.update([0]);
    let body = if streams {
        body
    } else {
        let Ok(bytes) = axum::body::to_bytes(body, limit).await else {
            return Problem::from(too_large()).into_response();
        };
        hash.update(&bytes);
        Body::from(bytes)
    };
    parts.extensions.insert(Key { route, key, body_hash: hex(&hash.finalize()) });
    next.run(Request::from_parts(parts, body)).await
}
