//! Drafts of forms: read, changed by commands, published.

use engine::form::edit::Edit;
use wire::{Draft, Edits, Published};

use super::{Call, Problem, segment};

pub async fn draft(form: &str) -> Result<Draft, Problem> {
    Call::get(format!("/forms/{}/draft", segment(form))).send().await
}

/// Applies commands to the draft that had the version `base`; `key` is kept over the tries of one batch.
pub async fn edit(form: &str, base: i64, edits: &[Edit], key: &str) -> Result<Draft, Problem> {
    let edits = edits.iter().filter_map(|edit| serde_json::to_value(edit).ok()).collect();
    Call::post(format!("/forms/{}/draft/edits", segment(form)))
        .idempotency_key(key)
        .json(&Edits { base, edits })
        .send()
        .await
}

pub async fn publish(form: &str) -> Result<Published, Problem> {
    Call::post(format!("/forms/{}/publish", segment(form))).send().await
}
