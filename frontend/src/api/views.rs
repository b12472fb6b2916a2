//! Saved views of a form.

use engine::value::Id;
use engine::view::ViewDocument;
use serde_json::Value as Json;
use wire::{List, View};

use super::{Call, Problem};

/// The reader's own, and those that are shared; in the order in which they were made.
pub async fn list(form: Id) -> Result<Vec<View>, Problem> {
    let list: List<View> = Call::get(format!("/forms/{form}/views")).send().await?;
    Ok(list.items)
}

/// Saves a new view; its key is made of its name.
pub async fn create(form: Id, document: &ViewDocument) -> Result<View, Problem> {
    let mut document = serde_json::to_value(document).unwrap_or_default();
    if let Some(members) = document.as_object_mut() {
        members.remove("key");
    }
    Call::post(format!("/forms/{form}/views")).json(&document).send().await
}

/// Changes the members that are given.
pub async fn change(view: &View, patch: &Json) -> Result<View, Problem> {
    let version = u64::try_from(view.version).unwrap_or_default();
    Call::patch(format!("/views/{}", view.id)).if_match(version).json(patch).send().await
}

pub async fn delete(view: &View) -> Result<(), Problem> {
    let version = u64::try_from(view.version).unwrap_or_default();
    Call::delete(format!("/views/{}", view.id)).if_match(version).send_unit().await
}
