//! What flows send to other systems, and the secrets of apps.

use engine::value::Id;
use wire::{FlowCall, List, Secret, SecretInput};

use super::{Call, Problem, segment};

/// The secrets of an app, without what they are.
pub async fn secrets(app: &str) -> Result<Vec<Secret>, Problem> {
    let list: List<Secret> = Call::get(format!("/apps/{}/secrets", segment(app))).send().await?;
    Ok(list.items)
}

/// Keeps a secret; a key that was made for it is in the answer.
pub async fn keep_secret(app: &str, input: &SecretInput) -> Result<Secret, Problem> {
    Call::post(format!("/apps/{}/secrets", segment(app))).json(input).send().await
}

pub async fn remove_secret(id: Id) -> Result<(), Problem> {
    Call::delete(format!("/secrets/{id}")).send_unit().await
}

/// What flows of an app have called, newest first; of one state alone where it is given.
pub async fn calls(app: &str, state: Option<&str>, limit: u32) -> Result<List<FlowCall>, Problem> {
    let call = Call::get(format!("/apps/{}/calls", segment(app))).query("limit", limit.to_string());
    let call = match state {
        Some(state) => call.query("state", state),
        None => call,
    };
    call.send().await
}

/// Has a call tried again at once.
pub async fn retry(id: Id) -> Result<FlowCall, Problem> {
    Call::post(format!("/calls/{id}/retry")).send().await
}
