//! The form as a document (documents.md, "Form").

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::Field;
use crate::condition::Condition;
use crate::field::FillMode;
use crate::script::ScriptEvent;
use crate::text::Label;

/// A form as people design and exchange it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FormDocument {
    /// The version of the format: 1.
    #[serde(default = "format_one")]
    pub format: u32,
    pub key: String,
    pub label: Label,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub icon: Option<String>,
    /// How a record is called: text with fields in braces, `{name} {customer.name}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(default)]
    pub fields: Vec<Field>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub layout: Vec<LayoutItem>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<Rule>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub validate: Vec<Validation>,
    /// Sets of fields whose values together are unique.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unique: Vec<Vec<String>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scripts: Vec<ScriptBinding>,
    #[serde(default, skip_serializing_if = "Settings::is_default")]
    pub settings: Settings,
}

/// Characters at most of a text that has to be told from all others, or has an order of its own: what an index takes
/// (semantics.md 2).
pub const LONGEST_INDEXED: usize = 500;
/// Characters of several that have to be told from all others together.
const LONGEST_TOGETHER: usize = 650;

fn format_one() -> u32 {
    1
}

/// One item of a form's layout; exactly one member is given.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LayoutItem {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<Vec<Row>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tabs: Option<Vec<Tab>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub divider: Option<Label>,
}

/// A field's place in a row; widths are twelfths.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Row {
    pub field: String,
    #[serde(default = "full_width")]
    pub width: u32,
}

fn full_width() -> u32 {
    12
}

/// One tab of a layout.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tab {
    pub label: Label,
    pub rows: Vec<LayoutItem>,
}

/// When the condition holds, fields are shown or required.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    pub when: Condition,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub show: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub require: Vec<String>,
}

/// A check at submit: the formula must not be false. An empty result passes: what is missing is for `required`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Validation {
    pub key: String,
    pub formula: String,
    pub message: Label,
}

/// A transaction script bound to an event (automations.md 1).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScriptBinding {
    pub on: ScriptEvent,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
    /// Its key, or `app/key` of another app.
    pub script: String,
}

/// Switches of a form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Whether records may be stored as drafts.
    pub drafts: bool,
    pub comments: bool,
    /// Whether editing a record after its flow ended starts the flow again.
    pub restart_on_edit: bool,
    /// Whether a record that its flow has approved is neither changed nor deleted by anybody until it is opened again.
    pub lock_approved: bool,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { drafts: true, comments: true, restart_on_edit: false, lock_approved: false }
    }
}

impl Settings {
    fn is_default(&self) -> bool {
        *self == Settings::default()
    }
}

impl FormDocument {
    /// Every field and column with its path: `amount`, `lines`, `lines.qty`.
    pub fn all_fields(&self) -> impl Iterator<Item = (String, &Field)> {
        self.fields.iter().flat_map(|field| {
            let columns =
                field.columns().iter().map(|column| (format!("{}.{}", field.key, column.key), column));
            std::iter::once((field.key.clone(), field)).chain(columns)
        })
    }

    /// Every field and column with its JSON pointer and its path.
    pub fn pointers(&self) -> impl Iterator<Item = (String, String, &Field)> {
        self.fields.iter().enumerate().flat_map(|(place, field)| {
            let own = (format!("/fields/{place}"), field.key.clone(), field);
            let columns = field.columns().iter().enumerate().map(move |(inner, column)| {
                let pointer = format!("/fields/{place}/options/fields/{inner}");
                (pointer, format!("{}.{}", field.key, column.key), column)
            });
            std::iter::once(own).chain(columns)
        })
    }

    /// Whether a link beside the field at a path, or beside the column in the same row, copies something into it.
    pub fn is_filled(&self, path: &str) -> bool {
        let (beside, key) = match path.split_once('.') {
            None => (self.fields.as_slice(), path),
            Some((subform, key)) => (self.field(subform).map(Field::columns).unwrap_or_default(), key),
        };
        let mut fills = beside.iter().filter_map(|field| field.kind.as_link()).flat_map(|link| &link.fill);
        fills.any(|fill| fill.mode == FillMode::Snapshot && fill.to == key)
    }

    /// The field or column at a path.
    pub fn field(&self, path: &str) -> Option<&Field> {
        match path.split_once('.') {
            None => self.fields.iter().find(|field| field.key == path),
            Some((subform, column)) => {
                let subform = self.fields.iter().find(|field| field.key == subform)?;
                subform.columns().iter().find(|field| field.key == column)
            }
        }
    }

    /// How many characters the texts of a field may have that are unique, alone or with others, or sorted by a key; `None`
    /// where they are not. Texts that are unique together have one index, and share what it takes.
    pub fn longest_indexed(&self, path: &str, field: &Field) -> Option<usize> {
        let is_text = |path: &&String| self.field(path).is_some_and(|field| field.kind.shape().is_text());
        let alone = (field.unique || field.kind.sorts_by_sound()).then_some(LONGEST_INDEXED);
        let together = self.unique.iter().filter(|set| set.iter().any(|unique| unique == path));
        let share = |set: &Vec<String>| LONGEST_TOGETHER / set.iter().filter(is_text).count().max(1);
        alone.into_iter().chain(together.map(share)).map(|most| most.min(LONGEST_INDEXED)).min()
    }

    /// Of the fields that a script sets, those that are not for scripts to set: neither theirs alone, nor rows with columns that
    /// are.
    pub fn closed_to_scripts<'s>(&self, sets: &'s BTreeSet<String>) -> Vec<&'s String> {
        let is_open =
            |field: &Field| field.is_set_by_script() || field.columns().iter().any(Field::is_set_by_script);
        let open = |key: &&String| self.fields.iter().any(|field| field.key == **key && is_open(field));
        sets.iter().filter(|key| !open(key)).collect()
    }

    /// Takes the fields that `keep` refuses out of the layout, and with them the rows and tabs that are left empty.
    pub fn retain_in_layout(&mut self, keep: &dyn Fn(&str) -> bool) {
        retain_fields(&mut self.layout, keep);
    }
}

fn retain_fields(items: &mut Vec<LayoutItem>, keep: &dyn Fn(&str) -> bool) {
    for item in items.iter_mut() {
        if let Some(row) = &mut item.row {
            row.retain(|cell| keep(&cell.field));
        }
        if let Some(tabs) = &mut item.tabs {
            tabs.iter_mut().for_each(|tab| retain_fields(&mut tab.rows, keep));
            tabs.retain(|tab| !tab.rows.is_empty());
        }
    }
    items.retain(|item| {
        let has_row = item.row.as_ref().is_some_and(|row| !row.is_empty());
        let has_tabs = item.tabs.as_ref().is_some_and(|tabs| !tabs.is_empty());
        item.divider.is_some() || has_row || has_tabs
    });
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::FormDocument;

    #[test]
    fn a_layout_loses_fields_and_what_they_leave_empty() {
        let row = |field: &str| json!({"row": [{"field": field, "width": 6}]});
        let mut document: FormDocument = serde_json::from_value(json!({"key": "f", "label": "F", "fields": [],
            "layout": [{"row": [{"field": "a", "width": 3}, {"field": "secret", "width": 9}]}, row("secret"),
                {"divider": "D"}, {"tabs": [{"label": "One", "rows": [row("secret")]}, {"label": "Two", "rows": [row("b")]}]}]}))
        .unwrap();
        document.retain_in_layout(&|field| field != "secret");
        let left = json!([{"row": [{"field": "a", "width": 3}]}, {"divider": "D"},
            {"tabs": [{"label": "Two", "rows": [row("b")]}]}]);
        assert_eq!(serde_json::to_value(&document.layout).unwrap(), left);
    }
}
