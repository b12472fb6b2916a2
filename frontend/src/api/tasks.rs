//! What waits for the reader.

use engine::value::Timestamp;
use serde::Deserialize;

use super::{Call, Page, Problem};

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
    #[serde(default)]
    pub step: String,
    /// The step's own name.
    #[serde(default)]
    pub step_label: Option<engine::text::Label>,
    #[serde(default)]
    pub title: String,
    #[serde(default)]
    pub state: String,
    #[serde(default)]
    pub arrived: Option<Timestamp>,
    #[serde(default)]
    pub due: Option<Timestamp>,
    #[serde(default)]
    pub actions: Vec<String>,
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

/// One page of a list, with the number of all.
pub async fn tasks(of: TaskBox, limit: u32) -> Result<Page<Task>, Problem> {
    Call::get("/tasks").query("box", of.name()).query("limit", limit).query("count", "exact").send().await
}
