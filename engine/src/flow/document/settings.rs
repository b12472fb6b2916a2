//! How a step is decided: policies, actions, deadlines.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::super::who::Who;
use super::step::FieldMoment;
use super::{START, is_default};
use crate::text::Label;

/// When a step with several people is passed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Policy {
    /// One is enough (或签).
    #[default]
    Any,
    /// Everybody, in any order (会签).
    All,
    /// Everybody, one after another (依次).
    Sequential,
    /// A part of them.
    Ratio(Ratio),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Ratio {
    N(u32),
    /// Rounded up to whole people.
    Percent(u32),
}

/// When a step with several approvers is rejected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OnReject {
    /// By the first rejection.
    #[default]
    First,
    /// Once approval can no longer be reached.
    Exhausted,
}

/// Where a rejected step sends the instance.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(from = "String", into = "String")]
pub enum RejectTo {
    /// The instance ends `rejected`.
    #[default]
    End,
    /// Back to the submitter for changes; the instance goes on running.
    Start,
    Step(String),
}

impl From<String> for RejectTo {
    fn from(text: String) -> RejectTo {
        match text.as_str() {
            "end" => RejectTo::End,
            START => RejectTo::Start,
            _ => RejectTo::Step(text),
        }
    }
}

impl From<RejectTo> for String {
    fn from(to: RejectTo) -> String {
        match to {
            RejectTo::End => "end".to_string(),
            RejectTo::Start => START.to_string(),
            RejectTo::Step(key) => key,
        }
    }
}

/// Where a step may be returned to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum ReturnTo {
    /// To any step that this instance has passed.
    Passed(PassedWord),
    /// To these alone, as far as they were passed.
    Steps(Vec<String>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PassedWord {
    Passed,
}

impl Default for ReturnTo {
    fn default() -> ReturnTo {
        ReturnTo::Passed(PassedWord::Passed)
    }
}

/// Whether something may, can or must be given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Demand {
    Off,
    #[default]
    Optional,
    Required,
}

/// What people can do with a task or an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    Save,
    Approve,
    Submit,
    Reject,
    Return,
    Transfer,
    AddSign,
    Withdraw,
    Urge,
    Terminate,
    Reassign,
    Reactivate,
    Comment,
}

/// Actions that a step switches off or calls by another name. All others are on.
pub type Actions = BTreeMap<Action, ActionSetting>;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum ActionSetting {
    On(bool),
    Named(ActionName),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ActionName {
    pub label: Label,
}

/// What happens when a task has waited for so long.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Deadline {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<FieldMoment>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub working_time: bool,
    #[serde(rename = "do")]
    pub reaction: Reaction,
}

/// What a deadline does when it is reached.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "Json", into = "Json")]
pub enum Reaction {
    /// Reminds those who have the tasks, and these others.
    Remind(Vec<Who>),
    AutoApprove,
    AutoReject,
    AutoReturn(ReturnsTo),
    /// To the manager of each who has not decided.
    Escalate,
    Transfer(Who),
}

/// Where a deadline returns to. `"auto_return"` alone is the previous step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReturnsTo {
    Start,
    #[default]
    Previous,
}

/// Written by hand, because a word and a member of the same name can't be told apart by derived forms.
impl TryFrom<Json> for Reaction {
    type Error = String;

    fn try_from(json: Json) -> Result<Reaction, String> {
        const EXPECTED: &str = "`do` is `remind`, `auto_approve`, `auto_reject`, `auto_return`, `escalate`, \
                                {\"remind\": …}, {\"auto_return\": …} or {\"transfer\": …}";
        match json {
            Json::String(word) => Ok(match word.as_str() {
                "remind" => Reaction::Remind(Vec::new()),
                "auto_approve" => Reaction::AutoApprove,
                "auto_reject" => Reaction::AutoReject,
                "auto_return" => Reaction::AutoReturn(ReturnsTo::default()),
                "escalate" => Reaction::Escalate,
                _ => return Err(EXPECTED.to_string()),
            }),
            Json::Object(members) if members.len() == 1 => match members.into_iter().next() {
                Some((word, to)) if word == "auto_return" => {
                    serde_json::from_value(to).map(Reaction::AutoReturn).map_err(|error| error.to_string())
                }
                Some((word, who)) if word == "transfer" => {
                    serde_json::from_value(who).map(Reaction::Transfer).map_err(|error| error.to_string())
                }
                Some((word, others)) if word == "remind" => {
                    serde_json::from_value(others).map(Reaction::Remind).map_err(|error| error.to_string())
                }
                _ => Err(EXPECTED.to_string()),
            },
            _ => Err(EXPECTED.to_string()),
        }
    }
}

impl From<Reaction> for Json {
    fn from(reaction: Reaction) -> Json {
        match reaction {
            Reaction::Remind(others) if others.is_empty() => Json::from("remind"),
            Reaction::Remind(others) => json!({ "remind": others }),
            Reaction::AutoApprove => Json::from("auto_approve"),
            Reaction::AutoReject => Json::from("auto_reject"),
            Reaction::AutoReturn(ReturnsTo::Previous) => Json::from("auto_return"),
            Reaction::AutoReturn(ReturnsTo::Start) => json!({ "auto_return": "start" }),
            Reaction::Escalate => Json::from("escalate"),
            Reaction::Transfer(who) => json!({ "transfer": who }),
        }
    }
}
