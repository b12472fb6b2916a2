//! Answers on their way out.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::Problem;
use crate::service::Refusal;
use crate::service::answer::{Answer, Outcome};

/// Says whether a draft differs from what is published, where the body is the document alone.
const UNPUBLISHED: &str = "x-unpublished-changes";

/// What handlers give.
pub type Reply = Result<Response, Problem>;

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let status = match self.outcome {
            Outcome::Done => StatusCode::OK,
            Outcome::Created => StatusCode::CREATED,
            Outcome::Accepted => StatusCode::ACCEPTED,
        };
        let mut response = (status, Body::from(self.body)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Some(tag) = self.version.and_then(tag) {
            headers.insert(header::ETAG, tag);
        }
        if let Some(is_changed) = self.unpublished {
            let is_changed = HeaderValue::from_static(if is_changed { "true" } else { "false" });
            headers.insert(UNPUBLISHED, is_changed);
        }
        response
    }
}

/// The answer to an action.
pub fn answered(answer: Result<Answer, Refusal>) -> Reply {
    Ok(answer?.into_response())
}

/// A thing that was asked for.
pub fn found<T: Serialize>(thing: &T) -> Reply {
    Ok(Answer::done(thing)?.into_response())
}

/// A thing that was asked for, with the version that a change of it starts from.
pub fn found_at<T: Serialize>(version: i64, thing: &T) -> Reply {
    Ok(Answer::done(thing)?.version(version).into_response())
}

/// Done, and nothing to say.
pub fn done() -> Reply {
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn tag(version: i64) -> Option<HeaderValue> {
    HeaderValue::from_str(&format!("\"{version}\"")).ok()
}
