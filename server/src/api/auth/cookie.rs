//! The cookies: that of the session, and that of a look as another member.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::api::extract::{cookie_name, see_as_cookie_name, set_cookie};
use crate::api::reply::{Reply, found};
use crate::service::people::{members, sign_in};
use crate::service::{Cause, Installation, Refusal};

/// Answers who is signed in now, and gives the browser its cookie.
pub async fn signed_in(installation: &Installation, status: StatusCode, secret: &str) -> Reply {
    let caller = sign_in::caller_of(installation, secret, None).await?;
    let caller = caller.ok_or_else(|| Refusal::new(Cause::SignIn, "sign_in_required"))?;
    let mut response = found(&members::me(&caller))?;
    *response.status_mut() = status;
    set_cookie(installation, &mut response, cookie_name(installation), Some(secret));
    Ok(response)
}

/// Takes the cookies away.
pub fn signed_out(installation: &Installation) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    set_cookie(installation, &mut response, cookie_name(installation), None);
    set_cookie(installation, &mut response, see_as_cookie_name(installation), None);
    response
}
