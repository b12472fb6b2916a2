//! What can't be read in the action of a step, told at the member that is wrong by whoever reads documents.

use serde_json::Value as Json;

use super::call::Call;
use super::document::ReadPart;
use super::message::Message;
use super::record_action::RecordAction;
use crate::text::Faults;

/// What `parts` says of an action, with JSON pointers into it; nothing of one whose kind is none.
pub fn unreadable(action: &Json, parts: &impl ReadPart) -> Faults {
    let Some(members) = action.as_object() else { return Faults::new() };
    let kind = members.get("kind").and_then(Json::as_str).unwrap_or_default();
    // What sends is read without the member that says so.
    let others = members.iter().filter(|(name, _)| *name != "kind");
    let others = || Json::Object(others.clone().map(|(name, value)| (name.clone(), value.clone())).collect());
    let read = match kind {
        "set" | "create" | "update" | "upsert" | "delete" => {
            parts.read::<RecordAction>(action.clone()).map(drop)
        }
        "notify" => parts.read::<Message>(others()).map(drop),
        "call" => parts.read::<Call>(others()).map(drop),
        _ => Ok(()),
    };
    read.err().unwrap_or_default()
}
