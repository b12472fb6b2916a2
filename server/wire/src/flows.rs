//! Approval flows: tasks, instances, and what people do with them.

use std::collections::BTreeMap;

use engine::text::Label;
use engine::value::Id;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::ToSchema;

use crate::StoredFile;
use crate::records::{Change, Count, Fields};

/// A task, as in the lists of the inbox. Among those that somebody started, it stands for the instance.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Task {
    #[schema(value_type = String)]
    pub id: Id,
    #[schema(value_type = String)]
    pub instance: Id,
    #[schema(value_type = String)]
    pub form: Id,
    #[schema(value_type = String)]
    pub record: Id,
    /// Whether the record is in the recycle bin, or gone from there: then its title says no more than the form.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub record_deleted: bool,
    pub step: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<crate::Wording>)]
    pub step_label: Option<Label>,
    pub title: String,
    #[schema(value_type = Option<String>)]
    pub assignee: Option<Id>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub on_behalf_of: Option<Id>,
    /// The name of who is stood in for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of_name: Option<String>,
    pub state: String,
    pub decision: Option<String>,
    pub arrived: String,
    pub due: Option<String>,
    /// When it was decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided: Option<String>,
    /// What the caller can do with it now.
    pub actions: Vec<String>,
    /// What its step calls those of them that it has names of its own for.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(value_type = Object)]
    pub action_labels: BTreeMap<String, Label>,
    /// Whether its step takes an opinion: `off`, `optional` or `required`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opinion: Option<String>,
    /// Whether its step takes a signature: `off`, `optional` or `required`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<String>,
    /// Whether its step offers to print what is decided or put aside.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub print: bool,
    /// What its form is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<crate::Wording>)]
    pub form_label: Option<Label>,
    #[schema(value_type = Option<String>)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub submitter: Option<Id>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub submitter_name: Option<String>,
    /// What of the record is worth knowing before it is opened, as far as its reader may see it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<TaskFact>,
}

/// One fact of a task's record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TaskFact {
    #[schema(value_type = crate::Wording)]
    pub label: Label,
    /// As a reader expects it in their language.
    pub text: String,
    /// Whether it is a number.
    pub numeric: bool,
}

/// A list of tasks.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Tasks {
    pub items: Vec<Task>,
    pub next: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<Count>,
}

/// One task with what its assignee works with.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct OpenTask {
    #[serde(flatten)]
    pub task: Task,
    /// `read`, `edit` or `required` by field path; hidden fields are absent.
    pub fields: BTreeMap<String, String>,
    /// Edits that were put aside.
    #[schema(value_type = Object)]
    pub kept: Fields,
    /// The opinion that was put aside with them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept_opinion: Option<String>,
    /// The steps that it may be returned to, the nearest first.
    pub return_to: Vec<String>,
    /// The later steps whose people its assignee names when it is completed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choose: Vec<StepToChoose>,
}

/// A later step for which somebody names the people.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct StepToChoose {
    pub step: String,
    #[schema(value_type = crate::Wording)]
    pub label: Label,
}

/// `POST /tasks/{task}/{action}`
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TaskInput {
    #[serde(default)]
    pub opinion: Option<String>,
    #[serde(default)]
    #[schema(value_type = Object)]
    pub fields: Fields,
    /// A step for `return`, a member for `transfer`.
    #[serde(default)]
    pub to: Option<Json>,
    /// For `return`: `rerun` or `direct`.
    #[serde(default)]
    pub resume: Option<String>,
    /// For `add-sign`: `before`, `after` or `parallel`.
    #[serde(default)]
    pub mode: Option<String>,
    /// The file with the signature.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub signature: Option<Id>,
    /// People for later steps that let the actor choose, by step.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub chosen: BTreeMap<String, Vec<Id>>,
    /// Files that go with the opinion.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub files: Vec<Id>,
    /// Whom the opinion names.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub mentions: Vec<Id>,
    /// For `return` and `reject`: the fields that are to be changed.
    #[serde(default)]
    pub marks: Vec<String>,
}

/// `POST /tasks/decide`
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideInput {
    #[schema(value_type = Vec<String>)]
    pub tasks: Vec<Id>,
    /// `approve`, `submit`, `reject` or `seen`.
    pub action: String,
    #[serde(default)]
    pub opinion: Option<String>,
}

/// What became of several tasks, in the order in which they were named.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct DecideAnswer {
    pub results: Vec<DecideResult>,
}

/// What became of one of several tasks: how its instance stands now, or a problem.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct DecideResult {
    #[schema(value_type = String)]
    pub task: Id,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub problem: Option<Json>,
}

/// `GET /tasks/counts`: how much there is in the inbox.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TaskCounts {
    /// What waits for the caller.
    pub todo: u64,
    /// As much of it as is late.
    pub overdue: u64,
    /// As much of it as came back to the caller, who asked for it.
    pub returned: u64,
    /// The caller's requests that are in approval.
    pub running: u64,
    /// How many seconds ago these were begun on average; absent where there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub running_for: Option<u64>,
    /// What the caller was told of and has not looked at.
    pub unseen: u64,
    /// What waits for the caller, by form, most first.
    pub forms: Vec<FormTasks>,
}

/// How many tasks of a form wait.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FormTasks {
    #[schema(value_type = String)]
    pub form: Id,
    #[schema(value_type = crate::Wording)]
    pub label: Label,
    pub todo: u64,
}

/// A form in whose flow the caller may begin a request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Startable {
    #[schema(value_type = String)]
    pub form: Id,
    #[schema(value_type = crate::Wording)]
    pub label: Label,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub icon: Option<String>,
    #[schema(value_type = String)]
    pub app: Id,
    pub app_key: String,
    #[schema(value_type = crate::Wording)]
    pub app_label: Label,
}

/// A phrase of one's own, for opinions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Phrase {
    #[schema(value_type = String)]
    pub id: Id,
    pub text: String,
}

/// `POST /phrases`
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PhraseInput {
    pub text: String,
}

/// `POST /instances/{instance}/{action}`
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InstanceInput {
    #[serde(default)]
    pub opinion: Option<String>,
    #[serde(default)]
    pub text: Option<String>,
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub mentions: Vec<Id>,
    /// Files that go with a comment.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub files: Vec<Id>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub task: Option<Id>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub to: Option<Id>,
    /// For `reactivate`: the step that is opened again.
    #[serde(default)]
    pub step: Option<String>,
    /// For `migrate`: the version that it runs from then on; the one in force without it.
    #[serde(default)]
    pub version: Option<i64>,
    /// For `migrate`: new keys of steps by the old ones, where they are other ones.
    #[serde(default)]
    pub steps: BTreeMap<String, String>,
    /// For `migrate`: whether it is only tried.
    #[serde(default)]
    pub dry_run: bool,
}

/// What became of the open tasks of a member who lets somebody stand in, or of what flows wait for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PassedOn {
    /// Instances in which something waited for the member; all that are under way, where moments are read anew.
    pub matched: u64,
    pub done: u64,
    /// Those that could not be changed are as they were.
    pub failed: u64,
    /// The codes of why not, each once.
    pub reasons: Vec<String>,
}

/// How an instance stands.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Instance {
    #[schema(value_type = String)]
    pub id: Id,
    #[schema(value_type = String)]
    pub form: Id,
    #[schema(value_type = String)]
    pub record: Id,
    pub title: String,
    pub state: String,
    /// The steps where somebody has something to do.
    pub steps: Vec<String>,
    #[schema(value_type = Option<String>)]
    pub submitter: Option<Id>,
    pub tasks: Vec<InstanceTask>,
    /// What the reader may do to it as a whole now: `withdraw`, `urge`, `comment`, `terminate`, `reassign`, `reactivate`,
    /// `migrate`.
    pub actions: Vec<String>,
    /// What the steps call those of them that they have names of their own for.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(value_type = Object)]
    pub action_labels: BTreeMap<String, Label>,
    /// Where it is over and the reader may open it again: the steps at which, the nearest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reactivate_to: Vec<String>,
    /// What it waits for besides people.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waits: Vec<Waits>,
    /// The instance whose step has started it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub parent: Option<Id>,
    /// The newest lines, oldest first.
    pub log: Vec<LogLine>,
    /// Where there are earlier ones: they are read with `log_before` of this number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log_earlier: Option<i64>,
    pub flow_version: i64,
    /// What comes next if everybody approves.
    pub next: Vec<NextStep>,
    /// How the votes stand at the steps that wait and where more than one person decides.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ballots: Vec<Ballot>,
    /// Labels of steps by their key.
    #[schema(value_type = Object)]
    pub labels: BTreeMap<String, Label>,
    /// Labels of the fields that the log names, by their key.
    #[schema(value_type = Object)]
    pub field_labels: BTreeMap<String, Label>,
    /// The steps in the order of the design, with how each stands.
    pub drawing: Vec<DrawnStep>,
    /// Names of the members that are mentioned.
    pub names: BTreeMap<String, String>,
}

/// Something that an instance waits for besides people.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Waits {
    pub step: String,
    /// `delay`, `deadline` or `subflow`.
    pub kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<String>,
    /// The flow that was started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub instance: Option<Id>,
    /// The page of the record that it runs on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// For administrators: what it leads to was refused, and is tried again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<Refused>,
}

/// What a delay, a deadline or the end of a subflow led to was refused.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Refused {
    pub reason: String,
    /// How often it was tried.
    pub attempts: u32,
    /// When it is tried again.
    pub retry: String,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct InstanceTask {
    #[schema(value_type = String)]
    pub id: Id,
    pub step: String,
    #[schema(value_type = Option<String>)]
    pub assignee: Option<Id>,
    pub state: String,
    pub decision: Option<String>,
    #[schema(value_type = Option<String>)]
    pub on_behalf_of: Option<Id>,
    pub arrived: String,
    pub due: Option<String>,
    /// What the reader can do with it now; `withdraw` takes their decision back.
    pub actions: Vec<String>,
}

/// One line of the timeline.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct LogLine {
    pub at: String,
    #[schema(value_type = Option<String>)]
    pub who: Option<Id>,
    #[schema(value_type = Option<String>)]
    pub on_behalf_of: Option<Id>,
    pub step: Option<String>,
    pub action: String,
    pub opinion: Option<String>,
    /// The file with the signature.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub signature: Option<Id>,
    /// The step that it was returned to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Whom it concerns: a new assignee, people informed or mentioned.
    #[schema(value_type = Vec<String>)]
    pub members: Vec<Id>,
    /// The text of a comment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Whether the product did it by itself.
    pub automatic: bool,
    pub changes: BTreeMap<String, Change>,
    /// Why a task need not be done any more: `step_decided`, `joined`, `returned`, `rejected`, `withdrawn`, `terminated`,
    /// `taken_back` or `added_rejected`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// How many seconds were left until the task was due when it was decided; below nought where it was late.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline_left: Option<i64>,
    /// How the instance stood after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Marking>,
    /// How many seconds it had waited for whoever decided it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waited: Option<i64>,
    /// The files that were given with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<StoredFile>,
    /// Whom the opinion names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<String>)]
    pub mentions: Vec<Id>,
    /// The fields that are to be changed, after a return.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<String>,
    /// What an action step has sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent: Option<Sent>,
}

/// What became of a message or a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Sent {
    /// `message` or `call`.
    pub kind: String,
    /// `waiting`, `sent`, `dead` or `held`.
    pub state: String,
    /// How often a call was tried.
    pub attempts: u32,
    /// When it was tried last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tried_at: Option<String>,
    /// When it is tried next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_at: Option<String>,
}

/// How an instance stood at a moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Marking {
    pub state: String,
    /// The steps that were active.
    pub steps: Vec<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct NextStep {
    pub step: String,
    #[schema(value_type = Vec<String>)]
    pub people: Vec<Id>,
    /// For whom some of them stand in, by their ids.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(value_type = Object)]
    pub on_behalf_of: BTreeMap<String, Id>,
    /// The arm of a branch that leads there, as it is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<crate::Wording>)]
    pub because: Option<Label>,
}

/// How the votes stand at a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Ballot {
    pub step: String,
    /// How many have to agree.
    pub needed: u32,
    /// How many have.
    pub agreed: u32,
    /// In the order in which they are asked.
    pub voters: Vec<Voter>,
}

/// One of those who decide at a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Voter {
    #[schema(value_type = String)]
    pub member: Id,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub on_behalf_of: Option<Id>,
    /// `approved`, `submitted`, `rejected` or `returned`; nothing while they are still to decide.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vote: Option<String>,
    /// Whether they are asked now; in a sequence the others are asked later.
    pub is_asked: bool,
}

/// A step of the drawing, or the head of an arm of a branch or of parallel work: then its kind is `arm`, its key
/// `BLOCK.ARM`, and the steps in it follow, one deeper.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct DrawnStep {
    pub key: String,
    #[schema(value_type = crate::Wording)]
    pub label: Label,
    pub kind: String,
    /// `waiting`, `active`, `passed`, `rejected`, `returned` or `cancelled`; `skipped` where the way went past it.
    pub state: String,
    /// How many blocks it lies in.
    pub depth: u32,
    /// Those who are or were asked there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<AskedPerson>,
}

/// Somebody who is asked at a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AskedPerson {
    #[schema(value_type = String)]
    pub member: Id,
    /// In whose place they are asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub on_behalf_of: Option<Id>,
}
