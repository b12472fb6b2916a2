//! Faults: what is wrong, as data.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Label, Language};
use crate::value::{ErrorValue, group_digits};

/// The arguments that are numbers with a meaning: what may not be exceeded.
const LIMITS: [&str; 2] = ["min", "max"];

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
    /// What people call the field at the path, where they may know of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Label>,
    /// What people call what an argument is the key of; the sentence says it in place of the key.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub names: BTreeMap<String, Label>,
}

/// Everything that is wrong, found in one go. Empty means right.
pub type Faults = Vec<Fault>;

impl Fault {
    pub fn new(path: impl Into<String>, code: &'static str) -> Fault {
        Fault {
            path: path.into(),
            code: Cow::Borrowed(code),
            args: BTreeMap::new(),
            message: None,
            label: None,
            names: BTreeMap::new(),
        }
    }

    /// That a formula could not be computed. Its sentence says why in words; a program finds the code.
    pub fn not_computed(path: impl Into<String>, error: ErrorValue) -> Fault {
        Fault::new(path, "formula_error").arg("error", error).arg("why", error.name())
    }

    /// Names the fields that a value is computed from: their keys, and what people call them.
    pub fn computed_from(self, keys: &[String], names: Label) -> Fault {
        if names.is_blank() {
            return self;
        }
        self.arg("reads", "some").arg("fields", keys.join(", ")).name("fields", names)
    }

    /// The fields that [`Fault::computed_from`] named.
    pub fn read_keys(&self) -> Vec<String> {
        let keys = self.args.get("fields").filter(|_| self.args.contains_key("reads"));
        keys.map(|keys| keys.split(", ").map(str::to_string).collect()).unwrap_or_default()
    }

    /// The same for who may not know of all fields that a value is computed from: without these, and without what the formula
    /// does with them.
    pub fn without_cause(mut self) -> Fault {
        for arg in ["reads", "fields", "function"] {
            self.args.remove(arg);
        }
        self.names.remove("fields");
        let error = ErrorValue::ALL
            .into_iter()
            .find(|error| self.args.get("error").is_some_and(|code| code == error.code()));
        match error {
            Some(error) => self.arg("why", error.name()),
            None => self,
        }
    }

    pub fn arg(mut self, name: &str, value: impl ToString) -> Fault {
        self.args.insert(name.to_string(), value.to_string());
        self
    }

    pub fn message(mut self, message: Label) -> Fault {
        self.message = Some(message);
        self
    }

    /// Says what people call what the argument `arg` is the key of.
    pub fn name(mut self, arg: &str, label: Label) -> Fault {
        self.names.insert(arg.to_string(), label);
        self
    }

    /// The arguments as a sentence says them: limits with their digits in groups.
    pub fn spoken_args(&self, language: Language) -> BTreeMap<String, String> {
        let mut args = self.args.clone();
        for (_, limit) in args.iter_mut().filter(|(name, _)| LIMITS.contains(&name.as_str())) {
            *limit = group_digits(limit);
        }
        args.extend(self.names.iter().map(|(arg, label)| (arg.clone(), label.get(language).to_string())));
        args
    }

    /// The arguments as a program reads them: keys as they are, and what people call them as `field_label` beside `field`.
    pub fn args_with_names(&self, language: Language) -> BTreeMap<String, String> {
        let mut args = self.args.clone();
        let names = self.names.iter();
        args.extend(names.map(|(arg, label)| (format!("{arg}_label"), label.get(language).to_string())));
        args
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_said_as_people_read_numbers_and_told_as_programs_do() {
        let fault = Fault::new("qty", "too_large").arg("max", "1000000.5").arg("name", "1000000");
        let spoken = fault.spoken_args(Language::En);
        assert_eq!((spoken["max"].as_str(), spoken["name"].as_str()), ("1,000,000.5", "1000000"));
        assert_eq!(fault.args_with_names(Language::En)["max"], "1000000.5");
        let size = Fault::new("file", "file_too_large").arg("max", "100 MB");
        assert_eq!(size.spoken_args(Language::En)["max"], "100 MB");
    }
}
