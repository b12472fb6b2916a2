//! The inbound hooks of a form, for whoever administers it.

use engine::value::Id;
use wire::{Hook, HookDelivery, HookInput, HookPatch, List};

use super::{Call, Problem};

/// The hooks of a form, the newest first.
pub async fn hooks(form: Id) -> Result<Vec<Hook>, Problem> {
    let list: List<Hook> = Call::get(format!("/forms/{form}/hooks")).send().await?;
    Ok(list.items)
}

/// Makes a hook; the answer alone tells its secret.
pub async fn create(form: Id, input: &HookInput) -> Result<Hook, Problem> {
    Call::post(format!("/forms/{form}/hooks")).json(input).send().await
}

pub async fn change(hook: &Hook, patch: &HookPatch) -> Result<Hook, Problem> {
    Call::patch(path(hook, "")).if_match(version(hook)).json(patch).send().await
}

/// Removes a hook for good.
pub async fn remove(hook: &Hook) -> Result<(), Problem> {
    Call::delete(path(hook, "")).if_match(version(hook)).send_unit().await
}

/// Gives a hook another secret, which the answer alone tells; the one before stays good.
pub async fn renew_secret(hook: &Hook) -> Result<Hook, Problem> {
    Call::post(path(hook, "/secret")).if_match(version(hook)).send().await
}

/// Ends the secret before the newest.
pub async fn end_former_secret(hook: &Hook) -> Result<Hook, Problem> {
    Call::delete(path(hook, "/secret")).if_match(version(hook)).send().await
}

/// What came by a hook lately, the newest first.
pub async fn deliveries(form: Id, hook: Id) -> Result<Vec<HookDelivery>, Problem> {
    let list: List<HookDelivery> = Call::get(format!("/forms/{form}/hooks/{hook}/deliveries")).send().await?;
    Ok(list.items)
}

fn path(hook: &Hook, rest: &str) -> String {
    format!("/forms/{}/hooks/{}{rest}", hook.form, hook.id)
}

fn version(hook: &Hook) -> u64 {
    u64::try_from(hook.version).unwrap_or_default()
}
