//! Running approvals: deciding a task, and how an instance stands.

use engine::value::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeMap;

use super::{Call, Problem, segment};

/// An instance of a flow.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Instance {
    pub id: String,
    pub state: String,
    #[serde(default)]
    pub steps: Vec<String>,
    #[serde(default)]
    pub tasks: Vec<InstanceTask>,
    #[serde(default)]
    pub log: Vec<LogLine>,
    /// What comes next, as far as the simulator can tell.
    #[serde(default)]
    pub next: Vec<NextStep>,
    /// Labels of steps by their key.
    #[serde(default)]
    pub labels: BTreeMap<String, engine::text::Label>,
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
}

/// A step that is still to come.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct NextStep {
    pub step: String,
    #[serde(default)]
    pub people: Vec<String>,
}

pub async fn get(id: &str) -> Result<Instance, Problem> {
    Call::get(format!("/instances/{}", segment(id))).send().await
}

/// What somebody decides about a task.
#[derive(Clone, Debug, Default)]
pub struct Decision {
    pub opinion: Option<String>,
    pub fields: Map<String, Json>,
    /// A step for `return`, a member for `transfer`.
    pub to: Option<String>,
}

/// Carries out an action on a task: `approve`, `reject`, `return`, `transfer`, `submit`, `withdraw`, `save`.
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
    Call::post(format!("/tasks/{}/{action}", segment(task))).json(&body).send_unit().await
}

/// The submitter takes the instance back.
pub async fn withdraw(instance: &str) -> Result<(), Problem> {
    Call::post(format!("/instances/{}/withdraw", segment(instance))).json(&json!({})).send_unit().await
}
