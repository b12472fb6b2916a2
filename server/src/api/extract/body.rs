//! A JSON body, read strictly.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use engine::text::Fault;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use super::depth::{self, Unfit};
use crate::api::Problem;
use crate::service::{Cause, Refusal, strict};

/// A body of JSON that is exactly a `T`: unknown members, other types, too deep a nesting and other content
/// types are refused. An empty body reads as `{}`, so that actions without members need none.
pub struct Body<T, const DEEPEST: usize = { depth::DEEPEST }>(pub T);

/// The body that is a design document, which nests deeper than others.
pub type Design<T> = Body<T, { depth::DEEPEST_DESIGN }>;

impl<T, S, const DEEPEST: usize> FromRequest<S> for Body<T, DEEPEST>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Body<T, DEEPEST>, Problem> {
        let is_json = is_json(request.headers());
        let bytes = taken_in(request, state).await?;
        if bytes.is_empty() {
            return Ok(Body(read(b"{}", DEEPEST)?));
        }
        if !is_json {
            return Err(not_json().into());
        }
        Ok(Body(read(&bytes, DEEPEST)?))
    }
}

/// A body as it came, with what it says: for what is signed, of which each byte counts. Who looks at the signature first learns
/// from `content` why it can't be read.
pub struct Raw {
    pub bytes: Bytes,
    pub content: Result<Json, Refusal>,
}

impl<S: Send + Sync> FromRequest<S> for Raw {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Raw, Problem> {
        let is_json = is_json(request.headers());
        let bytes = taken_in(request, state).await?;
        let content = if is_json { read(&bytes, depth::DEEPEST) } else { Err(not_json()) };
        Ok(Raw { bytes, content })
    }
}

async fn taken_in<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Problem> {
    Bytes::from_request(request, state).await.map_err(|rejection| {
        if rejection.into_response().status() == StatusCode::PAYLOAD_TOO_LARGE {
            Problem::from(too_large())
        } else {
            Problem::new(Cause::Malformed, "malformed_request")
        }
    })
}

fn not_json() -> Refusal {
    Refusal::new(Cause::MediaType, "unsupported_media_type").arg("expected", "application/json")
}

/// The refusal of a body above its route's limit.
pub fn too_large() -> Refusal {
    Refusal::new(Cause::TooLarge, "too_large")
}

/// Reads `json` as a `T`, or says what is wrong with it and where.
fn read<T: DeserializeOwned>(json: &[u8], deepest: usize) -> Result<T, Refusal> {
    depth::check(json, deepest).map_err(|unfit| match unfit {
        Unfit::TooDeep => Refusal::fault("", "too_deep"),
        Unfit::TooManyMembers => {
            let fault = Fault::new("", "too_many_members").arg("max", depth::MOST_MEMBERS);
            Refusal::invalid(vec![fault])
        }
        Unfit::Nul => strict::with_nul(),
    })?;
    // Every body is an object; serde would take an array for its members in their order.
    if json.trim_ascii_start().starts_with(b"[") {
        return Err(Refusal::fault("", "wrong_type"));
    }
    strict::from_slice(json).map_err(|mut refusal: Refusal| {
        // Places in a design document are said as in its own faults.
        if deepest == depth::DEEPEST_DESIGN {
            for fault in refusal.faults.iter_mut().filter(|fault| fault.code == "repeated_member") {
                fault.path = strict::pointer(&fault.path);
            }
        }
        refusal
    })
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}
