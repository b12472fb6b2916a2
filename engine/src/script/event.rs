//! What happens to a record when a script runs.

use serde::{Deserialize, Serialize};

/// What happens to a record when a script runs.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ScriptEvent {
    /// It counts for the first time.
    Submit,
    /// Its flow approves it, or it comes as approved.
    Approve,
    /// It counts already, and its own values change.
    Change,
    Void,
    Delete,
}

impl ScriptEvent {
    pub const ALL: [ScriptEvent; 5] = [
        ScriptEvent::Submit,
        ScriptEvent::Approve,
        ScriptEvent::Change,
        ScriptEvent::Void,
        ScriptEvent::Delete,
    ];

    /// As documents write it.
    pub fn key(self) -> &'static str {
        match self {
            ScriptEvent::Submit => "submit",
            ScriptEvent::Approve => "approve",
            ScriptEvent::Change => "change",
            ScriptEvent::Void => "void",
            ScriptEvent::Delete => "delete",
        }
    }
}
