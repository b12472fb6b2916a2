//! `divider`, `note`, `tabs`: parts of the layout that have a key, so that rules can show and hide them and groups can
//! close them. They hold no data.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::dataless::without_data;
use super::{Kind, Operator, Shape};
use crate::formula::Type;
use crate::text::{Fault, Faults, Label, Language};
use crate::value::Value;

/// A line across the form with the field's label as its title.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Divider {}

/// Words to whoever fills the form.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Note {
    /// What it says; lines end where they end in the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<Label>,
}

/// Pages one behind the other, each with some of the form's fields.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Tabs {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tabs: Vec<TabFields>,
}

/// One page of [`Tabs`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TabFields {
    pub label: Label,
    /// The keys of the fields that stand on it, in order. They stand nowhere else.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
}

without_data!(Divider, |_| Faults::new());
without_data!(Note, |note| {
    let is_said = note.text.as_ref().is_some_and(|text| !text.is_blank());
    if is_said { Faults::new() } else { vec![Fault::new("text", "label_missing")] }
});
without_data!(Tabs, |tabs| {
    if tabs.tabs.is_empty() {
        return vec![Fault::new("tabs", "required")];
    }
    let unnamed = tabs.tabs.iter().enumerate().filter(|(_, tab)| tab.label.is_blank());
    unnamed.map(|(place, _)| Fault::new(format!("tabs.{place}.label"), "label_missing")).collect()
});
