//! The session cookie.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::api::extract::cookie_name;
use crate::api::reply::{Reply, found};
use crate::service::people::{members, sign_in};
use crate::service::{Cause, Installation, Refusal};

/// Answers who is signed in now, and gives the browser its cookie.
pub async fn signed_in(installation: &Installation, status: StatusCode, secret: &str) -> Reply {
    let caller = sign_in::caller_of(installation, secret, None).await?;
    let caller = caller.ok_or_else(|| Refusal::new(Cause::SignIn, "sign_in_required"))?;
    let mut response = found(&members::me(&caller))?;
    *response.status_mut() = status;
    set(installation, &mut response, secret, "");
    Ok(response)
}

/// Takes the cookie away.
pub fn signed_out(installation: &Installation) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    set(installation, &mut response, "", "; Max-Age=0");
    response
}

fn set(installation: &Installation, response: &mut Response, value: &str, more: &str) {
    let secure = if installation.settings.is_https() { "; Secure" } else { "" };
    let name = cookie_name(installation);
    let cookie = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{more}");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
}
