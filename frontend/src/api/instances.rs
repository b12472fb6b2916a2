//! Running approvals: deciding a task, and how an instance stands.

use engine::form::system_label;
use engine::text::Label;
use engine::value::{Id, Timestamp};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeMap;
use wire::StoredFile;
use wire::flows::Sent;

use super::tasks::START;
use super::{Call, Problem, segment};
use crate::{i18n, text};

/// An instance of a flow.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Instance {
    pub id: String,
    #[serde(default)]
    pub record: String,
    /// What its record is called.
    #[serde(default)]
    pub title: String,
    /// The instance whose step has started it.
    #[serde(default)]
    pub parent: Option<String>,
    pub state: String,
    #[serde(default)]
    pub steps: Vec<String>,
    #[serde(default)]
    pub tasks: Vec<InstanceTask>,
    /// What the reader may do to it as a whole: `withdraw`, `urge`, `comment`, `terminate`, `reassign`, `reactivate`.
    #[serde(default)]
    pub actions: Vec<String>,
    /// What its steps call those of them that they have names of their own for.
    #[serde(default)]
    pub action_labels: BTreeMap<String, Label>,
    /// The steps at which the reader may open it again, the nearest first.
    #[serde(default)]
    pub reactivate_to: Vec<String>,
    /// What it waits for besides people.
    #[serde(default)]
    pub waits: Vec<Waits>,
    #[serde(default)]
    pub log: Vec<LogLine>,
    /// Where there are earlier lines: before which they are read.
    #[serde(default)]
    pub log_earlier: Option<i64>,
    /// What comes next, as far as the simulator can tell.
    #[serde(default)]
    pub next: Vec<NextStep>,
    /// How the votes stand at the steps that wait and where more than one person decides.
    #[serde(default)]
    pub ballots: Vec<Ballot>,
    /// The steps in the order of the design.
    #[serde(default)]
    pub drawing: Vec<DrawnStep>,
    #[serde(default)]
    pub submitter: Option<String>,
    /// Labels of steps by their key.
    #[serde(default)]
    pub labels: BTreeMap<String, Label>,
    /// Labels of the fields that the log names, by their key.
    #[serde(default)]
    pub field_labels: BTreeMap<String, Label>,
    /// Names of the members that are mentioned.
    #[serde(default)]
    pub names: BTreeMap<String, String>,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct InstanceTask {
    pub id: String,
    pub step: String,
    #[serde(default)]
    pub assignee: Option<String>,
    pub state: String,
    #[serde(default)]
    pub decision: Option<String>,
    #[serde(default)]
    pub arrived: Option<Timestamp>,
    #[serde(default)]
    pub due: Option<Timestamp>,
    #[serde(default)]
    pub on_behalf_of: Option<String>,
    /// What the reader can do with it now; `withdraw` takes their decision back.
    #[serde(default)]
    pub actions: Vec<String>,
}

/// A delay, a deadline, or a flow that was started and is waited for.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Waits {
    pub step: String,
    /// `delay`, `deadline` or `subflow`.
    pub kind: String,
    #[serde(default)]
    pub due: Option<Timestamp>,
    /// The page of the record whose flow was started.
    #[serde(default)]
    pub link: Option<String>,
    /// For administrators: what it leads to was refused, and is tried again.
    #[serde(default)]
    pub failed: Option<Refused>,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Refused {
    pub reason: String,
    /// How often it was tried.
    pub attempts: u32,
    /// When it is tried again.
    pub retry: Timestamp,
}

impl Waits {
    /// Whether it has a line of its own: the step that a deadline belongs to says itself when it is due.
    pub fn is_told(&self) -> bool {
        self.kind != "deadline" || self.failed.is_some()
    }
}

/// A step as the flow's designer sees it, or the head of an arm: then its kind is `arm`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct DrawnStep {
    pub key: String,
    pub kind: String,
    #[serde(default)]
    pub label: Label,
    /// `waiting`, `active`, `passed`, `rejected`, `returned`, `cancelled` or `skipped`.
    #[serde(default)]
    pub state: String,
    /// How many blocks and arms it lies in.
    #[serde(default)]
    pub depth: u32,
    /// Those who are or were asked there.
    #[serde(default)]
    pub people: Vec<AskedPerson>,
}

/// Somebody who is asked, perhaps in the place of somebody else.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct AskedPerson {
    pub member: String,
    #[serde(default)]
    pub on_behalf_of: Option<String>,
}

/// How the votes stand at a step.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Ballot {
    pub step: String,
    /// How many have to agree.
    pub needed: u32,
    /// How many have.
    pub agreed: u32,
    /// In the order in which they are asked.
    pub voters: Vec<Voter>,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Voter {
    #[serde(flatten)]
    pub person: AskedPerson,
    /// `approved`, `submitted`, `rejected` or `returned`; nothing while they are still to decide.
    #[serde(default)]
    pub vote: Option<String>,
    /// Whether they are asked now; in a sequence the others are asked later.
    pub is_asked: bool,
}

/// One line of the timeline.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct LogLine {
    pub at: Timestamp,
    #[serde(default)]
    pub who: Option<String>,
    #[serde(default)]
    pub on_behalf_of: Option<String>,
    #[serde(default)]
    pub step: Option<String>,
    pub action: String,
    #[serde(default)]
    pub opinion: Option<String>,
    #[serde(default)]
    pub to: Option<String>,
    /// Whom it concerns: a new assignee, people informed or mentioned.
    #[serde(default)]
    pub members: Vec<String>,
    /// The text of a comment.
    #[serde(default)]
    pub text: Option<String>,
    /// Whether the product did it by itself.
    #[serde(default)]
    pub automatic: bool,
    /// What was changed of the record with it, by field.
    #[serde(default)]
    pub changes: BTreeMap<String, IgnoredAny>,
    /// Why a task need not be done any more.
    #[serde(default)]
    pub reason: Option<String>,
    /// How many seconds were left until it was due when somebody decided; below nought where it was late.
    #[serde(default)]
    pub deadline_left: Option<i64>,
    /// How many seconds it had waited for whoever decided.
    #[serde(default)]
    pub waited: Option<i64>,
    /// The files that were given with it.
    #[serde(default)]
    pub files: Vec<StoredFile>,
    /// Whom the opinion names.
    #[serde(default)]
    pub mentions: Vec<String>,
    /// The fields that are to be changed.
    #[serde(default)]
    pub marks: Vec<String>,
    /// The file with the signature.
    #[serde(default)]
    pub signature: Option<Id>,
    /// What an action step has sent.
    #[serde(default)]
    pub sent: Option<Sent>,
}

/// A step that is still to come.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct NextStep {
    pub step: String,
    #[serde(default)]
    pub people: Vec<String>,
    /// For whom some of them stand in.
    #[serde(default)]
    pub on_behalf_of: BTreeMap<String, String>,
    /// The arm of a branch that leads there, as it is called.
    #[serde(default)]
    pub because: Option<Label>,
}

impl NextStep {
    /// Those who are asked there, with whom they stand in for.
    pub fn asked(&self) -> impl Iterator<Item = AskedPerson> {
        let asked = |member: &String| AskedPerson {
            member: member.clone(),
            on_behalf_of: self.on_behalf_of.get(member).cloned(),
        };
        self.people.iter().map(asked)
    }
}

impl Instance {
    /// Whether the reader may do something to it as a whole.
    pub fn allows(&self, action: &str) -> bool {
        self.actions.iter().any(|known| known == action)
    }

    /// What the step where it waits calls an action; none where it is called as everywhere.
    pub fn own_action_name(&self, action: &str) -> Option<String> {
        super::tasks::own_name(&self.action_labels, action)
    }

    /// The names of those who have decided at a step, each once; at the start of who asked.
    pub fn who_acted_at(&self, step: &str) -> Vec<String> {
        let asked = self.submitter.iter().filter(|_| step == START);
        let done = self.tasks.iter().filter(|task| task.step == step && task.state == "done");
        let mut names: Vec<String> = Vec::new();
        for name in asked.chain(done.filter_map(|task| task.assignee.as_ref())).map(|id| self.member_name(id))
        {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// The same with an earlier page of its log before the lines that are known.
    pub fn with_earlier(self, page: Instance) -> Instance {
        let (mut log, mut field_labels, mut names) = (page.log, page.field_labels, page.names);
        log.extend(self.log);
        field_labels.extend(self.field_labels);
        names.extend(self.names);
        Instance { log, log_earlier: page.log_earlier, field_labels, names, ..self }
    }

    /// How it last came back to whoever asked, while they have it.
    pub fn last_return(&self) -> Option<&LogLine> {
        let comes_back = |line: &&LogLine| match line.action.as_str() {
            "return" => line.to.as_deref() == Some(START),
            "reject" => true,
            _other_action => false,
        };
        let waits = self.tasks.iter().any(|task| task.step == START && task.state == "open");
        self.log.iter().rfind(comes_back).filter(|_| waits && self.state == "running")
    }

    /// Whether this reader asked for it, and asks again by a new request now that it ended without an approval. What another flow
    /// has started is for that one to ask again.
    pub fn is_asked_again_by(&self, reader: &str) -> bool {
        let is_theirs = self.submitter.as_deref() == Some(reader) && self.parent.is_none();
        is_theirs && matches!(self.state.as_str(), "rejected" | "terminated")
    }

    /// How those who rejected or ended it did so, since it was last submitted or opened again.
    pub fn last_refusals(&self) -> Vec<&LogLine> {
        let begins = |line: &LogLine| match line.action.as_str() {
            "start" | "reactivate" => true,
            // Others submit, too, what they are to fill in.
            "submit" => line.step.as_deref() == Some(START),
            _other_action => false,
        };
        let since = self.log.iter().rposition(begins).unwrap_or_default();
        let refuses = |line: &&LogLine| matches!(line.action.as_str(), "reject" | "terminate");
        self.log.iter().skip(since).filter(refuses).collect()
    }

    /// What a step is called.
    pub fn step_name(&self, step: &str) -> String {
        let known = self.labels.get(step).map(|label| label.get(i18n::language()).to_string());
        known.filter(|label| !label.is_empty()).unwrap_or_else(|| match step {
            "start" => text!("flow-start"),
            other => other.to_string(),
        })
    }

    /// What the fields are called that a line of the log changed. Where the flow stands is told by the line itself.
    pub fn changed_fields(&self, line: &LogLine) -> Vec<String> {
        let name = |key: &String| match self.field_labels.get(key) {
            Some(label) => label.get(i18n::language()).to_string(),
            None if key == "$flow_state" => String::new(),
            None => system_label(key, i18n::language()),
        };
        line.changes.keys().map(name).filter(|name| !name.is_empty()).collect()
    }

    pub fn member_name(&self, id: &str) -> String {
        self.names.get(id).cloned().unwrap_or_else(|| "…".to_string())
    }

    /// The kind of a step: `approve`, `fill`, `cc` …
    pub fn kind_of(&self, step: &str) -> &str {
        self.drawing.iter().find(|drawn| drawn.key == step).map_or("", |drawn| drawn.kind.as_str())
    }

    pub fn is_ended(&self) -> bool {
        self.state != "running"
    }
}

pub async fn get(id: &str) -> Result<Instance, Problem> {
    Call::get(format!("/instances/{}", segment(id))).send().await
}

/// The same instance with the lines of its log before one.
pub async fn before(id: &str, line: i64) -> Result<Instance, Problem> {
    Call::get(format!("/instances/{}?log_before={line}", segment(id))).send().await
}

/// What somebody decides about a task.
#[derive(Clone, Debug, Default)]
pub struct Decision {
    pub opinion: Option<String>,
    pub fields: Map<String, Json>,
    /// A step for `return`, a member for `transfer`.
    pub to: Option<String>,
    /// The members for `cc` and `add-sign`.
    pub members: Vec<String>,
    /// When those decide who are added: `before`, `after` or `parallel`.
    pub mode: Option<&'static str>,
    /// How it goes on after a return: `rerun` or `direct`.
    pub resume: Option<&'static str>,
    pub files: Vec<String>,
    /// Whom the opinion names.
    pub mentions: Vec<String>,
    /// The fields that are to be changed, for `return`.
    pub marks: Vec<String>,
    /// The file with the signature.
    pub signature: Option<String>,
    /// Whom the reader names for later steps, by step.
    pub chosen: BTreeMap<String, Vec<String>>,
}

/// Carries out an action on a task, as soon as the server is there, and once: `approve`, `reject`, `return`, `transfer`, `submit`,
/// `withdraw`, `save`.
pub async fn act(task: &str, action: &str, decision: &Decision) -> Result<(), Problem> {
    let mut body = Map::new();
    if let Some(opinion) = &decision.opinion {
        body.insert("opinion".into(), json!(opinion));
    }
    if !decision.fields.is_empty() {
        body.insert("fields".into(), Json::Object(decision.fields.clone()));
    }
    if let Some(to) = &decision.to {
        body.insert("to".into(), json!(to));
    }
    if !decision.members.is_empty() {
        body.insert("to".into(), json!(decision.members));
    }
    let lists = [("files", &decision.files), ("mentions", &decision.mentions), ("marks", &decision.marks)];
    for (name, list) in lists.into_iter().filter(|(_, list)| !list.is_empty()) {
        body.insert(name.into(), json!(list));
    }
    if !decision.chosen.is_empty() {
        body.insert("chosen".into(), json!(decision.chosen));
    }
    if let Some(mode) = decision.mode {
        body.insert("mode".into(), json!(mode));
    }
    if let Some(resume) = decision.resume {
        body.insert("resume".into(), json!(resume));
    }
    if let Some(signature) = &decision.signature {
        body.insert("signature".into(), json!(signature));
    }
    Call::post(format!("/tasks/{}/{action}", segment(task))).json(&body).until_answered().send_unit().await
}

/// Reminds those whom the instance waits for.
pub async fn urge(instance: &str) -> Result<(), Problem> {
    Call::post(format!("/instances/{}/urge", segment(instance)))
        .json(&json!({}))
        .until_answered()
        .send_unit()
        .await
}

/// Says something about the instance to everybody who sees it.
pub async fn comment(instance: &str, text: &str, mentions: &[String]) -> Result<(), Problem> {
    let body = json!({"text": text, "mentions": mentions});
    Call::post(format!("/instances/{}/comment", segment(instance)))
        .json(&body)
        .until_answered()
        .send_unit()
        .await
}

/// The submitter takes the instance back.
pub async fn withdraw(instance: &str) -> Result<(), Problem> {
    Call::post(format!("/instances/{}/withdraw", segment(instance)))
        .json(&json!({}))
        .until_answered()
        .send_unit()
        .await
}

/// Gives a task of the instance to somebody else.
pub async fn reassign(instance: &str, task: &str, to: &str) -> Result<(), Problem> {
    steer(instance, "reassign", json!({"task": task, "to": to})).await
}

/// Ends the instance; why, where somebody says so.
pub async fn terminate(instance: &str, why: &str) -> Result<(), Problem> {
    let body = if why.is_empty() { json!({}) } else { json!({ "opinion": why }) };
    steer(instance, "terminate", body).await
}

/// Opens an instance again that is over, at a step that it had passed.
pub async fn reactivate(instance: &str, step: &str) -> Result<(), Problem> {
    steer(instance, "reactivate", json!({ "step": step })).await
}

async fn steer(instance: &str, action: &str, body: Json) -> Result<(), Problem> {
    Call::post(format!("/instances/{}/{action}", segment(instance)))
        .json(&body)
        .until_answered()
        .send_unit()
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_has_a_line_of_its_own_once_it_is_refused() {
        let wait = |kind: &str, failed: Json| -> Waits {
            serde_json::from_value(
                json!({"step": "a", "kind": kind, "due": "2026-11-22T08:00:00Z", "failed": failed}),
            )
            .unwrap()
        };
        let refused = json!({"reason": "no account", "attempts": 2, "retry": "2026-11-22T08:02:00Z"});
        let told = [wait("delay", Json::Null), wait("deadline", Json::Null), wait("deadline", refused)];
        assert_eq!(told.map(|wait| wait.is_told()), [true, false, true]);
    }

    #[test]
    fn who_asked_asks_again_what_ended_without_an_approval() {
        let instance = |state: &str, parent: Json| -> Instance {
            let told = json!({"id": "9", "state": state, "submitter": "7", "parent": parent});
            serde_json::from_value(told).unwrap()
        };
        assert!(instance("rejected", Json::Null).is_asked_again_by("7"));
        assert!(instance("terminated", Json::Null).is_asked_again_by("7"));
        assert!(!instance("rejected", Json::Null).is_asked_again_by("8"), "it is somebody else's");
        assert!(!instance("rejected", json!("5")).is_asked_again_by("7"), "another flow asks for it");
        for state in ["running", "withdrawn", "approved"] {
            assert!(!instance(state, Json::Null).is_asked_again_by("7"), "{state}");
        }
    }

    #[test]
    fn what_refused_it_before_it_was_submitted_again_is_no_refusal_of_what_was_asked_last() {
        let line = |action: &str, step: &str, opinion: &str| json!({"at": "2026-11-22T08:00:00Z", "action": action, "step": step, "opinion": opinion});
        let refusals = |log: Vec<Json>| {
            let told = json!({"id": "9", "state": "rejected", "log": log});
            let instance: Instance = serde_json::from_value(told).unwrap();
            let said = instance.last_refusals().into_iter().filter_map(|line| line.opinion.clone());
            said.collect::<Vec<String>>()
        };
        let mut log = vec![
            line("start", "start", ""),
            line("reject", "boss", "too dear"),
            line("submit", "start", ""),
            line("approve", "boss", "fine"),
            line("reject", "money", "no budget"),
            line("submit", "fill", ""),
            line("terminate", "", "over"),
        ];
        assert_eq!(refusals(log.clone()), ["no budget", "over"]);
        log.extend([line("reactivate", "boss", ""), line("reject", "boss", "still no")]);
        assert_eq!(refusals(log), ["still no"]);
    }

    #[test]
    fn an_earlier_page_of_the_log_stands_before_the_lines_that_are_known() {
        let page = |lines: &[&str], earlier: Option<i64>, names: Json| -> Instance {
            let line = |action: &&str| json!({"at": "2026-11-22T08:00:00Z", "action": action});
            let log: Vec<Json> = lines.iter().map(line).collect();
            let told =
                json!({"id": "9", "state": "running", "log": log, "log_earlier": earlier, "names": names});
            serde_json::from_value(told).unwrap()
        };
        let newest = page(&["approve"], Some(7), json!({"1": "Ann"}));
        let whole = newest.with_earlier(page(&["start", "comment"], None, json!({"2": "Bob"})));
        let actions: Vec<&str> = whole.log.iter().map(|line| line.action.as_str()).collect();
        assert_eq!(actions, ["start", "comment", "approve"]);
        assert_eq!((whole.log_earlier, whole.names.len()), (None, 2));
    }
}
