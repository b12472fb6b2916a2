//! Problems as the wire has them: `application/problem+json` (RFC 9457), in the reader's language.

use std::sync::Arc;

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use engine::text::{Fault, Language, Texts};
use serde_json::{Map, Value as Json, json};

use super::layers::request_id_of;
use crate::service::faults::{detail, error, message};
use crate::service::{Cause, Refusal};
use crate::texts::{accepted, texts};

/// Faults of one answer at most: who has a hundred things to mend need not be told of more.
const MOST_FAULTS: usize = 100;
/// Characters of a name that was sent and comes back in a sentence.
const LONGEST_NAME: usize = 64;
/// Characters of what is made of several names, such as a path.
const LONGEST_LIST: usize = 200;

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

    pub fn status(&self) -> StatusCode {
        match self.0.cause {
            Cause::Malformed => StatusCode::BAD_REQUEST,
            Cause::SignIn => StatusCode::UNAUTHORIZED,
            Cause::Forbidden => StatusCode::FORBIDDEN,
            Cause::Missing => StatusCode::NOT_FOUND,
            Cause::Method => StatusCode::METHOD_NOT_ALLOWED,
            Cause::Conflict => StatusCode::CONFLICT,
            Cause::Stale => StatusCode::PRECONDITION_FAILED,
            Cause::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Cause::MediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Cause::Misdirected => StatusCode::MISDIRECTED_REQUEST,
            Cause::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
            Cause::VersionMissing => StatusCode::PRECONDITION_REQUIRED,
            Cause::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Cause::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Cause::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Cause::DiskFull => StatusCode::INSUFFICIENT_STORAGE,
        }
    }

    /// The sentence of a fault in `language`, where it is told beside other things.
    pub fn sentence_of(fault: &Fault, language: Language) -> String {
        message(&told(fault), language)
    }

    /// The document in `language`, without what only a request has.
    pub fn document(&self, language: Language) -> Map<String, Json> {
        let Problem(refusal) = self;
        let key = format!("problem-{}", refusal.code.replace('_', "-"));
        let title = sentence(&key, refusal, language);
        let faults: Vec<Fault> = refusal.faults.iter().take(MOST_FAULTS).map(told).collect();
        let errors: Vec<Json> = faults.iter().map(|fault| json!(error(fault, language))).collect();
        let detail = match faults.first() {
            Some(first) => detail(first, refusal.faults.len(), language),
            None => title.clone(),
        };
        let mut document = refusal.members.clone();
        document.insert("type".into(), format!("urn:formwork:problem:{}", refusal.code).into());
        document.insert("title".into(), title.into());
        document.insert("status".into(), self.status().as_u16().into());
        document.insert("code".into(), refusal.code.into());
        document.insert("detail".into(), detail.into());
        document.insert("errors".into(), errors.into());
        document
    }
}

/// A fault as it is told: without the rest of what is too long.
fn told(fault: &Fault) -> Fault {
    let args = fault.args.iter().map(|(name, value)| {
        let is_list = matches!(name.as_str(), "detail" | "fields" | "types" | "expected");
        (name.clone(), cut(value, if is_list { LONGEST_LIST } else { LONGEST_NAME }))
    });
    Fault { path: cut(&fault.path, LONGEST_LIST), args: args.collect(), ..fault.clone() }
}

fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_string(),
    }
}

fn sentence(key: &str, refusal: &Refusal, language: Language) -> String {
    texts(language)
        .get(key, &refusal.args)
        .or_else(|| Texts::of(language).get(&key.replacen("problem-", "refusal-", 1), &refusal.args))
        .unwrap_or_else(|| refusal.code.to_string())
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

/// Writes the body of every problem, and logs those that are the server's fault.
pub async fn render(request: Request, next: Next) -> Response {
    let language = language_of(request.headers());
    let request_id = request_id_of(&request);
    let mut response = next.run(request).await;
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
    let mut document = problem.document(language);
    document.insert("request_id".into(), request_id.into());
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
    headers.remove(header::CONTENT_LENGTH);
    *response.body_mut() = Json::Object(document).to_string().into();
    response
}

/// The language that the sender of these headers reads.
pub fn language_of(headers: &HeaderMap) -> Language {
    accepted(headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()))
}
