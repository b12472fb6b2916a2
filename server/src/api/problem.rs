//! Problems as the wire has them: `application/problem+json` (RFC 9457), in the reader's language.

use std::sync::Arc;

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use engine::text::Language;
use serde_json::Value as Json;

use super::layers::request_id_of;
use crate::service::{Cause, Refusal};
use crate::texts::accepted;

/// A refusal on its way to the one who asked.
///
/// The handler does not know the reader's language; [`render`] does, so the answer is written there.
#[derive(Debug)]
pub struct Problem(Refusal);

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Problem {
        Problem(refusal)
    }
}

impl Problem {
    pub fn new(cause: Cause, code: &'static str) -> Problem {
        Problem(Refusal::new(cause, code))
    }

    /// Why something was refused, if this is an answer that says so.
    pub fn told_by(response: &Response) -> Option<(Cause, &'static str)> {
        let problem = response.extensions().get::<Arc<Problem>>()?;
        Some((problem.0.cause, problem.0.code))
    }

    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.0.cause.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        if let Some(seconds) = self.0.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

/// The language of the one who asked, which an answer carries for those who name none.
#[derive(Clone, Copy, Debug)]
pub struct OwnLanguage(pub Language);

/// Writes the body of every problem, and logs those that are the server's fault.
pub async fn render(request: Request, next: Next) -> Response {
    let asked = asked_language(request.headers());
    let request_id = request_id_of(&request);
    let mut response = next.run(request).await;
    let own = response.extensions_mut().remove::<OwnLanguage>().map(|own| own.0);
    let language = asked.or(own).unwrap_or_default();
    let problem = match response.extensions_mut().remove::<Arc<Problem>>() {
        Some(problem) => problem,
        // The outermost body limit answers in words of its own.
        None if response.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            Arc::new(Problem::new(Cause::TooLarge, "too_large"))
        }
        None => return response,
    };
    if problem.status().is_server_error() {
        tracing::error!(request_id, problem = %problem.0, "request failed");
    }
    let mut document = problem.0.document(language);
    document.insert("request_id".into(), request_id.into());
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
    headers.remove(header::CONTENT_LENGTH);
    *response.body_mut() = Json::Object(document).to_string().into();
    response
}

/// The language that these headers name, if they name one.
pub fn asked_language(headers: &HeaderMap) -> Option<Language> {
    headers.contains_key(header::ACCEPT_LANGUAGE).then(|| language_of(headers))
}

/// The language that the sender of these headers reads, as far as they say.
pub fn language_of(headers: &HeaderMap) -> Language {
    accepted(headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()))
}
