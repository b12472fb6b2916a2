//! `If-Match`.

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;

use crate::api::Problem;
use crate::service::{Cause, Refusal};

/// The version that a change started from. A change without one is refused; `*` says that any will do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IfMatch(pub Option<i64>);

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<IfMatch, Problem> {
        let Some(value) = parts.headers.get(header::IF_MATCH) else {
            return Err(Problem::new(Cause::VersionMissing, "if_match_required"));
        };
        read(value.to_str().unwrap_or_default())
            .map(IfMatch)
            .ok_or_else(|| Refusal::fault("If-Match", "bad_version").into())
    }
}

/// As [`IfMatch`], for what may be written for the first time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IfMatchIfAny(pub Option<Option<i64>>);

impl<S: Send + Sync> FromRequestParts<S> for IfMatchIfAny {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<IfMatchIfAny, Problem> {
        if !parts.headers.contains_key(header::IF_MATCH) {
            return Ok(IfMatchIfAny(None));
        }
        let IfMatch(version) = IfMatch::from_request_parts(parts, state).await?;
        Ok(IfMatchIfAny(Some(version)))
    }
}

/// `"7"` and `*`; a weak tag can't be matched.
fn read(value: &str) -> Option<Option<i64>> {
    let value = value.trim();
    if value == "*" {
        return Some(None);
    }
    let number = value.strip_prefix('"')?.strip_suffix('"')?;
    number.parse().ok().map(Some)
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn a_version_stands_in_quotes() {
        assert_eq!(read("\"7\""), Some(Some(7)));
        assert_eq!(read("*"), Some(None));
        assert_eq!(read("7"), None);
        assert_eq!(read("W/\"7\""), None);
    }
}
