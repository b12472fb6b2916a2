//! A draft as its conditions and formulas read it.

use super::Draft;
use crate::condition::{Reach, Source};
use crate::form::Column;
use crate::value::{Value, Values, get};

impl Draft {
    /// The record (or one row of it) as conditions and formulas read it.
    pub fn source(&self, row: Option<usize>) -> impl Source + '_ {
        self.reader(row)
    }

    pub(super) fn reader(&self, row: Option<usize>) -> Reader<'_> {
        Reader { draft: self, row }
    }

    /// What a field or cell holds now.
    pub(super) fn current(&self, column: &Column, row: Option<usize>) -> Value {
        cell(&self.values, &column.path, row)
    }

    /// What is stored of it; nothing in a row that is new.
    pub(super) fn stored_value(&self, column: &Column, row: Option<usize>) -> Value {
        let id = match (column.subform(), row) {
            (Some(subform), Some(row)) => get(&self.values, subform).rows().get(row).and_then(|row| row.id),
            _ => return get(&self.stored, &column.path).clone(),
        };
        let subform = column.subform().unwrap_or_default();
        let row = get(&self.stored, subform).rows().iter().position(|row| row.id.is_some() && row.id == id);
        match row {
            Some(row) => cell(&self.stored, &column.path, Some(row)),
            None => Value::Empty,
        }
    }

    /// Whether a path leads through a record that is not known, and this draft does not take that for empty.
    pub(super) fn waits_for(&self, reach: &Reach, row: Option<usize>) -> bool {
        let Some((first, _)) = reach.hops.first().filter(|_| self.waits) else { return false };
        let missing = |start: &Value| self.linked.missing_on(start, reach).is_some();
        match (&reach.rows, &reach.in_row) {
            (Some(subform), _) => {
                get(&self.values, subform).rows().iter().any(|row| missing(get(&row.values, first)))
            }
            (None, Some(subform)) => missing(&cell(&self.values, &format!("{subform}.{first}"), row)),
            (None, None) => missing(&self.own(first)),
        }
    }

    fn own(&self, key: &str) -> Value {
        if key.starts_with('$') { get(&self.given, key).clone() } else { get(&self.values, key).clone() }
    }
}

/// The record, or one row of it.
pub(super) struct Reader<'a> {
    draft: &'a Draft,
    row: Option<usize>,
}

impl Source for Reader<'_> {
    fn value(&self, reach: &Reach) -> Value {
        let first = reach.hops.first().map_or(&reach.field, |(link, _)| link);
        let start = match (&reach.in_row, self.row) {
            (Some(subform), Some(row)) => cell(&self.draft.values, &format!("{subform}.{first}"), Some(row)),
            _ => self.draft.own(first),
        };
        if reach.hops.is_empty() { start } else { self.draft.linked.follow(&start, reach) }
    }

    fn row_values(&self, reach: &Reach) -> Vec<Value> {
        let Some(subform) = &reach.rows else { return Vec::new() };
        let first = reach.hops.first().map_or(&reach.field, |(link, _)| link);
        let rows = get(&self.draft.values, subform).rows();
        let starts = rows.iter().map(|row| get(&row.values, first));
        if reach.hops.is_empty() {
            starts.cloned().collect()
        } else {
            starts.map(|start| self.draft.linked.follow(start, reach)).collect()
        }
    }

    fn row_value(&self, reach: &Reach, place: usize) -> Value {
        let Some(subform) = &reach.rows else { return Value::Empty };
        let first = reach.hops.first().map_or(&reach.field, |(link, _)| link);
        let start = cell(&self.draft.values, &format!("{subform}.{first}"), Some(place));
        if reach.hops.is_empty() { start } else { self.draft.linked.follow(&start, reach) }
    }

    fn place(&self) -> Option<usize> {
        self.row
    }
}

/// What a field or cell holds.
fn cell(values: &Values, path: &str, row: Option<usize>) -> Value {
    match (path.split_once('.'), row) {
        (Some((subform, column)), Some(row)) => get(values, subform)
            .rows()
            .get(row)
            .map(|row| get(&row.values, column).clone())
            .unwrap_or_default(),
        _ => get(values, path).clone(),
    }
}
