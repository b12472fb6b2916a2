//! Signing in by an identity provider: OpenID Connect, authorization code with PKCE.

mod endpoints;
mod token;
mod who;

use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::secret::{new_secret, same};
use super::sign_in::From;
use crate::service::clock;
use crate::service::outbound::Outbound;
use crate::service::people::second_factor::totp::escaped;
use crate::service::{Cause, Installation, Refusal};
use crate::settings::{IdentityProvider, Network};
use endpoints::Endpoints;

/// A provider with what is known of it.
pub struct Provider {
    settings: IdentityProvider,
    endpoints: Endpoints,
    outbound: Outbound,
}

/// How long somebody may take at the provider, in seconds.
pub const VISIT_SECONDS: i64 = 600;
/// What a sealed visit is good for.
const BOUND: &str = "visit of an identity provider";

/// What is remembered, in the browser and sealed, of somebody who is at the provider.
#[derive(Serialize, Deserialize)]
struct Visit {
    /// Comes back in the address: the answer belongs to this browser.
    state: String,
    /// Comes back in the token: it was made for this visit.
    nonce: String,
    /// Shows the provider that who brings the code is who began.
    verifier: String,
    /// Where to go on to.
    next: String,
    /// When it is over, in seconds since 1970.
    until: i64,
}

/// Where the browser goes, and what it has to bring back.
pub struct Departure {
    pub location: String,
    pub visit: String,
}

/// What the provider sent the browser back with.
#[derive(Debug, Default)]
pub struct Return {
    pub code: Option<String>,
    pub state: Option<String>,
    /// Who answers, where the provider says so (RFC 9207).
    pub issuer: Option<String>,
}

impl Provider {
    /// `allowed` are the private networks where it may lead the product to; it lies itself where the operator says.
    pub fn new(settings: IdentityProvider, allowed: &[Network]) -> Provider {
        let outbound = Outbound::new(&settings.issuer, allowed);
        Provider { settings, endpoints: Endpoints::default(), outbound }
    }
}

/// Begins a visit.
///
/// # Errors
/// Not found where there is no provider; `provider_unreachable`.
pub async fn depart(installation: &Installation, next: Option<&str>) -> Result<Departure, Refusal> {
    let provider = provider(installation)?;
    let found = provider.endpoints.discover(&provider.outbound, &provider.settings).await?;
    let visit = Visit {
        state: new_secret()?,
        nonce: new_secret()?,
        verifier: new_secret()?,
        next: inside(next).to_string(),
        until: clock::now().as_second() + VISIT_SECONDS,
    };
    let challenge = BASE64URL_NOPAD.encode(&Sha256::digest(visit.verifier.as_bytes()));
    let redirect = redirect_uri(installation);
    let pairs = [
        ("response_type", "code"),
        ("client_id", provider.settings.client_id.as_str()),
        ("redirect_uri", redirect.as_str()),
        ("scope", "openid email profile"),
        ("state", visit.state.as_str()),
        ("nonce", visit.nonce.as_str()),
        ("code_challenge", challenge.as_str()),
        ("code_challenge_method", "S256"),
    ];
    let query: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={}", escaped(value))).collect();
    let endpoint = &found.authorization_endpoint;
    let mark = if endpoint.contains('?') { '&' } else { '?' };
    let text = serde_json::to_string(&visit).map_err(Refusal::internal)?;
    Ok(Departure {
        location: format!("{endpoint}{mark}{}", query.join("&")),
        visit: installation.seal.close(&text, BOUND)?,
    })
}

/// Ends a visit: gives the new session's cookie, and where to go on to.
///
/// # Errors
/// Not found where there is no provider; `visit_over` where the browser did not begin it, or too long ago;
/// `provider_refused`, `provider_unreachable`; `unknown_at_provider` for who is no member here.
pub async fn arrive(
    installation: &Installation,
    visit: Option<&str>,
    back: Return,
    from: From,
) -> Result<(String, String), Refusal> {
    let provider = provider(installation)?;
    let over = || Refusal::forbidden("visit_over");
    let text = visit.and_then(|sealed| installation.seal.open(sealed, BOUND)).ok_or_else(over)?;
    let visit: Visit = serde_json::from_str(&text).map_err(|_| over())?;
    let is_ours = back.state.is_some_and(|state| same(&state, &visit.state));
    if !is_ours || visit.until < clock::now().as_second() {
        return Err(over());
    }
    if back.issuer.is_some_and(|issuer| issuer != provider.settings.issuer) {
        return Err(refused("another issuer has answered"));
    }
    let code = back.code.ok_or_else(|| refused("there is no code"))?;
    let found = provider.endpoints.discover(&provider.outbound, &provider.settings).await?;
    let redirect = redirect_uri(installation);
    let raw = endpoints::exchange(provider, &found, &code, &visit.verifier, &redirect).await?;
    let keys = provider.endpoints.keys_for(&provider.outbound, &found, &raw).await?;
    let expected = token::Expected {
        issuer: &provider.settings.issuer,
        client_id: &provider.settings.client_id,
        nonce: &visit.nonce,
        now: clock::now().as_second(),
    };
    let claims = token::verify(&raw, &keys, &expected)?;
    let secret = who::enter(installation, &provider.settings.issuer, &claims, from).await?;
    Ok((secret, visit.next))
}

fn provider(installation: &Installation) -> Result<&Provider, Refusal> {
    installation.provider.as_ref().ok_or_else(Refusal::missing)
}

fn redirect_uri(installation: &Installation) -> String {
    format!("{}/api/v1/auth/provider/callback", installation.settings.base_url)
}

/// What the provider said can't be trusted; the log says why.
fn refused(why: &str) -> Refusal {
    Refusal {
        source: Some(std::sync::Arc::from(Box::<dyn std::error::Error + Send + Sync>::from(why))),
        ..Refusal::forbidden("provider_refused")
    }
}

fn unreachable(why: impl std::fmt::Display) -> Refusal {
    let why = Box::<dyn std::error::Error + Send + Sync>::from(why.to_string());
    Refusal { source: Some(std::sync::Arc::from(why)), ..Refusal::new(Cause::Busy, "provider_unreachable") }
}

/// An address inside the product; home for every other one.
pub fn inside(next: Option<&str>) -> &str {
    let is_inside = |path: &&str| {
        let mut characters = path.chars();
        characters.next() == Some('/')
            && !matches!(characters.next(), Some('/' | '\\'))
            && path.chars().all(|c| c.is_ascii_graphic() && c != '\\')
    };
    next.filter(is_inside).unwrap_or("/")
}

#[cfg(test)]
mod tests {
    use super::inside;

    #[test]
    fn t51_nobody_is_sent_elsewhere() {
        for elsewhere in
            ["//evil", "/\\evil", "https:evil", "https://evil", "\\/evil", "evil", "/a\r\nb", "/ä", ""]
        {
            assert_eq!(inside(Some(elsewhere)), "/", "{elsewhere:?}");
        }
        assert_eq!(inside(Some("/apps/crm?view=a%2Fb")), "/apps/crm?view=a%2Fb");
        assert_eq!(inside(None), "/");
    }
}
