//! What stands in cells that are not as they are stored: on its way, refused, or at odds with what somebody else stored.

use std::collections::BTreeMap;

use engine::value::Id;
use leptos::prelude::*;
use serde_json::Value as Json;

/// What a cell shows in place of what is stored.
#[derive(Clone, Debug, PartialEq)]
pub enum Shown {
    /// A value in its wire form.
    Value(Json),
    /// What was typed or pasted and is no value.
    Typed(String),
}

#[derive(Clone, Debug, PartialEq)]
pub enum State {
    /// On its way to the server.
    Pending,
    /// Not stored, and why.
    Refused(String),
    /// Not stored: somebody else stored this value meanwhile.
    Theirs(Json),
}

/// A cell that is not as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    pub shown: Shown,
    pub state: State,
}

type Cells = BTreeMap<Id, BTreeMap<String, Mark>>;

/// The marks of a table, by record and column.
#[derive(Clone, Copy)]
pub struct Marks(RwSignal<Cells>);

impl Marks {
    pub fn new() -> Marks {
        Marks(RwSignal::default())
    }

    pub fn get(self, record: Id, column: &str) -> Option<Mark> {
        self.0.with(|cells| cells.get(&record)?.get(column).cloned())
    }

    /// Puts many marks at once. Nothing where the table is gone.
    pub fn put(self, marks: impl IntoIterator<Item = (Id, String, Mark)>) {
        let mut marks = marks.into_iter().peekable();
        if marks.peek().is_none() {
            return;
        }
        let _ = self.0.try_update(|cells| {
            for (record, column, mark) in marks {
                cells.entry(record).or_default().insert(column, mark);
            }
        });
    }

    /// Takes marks away for which `gone` says so.
    pub fn take(self, cells: impl IntoIterator<Item = (Id, String)>, gone: impl Fn(&Mark) -> bool) {
        let _ = self.0.try_update(|marks| {
            for (record, column) in cells {
                let Some(of_record) = marks.get_mut(&record) else { continue };
                if of_record.get(&column).is_some_and(&gone) {
                    of_record.remove(&column);
                }
                if of_record.is_empty() {
                    marks.remove(&record);
                }
            }
        });
    }

    /// The cells that wait for somebody: refused ones and those at odds. In the order of the records.
    pub fn open(self) -> Vec<(Id, String)> {
        self.0.with(|cells| {
            let of_record = |(record, marks): (&Id, &BTreeMap<String, Mark>)| {
                let open = marks.iter().filter(|(_, mark)| mark.state != State::Pending);
                open.map(|(column, _)| (*record, column.clone())).collect::<Vec<_>>()
            };
            cells.iter().flat_map(of_record).collect()
        })
    }

    pub fn count_open(self) -> usize {
        let is_open = |mark: &&Mark| mark.state != State::Pending;
        self.0.with(|cells| cells.values().map(|marks| marks.values().filter(is_open).count()).sum())
    }

    /// Whether anything is not stored.
    pub fn any(self) -> bool {
        self.0.with(|cells| !cells.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn marks_come_and_go_by_cell() {
        let owner = Owner::new();
        owner.with(|| {
            let (marks, id) = (Marks::new(), Id::from_i64(1).unwrap());
            let mark = |state: State| Mark { shown: Shown::Value(json!("2")), state };
            marks.put([
                (id, "a".to_string(), mark(State::Pending)),
                (id, "b".to_string(), mark(State::Refused("no".into()))),
            ]);
            assert_eq!((marks.open(), marks.count_open()), (vec![(id, "b".to_string())], 1));
            // A cell that was changed again meanwhile stays marked.
            marks.take([(id, "a".to_string())], |mark| mark.shown == Shown::Value(json!("1")));
            assert!(marks.get(id, "a").is_some());
            marks.take([(id, "a".to_string()), (id, "b".to_string())], |_| true);
            assert!(!marks.any());
        });
    }
}
