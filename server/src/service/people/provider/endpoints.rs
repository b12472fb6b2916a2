//! Where the provider's doors are, and its keys: asked for once and remembered for a while.

use std::time::{Duration, Instant};

use data_encoding::BASE64;
use serde::Deserialize;
use serde_json::Value as Json;
use tokio::sync::Mutex;

use super::token::{self, Key};
use super::{Provider, refused, unreachable};
use crate::service::Refusal;
use crate::service::outbound::Outbound;
use crate::service::people::second_factor::totp::escaped;
use crate::settings::IdentityProvider;

const KNOWN_FOR: Duration = Duration::from_secs(3_600);
/// A key that is not known has the keys asked for again, but no more often than this.
const ASKED_EVERY: Duration = Duration::from_secs(30);

/// What a provider says about itself.
#[derive(Clone, Debug, Deserialize)]
pub struct Discovered {
    issuer: String,
    pub authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Vec<String>,
}

#[derive(Default)]
pub struct Endpoints {
    discovered: Mutex<Option<(Instant, Discovered)>>,
    keys: Mutex<Option<(Instant, Vec<Key>)>>,
}

impl Endpoints {
    /// What the provider says about itself.
    ///
    /// # Errors
    /// `provider_unreachable`; `provider_refused` where it is another than was asked for.
    pub async fn discover(
        &self,
        outbound: &Outbound,
        provider: &IdentityProvider,
    ) -> Result<Discovered, Refusal> {
        let mut known = self.discovered.lock().await;
        if let Some((at, discovered)) = &*known
            && at.elapsed() < KNOWN_FOR
        {
            return Ok(discovered.clone());
        }
        let url = format!("{}/.well-known/openid-configuration", provider.issuer.trim_end_matches('/'));
        let answer = outbound.get(url).await.map_err(unreachable)?;
        let discovered: Discovered = serde_json::from_value(answer).map_err(unreachable)?;
        if discovered.issuer != provider.issuer {
            return Err(refused("the provider calls itself otherwise"));
        }
        let is_safe = provider.issuer.starts_with("https://");
        let endpoints =
            [&discovered.authorization_endpoint, &discovered.token_endpoint, &discovered.jwks_uri];
        if is_safe && endpoints.iter().any(|url| !url.starts_with("https://")) {
            return Err(refused("an endpoint of the provider is not asked over HTTPS"));
        }
        *known = Some((Instant::now(), discovered.clone()));
        Ok(discovered)
    }

    /// The keys that a token may be signed with. Where its key is not among those that are known they are asked for again:
    /// providers change them.
    ///
    /// # Errors
    /// `provider_unreachable`
    pub async fn keys_for(
        &self,
        outbound: &Outbound,
        found: &Discovered,
        raw: &str,
    ) -> Result<Vec<Key>, Refusal> {
        let wanted = token::key_id(raw);
        let mut known = self.keys.lock().await;
        if let Some((at, keys)) = &*known {
            let has_it = keys.iter().any(|key| key.is(wanted.as_deref()));
            if at.elapsed() < ASKED_EVERY || (has_it && at.elapsed() < KNOWN_FOR) {
                return Ok(keys.clone());
            }
        }
        let answer = outbound.get(found.jwks_uri.clone()).await.map_err(unreachable)?;
        let listed = answer.get("keys").and_then(Json::as_array).cloned().unwrap_or_default();
        let keys: Vec<Key> = listed.iter().filter_map(Key::read).collect();
        *known = Some((Instant::now(), keys.clone()));
        Ok(keys)
    }
}

/// Changes a code for the identity token.
///
/// # Errors
/// `provider_unreachable`, also where the provider does not take the code.
pub async fn exchange(
    provider: &Provider,
    found: &Discovered,
    code: &str,
    verifier: &str,
    redirect: &str,
) -> Result<String, Refusal> {
    let Provider { settings: provider, outbound, .. } = provider;
    let mut form = vec![
        ("grant_type", "authorization_code".to_string()),
        ("code", code.to_string()),
        ("redirect_uri", redirect.to_string()),
        ("code_verifier", verifier.to_string()),
    ];
    let methods = &found.token_endpoint_auth_methods_supported;
    let takes = |method: &str| methods.iter().any(|known| known == method);
    let mut authorization = None;
    match &provider.client_secret {
        // What a provider takes where it says nothing.
        Some(secret) if methods.is_empty() || takes("client_secret_basic") => {
            let pair = format!("{}:{}", escaped(&provider.client_id), escaped(secret));
            authorization = Some(format!("Basic {}", BASE64.encode(pair.as_bytes())));
        }
        Some(secret) => {
            form.push(("client_id", provider.client_id.clone()));
            form.push(("client_secret", secret.clone()));
        }
        None => form.push(("client_id", provider.client_id.clone())),
    }
    let answer = outbound.post(found.token_endpoint.clone(), authorization, form).await;
    let answer = answer.map_err(unreachable)?;
    let token = answer.get("id_token").and_then(Json::as_str);
    token.map(str::to_string).ok_or_else(|| refused("there is no identity token"))
}
