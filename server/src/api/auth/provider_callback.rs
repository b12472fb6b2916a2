//! `GET /auth/provider/callback`: the provider sends the browser back here. It answers with a page of ours, whatever came
//! of it.

use std::collections::HashMap;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::IntoResponse;

use super::cookie;
use crate::api::doc::Doc;
use crate::api::extract::{Origin, Query};
use crate::api::reply::Reply;
use crate::service::people::provider::{self, Return};
use crate::service::{Cause, Installation, Refusal};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Where the identity provider sends a browser back to; sets the session cookie")
        .query("code", "What the provider knows the sign-in by")
        .query("state", "What the sign-in began with")
        .empty(303, "Into the product, or to the sign-in page with what went wrong")
        .refuses(404, &["not_found"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Origin(from): Origin,
    headers: HeaderMap,
    Query(mut asked): Query<HashMap<String, String>>,
) -> Reply {
    let visit = cookie::visit_in(&installation, &headers);
    let back =
        Return { code: asked.remove("code"), state: asked.remove("state"), issuer: asked.remove("iss") };
    let outcome = provider::arrive(&installation, visit.as_deref(), back, from).await;
    let (location, secret) = match outcome {
        Ok((secret, next)) => (next, Some(secret)),
        Err(refusal) if refusal.cause == Cause::Missing => return Err(refusal.into()),
        Err(refusal) => {
            tracing::warn!(problem = %refusal, "a sign-in by the identity provider failed");
            (format!("/sign-in?problem={}", refusal.code), None)
        }
    };
    let location = HeaderValue::from_str(&location).map_err(Refusal::internal)?;
    let mut response = StatusCode::SEE_OTHER.into_response();
    response.headers_mut().insert(header::LOCATION, location);
    if let Some(secret) = secret {
        cookie::set_session(&installation, &mut response, &secret);
    }
    cookie::end_visit(&installation, &mut response);
    Ok(response)
}
