//! Choices: what a select offers.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::criteria::Condition;
use crate::text::{Fault, Faults, Label, Language};
use crate::value::{fold, nfc};

/// Characters of a choice at most.
const LONGEST: usize = 64;
/// Characters at most of a choice that another form gives.
const LONGEST_TAKEN: usize = 200;

/// One choice. Data holds the key; the label can be renamed and translated without touching data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Any text of 1–64 characters; never changes.
    pub key: String,
    pub label: Label,
    /// One of the twelve option colours, `o1` to `o12`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub color: Option<String>,
}

/// Choices that another form gives (关联其他表单): what a text of its records holds, each once. Whatever becomes of them later, a
/// record keeps the text that was chosen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChoicesFrom {
    /// The other form: its key, `app/form` in another app, or its id.
    #[serde(default)]
    pub form: String,
    /// A text field of it.
    #[serde(default)]
    pub field: String,
    /// Which of its records give a choice, as for a link: `{"field": key}` in place of a value is a field of the record that
    /// chooses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<Condition>,
}

impl ChoicesFrom {
    /// What is wrong with it by itself, beside the choices that are listed.
    pub(crate) fn check(&self, listed: &[Choice]) -> Faults {
        let mut faults = Faults::new();
        for (member, name) in [("from.form", &self.form), ("from.field", &self.field)] {
            if name.is_empty() {
                faults.push(Fault::new(member, "required"));
            }
        }
        if !listed.is_empty() {
            faults.push(Fault::new("choices", "not_allowed_here").arg("what", "choices"));
        }
        faults
    }
}

/// The choice that a text is which is none of those that are listed: the text itself, where others may be entered or another
/// form gives them. Whether that form does is asked when it is saved.
pub(crate) fn unlisted(text: &str, allow_other: bool, from: Option<&ChoicesFrom>) -> Option<String> {
    let (text, most) = match (from, allow_other) {
        (Some(_), _) => (text.trim_end(), LONGEST_TAKEN),
        (None, true) => (text.trim(), LONGEST),
        (None, false) => return None,
    };
    (text.chars().count() <= most).then(|| nfc(text))
}

/// The place of `key` in the list, which is its order.
pub(crate) fn rank(choices: &[Choice], key: &str) -> usize {
    choices.iter().position(|choice| choice.key == key).unwrap_or(choices.len())
}

/// The choice that a person means by `text`: its key, else a label in any language, ignoring case and width.
pub(crate) fn find<'c>(choices: &'c [Choice], text: &str) -> Option<&'c Choice> {
    let text = text.trim();
    if let Some(choice) = choices.iter().find(|choice| choice.key == text) {
        return Some(choice);
    }
    let folded = fold(text);
    choices.iter().find(|choice| choice.label.texts().iter().any(|label| fold(label) == folded))
}

/// The label of `key`, or the key itself where the choice is gone.
pub(crate) fn label_of(choices: &[Choice], key: &str, language: Language) -> String {
    choices
        .iter()
        .find(|choice| choice.key == key)
        .map_or_else(|| key.to_string(), |choice| choice.label.get(language).to_string())
}

/// The choices that have the text of one before them, each by its place with that text. Choices are told apart by their texts,
/// whichever language one reads; as where they are typed or imported, case and width do not matter.
pub fn choices_twice(choices: &[Choice]) -> BTreeMap<usize, &str> {
    let mut known = BTreeSet::new();
    let mut twice = BTreeMap::new();
    for (place, choice) in choices.iter().enumerate() {
        for language in Language::ALL {
            let text = choice.label.get(language).trim();
            if !text.is_empty() && !known.insert((language, fold(text))) {
                twice.entry(place).or_insert(text);
            }
        }
    }
    twice
}

pub(crate) fn check_choices(choices: &[Choice], allow_other: bool) -> Faults {
    let mut faults = Faults::new();
    if choices.is_empty() && !allow_other {
        faults.push(Fault::new("choices", "no_choices"));
    }
    let mut seen = BTreeSet::new();
    for (place, choice) in choices.iter().enumerate() {
        let path = format!("choices.{place}");
        if choice.key.is_empty() || choice.key.chars().count() > LONGEST {
            faults.push(Fault::new(format!("{path}.key"), "too_long").arg("max", LONGEST));
        }
        if choice.label.is_blank() {
            faults.push(Fault::new(format!("{path}.label"), "label_missing"));
        }
        if !seen.insert(choice.key.as_str()) {
            faults.push(Fault::new(format!("{path}.key"), "duplicate_key").arg("key", &choice.key));
        }
    }
    faults
}
