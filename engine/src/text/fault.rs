//! Faults: what is wrong, as data.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Label;

/// One thing that is wrong with what somebody entered or designed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Where: a field key, `lines.0.qty` for a row, or a JSON pointer into a design document. Empty for the whole.
    pub path: String,
    /// What: stable, in snake case. Its sentence has the Fluent key `fault-CODE` with `-` for `_`.
    pub code: Cow<'static, str>,
    /// The values that the sentence names.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub args: BTreeMap<String, String>,
    /// The designer's own words, where a validation has them; they replace the product's sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<Label>,
}

/// Everything that is wrong, found in one go. Empty means right.
pub type Faults = Vec<Fault>;

impl Fault {
    pub fn new(path: impl Into<String>, code: &'static str) -> Fault {
        Fault { path: path.into(), code: Cow::Borrowed(code), args: BTreeMap::new(), message: None }
    }

    pub fn arg(mut self, name: &str, value: impl ToString) -> Fault {
        self.args.insert(name.to_string(), value.to_string());
        self
    }

    pub fn message(mut self, message: Label) -> Fault {
        self.message = Some(message);
        self
    }

    /// The same fault seen from outside: `prefix` is put before its path.
    pub fn under(mut self, prefix: &str) -> Fault {
        self.path = match (prefix.is_empty(), self.path.is_empty()) {
            (true, _) => self.path,
            (false, true) => prefix.to_string(),
            (false, false) => format!("{prefix}.{}", self.path),
        };
        self
    }
}
