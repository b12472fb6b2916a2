//! A JSON body, read strictly.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use engine::text::Fault;
use serde::de::DeserializeOwned;
use serde_json::error::Category;

use super::depth::{self, Unfit};
use crate::api::Problem;
use crate::service::{Cause, Refusal};

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
        let bytes = Bytes::from_request(request, state).await.map_err(|rejection| {
            if rejection.into_response().status() == StatusCode::PAYLOAD_TOO_LARGE {
                Problem::from(too_large())
            } else {
                Problem::new(Cause::Malformed, "malformed_request")
            }
        })?;
        if bytes.is_empty() {
            return Ok(Body(read(b"{}", DEEPEST)?));
        }
        if !is_json {
            let refusal = Refusal::new(Cause::MediaType, "unsupported_media_type");
            return Err(refusal.arg("expected", "application/json").into());
        }
        Ok(Body(read(&bytes, DEEPEST)?))
    }
}

/// The refusal of a body above its route's limit.
pub fn too_large() -> Refusal {
    Refusal::new(Cause::TooLarge, "too_large")
}

/// Reads `json` as a `T`, or says what is wrong with it and where.
pub fn read<T: DeserializeOwned>(json: &[u8], deepest: usize) -> Result<T, Refusal> {
    depth::check(json, deepest).map_err(|unfit| match unfit {
        Unfit::TooDeep => Refusal::fault("", "too_deep"),
        Unfit::Nul => malformed("a NUL character"),
    })?;
    let mut reader = serde_json::Deserializer::from_slice(json);
    let value: T = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        let error = error.into_inner();
        match error.classify() {
            Category::Data => mismatch(&path, &error.to_string()),
            Category::Io | Category::Syntax | Category::Eof => malformed(&error.to_string()),
        }
    })?;
    reader.end().map_err(|error| malformed(&error.to_string()))?;
    Ok(value)
}

fn malformed(detail: &str) -> Refusal {
    Refusal::new(Cause::Malformed, "malformed_json").arg("detail", detail)
}

/// Readable JSON of another shape. serde tells the kinds of mismatch apart only in words.
fn mismatch(path: &str, words: &str) -> Refusal {
    let words = words.split(" at line ").next().unwrap_or(words);
    let path = dotted(path);
    let named = || words.split('`').nth(1).unwrap_or_default().to_string();
    let fault = if words.starts_with("unknown field") {
        let member = named();
        // The reader stops at the unknown member itself, or at the object that holds it.
        let path = match (path.is_empty(), path == member || path.ends_with(&format!(".{member}"))) {
            (true, _) => member.clone(),
            (false, true) => path,
            (false, false) => format!("{path}.{member}"),
        };
        Fault::new(path, "unknown_member").arg("member", member)
    } else if words.starts_with("missing field") {
        let member = named();
        Fault::new(if path.is_empty() { member } else { format!("{path}.{member}") }, "required")
    } else {
        Fault::new(path, "wrong_type").arg("detail", words)
    };
    Refusal::invalid(vec![fault])
}

/// `a.b[0].c` as `a.b.0.c`.
fn dotted(path: &str) -> String {
    let path = path.replace('[', ".").replace(']', "");
    path.trim_start_matches('.').to_string()
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        #[allow(dead_code)]
        qty: u8,
    }

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Outer {
        #[allow(dead_code)]
        rows: Vec<Inner>,
    }

    fn fault_of(json: &str) -> (String, String) {
        let refusal = read::<Outer>(json.as_bytes(), 32).unwrap_err();
        refusal.faults.first().map_or_else(
            || (refusal.code.to_string(), String::new()),
            |f| (f.code.to_string(), f.path.clone()),
        )
    }

    #[test]
    fn a_mismatch_says_what_and_where() {
        let says = |json: &str, code: &str, path: &str| {
            assert_eq!(fault_of(json), (code.to_string(), path.to_string()), "{json}");
        };
        says(r#"{"rows":[{"qty":1}],"x":1}"#, "unknown_member", "x");
        says(r#"{"rows":[{"qty":1,"y":2}]}"#, "unknown_member", "rows.0.y");
        says(r#"{"rows":[{}]}"#, "required", "rows.0.qty");
        says(r#"{}"#, "required", "rows");
        says(r#"{"rows":[{"qty":"a"}]}"#, "wrong_type", "rows.0.qty");
        says(r#"{"rows":["#, "malformed_json", "");
        says(r#"{"rows":[]} x"#, "malformed_json", "");
        says("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "too_deep", "");
    }
}
