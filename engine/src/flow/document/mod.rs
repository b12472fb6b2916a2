//! The flow document: what a person designs, as it is stored and exchanged (documents.md, "Flow").
//!
//! Everything of format 1 is read here, also the steps that this version does not run yet; whether a document
//! can become a [`Flow`](super::Flow) is decided by [`Flow::publish`](super::Flow::publish).

mod compare;
mod copy;
mod edit;
#[cfg(test)]
mod edit_tests;
mod place;
mod read;
mod settings;
mod step;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::who::Nobody;
use crate::text::Label;

pub use compare::{Alteration, Difference};
pub use copy::{Clip, CopiedArm};
pub use edit::{Arm, Edit, no_condition};
pub use place::{ArmName, Direction, Part, Place};
pub use read::ReadPart;
pub use settings::{
    Action, ActionName, ActionSetting, Actions, Deadline, Demand, OnReject, PassedWord, Policy, Ratio,
    Reaction, RejectTo, ReturnTo, ReturnsTo,
};
pub use step::{
    ActionStep, Approve, Branch, BranchArm, BranchMode, Cc, DefaultArm, Delay, FieldMoment, Fill, Join,
    Parallel, ParallelArm, Step, Subflow,
};

/// The number of the format that this version writes.
pub const FORMAT: u32 = 1;

/// The key of the step where the submitter's form is; no other step may have it.
pub const START: &str = "start";

/// What stands in a title besides fields of the form: the flow's own label, the record's number, and what the record is
/// called.
pub const TITLE_WORDS: [&str; 3] = ["label", "serial", "title"];

/// A flow as designed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FlowDocument {
    pub format: u32,
    pub label: Label,
    /// What an instance is called in lists; names of fields stand in braces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub start: Start,
    #[serde(default, skip_serializing_if = "is_default")]
    pub auto_pass: AutoPass,
    #[serde(default, skip_serializing_if = "is_default")]
    pub self_approval: SelfApproval,
    #[serde(default, skip_serializing_if = "is_default")]
    pub nobody: Nobody,
    pub steps: Vec<Step>,
}

/// The submitter's form.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Start {
    #[serde(default, skip_serializing_if = "is_default")]
    pub fields: Fields,
    #[serde(default, skip_serializing_if = "is_default")]
    pub withdraw: Withdraw,
}

/// Until when the submitter may take the request back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Withdraw {
    Never,
    /// As long as nobody has decided since it was last submitted.
    #[default]
    UntilDecided,
    WhileRunning,
}

/// Whether somebody who has approved already is asked again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AutoPass {
    #[default]
    Off,
    /// Not when they approved the approve step just before.
    Consecutive,
    /// Not when they approved any step of this instance.
    AnyEarlier,
}

/// What happens when the submitter would have to approve their own request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SelfApproval {
    #[default]
    Allow,
    /// Their own manager is asked in their place.
    Manager,
    AutoApprove,
}

/// What a person may do with a field at a step, from least to most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FieldRight {
    Hidden,
    Read,
    Edit,
    /// Edit, and it may not stay empty.
    Required,
}

/// Rights by field path (`amount`, `lines`, `lines.qty`); `*` is the rest.
pub type Fields = BTreeMap<String, FieldRight>;

pub(super) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
