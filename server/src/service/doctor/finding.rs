//! What was found, and how it is told.

use std::collections::BTreeMap;

use engine::text::Language;

use crate::texts::texts;

/// Something that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Stable, in snake case; its sentence has the Fluent key `doctor-CODE` with `-` for `_`.
    pub code: &'static str,
    args: BTreeMap<String, String>,
}

impl Finding {
    pub fn new(code: &'static str) -> Finding {
        Finding { code, args: BTreeMap::new() }
    }

    pub fn arg(mut self, name: &str, value: impl ToString) -> Finding {
        self.args.insert(name.to_string(), value.to_string());
        self
    }

    /// One line in `language`, which begins with the code.
    pub fn told(&self, language: Language) -> String {
        format!("{}: {}", self.code, said(self.code, &self.args, language))
    }
}

/// The sentence `doctor-CODE`.
pub fn said(code: &str, args: &BTreeMap<String, String>, language: Language) -> String {
    let key = format!("doctor-{}", code.replace('_', "-"));
    texts(language).get(&key, args).unwrap_or_else(|| code.to_string())
}
