//! A block of cells from a spreadsheet. What is a value is entered at once; a record or member is looked up by its name,
//! and the name stays in the cell until exactly one is found.

use std::collections::BTreeSet;

use engine::field::{Reference, Shape};
use engine::import::read_block;
use engine::text::Fault;
use engine::value::{Id, Value, fold, get};
use leptos::prelude::*;
use serde_json::Value as Json;

use super::loaders::{Choices, Sought};
use super::paths::column_path;
use super::state::FormState;
use crate::ui::Found;

/// The fault of a name that was not answered yet.
const LOOKING: &str = "looking_up";

impl FormState {
    /// Pastes a block of cells, rows by line and columns by tab, from `row` and the column at place `at` of `columns`
    /// on; rows are added as needed, where they may be.
    pub fn paste(self, subform: &str, row: usize, at: usize, columns: &[String], block: &str) {
        const MOST_ROWS: usize = engine::field::MAX_ROWS;
        let may_add = self
            .draft
            .with_untracked(|draft| draft.form().column(subform).is_some_and(|column| self.may_edit(column)));
        let mut names = BTreeSet::new();
        for (down, line) in read_block(block.trim_end_matches(['\r', '\n'])).into_iter().enumerate() {
            let place = row + down;
            if place >= MOST_ROWS {
                break;
            }
            let rows = self.draft.with_untracked(|draft| get(draft.values(), subform).rows().len());
            if place >= rows && !may_add {
                break;
            }
            if place >= rows {
                self.add_row(subform);
            }
            for (across, cell) in line.into_iter().enumerate() {
                let Some(column) = columns.get(at + across) else { break };
                let path = format!("{subform}.{place}.{column}");
                let name = cell.trim();
                if !name.is_empty() && self.is_chosen_by_name(&path) {
                    self.wait_for(&path, name);
                    names.insert((column_path(&path), name.to_string()));
                } else {
                    self.enter(&path, Json::String(cell));
                }
            }
        }
        self.look_up(names);
    }

    fn is_chosen_by_name(self, path: &str) -> bool {
        self.draft.with_untracked(|draft| {
            let column = draft.form().column(&column_path(path));
            let reference = column.and_then(|column| column.field.kind.reference());
            reference.is_some_and(|reference| reference != Reference::File)
        })
    }

    fn wait_for(self, path: &str, name: &str) {
        let entry = (name.to_string(), Fault::new(path, LOOKING));
        self.unread.update(|unread| drop(unread.insert(path.to_string(), entry)));
        self.changed(path);
    }

    /// Asks for each name (column, name) once.
    fn look_up(self, names: BTreeSet<(String, String)>) {
        if names.is_empty() {
            return;
        }
        leptos::task::spawn_local(async move {
            for (column, name) in names {
                // Several rows may wait for the name, each with its own cells: it is looked for among all.
                let sought = Sought { path: column.clone(), text: name.clone(), with: None };
                let Some(answer) = self.loaders.options.try_run(sought) else { return };
                let answer = answer.await;
                // The page may be gone by now.
                let Some(waiting) = self.waiting(&column, &name) else { return };
                self.take_answer(&waiting, &name, answer);
            }
        });
    }

    /// The cells that wait for a name, wherever their rows are by now; nothing where the form is gone.
    fn waiting(self, column: &str, name: &str) -> Option<Vec<String>> {
        self.unread.try_with_untracked(|unread| {
            let cells = unread.iter().filter(|(path, (typed, fault))| {
                fault.code == LOOKING && typed == name && column_path(path) == column
            });
            cells.map(|(path, _)| path.clone()).collect()
        })
    }

    fn take_answer(self, cells: &[String], name: &str, answer: Choices) {
        let found = answer.map_err(|_| "lookup_failed").and_then(|things| named(&things, name));
        match found {
            Ok((id, title)) => {
                self.titles.learn_one(id, title);
                self.unread.update(|unread| unread.retain(|path, _| !cells.contains(path)));
                self.draft.update(|draft| {
                    for path in cells {
                        let column = draft.form().column(&column_path(path));
                        let is_several = column.is_some_and(|column| column.shape == Shape::Refs);
                        let one = Value::Ref(id);
                        draft.set_beside(path, if is_several { Value::List(vec![one]) } else { one });
                    }
                });
                for path in cells {
                    self.changed(path);
                }
                self.load_links();
            }
            Err(code) => self.unread.update(|unread| {
                for path in cells {
                    let entry = (name.to_string(), Fault::new(path.as_str(), code).arg("name", name));
                    unread.insert(path.clone(), entry);
                }
            }),
        }
    }
}

/// The one thing with this title; where none has it, the one that shows it beside its title, or whose title begins with it
/// and goes on with what tells things of one name apart: `Linen set (TX-0213)`.
///
/// # Errors
/// The code of the fault: `no_record_named`, `several_records_named`.
pub fn named(found: &[Found], name: &str) -> Result<(Id, String), &'static str> {
    let wanted = fold(name.trim());
    let says = |text: &str| fold(text.trim()) == wanted;
    let mut hits: Vec<&Found> = found.iter().filter(|thing| says(&thing.title)).collect();
    if hits.is_empty() {
        hits = found.iter().filter(|thing| thing.facts.iter().any(|fact| says(fact))).collect();
    }
    if hits.is_empty() {
        hits = found.iter().filter(|thing| is_named_first(&fold(thing.title.trim()), &wanted)).collect();
    }
    match hits.as_slice() {
        [] => Err("no_record_named"),
        [one] => one.id.parse().map(|id| (id, one.title.clone())).map_err(|_| "lookup_failed"),
        _ => Err("several_records_named"),
    }
}

/// Whether a title is a name with something in brackets, or behind a dot or a bar, after it.
fn is_named_first(title: &str, name: &str) -> bool {
    let rest = title.strip_prefix(name).filter(|_| !name.is_empty()).map(str::trim_start);
    rest.is_some_and(|rest| rest.starts_with(['(', '（', '[', '【', '·', '|']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn thing(id: i64, title: &str, fact: &str) -> Found {
        let id = Id::from_i64(id).unwrap().to_string();
        Found { id, title: title.into(), facts: vec![fact.into()], person: false }
    }

    #[test]
    fn a_name_stands_for_a_title_that_goes_on_with_a_number() {
        let found = [
            thing(1, "亚麻四件套 (TX-0213)", ""),
            thing(2, "亚麻四件套大号 (TX-0214)", ""),
            thing(3, "Lamp · L-1", ""),
            thing(4, "Lamp · L-2", ""),
        ];
        let of = |name: &str| named(&found, name).map(|(_, title)| title);
        assert_eq!(of("亚麻四件套"), Ok("亚麻四件套 (TX-0213)".to_string()));
        assert_eq!(of("亚麻"), Err("no_record_named"));
        assert_eq!(of("Lamp"), Err("several_records_named"));
        assert_eq!(of("lamp · l-2"), Ok("Lamp · L-2".to_string()), "the whole title is one of its own");
    }

    #[test]
    fn only_one_thing_of_exactly_that_name_is_taken() {
        let found = [
            thing(1, "Desk", "D-1"),
            thing(2, "Desk lamp", "D-2"),
            thing(3, "Chair", "C-1"),
            thing(4, "chair", "Desk"),
        ];
        let of = |name: &str| named(&found, name).map(|(_, title)| title);
        assert_eq!(of(" ｄesk "), Ok("Desk".to_string()));
        assert_eq!(of("D-2"), Ok("Desk lamp".to_string()));
        assert_eq!(of("Chair"), Err("several_records_named"));
        assert_eq!(of("Des"), Err("no_record_named"));
    }
}
