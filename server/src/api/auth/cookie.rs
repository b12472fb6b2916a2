//! The cookies: that of the session, that of a look as another member, and that of somebody who is at the identity provider.

use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::api::extract::{cookie_in, cookie_name, see_as_cookie_name, set_cookie, set_cookie_for};
use crate::api::reply::{Reply, found};
use crate::service::people::provider::VISIT_SECONDS;
use crate::service::people::{members, sign_in};
use crate::service::{Cause, Installation, Refusal};

/// Answers who is signed in now, and gives the browser its cookie.
pub async fn signed_in(installation: &Installation, status: StatusCode, secret: &str) -> Reply {
    let caller = sign_in::caller_of(installation, secret, None).await?;
    let caller = caller.ok_or_else(|| Refusal::new(Cause::SignIn, "sign_in_required"))?;
    let mut response = found(&members::me(installation, &caller))?;
    *response.status_mut() = status;
    set_session(installation, &mut response, secret);
    Ok(response)
}

/// Gives the browser its session.
pub fn set_session(installation: &Installation, response: &mut Response, secret: &str) {
    set_cookie(installation, response, cookie_name(installation), Some(secret));
}

/// Takes the cookies away.
pub fn signed_out(installation: &Installation) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    set_cookie(installation, &mut response, cookie_name(installation), None);
    set_cookie(installation, &mut response, see_as_cookie_name(installation), None);
    response
}

/// Has the browser remember, while somebody is at the provider, that they began here.
pub fn set_visit(installation: &Installation, response: &mut Response, visit: &str) {
    set_cookie_for(installation, response, (visit_name(installation), visit), VISIT_SECONDS);
}

/// What the browser remembers of it.
pub fn visit_in(installation: &Installation, headers: &HeaderMap) -> Option<String> {
    cookie_in(headers, visit_name(installation))
}

/// Has it forgotten: a visit ends once.
pub fn end_visit(installation: &Installation, response: &mut Response) {
    set_cookie(installation, response, visit_name(installation), None);
}

fn visit_name(installation: &Installation) -> &'static str {
    if installation.settings.is_https() { "__Host-visit" } else { "visit" }
}
