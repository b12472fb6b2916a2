//! What is asked of the provider's server: without redirects, for a short time, and read up to a limit.

use std::time::Duration;

use serde_json::Value as Json;
use ureq::Agent;

use super::unreachable;
use crate::service::Refusal;

const PATIENCE: Duration = Duration::from_secs(10);
const LARGEST: u64 = 256 << 10;

/// The JSON behind an address.
///
/// # Errors
/// `provider_unreachable`
pub async fn get(url: String) -> Result<Json, Refusal> {
    run(move || {
        let mut response = agent().get(&url).header("accept", "application/json").call()?;
        response.body_mut().with_config().limit(LARGEST).read_to_string()
    })
    .await
}

/// The JSON that answers a form.
///
/// # Errors
/// `provider_unreachable`, also where it answers with a refusal.
pub async fn post(
    url: String,
    authorization: Option<String>,
    form: Vec<(&'static str, String)>,
) -> Result<Json, Refusal> {
    run(move || {
        let mut request = agent().post(&url).header("accept", "application/json");
        if let Some(authorization) = &authorization {
            request = request.header("authorization", authorization.as_str());
        }
        let mut response = request.send_form(form)?;
        response.body_mut().with_config().limit(LARGEST).read_to_string()
    })
    .await
}

async fn run(ask: impl FnOnce() -> Result<String, ureq::Error> + Send + 'static) -> Result<Json, Refusal> {
    let answer = tokio::task::spawn_blocking(ask).await.map_err(Refusal::internal)?;
    let text = answer.map_err(unreachable)?;
    serde_json::from_str(&text).map_err(unreachable)
}

fn agent() -> Agent {
    let config = Agent::config_builder().timeout_global(Some(PATIENCE)).max_redirects(0).proxy(None);
    config.build().new_agent()
}
