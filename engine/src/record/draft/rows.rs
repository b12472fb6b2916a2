//! Rows of sub-forms: added, taken out, moved, replaced.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use super::Draft;
use super::changes::{Changes, Extent};
use crate::form::Node;
use crate::value::{Id, Row, Value, get};

/// Where a row stands once one of them, or it itself, was moved from one place to another.
pub fn place_after_move(row: usize, from: usize, to: usize) -> usize {
    match row {
        row if row == from => to,
        row if from < row && row <= to => row - 1,
        row if to <= row && row < from => row + 1,
        row => row,
    }
}

impl Draft {
    /// Adds a row at the end, with its defaults; gives its place.
    pub fn add_row(&mut self, subform: &str) -> usize {
        let mut rows = get(&self.values, subform).rows().to_vec();
        let place = rows.len();
        self.take_over_rows(subform);
        rows.push(Row::default());
        self.replace_rows(subform, rows, Extent::of(Some(place)));
        place
    }

    /// Takes a row out.
    pub fn remove_row(&mut self, subform: &str, place: usize) {
        let mut rows = get(&self.values, subform).rows().to_vec();
        if place < rows.len() {
            self.take_over_rows(subform);
            rows.remove(place);
            self.shift_paths(subform, |row| match row.cmp(&place) {
                Ordering::Less => Some(row),
                Ordering::Equal => None,
                Ordering::Greater => Some(row - 1),
            });
            self.replace_rows(subform, rows, Extent::All);
        }
    }

    /// Puts a row back that was taken out. What it holds stays as it was: no default and no link fills it anew.
    pub fn insert_row(&mut self, subform: &str, place: usize, row: Row) {
        let mut rows = get(&self.values, subform).rows().to_vec();
        let place = place.min(rows.len());
        let columns = self.form.columns_of(subform);
        let cells: Vec<String> =
            columns.map(|column| format!("{subform}.{place}.{}", column.field.key)).collect();
        self.take_over_rows(subform);
        rows.insert(place, row);
        self.shift_paths(subform, |row| Some(if row < place { row } else { row + 1 }));
        self.touched.extend(cells);
        self.replace_rows(subform, rows, Extent::All);
    }

    /// Moves a row to another place.
    pub fn move_row(&mut self, subform: &str, from: usize, to: usize) {
        let mut rows = get(&self.values, subform).rows().to_vec();
        if from < rows.len() && to < rows.len() && from != to {
            let row = rows.remove(from);
            rows.insert(to, row);
            self.take_over_rows(subform);
            self.shift_paths(subform, |row| Some(place_after_move(row, from, to)));
            self.replace_rows(subform, rows, Extent::All);
        }
    }

    /// From the first change on, rows are somebody's own: no default replaces them, nor what another form gave.
    fn take_over_rows(&mut self, subform: &str) {
        self.touched.insert(subform.to_string());
        if !self.linked_rows.remove(subform) {
            return;
        }
        let form = self.form.clone();
        for row in 0..get(&self.values, subform).rows().len() {
            let cells =
                form.columns_of(subform).map(|column| format!("{subform}.{row}.{}", column.field.key));
            self.touched.extend(cells);
        }
    }

    /// Moves what is remembered of rows to their new places.
    fn shift_paths(&mut self, subform: &str, place: impl Fn(usize) -> Option<usize>) {
        let shifted = |path: &str| -> Option<String> {
            let mut parts = path.splitn(3, '.');
            let (Some(head), Some(row), Some(column)) = (parts.next(), parts.next(), parts.next()) else {
                return Some(path.to_string());
            };
            if head != subform {
                return Some(path.to_string());
            }
            let row = place(row.parse().ok()?)?;
            Some(format!("{subform}.{row}.{column}"))
        };
        let moved = |paths: &BTreeSet<String>| -> BTreeSet<String> {
            paths.iter().filter_map(|path| shifted(path)).collect()
        };
        self.hidden = moved(&self.hidden);
        self.touched = moved(&self.touched);
        self.confirmed = moved(&self.confirmed);
        self.aside.shift(shifted);
        self.rows_ask_anew(subform);
    }

    /// Gives an id to each row that has none: what happens for a row, such as a flow that starts, can name it then. Their
    /// defaults stay those of new rows.
    pub fn name_rows(&mut self, mut next: impl FnMut() -> Id) {
        for value in self.values.values_mut() {
            let Value::Rows(rows) = value else { continue };
            for row in rows.iter_mut().filter(|row| row.id.is_none()) {
                let id = next();
                row.id = Some(id);
                self.named.insert(id);
            }
        }
    }

    fn replace_rows(&mut self, subform: &str, rows: Vec<Row>, extent: Extent) {
        self.values.insert(subform.to_string(), Value::Rows(rows));
        let mut changes = Changes::default();
        self.mark_columns(subform, &extent, &mut changes);
        self.settle(changes);
    }

    /// Replaces the whole list; rows are known again by their ids.
    pub(super) fn put_rows(&mut self, subform: &str, value: Value, changes: &mut Changes) {
        let old: BTreeMap<_, _> = get(&self.values, subform)
            .rows()
            .iter()
            .filter_map(|row| Some((row.id?, row.values.clone())))
            .collect();
        let rows = value.rows().to_vec();
        for (place, row) in rows.iter().enumerate() {
            let before = row.id.and_then(|id| old.get(&id));
            for column in self.form.columns_of(subform) {
                let key = &column.field.key;
                let now = get(&row.values, key);
                let was = before.map_or(&Value::Empty, |before| get(before, key));
                if now == was {
                    continue;
                }
                let path = format!("{subform}.{place}.{key}");
                changes.mark_set(&path);
                self.touched.insert(path);
                if column.field.kind.as_link().is_some() {
                    changes.mark_link(&column.path, Extent::of(Some(place)));
                }
            }
        }
        self.touched.insert(subform.to_string());
        self.rows_ask_anew(subform);
        self.linked_rows.remove(subform);
        self.values
            .insert(subform.to_string(), if rows.is_empty() { Value::Empty } else { Value::Rows(rows) });
        self.mark_columns(subform, &Extent::All, changes);
    }

    pub(super) fn mark_columns(&self, subform: &str, extent: &Extent, changes: &mut Changes) {
        changes.mark(Node::Value(subform.to_string()), Extent::All);
        for column in self.form.columns_of(subform) {
            changes.mark(Node::Value(column.path.clone()), extent.clone());
            changes.mark(Node::Visible(column.path.clone()), extent.clone());
        }
    }
}
