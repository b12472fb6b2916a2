//! Rows of sub-forms while a form is filled: added, taken out, put back, moved.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use engine::field::Reference;
use engine::form::Form;
use engine::record::place_after_move;
use engine::text::Fault;
use engine::value::{Row, Value, get};
use leptos::prelude::*;
use serde_json::Value as Json;

use super::state::{FormState, Unread};

/// A row that was taken out, with what was typed in it and is no value.
#[derive(Clone)]
pub struct TakenRow {
    place: usize,
    row: Row,
    /// By the key of the column.
    typed: Vec<(String, (String, Fault))>,
}

impl FormState {
    /// Adds a row at the end of a sub-form.
    pub fn add_row(self, subform: &str) {
        self.draft.update(|draft| {
            draft.add_row(subform);
        });
        self.changed(subform);
        self.load_links();
    }

    /// Puts a code that was read into the last row where nothing is in that yet, else into a new one.
    pub fn add_scanned(self, subform: &str, column: &str, code: String) {
        let waiting = self.draft.with_untracked(|draft| {
            let rows = get(draft.values(), subform).rows();
            let is_blank = |row: &&Row| row.values.values().all(Value::is_empty);
            rows.last().filter(is_blank).map(|_| rows.len() - 1)
        });
        let place = waiting.unwrap_or_else(|| {
            self.add_row(subform);
            self.draft.with_untracked(|draft| get(draft.values(), subform).rows().len().saturating_sub(1))
        });
        self.enter(&format!("{subform}.{place}.{column}"), Json::String(code));
    }

    /// Takes a row out; gives what brings it back, or nothing where there is no such row.
    pub fn remove_row(self, subform: &str, place: usize) -> Option<TakenRow> {
        let row =
            self.draft.with_untracked(|draft| get(draft.values(), subform).rows().get(place).cloned())?;
        let typed = self.unread.with_untracked(|unread| {
            let here = unread.iter().filter_map(|(path, entry)| {
                let (row, column) = cell_of(path, subform)?;
                (row == place).then(|| (column.to_string(), entry.clone()))
            });
            here.collect()
        });
        self.draft.update(|draft| draft.remove_row(subform, place));
        self.unread.update(|unread| {
            *unread = moved(std::mem::take(unread), subform, |row| match row.cmp(&place) {
                Ordering::Less => Some(row),
                Ordering::Equal => None,
                Ordering::Greater => Some(row - 1),
            });
        });
        self.changed(subform);
        Some(TakenRow { place, row, typed })
    }

    /// Takes several rows out; gives what brings them back.
    pub fn remove_rows(self, subform: &str, places: &BTreeSet<usize>) -> Vec<TakenRow> {
        // From the last one on, so that the others keep their places.
        let taken = places.iter().rev().filter_map(|place| self.remove_row(subform, *place));
        let mut taken: Vec<TakenRow> = taken.collect();
        taken.reverse();
        taken
    }

    /// Puts rows back where they were.
    pub fn restore_rows(self, subform: &str, taken: Vec<TakenRow>) {
        for row in taken {
            self.restore_row(subform, row);
        }
    }

    /// Puts copies of rows below the last of them, in their order: without files, which belong to one row, and without what
    /// must be unlike in each. Gives whether there is room for them.
    pub fn copy_rows(self, subform: &str, places: &[usize]) -> bool {
        let (rows, count) = self.draft.with_untracked(|draft| {
            let rows = get(draft.values(), subform).rows();
            let copies = places.iter().filter_map(|place| rows.get(*place));
            let copies: Vec<Row> = copies.map(|row| copy_of(draft.form(), subform, row)).collect();
            (copies, rows.len())
        });
        let Some(last) = places.iter().max().filter(|_| count + rows.len() <= engine::field::MAX_ROWS) else {
            return false;
        };
        let (first, more) = (last + 1, rows.len());
        self.draft.update(|draft| {
            for (further, row) in rows.into_iter().enumerate() {
                draft.insert_row(subform, first + further, row);
            }
        });
        self.unread.update(|unread| {
            let place = |row: usize| Some(if row < first { row } else { row + more });
            *unread = moved(std::mem::take(unread), subform, place);
        });
        self.changed(subform);
        self.load_links();
        true
    }

    /// Moves a row to another place, with what was typed in it and is no value. Nothing where there is no such place.
    pub fn move_row(self, subform: &str, from: usize, to: usize) {
        let count = self.draft.with_untracked(|draft| get(draft.values(), subform).rows().len());
        if from == to || from.max(to) >= count {
            return;
        }
        self.draft.update(|draft| draft.move_row(subform, from, to));
        self.unread.update(|unread| {
            *unread = moved(std::mem::take(unread), subform, |row| Some(place_after_move(row, from, to)));
        });
        self.changed(subform);
    }

    /// Puts a row back where it was. Nothing where the form is gone meanwhile.
    pub fn restore_row(self, subform: &str, taken: TakenRow) {
        let TakenRow { place, row, typed } = taken;
        let put_back = self.draft.try_update(|draft| {
            let place = place.min(get(draft.values(), subform).rows().len());
            draft.insert_row(subform, place, row);
            place
        });
        let Some(place) = put_back else { return };
        self.unread.update(|unread| {
            *unread =
                moved(std::mem::take(unread), subform, |row| Some(if row < place { row } else { row + 1 }));
            for (column, (text, mut fault)) in typed {
                let path = format!("{subform}.{place}.{column}");
                fault.path.clone_from(&path);
                unread.insert(path, (text, fault));
            }
        });
        self.changed(subform);
        self.load_links();
    }
}

/// What another row may have of this one.
fn copy_of(form: &Form, subform: &str, row: &Row) -> Row {
    let mut values = row.values.clone();
    values.retain(|key, _| {
        form.column(&format!("{subform}.{key}")).is_some_and(|column| {
            let is_file = column.field.kind.reference() == Some(Reference::File);
            column.field.is_input() && !column.field.unique && !is_file
        })
    });
    Row { id: None, values }
}

/// What was typed, after the rows of a sub-form went to other places, or away.
fn moved(unread: Unread, subform: &str, place: impl Fn(usize) -> Option<usize>) -> Unread {
    let entries = unread.into_iter().filter_map(|(path, (typed, mut fault))| {
        let Some((row, column)) = cell_of(&path, subform) else { return Some((path, (typed, fault))) };
        let path = format!("{subform}.{}.{column}", place(row)?);
        fault.path.clone_from(&path);
        Some((path, (typed, fault)))
    });
    entries.collect()
}

/// The row and the column of a path in this sub-form.
fn cell_of<'a>(path: &'a str, subform: &str) -> Option<(usize, &'a str)> {
    let (row, column) = path.strip_prefix(subform)?.strip_prefix('.')?.split_once('.')?;
    Some((row.parse().ok()?, column))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::form_of;

    #[test]
    fn a_copy_is_a_row_of_its_own() {
        let form =
            form_of(json!([{"key": "lines", "label": "lines", "kind": "subform", "options": {"fields": [
            {"key": "qty", "label": "qty", "kind": "number"},
            {"key": "photo", "label": "photo", "kind": "images"},
            {"key": "twice", "label": "twice", "kind": "number", "compute": {"formula": "qty * 2"}}]}}]));
        let id = engine::value::Id::from_i64(9).unwrap().to_string();
        let values = json!({"lines": [{"id": id, "qty": "1", "photo": [id], "twice": "2"}]});
        let values = engine::record::read_values(&form, values.as_object().unwrap());
        let copy = copy_of(&form, "lines", &get(&values, "lines").rows()[0]);
        assert_eq!(copy.id, None);
        assert_eq!(copy.values.keys().collect::<Vec<_>>(), ["qty"]);
    }

    #[test]
    fn what_was_typed_goes_with_its_row() {
        let entry = |path: &str| (path.to_string(), ("x".to_string(), Fault::new(path, "not_a_number")));
        let unread: Unread = ["lines.0.qty", "lines.1.qty", "lines.12.qty", "line", "others.1.qty"]
            .into_iter()
            .map(entry)
            .collect();
        let left = moved(unread, "lines", |row| (row != 1).then(|| row.saturating_sub(1)));
        let paths: Vec<&str> = left.keys().map(String::as_str).collect();
        assert_eq!(paths, ["line", "lines.0.qty", "lines.11.qty", "others.1.qty"]);
        assert!(left.iter().all(|(path, (_, fault))| fault.path == *path));
        let left = moved(left, "lines", |row| Some(place_after_move(row, 11, 0)));
        let paths: Vec<&str> = left.keys().map(String::as_str).collect();
        assert_eq!(paths, ["line", "lines.0.qty", "lines.1.qty", "others.1.qty"]);
    }
}
