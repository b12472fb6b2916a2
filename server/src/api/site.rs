//! The browser part, embedded in the binary. Every address that is no file is a place inside the application,
//! which finds its way itself; under `/api` it is a 404.

use std::borrow::Cow;

use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

use super::Problem;
use crate::service::{Cause, Refusal};

/// What `cargo xtask build-frontend` made: files with hashed names, each also as `.br` and `.gz`.
#[derive(RustEmbed)]
#[folder = "../dist"]
#[exclude = ".key"]
#[allow_missing = true]
struct Site;

const INDEX: &str = "index.html";
const UNKNOWN: &str = "application/octet-stream";
/// The compressed copies, best first.
const ENCODINGS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

pub async fn handler(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    if path == "api" || path.starts_with("api/") {
        return Problem::from(Refusal::missing()).into_response();
    }
    if method != Method::GET && method != Method::HEAD {
        return Problem::new(Cause::Method, "method_not_allowed").into_response();
    }
    let is_file = path != INDEX && Site::get(path).is_some();
    // What ends like a file of the browser part and is none is missing; anything else is an address inside the
    // application, also with a dot in it: keys of reports have one.
    if !is_file && path != INDEX && ends_like_a_file(path) {
        return Problem::from(Refusal::missing()).into_response();
    }
    let name = if is_file { path } else { INDEX };
    match best(name, &headers) {
        Some((file, encoding)) => answer(name, file, encoding, &headers),
        None => Problem::from(Refusal::missing()).into_response(),
    }
}

/// The smallest form of a file that the browser takes.
fn best(name: &str, headers: &HeaderMap) -> Option<(EmbeddedFile, Option<&'static str>)> {
    let accepted =
        headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let takes = |coding: &str| {
        accepted.split(',').any(|part| {
            let (name, weight) = part.split_once(';').unwrap_or((part, ""));
            name.trim() == coding && weight.trim() != "q=0"
        })
    };
    ENCODINGS
        .iter()
        .filter(|(coding, _)| takes(coding))
        .find_map(|(coding, ending)| Some((Site::get(&format!("{name}{ending}"))?, Some(*coding))))
        .or_else(|| Some((Site::get(name)?, None)))
}

fn answer(name: &str, file: EmbeddedFile, encoding: Option<&'static str>, headers: &HeaderMap) -> Response {
    let tag = format!(
        "\"{}\"",
        file.metadata.sha256_hash()[..12].iter().map(|b| format!("{b:02x}")).collect::<String>()
    );
    let cache = if has_hash(name) { "public, max-age=31536000, immutable" } else { "no-cache" };
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|value| value.as_bytes() == tag.as_bytes());
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        match file.data {
            Cow::Borrowed(bytes) => bytes.into_response(),
            Cow::Owned(bytes) => bytes.into_response(),
        }
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type(name)));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    headers.extend(HeaderValue::from_str(&tag).map(|tag| (header::ETAG, tag)));
    headers.extend(encoding.map(|coding| (header::CONTENT_ENCODING, HeaderValue::from_static(coding))));
    response
}

fn ends_like_a_file(path: &str) -> bool {
    media_type(path) != UNKNOWN
}

/// Whether a name carries a hash of its content, as in `app-1a2b3c4d.js`.
fn has_hash(name: &str) -> bool {
    let stem = name.rsplit('/').next().unwrap_or(name).split('.').next().unwrap_or_default();
    stem.rsplit('-').next().is_some_and(|hash| {
        hash.len() >= 8 && hash.len() < stem.len() && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "webmanifest" => "application/manifest+json",
        "json" => "application/json",
        "txt" => "text/plain; charset=utf-8",
        _ => UNKNOWN,
    }
}

#[cfg(test)]
mod tests {
    use super::{ends_like_a_file, has_hash};

    #[test]
    fn a_page_may_have_a_dot_in_its_address() {
        assert!(ends_like_a_file("assets/gone-1a2b3c4d.js"));
        assert!(!ends_like_a_file("apps/roi/reports/roi.yearly"));
        assert!(!ends_like_a_file("apps/roi"));
    }

    #[test]
    fn only_hashed_names_are_kept_for_ever() {
        assert!(has_hash("assets/app-1a2b3c4d.js"));
        assert!(has_hash("app-0011223344556677_bg.wasm".replace("_bg", "").as_str()));
        assert!(!has_hash("index.html"));
        assert!(!has_hash("favicon.svg"));
        assert!(!has_hash("deadbeef.js"));
    }
}
