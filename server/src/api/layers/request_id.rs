//! An id for each request, for logs, the audit trail and problem documents.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::extract::{ConnectInfo, Request, State};
use axum::http::HeaderValue;
use axum::middleware::Next;
use axum::response::Response;
use tower_http::request_id::RequestId;

use super::peer::Proxies;

const NAME: &str = "x-request-id";

/// Numbers the requests of this process, after a random start that tells processes apart.
#[derive(Clone, Copy, Debug)]
pub struct MakeRequestId;

static START: std::sync::OnceLock<u64> = std::sync::OnceLock::new();
static NEXT: AtomicU64 = AtomicU64::new(1);

impl tower_http::request_id::MakeRequestId for MakeRequestId {
    fn make_request_id<B>(&mut self, _: &axum::http::Request<B>) -> Option<RequestId> {
        let start = START.get_or_init(|| getrandom::u64().unwrap_or_default());
        let text = format!("{:08x}-{:x}", start >> 32, NEXT.fetch_add(1, Ordering::Relaxed));
        HeaderValue::from_str(&text).ok().map(RequestId::new)
    }
}

/// Takes away the id that a request brings along, unless a proxy of ours gave it: nobody chooses what they are called in the
/// log and the trail.
pub async fn forget_foreign_id(State(proxies): State<Proxies>, mut request: Request, next: Next) -> Response {
    let connected = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    if !connected.is_some_and(|address| proxies.trust(address.to_canonical())) {
        request.headers_mut().remove(NAME);
    }
    next.run(request).await
}

/// The id that a request was given; empty for a request that came by another way.
pub fn request_id_of(request: &Request) -> String {
    request
        .extensions()
        .get::<RequestId>()
        .and_then(|id| id.header_value().to_str().ok())
        .unwrap_or_default()
        .to_string()
}
