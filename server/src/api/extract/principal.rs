//! Who asks, found once for a request and kept with it.

use std::convert::Infallible;
use std::net::IpAddr;
use std::time::Instant;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use engine::text::Language;
use tower_http::request_id::RequestId;

use crate::api::Problem;
use crate::api::layers::Peer;
use crate::api::problem::{OwnLanguage, asked_language};
use crate::api::routes::{Policy, Rate};
use crate::service::audit::Attempt;
use crate::service::people::see_as;
use crate::service::people::sign_in::{self, From};
use crate::service::people::{Caller, Credential, second_factor};
use crate::service::turns::Turn;
use crate::service::{Cause, Installation, Refusal};

/// Of an id that a proxy has given a request.
const LONGEST_REQUEST_ID: usize = 100;

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
        let address = parts.extensions.get::<Peer>().map(|peer| peer.0);
        let agent = parts.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        let agent = agent.map(|agent| agent.chars().take(200).collect());
        Ok(Origin(From { address, agent, request: request_id_in(&parts.extensions) }))
    }
}

/// The name of the session cookie. `__Host-` binds it to this host and to HTTPS, where there is HTTPS.
pub fn cookie_name(installation: &Installation) -> &'static str {
    if installation.settings.is_https() { "__Host-sid" } else { "sid" }
}

/// The name of the cookie with which an administrator looks as another member.
pub fn see_as_cookie_name(installation: &Installation) -> &'static str {
    if installation.settings.is_https() { "__Host-see-as" } else { "see-as" }
}

/// What the browser brings along of a look as another member.
pub struct SeeAs(pub Option<String>);

impl FromRequestParts<Installation> for SeeAs {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, installation: &Installation) -> Result<SeeAs, Infallible> {
        Ok(SeeAs(cookie_in(&parts.headers, see_as_cookie_name(installation))))
    }
}

/// What a route lets in and how often, whether it only reads, whether it needs room on the disk, and whether one waits for a turn.
#[derive(Clone, Copy, Debug)]
pub struct Door {
    pub policy: Policy,
    pub rate: Option<Rate>,
    pub only_reads: bool,
    pub needs_room: bool,
    /// Whether it reads very many records, which a member has only so much of at once.
    pub is_heavy: bool,
}

/// Lets in whom the route's policy lets in, and has it noted when somebody is refused.
pub async fn admit(
    State((installation, door)): State<(Installation, Door)>,
    mut request: Request,
    next: Next,
) -> Response {
    let language = asked_language(request.headers());
    let secret = secret_in(request.headers(), cookie_name(&installation));
    let see_as = cookie_in(request.headers(), see_as_cookie_name(&installation));
    let address = request.extensions().get::<Peer>().map(|peer| peer.0);
    let asked = Asking { secret, see_as, language, address };
    if let Err(refusal) = knock(&installation, door, address) {
        return Problem::from(refusal).into_response();
    }
    let mut caller = match find(&installation, door, asked).await {
        Ok(None) => {
            let room = if door.needs_room { installation.room.for_rows() } else { Ok(()) };
            return match room {
                Ok(()) => next.run(request).await,
                Err(refusal) => Problem::from(refusal).into_response(),
            };
        }
        Ok(Some(caller)) => caller,
        Err(refusal) => {
            let is_over = refusal.code == "see_as_ended";
            let mut response = Problem::from(refusal).into_response();
            if is_over {
                set_cookie(&installation, &mut response, see_as_cookie_name(&installation), None);
            }
            return response;
        }
    };
    caller.request = request_id_in(request.extensions());
    let attempt = Attempt { method: request.method().to_string(), to: request.uri().path().to_string() };
    let changes = !request.method().is_safe();
    let permitted = not_too_many(&installation, &caller)
        .and_then(|()| permit(door, &caller))
        .and_then(|()| not_too_often(&installation, door, &caller))
        .and_then(|()| if door.needs_room { installation.room.for_rows() } else { Ok(()) });
    let turn = match permitted {
        Ok(()) => turn_of(&installation, door, &caller).await,
        Err(refusal) => Err(refusal),
    };
    let mut response = match turn {
        Ok(_turn) => {
            request.extensions_mut().insert(caller.clone());
            next.run(request).await
        }
        Err(refusal) => Problem::from(refusal).into_response(),
    };
    match Problem::told_by(&response) {
        // Who reads what is not there has followed an old link; who would change it may be trying addresses.
        Some((Cause::Missing, code)) if changes => installation.refusals.note(&caller, &attempt, code),
        Some((Cause::Forbidden, code)) => installation.refusals.note(&caller, &attempt, code),
        Some(_) | None => {}
    }
    response.extensions_mut().insert(OwnLanguage(caller.language()));
    response
}

/// What a request says of the one who sends it.
struct Asking {
    secret: Option<String>,
    see_as: Option<String>,
    language: Option<Language>,
    address: Option<IpAddr>,
}

/// Who asks; nobody in particular where anybody may.
async fn find(installation: &Installation, door: Door, asked: Asking) -> Result<Option<Caller>, Refusal> {
    if door.policy.is_for_strangers() {
        return Ok(None);
    }
    let sign_in_required = || Refusal::new(Cause::SignIn, "sign_in_required");
    let secret = asked.secret.ok_or_else(sign_in_required)?;
    let caller = sign_in::caller_of(installation, &secret, asked.address).await?;
    // A program can't sign in: it is told that its token is no good.
    let words = secret.starts_with(sign_in::TOKEN_PREFIX).then_some("token_unknown");
    let mut caller = caller.ok_or_else(|| Refusal { words, ..sign_in_required() })?;
    caller.asked_language = asked.language;
    // Who has still to set up a second step looks as nobody else meanwhile.
    let looks = door.policy != Policy::Oneself && !second_factor::must_set_up(&caller);
    match asked.see_as.filter(|_| looks) {
        Some(sealed) => see_as::resolve(installation, caller, &sealed).map(Some),
        None => Ok(Some(caller)),
    }
}

/// Whether a caller may come as far as the handler.
fn permit(door: Door, caller: &Caller) -> Result<(), Refusal> {
    let Door { policy, only_reads, .. } = door;
    if !only_reads {
        caller.may_change()?;
    }
    let is_on_the_way_in =
        matches!(policy, Policy::Open | Policy::Public | Policy::Entering | Policy::Oneself);
    if !is_on_the_way_in && second_factor::must_set_up(caller) {
        return Err(Refusal::forbidden("second_factor_required"));
    }
    let scope = match policy {
        Policy::Open | Policy::Public | Policy::Entering | Policy::SignedIn | Policy::Oneself => None,
        Policy::Read => Some(wire::Scope::Read),
        Policy::Write => Some(wire::Scope::Write),
        Policy::Design => Some(wire::Scope::Design),
        Policy::Administer => Some(wire::Scope::Administer),
    };
    if scope.is_some_and(|scope| !caller.has_scope(scope)) {
        return Err(Refusal::forbidden("scope_too_narrow"));
    }
    if policy == Policy::Administer && !caller.is_administrator() {
        return Err(Refusal::forbidden("forbidden"));
    }
    Ok(())
}

/// Counts what anybody may try, by where it comes from.
fn knock(installation: &Installation, door: Door, address: Option<IpAddr>) -> Result<(), Refusal> {
    match (door.rate, address) {
        (Some(Rate::Knock), Some(address)) => installation.knocks.admit_from(address, Instant::now()),
        (Some(Rate::Visit), Some(address)) => {
            installation.visitors.visits.admit_from(address, Instant::now())
        }
        (Some(Rate::Lookup), Some(address)) => {
            installation.visitors.lookups.admit_from(address, Instant::now())
        }
        (Some(Rate::Message), Some(address)) => {
            installation.visitors.messages.admit_from(address, Instant::now())
        }
        (Some(_), _) | (None, _) => Ok(()),
    }
}

/// Counts what programs ask, also of what they may not, by their tokens.
fn not_too_many(installation: &Installation, caller: &Caller) -> Result<(), Refusal> {
    match (&installation.programs, &caller.credential) {
        (Some(programs), Credential::Token { id, .. }) => {
            programs.admit(&id.to_string(), Instant::now()).map(drop)
        }
        (Some(_), _) | (None, _) => Ok(()),
    }
}

/// Counts what costs much, by who begins it.
fn not_too_often(installation: &Installation, door: Door, caller: &Caller) -> Result<(), Refusal> {
    match door.rate {
        Some(Rate::Costly) => {
            installation.costly.admit(&caller.asker().to_string(), Instant::now()).map(drop)
        }
        Some(Rate::Knock | Rate::Visit | Rate::Lookup | Rate::Message) | None => Ok(()),
    }
}

/// Waits until the member's turn has come, where that is asked for.
async fn turn_of(installation: &Installation, door: Door, caller: &Caller) -> Result<Option<Turn>, Refusal> {
    if !door.is_heavy {
        return Ok(None);
    }
    installation.turns.take(caller.asker()).await.map(Some)
}

/// The id of a request, as far as it is kept.
fn request_id_in(extensions: &Extensions) -> Option<String> {
    let id = extensions.get::<RequestId>()?.header_value().to_str().ok()?;
    Some(id.chars().take(LONGEST_REQUEST_ID).collect())
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

/// Gives the browser a cookie that scripts can't read, or takes it away.
pub fn set_cookie(installation: &Installation, response: &mut Response, name: &str, value: Option<&str>) {
    let lives = if value.is_some() { None } else { Some(0) };
    put_cookie(installation, response, (name, value.unwrap_or_default()), lives);
}

/// As [`set_cookie`], for some seconds.
pub fn set_cookie_for(
    installation: &Installation,
    response: &mut Response,
    (name, value): (&str, &str),
    seconds: i64,
) {
    put_cookie(installation, response, (name, value), Some(seconds));
}

/// Without `lives`, in seconds, it lasts as long as the browser runs.
fn put_cookie(
    installation: &Installation,
    response: &mut Response,
    (name, value): (&str, &str),
    lives: Option<i64>,
) {
    let secure = if installation.settings.is_https() { "; Secure" } else { "" };
    let end = lives.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
    let cookie = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{end}");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}
