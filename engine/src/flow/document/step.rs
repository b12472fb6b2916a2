//! The steps of the tree.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::de::{self, DeserializeOwned, Deserializer};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::super::who::{Nobody, Who};
use super::settings::{Actions, Deadline, Demand, OnReject, Policy, RejectTo, ReturnTo};
use super::{Fields, is_default};
use crate::condition::Condition;
use crate::form::Validation;
use crate::text::Label;

/// One step of the tree.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Step {
    Approve(Approve),
    Fill(Fill),
    Cc(Cc),
    Branch(Branch),
    Parallel(Parallel),
    Subflow(Subflow),
    Action(ActionStep),
    Delay(Delay),
}

impl Step {
    pub fn key(&self) -> &str {
        match self {
            Step::Approve(step) => &step.key,
            Step::Fill(step) => &step.key,
            Step::Cc(step) => &step.key,
            Step::Branch(step) => &step.key,
            Step::Parallel(step) => &step.key,
            Step::Subflow(step) => &step.key,
            Step::Action(step) => &step.key,
            Step::Delay(step) => &step.key,
        }
    }

    pub fn label(&self) -> &Label {
        match self {
            Step::Approve(step) => &step.label,
            Step::Fill(step) => &step.label,
            Step::Cc(step) => &step.label,
            Step::Branch(step) => &step.label,
            Step::Parallel(step) => &step.label,
            Step::Subflow(step) => &step.label,
            Step::Action(step) => &step.label,
            Step::Delay(step) => &step.label,
        }
    }

    /// Where those come from who are asked or informed; nobody at the other kinds of steps.
    pub fn who(&self) -> &[Who] {
        match self {
            Step::Approve(step) => &step.who,
            Step::Fill(step) => &step.who,
            Step::Cc(step) => &step.who,
            Step::Branch(_) | Step::Parallel(_) | Step::Subflow(_) | Step::Action(_) | Step::Delay(_) => &[],
        }
    }

    /// The name of the kind in the document.
    pub fn kind(&self) -> &'static str {
        match self {
            Step::Approve(_) => "approve",
            Step::Fill(_) => "fill",
            Step::Cc(_) => "cc",
            Step::Branch(_) => "branch",
            Step::Parallel(_) => "parallel",
            Step::Subflow(_) => "subflow",
            Step::Action(_) => "action",
            Step::Delay(_) => "delay",
        }
    }
}

/// Hand-written, because serde's derived form for tagged unions loses numbers under `arbitrary_precision`.
impl<'de> Deserialize<'de> for Step {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Step, D::Error> {
        fn read<T: DeserializeOwned, E: de::Error>(members: serde_json::Map<String, Json>) -> Result<T, E> {
            serde_json::from_value(Json::Object(members)).map_err(E::custom)
        }
        let mut members = serde_json::Map::deserialize(deserializer)?;
        let Some(Json::String(kind)) = members.remove("kind") else {
            return Err(de::Error::missing_field("kind"));
        };
        match kind.as_str() {
            "approve" => read(members).map(Step::Approve),
            "fill" => read(members).map(Step::Fill),
            "cc" => read(members).map(Step::Cc),
            "branch" => read(members).map(Step::Branch),
            "parallel" => read(members).map(Step::Parallel),
            "subflow" => read(members).map(Step::Subflow),
            "action" => read(members).map(Step::Action),
            "delay" => read(members).map(Step::Delay),
            other => Err(de::Error::custom(format_args!("there is no step kind `{other}`"))),
        }
    }
}

/// One or more approvers decide.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Approve {
    pub key: String,
    pub label: Label,
    pub who: Vec<Who>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub policy: Policy,
    #[serde(default, skip_serializing_if = "is_default")]
    pub on_reject: OnReject,
    #[serde(default, skip_serializing_if = "is_default")]
    pub reject_to: RejectTo,
    /// What to do when `who` finds nobody, if not what the flow says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nobody: Option<Nobody>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub fields: Fields,
    #[serde(default, skip_serializing_if = "is_default")]
    pub actions: Actions,
    #[serde(default, skip_serializing_if = "is_default")]
    pub opinion: Demand,
    #[serde(default, skip_serializing_if = "is_default")]
    pub signature: Demand,
    /// Whether deciding and saving are offered together with printing.
    #[serde(default, skip_serializing_if = "is_default")]
    pub print: bool,
    #[serde(default, skip_serializing_if = "is_default")]
    pub return_to: ReturnTo,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub validate: Vec<Validation>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deadlines: Vec<Deadline>,
}

/// One or more people complete fields; there is nothing to reject.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Fill {
    pub key: String,
    pub label: Label,
    pub who: Vec<Who>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub policy: Policy,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nobody: Option<Nobody>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub fields: Fields,
    #[serde(default, skip_serializing_if = "is_default")]
    pub actions: Actions,
    #[serde(default, skip_serializing_if = "is_default")]
    pub opinion: Demand,
    #[serde(default, skip_serializing_if = "is_default")]
    pub signature: Demand,
    /// Whether deciding and saving are offered together with printing.
    #[serde(default, skip_serializing_if = "is_default")]
    pub print: bool,
    #[serde(default, skip_serializing_if = "is_default")]
    pub return_to: ReturnTo,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub validate: Vec<Validation>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deadlines: Vec<Deadline>,
}

/// People are informed; nothing waits for them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cc {
    pub key: String,
    pub label: Label,
    pub who: Vec<Who>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub fields: Fields,
}

/// Arms with conditions, read when the branch is reached.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Branch {
    pub key: String,
    pub label: Label,
    #[serde(default, skip_serializing_if = "is_default")]
    pub mode: BranchMode,
    pub arms: Vec<BranchArm>,
    /// Optional only so that its absence can be reported in its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<DefaultArm>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BranchMode {
    /// The first arm that matches.
    #[default]
    Exclusive,
    /// All arms that match, then join.
    Inclusive,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BranchArm {
    pub key: String,
    #[serde(default, skip_serializing_if = "is_default")]
    pub label: Label,
    pub when: Condition,
    pub steps: Vec<Step>,
}

/// The arm for when no other matches.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DefaultArm {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Label>,
    pub steps: Vec<Step>,
}

/// Arms that run side by side.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Parallel {
    pub key: String,
    pub label: Label,
    #[serde(default, skip_serializing_if = "is_default")]
    pub join: Join,
    pub arms: Vec<ParallelArm>,
}

/// How many arms must be through before the flow goes on; the others are cancelled then.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Join {
    #[default]
    All,
    Any,
    N(u32),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ParallelArm {
    pub key: String,
    #[serde(default, skip_serializing_if = "is_default")]
    pub label: Label,
    pub steps: Vec<Step>,
}

/// Starts the flow of another form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Subflow {
    pub key: String,
    pub label: Label,
    pub form: String,
    /// The sub-form that gives one child for each of its rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub for_each: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub wait: bool,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub map_in: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub map_out: BTreeMap<String, String>,
}

/// Changes records, in the words of an automation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ActionStep {
    pub key: String,
    pub label: Label,
    pub action: Json,
}

/// Waits for a time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Delay {
    pub key: String,
    pub label: Label,
    /// An ISO 8601 duration.
    #[serde(rename = "for", default, skip_serializing_if = "Option::is_none")]
    pub duration: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<FieldMoment>,
}

/// The moment that a date field holds, moved by an ISO 8601 duration.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FieldMoment {
    pub field: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset: Option<String>,
}
