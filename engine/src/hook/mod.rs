//! Inbound hooks: what another system sends becomes a record, or changes one (docs/decisions/0071).
//!
//! A hook names members of what comes and the fields that they go into. It is a principal of its own: with exactly these fields
//! it makes records of its form, or changes them, and nothing else is open to it.

mod check;
mod reading;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::access::{FieldRight, Operation};
use crate::form::{Column, Form};

pub use check::takes;

/// What becomes of what comes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HookMode {
    /// Always a new record.
    #[default]
    Create,
    /// A change of the record with the same key; without one it is refused.
    Update,
    /// A change of the record with the same key, or a new one.
    Upsert,
}

impl HookMode {
    /// Whether records are found by a key.
    pub fn finds(self) -> bool {
        matches!(self, HookMode::Update | HookMode::Upsert)
    }

    /// Whether it makes records.
    pub fn makes(self) -> bool {
        matches!(self, HookMode::Create | HookMode::Upsert)
    }
}

/// A member of what comes, and the field that it goes into.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// A JSON pointer (RFC 6901) into what comes; of a column, into each member of the list that its sub-form is taken from.
    pub from: String,
    /// A field, or a column of a sub-form: `lines.sku`.
    pub to: String,
    /// For a link: the field of the other form, with different values in all records, by which the record is named. Without one
    /// by its id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Whether it may be absent: the field then stays as it is, and in a new record gets its default.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub optional: bool,
}

/// What a hook does with what comes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HookDocument {
    #[serde(default)]
    pub mode: HookMode,
    /// The field by which records are found, with different values in all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    #[serde(default)]
    pub map: Vec<Mapping>,
    /// Whether a new record starts the flow of its form.
    #[serde(default = "yes")]
    pub start_flow: bool,
}

fn yes() -> bool {
    true
}

impl HookDocument {
    /// What it does with records of its form.
    pub fn operations(&self) -> Vec<Operation> {
        let makes = self.mode.makes().then_some([Operation::Create].as_slice());
        // What is found by its key has to be seen.
        let finds = self.mode.finds().then_some([Operation::View, Operation::Edit].as_slice());
        makes.into_iter().chain(finds).flatten().copied().collect()
    }

    /// What it may do with each field and column: those that it names, and of their sub-forms no other column.
    pub fn rights(&self, form: &Form) -> BTreeMap<String, FieldRight> {
        let named: BTreeSet<&str> = self.map.iter().map(|mapping| mapping.to.as_str()).collect();
        let is_near = |column: &&Column| {
            let outer = column.subform().unwrap_or(&column.path);
            named.contains(outer)
        };
        let columns = form.all_columns().filter(is_near);
        columns
            .map(|column| {
                let is_named = named.contains(column.path.as_str());
                (column.path.clone(), if is_named { FieldRight::Edit } else { FieldRight::None })
            })
            .collect()
    }

    /// The fields of the form that a column leads to by which records there are named.
    pub fn named_by<'d>(&'d self, column: &'d str) -> impl Iterator<Item = &'d str> {
        let of_column = self.map.iter().filter(move |mapping| mapping.to == column);
        of_column.filter_map(|mapping| mapping.by.as_deref())
    }

    /// The fields that have to be filled in, and that nothing which comes fills in: whoever designs the hook
    /// is shown them as a hint. What a rule asks for is known only when a record comes.
    pub fn unfilled(&self, form: &Form) -> Vec<String> {
        if !self.mode.makes() {
            return Vec::new();
        }
        let is_named = |path: &str| self.map.iter().any(|mapping| mapping.to == path);
        let of_a_named_subform = |column: &Column| column.subform().is_none_or(is_named);
        let is_open = |column: &&Column| {
            column.field.required
                && column.field.is_input()
                && !column.prefilled
                && column.visible_when.is_none()
                && !is_named(&column.path)
                && of_a_named_subform(column)
        };
        form.all_columns().filter(is_open).map(|column| column.path.clone()).collect()
    }
}
