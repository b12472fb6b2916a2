//! Drafts of forms: read, changed by commands, published; what publishing would do, and what was taken out.

use engine::form::FormDocument;
use engine::form::edit::Edit;
use engine::value::Id;
use wire::{Dependent, Dependents, Draft, Edits, FormVersion, PublishPreview, Published, RemovedField};

use super::{Call, Page, Problem, segment};

pub async fn draft(form: &str) -> Result<Draft, Problem> {
    Call::get(format!("/forms/{}/draft", segment(form))).send().await
}

/// Applies commands to the draft that had the version `base`, as soon as the server is there; `key` is kept over the tries of
/// one batch.
pub async fn edit(form: &str, base: i64, edits: &[Edit], key: &str) -> Result<Draft, Problem> {
    let edits = edits.iter().filter_map(|edit| serde_json::to_value(edit).ok()).collect();
    Call::post(format!("/forms/{}/draft/edits", segment(form)))
        .idempotency_key(key)
        .json(&Edits { base, edits })
        .until_answered()
        .send()
        .await
}

pub async fn publish(form: &str) -> Result<Published, Problem> {
    Call::post(format!("/forms/{}/publish", segment(form))).until_answered().send().await
}

/// What publishing the draft would do to the records that are there.
pub async fn preview(form: Id) -> Result<PublishPreview, Problem> {
    Call::post(format!("/forms/{form}/publish/preview")).send().await
}

/// What uses a field.
pub async fn dependents(form: Id, field: &str) -> Result<Vec<Dependent>, Problem> {
    let path = format!("/forms/{form}/fields/{}/dependents", segment(field));
    let found: Dependents = Call::get(path).send().await?;
    Ok(found.items)
}

/// Fields that were taken out or changed, and whose values lie aside.
pub async fn removed(form: Id) -> Result<Vec<RemovedField>, Problem> {
    let page: Page<RemovedField> = Call::get(format!("/forms/{form}/removed")).send().await?;
    Ok(page.items)
}

/// Puts a field into the draft as it was.
pub async fn restore_field(form: Id, field: &str) -> Result<Draft, Problem> {
    Call::post(format!("/forms/{form}/fields/{}/restore", segment(field))).send().await
}

/// Removes the values that lie aside of a field for good.
pub async fn purge_field(form: Id, field: &str) -> Result<(), Problem> {
    Call::post(format!("/forms/{form}/fields/{}/purge", segment(field))).send_unit().await
}

/// The document of a published version.
pub async fn version(form: Id, version: i64) -> Result<FormDocument, Problem> {
    Call::get(format!("/forms/{form}/versions/{version}")).send().await
}

/// The published versions, newest first.
pub async fn versions(form: Id) -> Result<Vec<FormVersion>, Problem> {
    let page: Page<FormVersion> = Call::get(format!("/forms/{form}/versions")).send().await?;
    Ok(page.items)
}
