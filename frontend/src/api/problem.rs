//! What went wrong with a call.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value as Json};

use crate::text;

/// A refusal of the server (RFC 9457), or the browser's own when the server can't be reached.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Problem {
    /// 0 when there was no answer at all.
    #[serde(default)]
    pub status: u16,
    /// Stable, in snake case.
    #[serde(default)]
    pub code: String,
    #[serde(default)]
    pub title: String,
    /// What happened and what to do, in the reader's language.
    #[serde(default)]
    pub detail: String,
    /// What is wrong with single fields.
    #[serde(default)]
    pub errors: Vec<FieldProblem>,
    /// What a code brings along, such as the record as it is now for `stale`.
    #[serde(flatten)]
    pub members: Map<String, Json>,
}

/// What is wrong with one field or place of a request.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct FieldProblem {
    pub path: String,
    pub code: String,
    pub message: String,
    #[serde(default)]
    pub args: BTreeMap<String, String>,
}

impl Problem {
    /// The server can't be reached.
    pub fn unreachable() -> Problem {
        Problem::own(0, "unreachable", text!("problem-unreachable-title"), text!("problem-unreachable"))
    }

    /// The answer is not what this page understands: most often the page is older than the server.
    pub fn not_understood(status: u16) -> Problem {
        Problem::own(
            status,
            "not_understood",
            text!("problem-not-understood-title"),
            text!("problem-not-understood"),
        )
    }

    fn own(status: u16, code: &str, title: String, detail: String) -> Problem {
        Problem { status, code: code.to_string(), title, detail, errors: Vec::new(), members: Map::new() }
    }

    /// The sentence about a field, if the problem has one.
    pub fn of(&self, path: &str) -> Option<String> {
        self.errors.iter().find(|error| error.path == path).map(|error| error.message.clone())
    }

    /// The sentence to show where there is room for one.
    pub fn sentence(&self) -> String {
        match (self.detail.is_empty(), self.errors.as_slice()) {
            (_, [only]) => only.message.clone(),
            (false, _) => self.detail.clone(),
            (true, _) => self.title.clone(),
        }
    }
}
