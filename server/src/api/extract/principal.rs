//! Who asks, found once for a request and kept with it.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::api::Problem;
use crate::api::problem::language_of;
use crate::api::routes::Policy;
use crate::service::people::sign_in::{self, From};
use crate::service::people::{Caller, second_factor};
use crate::service::{Cause, Installation, Refusal};

/// The one who asks. A handler that takes it is behind a policy that let them in.
pub struct Signed(pub Caller);

impl<S: Send + Sync> FromRequestParts<S> for Signed {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Signed, Problem> {
        let caller = parts.extensions.get::<Caller>().cloned();
        caller.map(Signed).ok_or_else(|| Problem::new(Cause::SignIn, "sign_in_required"))
    }
}

/// Where a request comes from.
pub struct Origin(pub From);

impl<S: Send + Sync> FromRequestParts<S> for Origin {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Origin, Problem> {
        let address = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        let agent = parts.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        Ok(Origin(From { address, agent: agent.map(|agent| agent.chars().take(200).collect()) }))
    }
}

/// The name of the session cookie. `__Host-` binds it to this host and to HTTPS, where there is HTTPS.
pub fn cookie_name(installation: &Installation) -> &'static str {
    if installation.settings.is_https() { "__Host-sid" } else { "sid" }
}

/// Lets in whom the route's policy lets in.
pub async fn admit(
    State((installation, policy)): State<(Installation, Policy)>,
    mut request: Request,
    next: Next,
) -> Response {
    let headers = request.headers();
    let language = headers.contains_key(header::ACCEPT_LANGUAGE).then(|| language_of(headers));
    let secret = secret_in(request.headers(), cookie_name(&installation));
    let address = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    match find(&installation, policy, secret, address).await {
        Ok(caller) => {
            if let Some(mut caller) = caller {
                caller.asked_language = language;
                request.extensions_mut().insert(caller);
            }
            next.run(request).await
        }
        Err(refusal) => Problem::from(refusal).into_response(),
    }
}

async fn find(
    installation: &Installation,
    policy: Policy,
    secret: Option<String>,
    address: Option<IpAddr>,
) -> Result<Option<Caller>, Refusal> {
    let scope = match policy {
        Policy::Open => return Ok(None),
        Policy::Entering | Policy::SignedIn => None,
        Policy::Read => Some(wire::Scope::Read),
        Policy::Write => Some(wire::Scope::Write),
        Policy::Design => Some(wire::Scope::Design),
        Policy::Administer => Some(wire::Scope::Administer),
    };
    let sign_in_required = || Refusal::new(Cause::SignIn, "sign_in_required");
    let secret = secret.ok_or_else(sign_in_required)?;
    let caller = sign_in::caller_of(installation, &secret, address).await?.ok_or_else(sign_in_required)?;
    if policy != Policy::Entering && second_factor::must_set_up(&caller) {
        return Err(Refusal::forbidden("second_factor_required"));
    }
    if scope.is_some_and(|scope| !caller.has_scope(scope)) {
        return Err(Refusal::forbidden("scope_too_narrow"));
    }
    if policy == Policy::Administer && !caller.is_administrator() {
        return Err(Refusal::forbidden("forbidden"));
    }
    Ok(Some(caller))
}

/// The API token, or the session cookie where there is none.
fn secret_in(headers: &HeaderMap, cookie: &str) -> Option<String> {
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        let token = value.to_str().ok()?.strip_prefix("Bearer ")?.trim();
        return token.starts_with(sign_in::TOKEN_PREFIX).then(|| token.to_string());
    }
    cookie_in(headers, cookie).filter(|value| !value.starts_with(sign_in::TOKEN_PREFIX))
}

/// The value of a cookie.
pub fn cookie_in(headers: &HeaderMap, cookie: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == cookie)
        .map(|(_, value)| value.to_string())
}
