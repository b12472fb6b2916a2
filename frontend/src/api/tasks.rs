//! What waits for the reader.

use std::collections::BTreeMap;

use engine::text::Label;
use engine::value::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};
use wire::List;
use wire::flows::{DecideAnswer, Startable, StepToChoose, TaskCounts};

use super::{Call, Page, Problem, segment, session};
use crate::{i18n, text};

/// The step of the one who asks.
pub const START: &str = "start";

/// A task of a flow, as in the lists of the inbox.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Task {
    pub id: String,
    #[serde(default)]
    pub instance: String,
    #[serde(default)]
    pub form: String,
    #[serde(default)]
    pub record: String,
    /// Whether its record was deleted: then there is no title.
    #[serde(default)]
    pub record_deleted: bool,
    #[serde(default)]
    pub step: String,
    /// The step's own name.
    #[serde(default)]
    pub step_label: Option<Label>,
    #[serde(default)]
    pub title: String,
    #[serde(default)]
    pub assignee: Option<String>,
    /// The name of who is stood in for.
    #[serde(default)]
    pub on_behalf_of_name: Option<String>,
    #[serde(default)]
    pub state: String,
    /// `approved`, `submitted`, `rejected` or `returned`; none while it waits.
    #[serde(default)]
    pub decision: Option<String>,
    #[serde(default)]
    pub arrived: Option<Timestamp>,
    #[serde(default)]
    pub due: Option<Timestamp>,
    #[serde(default)]
    pub decided: Option<Timestamp>,
    #[serde(default)]
    pub actions: Vec<String>,
    /// What its step calls some of them.
    #[serde(default)]
    pub action_labels: BTreeMap<String, Label>,
    /// Whether an opinion is `off`, `optional` or `required` at its step.
    #[serde(default)]
    pub opinion: Option<String>,
    /// Whether a signature is.
    #[serde(default)]
    pub signature: Option<String>,
    /// Whether its step offers to print what is decided or put aside.
    #[serde(default)]
    pub print: bool,
    /// What its form is called.
    #[serde(default)]
    pub form_label: Option<Label>,
    #[serde(default)]
    pub submitter_name: Option<String>,
    /// What of the record is worth knowing before it is opened.
    #[serde(default)]
    pub facts: Vec<TaskFact>,
    /// What its assignee put aside without deciding, in its wire form. Lists don't say it.
    #[serde(default)]
    pub kept: Map<String, Json>,
    /// The opinion that was put aside with it.
    #[serde(default)]
    pub kept_opinion: Option<String>,
    /// The steps that it may be returned to, the nearest first. Lists don't say it.
    #[serde(default)]
    pub return_to: Vec<String>,
    /// The later steps whose people are named when it is completed. Lists don't say it.
    #[serde(default)]
    pub choose: Vec<StepToChoose>,
}

/// One fact of a task's record.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct TaskFact {
    pub label: Label,
    pub text: String,
    pub numeric: bool,
}

impl TaskFact {
    /// As it is read: digits grouped, without zeros that say nothing.
    pub fn shown(&self) -> String {
        let (digits, unit) = self.text.split_once('\u{a0}').unwrap_or((&self.text, ""));
        match (self.numeric, unit) {
            (false, _) => self.text.clone(),
            (true, "") => i18n::group_digits(&i18n::trimmed(digits, 2)),
            (true, unit) => format!("{}\u{a0}{unit}", i18n::group_digits(&i18n::trimmed(digits, 2))),
        }
    }
}

/// A step's own name for an action, in the reader's language.
pub fn own_name(labels: &BTreeMap<String, Label>, action: &str) -> Option<String> {
    let own = labels.get(action).map(|label| label.get(i18n::language()).to_string());
    own.filter(|own| !own.is_empty())
}

impl Task {
    /// The form's name and the record's title, as one says it: `报价单 BJ202411180012`. Where the record was deleted, who
    /// asked takes the title's place.
    pub fn name(&self) -> String {
        let form =
            self.form_label.as_ref().map(|label| label.get(i18n::language()).to_string()).unwrap_or_default();
        if self.record_deleted {
            return match self.submitter_name.as_deref().filter(|name| !name.is_empty()) {
                Some(name) => text!("task-record-deleted-of", form = form, name = name),
                None => text!("task-record-deleted", form = form),
            };
        }
        match self.title.starts_with(&form) {
            true => self.title.clone(),
            false => format!("{form} {}", self.title),
        }
    }

    /// Whether the reader can do something with it now.
    pub fn allows(&self, action: &str) -> bool {
        self.actions.iter().any(|known| known == action)
    }

    /// What an action is called here: by its step's own name for it, or else as everywhere.
    pub fn action_name(&self, action: &str) -> String {
        self.own_action_name(action).unwrap_or_else(|| i18n::lookup(&format!("flow-{action}"), &[]))
    }

    /// The step's own name for an action; none where it is called as everywhere.
    pub fn own_action_name(&self, action: &str) -> Option<String> {
        own_name(&self.action_labels, action)
    }

    /// Whether it is, or was, for the reader to decide.
    pub fn is_of_reader(&self) -> bool {
        let me = session::me().map(|me| me.member.id.to_string());
        self.assignee.is_some() && self.assignee == me
    }

    /// The name of its step; none where it has none.
    pub fn step_name(&self) -> Option<String> {
        // A request comes back to its first step only to be changed.
        if self.step == START {
            return Some(text!("flow-change-again"));
        }
        let label = self.step_label.as_ref().map(|label| label.get(i18n::language()).to_string());
        label.filter(|label| !label.is_empty())
    }

    /// Who asked; the title's own first letter stands for nobody known.
    pub fn by(&self) -> String {
        self.submitter_name.clone().filter(|name| !name.is_empty()).unwrap_or_else(|| self.title.clone())
    }
}

/// The lists of the inbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskBox {
    ToDo,
    Started,
    Handled,
    Cc,
}

impl TaskBox {
    /// The name on the wire and in the inbox's address.
    pub fn name(self) -> &'static str {
        match self {
            TaskBox::ToDo => "todo",
            TaskBox::Started => "started",
            TaskBox::Handled => "handled",
            TaskBox::Cc => "cc",
        }
    }
}

/// What a list is narrowed to besides its form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Only {
    /// Of what waits, what is late.
    Overdue,
    /// Of what waits, one's own requests that came back.
    Returned,
    /// Of one's own requests, those in approval.
    Running,
    /// Of copies, those that were not looked at.
    Unseen,
}

impl Only {
    const ALL: [Only; 4] = [Only::Overdue, Only::Returned, Only::Running, Only::Unseen];

    /// The name in the inbox's address.
    pub fn name(self) -> &'static str {
        match self {
            Only::Overdue => "overdue",
            Only::Returned => "returned",
            Only::Running => "running",
            Only::Unseen => "unseen",
        }
    }

    pub fn from_name(name: &str) -> Option<Only> {
        Only::ALL.into_iter().find(|only| only.name() == name)
    }

    /// Those that a list can be narrowed to.
    pub fn of(list: TaskBox) -> &'static [Only] {
        match list {
            TaskBox::ToDo => &[Only::Overdue, Only::Returned],
            TaskBox::Started => &[Only::Running],
            TaskBox::Handled => &[],
            TaskBox::Cc => &[Only::Unseen],
        }
    }
}

/// What a list is narrowed to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaskFilter {
    /// The key of an app.
    pub app: Option<String>,
    /// The id of a form.
    pub form: Option<String>,
    pub only: Option<Only>,
}

impl TaskFilter {
    /// Whether it leaves anything out.
    pub fn narrows(&self) -> bool {
        *self != TaskFilter::default()
    }
}

/// How much there is in the inbox, or of it in one app.
pub async fn counts(app: Option<&str>) -> Result<TaskCounts, Problem> {
    let mut call = Call::get("/tasks/counts");
    if let Some(app) = app {
        call = call.query("app", app);
    }
    call.send().await
}

/// What the reader can ask for: the forms in whose flow they may begin a request.
pub async fn startable() -> Result<Vec<Startable>, Problem> {
    let list: List<Startable> = Call::get("/tasks/startable").send().await?;
    Ok(list.items)
}

/// Where a request is filled in.
pub fn place_to_start(form: &Startable) -> String {
    format!("/apps/{}/forms/{}/new", form.app_key, form.form)
}

/// Does the same with several tasks, each by itself, as soon as the server is there: `approve` or `reject`.
pub async fn decide(tasks: &[String], action: &str, opinion: &str) -> Result<DecideAnswer, Problem> {
    let opinion = Some(opinion.trim()).filter(|opinion| !opinion.is_empty());
    let body = json!({"tasks": tasks, "action": action, "opinion": opinion});
    Call::post("/tasks/decide").json(&body).until_answered().send().await
}

/// A copy was looked at.
pub async fn mark_seen(task: &str) -> Result<(), Problem> {
    Call::post(format!("/tasks/{}/seen", segment(task))).json(&json!({})).send_unit().await
}

/// One task with its actions, also one that is in none of the lists.
pub async fn task(id: &str) -> Result<Task, Problem> {
    Call::get(format!("/tasks/{}", segment(id))).send().await
}

/// The first page of a list, with the number of all.
pub async fn tasks(of: TaskBox, limit: u32) -> Result<Page<Task>, Problem> {
    page(of, limit).send().await
}

/// A page of what a list is narrowed to: the first one, or that which starts where another one said.
pub async fn tasks_in(
    of: TaskBox,
    filter: &TaskFilter,
    limit: u32,
    cursor: Option<&str>,
) -> Result<Page<Task>, Problem> {
    let mut call = page(of, limit);
    if let Some(app) = &filter.app {
        call = call.query("app", app);
    }
    if let Some(form) = &filter.form {
        call = call.query("form", form);
    }
    call = match filter.only {
        None => call,
        Some(Only::Running) => call.query("state", "running"),
        Some(only) => call.query(only.name(), true),
    };
    if let Some(cursor) = cursor {
        call = call.query("cursor", cursor);
    }
    call.send().await
}

fn page(of: TaskBox, limit: u32) -> Call {
    Call::get("/tasks").query("box", of.name()).query("limit", limit).query("count", "exact")
}
