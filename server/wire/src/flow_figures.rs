//! Figures of a flow: what is under way, what was done and how long that took.

use std::collections::BTreeMap;

use engine::text::Label;
use engine::value::Id;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What there is of requests, of stays at a step, or of a member's tasks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FlowFigure {
    /// Under way now.
    pub running: i64,
    /// Under way now and past its deadline.
    pub overdue: i64,
    /// Begun in the period.
    pub begun: i64,
    /// Done in the period.
    pub done: i64,
    /// Seconds that it took; the one in the middle, or the mean of the two there. None where nothing was done.
    pub median: Option<i64>,
    /// Seconds within which nine of ten were done.
    pub p90: Option<i64>,
    /// Decided in the period after the deadline.
    pub late: i64,
    /// Sent back in the period.
    pub returned: i64,
    /// Rejected in the period.
    pub rejected: i64,
}

/// `GET /forms/{form}/flow/figures`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FlowFigures {
    /// What the form of the flow is called.
    #[schema(value_type = crate::Wording)]
    pub form_label: Label,
    /// The moment at which it was so.
    pub as_of: String,
    /// The first day of the period; none where it is open.
    pub from: Option<String>,
    /// Its last day.
    pub to: Option<String>,
    /// The versions that were published, newest first.
    pub versions: Vec<FlowVersionMade>,
    pub total: FlowFigure,
    /// How many requests ended in the period in each way, and how many are `running` and `withdrawn` now. Empty where the
    /// figures are of a step or a member.
    #[schema(value_type = Object)]
    pub states: BTreeMap<String, i64>,
    /// The steps where somebody or something is waited for, in the order of the flow.
    pub steps: Vec<FlowStepFigure>,
    /// Who decides, most first.
    pub people: Vec<FlowPersonFigure>,
    /// The latest parts of the period, oldest first.
    pub periods: Vec<FlowPeriodFigure>,
    /// The same of another version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compared: Option<FlowCompared>,
}

/// A published version of a flow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FlowVersionMade {
    pub version: i64,
    pub published_at: String,
    /// Whether new requests run it.
    pub active: bool,
}

/// The figures of a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FlowStepFigure {
    pub step: String,
    /// Empty for the submitter's own step, after a return.
    #[schema(value_type = crate::Wording)]
    pub label: Label,
    pub kind: String,
    pub figure: FlowFigure,
}

/// The figures of a member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FlowPersonFigure {
    #[schema(value_type = String)]
    pub member: Id,
    pub name: String,
    pub figure: FlowFigure,
}

/// The figures of a part of the period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FlowPeriodFigure {
    /// `2026`, `2026-Q4`, `2026-11`, `2026-W47` or `2026-11-22`.
    pub name: String,
    /// Its first day.
    pub from: String,
    /// Its last day.
    pub to: String,
    pub figure: FlowFigure,
}

/// What another version is compared by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FlowCompared {
    pub version: i64,
    pub total: FlowFigure,
    /// By the keys of the steps.
    #[schema(value_type = Object)]
    pub steps: BTreeMap<String, FlowFigure>,
}

/// One of what a figure counts: a request, a stay of one at a step, or a task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FlowCase {
    #[schema(value_type = String)]
    pub instance: Id,
    #[schema(value_type = String)]
    pub record: Id,
    pub title: String,
    /// How the request stands now.
    pub state: String,
    #[schema(value_type = Option<String>)]
    pub submitter: Option<Id>,
    pub submitter_name: Option<String>,
    /// The step of a stay or a task.
    pub step: Option<String>,
    /// Whose task it is.
    #[schema(value_type = Option<String>)]
    pub assignee: Option<Id>,
    pub assignee_name: Option<String>,
    pub began: String,
    pub ended: Option<String>,
    /// Seconds that it took, or has taken up to now.
    pub took: i64,
}
