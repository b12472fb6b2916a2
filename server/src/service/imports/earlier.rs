//! What the slices of a dry run before the one at hand would have made. Nothing of it lies in the database, so what later rows
//! build on is made again for them, in their own slice: the record that has their key, and the one that they name.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use engine::text::Fault;

use super::cells::Line;
use super::slice::{Import, Marks, Outcome};
use crate::service::Refusal;
use crate::service::faults::of_closed_field;
use crate::service::records::unique::{Name, UniqueValue, name};

/// Bytes of the values of rows that are kept. Of rows behind these, keys and values that must be unique alone are known.
const MOST_KEPT: usize = 64 << 20;
/// What a value takes besides.
const EACH: usize = 64;
/// Records of one title that are made again: with two, it is ambiguous.
const OF_A_TITLE: usize = 4;

/// What is known of the rows so far; shared by all slices of a dry run.
#[derive(Clone, Debug, Default)]
pub struct Earlier(Arc<Mutex<Made>>);

#[derive(Debug, Default)]
struct Made {
    /// How many records there are; each has its number.
    count: usize,
    keys: HashMap<Name, usize>,
    /// By what records are called, and were before a row changed them.
    titles: BTreeSet<(Name, usize)>,
    /// Which record has a value that must be unique.
    unique: HashMap<Name, usize>,
    rows: HashMap<usize, Rows>,
    kept: usize,
}

/// The rows that give a record what it holds: the one that made it, for its defaults, and the last one, which sets all that
/// the file has columns for.
#[derive(Debug, Default)]
struct Rows {
    first: Option<Arc<Line>>,
    last: Option<Arc<Line>>,
}

impl Earlier {
    fn lock(&self) -> MutexGuard<'_, Made> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The record that has this key.
    pub fn of_key(&self, key: &Name) -> Option<usize> {
        self.lock().keys.get(key).copied()
    }

    /// The records that are called so, or were.
    pub fn of_title(&self, title: &str) -> Vec<usize> {
        let title = name(title);
        let made = self.lock();
        let called_so = made.titles.range((title, 0)..=(title, usize::MAX));
        called_so.take(OF_A_TITLE).map(|(_, number)| *number).collect()
    }

    /// The rows that make a record what it is.
    pub fn rows(&self, number: usize) -> Vec<Arc<Line>> {
        let made = self.lock();
        let rows = made.rows.get(&number);
        rows.into_iter().flat_map(|rows| [rows.first.clone(), rows.last.clone()]).flatten().collect()
    }

    /// Takes in what became of the rows of a slice, and tells it as it would be with those before: what has the value of an
    /// earlier row can't come in.
    pub fn take(&self, import: &Import, lines: &[Line], outcomes: Vec<Outcome>) -> Vec<Outcome> {
        let mut made = self.lock();
        let with_rows = import.plan.finds_records() || import.plan.names_own();
        let take = |(line, outcome): (&Line, Outcome)| match outcome {
            Outcome::Created(marks) => {
                // Its record could not be made again.
                let is_known = marks.key.is_some_and(|key| made.keys.contains_key(&key));
                match made.take(line, &marks, !is_known, with_rows) {
                    Err(field) => not_unique(import, &field),
                    Ok(()) if is_known => Outcome::Updated(marks),
                    Ok(()) => Outcome::Created(marks),
                }
            }
            Outcome::Updated(marks) => match made.take(line, &marks, false, with_rows) {
                Err(field) => not_unique(import, &field),
                Ok(()) => Outcome::Updated(marks),
            },
            Outcome::Unchanged | Outcome::Failed(_) => outcome,
        };
        lines.iter().zip(outcomes).map(take).collect()
    }
}

impl Made {
    /// Takes in a row that made or changed a record; or gives the field whose value another one has.
    fn take(&mut self, line: &Line, marks: &Marks, is_new: bool, with_rows: bool) -> Result<(), String> {
        let known = marks.key.and_then(|key| self.keys.get(&key).copied());
        let number = known.unwrap_or(self.count);
        let is_taken =
            |value: &&UniqueValue| self.unique.get(&value.name).is_some_and(|owner| *owner != number);
        if let Some(value) = marks.unique.iter().find(is_taken) {
            return Err(value.field.clone());
        }
        self.count = self.count.max(number + 1);
        for freed in &marks.freed {
            if self.unique.get(freed) == Some(&number) {
                self.unique.remove(freed);
            }
        }
        self.unique.extend(marks.unique.iter().map(|value| (value.name, number)));
        self.keys.extend(marks.key.map(|key| (key, number)));
        if with_rows && self.keep(number, line, is_new) {
            let titles: HashSet<Name> = marks.titles.iter().copied().collect();
            self.titles.extend(titles.into_iter().map(|title| (title, number)));
        }
        Ok(())
    }

    /// Keeps what a row says of a record, if there is room for it.
    fn keep(&mut self, number: usize, line: &Line, is_new: bool) -> bool {
        let size = size_of(line);
        if self.kept + size > MOST_KEPT {
            return false;
        }
        self.kept += size;
        let line = Arc::new(line.values());
        let rows = self.rows.entry(number).or_default();
        if is_new {
            *rows = Rows { first: Some(line), last: None };
        } else if let Some(former) = rows.last.replace(line) {
            self.kept = self.kept.saturating_sub(size_of(&former));
        }
        true
    }
}

/// About as many bytes as the values of a row take.
fn size_of(line: &Line) -> usize {
    let fields: usize = line.fields.values().map(|json| json.to_string().len()).sum();
    let titles: usize = line.titles.iter().map(|title| title.title.len()).sum();
    fields + titles + EACH * (1 + line.fields.len() + line.blank.len() + line.titles.len() + line.files.len())
}

fn not_unique(import: &Import, field: &str) -> Outcome {
    let fault = Fault::new(format!("fields.{field}"), "not_unique");
    let fault = if import.telling.names(field) { fault } else { of_closed_field(fault) };
    Outcome::Failed(Refusal { faults: vec![fault], ..Refusal::conflict("not_unique") })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn line(code: &str) -> Line {
        let mut line = Line::empty();
        line.fields.insert("code".to_string(), json!(code));
        line
    }

    fn marks(key: &str, unique: &[&str], freed: &[&str]) -> Marks {
        let unique = unique.iter().map(|text| UniqueValue { field: "code".to_string(), name: name(text) });
        let freed = freed.iter().map(|text| name(text)).collect();
        Marks { key: Some(name(key)), unique: unique.collect(), freed, titles: vec![name(key)] }
    }

    #[test]
    fn a_record_keeps_its_first_and_its_last_row() {
        let mut made = Made::default();
        assert_eq!(made.take(&line("1"), &marks("a", &["x"], &[]), true, true), Ok(()));
        assert_eq!(made.take(&line("2"), &marks("a", &["x"], &[]), false, true), Ok(()));
        assert_eq!(made.take(&line("3"), &marks("a", &["x"], &[]), false, true), Ok(()));
        let earlier = Earlier(Arc::new(Mutex::new(made)));
        assert_eq!(earlier.of_key(&name("a")), Some(0));
        assert_eq!(earlier.of_title("a"), [0]);
        let rows = earlier.rows(0);
        let codes: Vec<&str> = rows.iter().filter_map(|row| row.fields["code"].as_str()).collect();
        assert_eq!(codes, ["1", "3"]);
    }

    #[test]
    fn a_value_is_its_records_until_that_gives_it_up() {
        let mut made = Made::default();
        assert_eq!(made.take(&line("1"), &marks("a", &["x"], &[]), true, false), Ok(()));
        assert_eq!(made.take(&line("2"), &marks("b", &["x"], &[]), true, false), Err("code".to_string()));
        assert_eq!(made.take(&line("3"), &marks("a", &["y"], &["x"]), false, false), Ok(()));
        assert_eq!(made.take(&line("4"), &marks("b", &["x"], &[]), true, false), Ok(()));
        assert!(made.rows.is_empty(), "no row is kept where none is made again");
    }
}
