//! What somebody entered before a rule hid it: for as long as they fill the form it comes back when the field is shown again.
//! Nothing that is stored or checked depends on it: a hidden field has the value that its policy gives it.

use std::collections::BTreeMap;

use super::Draft;
use super::changes::{Changes, Extent};
use super::place::cell_path;
use crate::form::Column;
use crate::value::Value;

/// Values of hidden fields by their paths; nothing where they are not remembered.
#[derive(Clone, Default)]
pub(super) struct Aside(Option<BTreeMap<String, Value>>);

impl Aside {
    pub(super) fn clear(&mut self) {
        if let Some(values) = &mut self.0 {
            values.clear();
        }
    }

    /// The same under other paths; what has none is forgotten.
    pub(super) fn shift(&mut self, place: impl Fn(&str) -> Option<String>) {
        if let Some(values) = &mut self.0 {
            let shifted = std::mem::take(values).into_iter();
            *values = shifted.filter_map(|(path, value)| Some((place(&path)?, value))).collect();
        }
    }
}

impl Draft {
    /// From now on the values of fields that a rule hides are remembered, and stand there again when these are shown.
    pub fn remember_hidden(&mut self) {
        self.aside.0.get_or_insert_with(BTreeMap::new);
    }

    /// A rule has just hidden the field or cell, or shows it again. Whether it has its former value back.
    pub(super) fn turn_aside(&mut self, column: &Column, row: Option<usize>, changes: &Changes) -> bool {
        let path = cell_path(column, row);
        let is_hidden = self.hidden.contains(&path);
        let is_entered = column.field.is_input() && column.compute.is_none();
        let now = self.current(column, row);
        let Some(aside) = self.aside.0.as_mut().filter(|_| is_entered) else { return false };
        if is_hidden {
            if !now.is_empty() {
                aside.insert(path, now);
            }
            return false;
        }
        match aside.remove(&path) {
            Some(former) if !changes.is_set(&path) => self.assign(&column.path, row, former),
            Some(_) | None => false,
        }
    }

    /// Computes what stands in rows that came back, and what is computed from them.
    pub(super) fn settle_rows_back(&mut self, subforms: &[String]) {
        for subform in subforms {
            let mut changes = Changes::default();
            self.mark_columns(subform, &Extent::All, &mut changes);
            self.settle(changes);
        }
    }
}
