//! Blocks of cells out to the clipboard and in again, from and to spreadsheets.
//!
//! What is pasted is read as an import reads it: names become choices, records and people, what is no value is marked where
//! it was put. Lines beyond the last row are new records.

use std::collections::BTreeMap;

use engine::import::{read_block, write_block};
use engine::value::Id;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value as Json;
use wire::records::{BulkResult, Fields, Record, RecordInput};

use super::entry::{Entered, entered};
use super::handle::tell_fixed;
use super::history::{CellChange, Step};
use super::saving::sentence;
use super::{MOST_CELLS, Selection, Sheet, Spot, Wrong};
use crate::api::{self, Problem, records};
use crate::ui::toast;
use crate::{browser, i18n, text};

/// New records of one request.
const SLICE: usize = 100;

/// Where a block goes.
#[derive(Clone, Debug, PartialEq)]
struct Plan {
    /// The cell at its upper left.
    from: Spot,
    /// The keys of its columns.
    keys: Vec<String>,
    lines: Vec<Vec<String>>,
}

impl Plan {
    /// A block from the upper left of what is selected on; where that is a multiple of the block, all over it.
    fn new(block: &[Vec<String>], selection: Selection, columns: &[String]) -> Plan {
        let (rows, across) = (selection.rows(), selection.columns());
        let width = block.iter().map(Vec::len).max().unwrap_or_default();
        let times = |selected: usize, pasted: usize| match selected.checked_rem(pasted) {
            Some(0) => selected / pasted,
            Some(_) | None => 1,
        };
        let (down, right) = (times(rows.len(), block.len()), times(across.len(), width));
        let line = |line: &Vec<String>| {
            let mut cells = line.clone();
            cells.resize(width, String::new());
            std::iter::repeat_n(cells, right).flatten().collect::<Vec<String>>()
        };
        let keys = columns.iter().skip(across.start).take(width * right).cloned().collect();
        let lines = std::iter::repeat_n(block, down).flatten().map(line).collect();
        Plan { from: Spot::new(rows.start, across.start), keys, lines }
    }

    fn count(&self) -> usize {
        self.lines.len().saturating_mul(self.keys.len())
    }
}

/// What names were found to be, by column and text.
type Found = BTreeMap<(String, String), Result<Json, String>>;

impl Sheet {
    /// The text of what is selected, where all of it is here.
    fn block(self) -> Option<String> {
        let (rows, keys) = (self.selection.get_untracked().rows(), self.selected_keys());
        let line = |row: usize| {
            let record = untrack(|| self.rows.at(row))?;
            Some(keys.iter().map(|key| self.value(&record, key).1).collect::<Vec<String>>())
        };
        Some(write_block(&rows.map(line).collect::<Option<Vec<Vec<String>>>>()?))
    }

    /// Copies what is selected. Whether the event was the table's.
    pub fn copy(self, event: &web_sys::ClipboardEvent) -> bool {
        if self.editing.with_untracked(Option::is_some) || !self.roams.get_untracked() {
            return false;
        }
        if self.selection.with_untracked(|selection| selection.count()) > MOST_CELLS {
            toast::show(text!("grid-cells-most", count = i18n::whole(MOST_CELLS as u64)));
            return true;
        }
        match (self.block(), event.clipboard_data()) {
            (Some(block), Some(data)) => drop(data.set_data("text/plain", &block)),
            _ => self.copy_later(),
        }
        true
    }

    /// Copies what is selected and empties it. Whether the event was the table's.
    pub fn cut(self, event: &web_sys::ClipboardEvent) -> bool {
        let is_own = self.copy(event);
        if is_own {
            self.clear();
        }
        is_own
    }

    /// Copies rows that were never on the screen, once they are here.
    fn copy_later(self) {
        let keys = self.selected_keys();
        self.with_records(move |records| {
            let line = |record: &Record| keys.iter().map(|key| self.value(record, key).1).collect();
            let lines: Vec<Vec<String>> = records.iter().map(line).collect();
            browser::copy(&write_block(&lines));
            toast::show(text!("grid-copied", count = i18n::whole(lines.len() as u64)));
        });
    }

    /// Pastes a block. Whether the event was the table's.
    pub fn paste(self, event: &web_sys::ClipboardEvent) -> bool {
        if self.editing.with_untracked(Option::is_some) {
            return false;
        }
        self.roams.set(true);
        let text = event.clipboard_data().and_then(|data| data.get_data("text/plain").ok());
        let Some(text) = text.filter(|text| !text.is_empty()) else { return true };
        let selection = self.selection.get_untracked();
        let plan = self.columns.with_untracked(|columns| Plan::new(&read_block(&text), selection, columns));
        if plan.count() > MOST_CELLS {
            toast::show(text!("grid-cells-most", count = i18n::whole(MOST_CELLS as u64)));
            return true;
        }
        let (from, keys, lines) = (plan.from, plan.keys.len(), plan.lines.len());
        let last = Spot::new((from.row + lines).saturating_sub(1), (from.column + keys).saturating_sub(1));
        self.selection.set(Selection::at(from).to(last).within(self.size()));
        spawn_local(self.put(plan));
        true
    }

    async fn put(self, plan: Plan) {
        let rows = self.size().rows;
        let end = (plan.from.row + plan.lines.len()).min(rows);
        let known = match self.rows.records(plan.from.row, end).await {
            Ok(Some(records)) => records,
            Ok(None) => return toast::show(text!("grid-list-changed")),
            Err(problem) => return toast::refused(&problem),
        };
        let found = self.look_up_all(&plan).await;
        if !self.is_there() {
            return;
        }
        let (mut changes, mut wrong, mut fixed) = (Vec::<CellChange>::new(), Vec::<Wrong>::new(), 0);
        for (record, line) in known.iter().zip(&plan.lines) {
            for (key, cell) in plan.keys.iter().zip(line) {
                if self.why_fixed(record, key).is_some() {
                    fixed += 1;
                    continue;
                }
                match self.read(key, cell, &found) {
                    Ok(now) => changes.push(self.change_of(record, key, now)),
                    Err(reason) => {
                        wrong.push(Wrong {
                            record: record.id,
                            column: key.clone(),
                            typed: cell.clone(),
                            reason,
                        });
                    }
                }
            }
        }
        self.change(changes, wrong);
        tell_fixed(fixed);
        let more = plan.lines.get(known.len()..).unwrap_or_default();
        if !more.is_empty() {
            self.add(&plan.keys, more, &found).await;
        }
    }

    /// What the names in a block are, each asked for once.
    async fn look_up_all(self, plan: &Plan) -> Found {
        let mut asked = BTreeMap::<(String, String), Vec<String>>::new();
        for (place, key) in plan.keys.iter().enumerate() {
            for cell in plan.lines.iter().filter_map(|line| line.get(place)) {
                match self.with_column(key, |column| entered(column, cell)) {
                    Some(Entered::Names(names)) => drop(asked.insert((key.clone(), cell.clone()), names)),
                    Some(_) => {}
                    // The column holds nothing that can be entered.
                    None => break,
                }
            }
        }
        let mut found = Found::new();
        for ((key, cell), names) in asked {
            let answer = self.look_up(&key, &names).await;
            found.insert((key, cell), answer);
        }
        found
    }

    /// The value that a cell of a block stands for.
    fn read(self, key: &str, cell: &str, found: &Found) -> Result<Json, String> {
        match self.with_column(key, |column| entered(column, cell)) {
            Some(Entered::Value(now)) => Ok(now),
            Some(Entered::Wrong(reason)) => Err(reason),
            Some(Entered::Names(_)) => {
                found.get(&(key.to_string(), cell.to_string())).cloned().unwrap_or_else(|| Err(String::new()))
            }
            None => Err(text!("grid-cell-computed")),
        }
    }

    /// Makes records of lines beyond the last row.
    async fn add(self, keys: &[String], lines: &[Vec<String>], found: &Found) {
        let Some(form) = self.form.with_value(|form| form.may("create").then_some(form.info.id)) else {
            return toast::show(text!("grid-rows-may-not", count = i18n::whole(lines.len() as u64)));
        };
        // Nobody could be named in a line.
        if self.form.with_value(|form| !form.info.choose.is_empty()) {
            return tell_refused(lines, &text!("grid-rows-need-people"));
        }
        let (mut added, mut refused, mut reason) = (Vec::new(), Vec::<Vec<String>>::new(), None);
        // All are read before the first is sent: what was pasted is stored where the page is left meanwhile, too.
        let mut read = Vec::<(RecordInput, &Vec<String>)>::new();
        for line in lines.iter().filter(|line| line.iter().any(|cell| !cell.trim().is_empty())) {
            match self.fields(keys, line, found) {
                Ok(fields) => read.push((RecordInput { fields, ..RecordInput::default() }, line)),
                Err(why) => {
                    reason.get_or_insert(why);
                    refused.push(line.clone());
                }
            }
        }
        for slice in read.chunks(SLICE) {
            let (inputs, sent): (Vec<RecordInput>, Vec<&Vec<String>>) = slice.iter().cloned().unzip();
            match create(form, inputs).await {
                Ok(results) => {
                    for (line, result) in sent.into_iter().zip(results) {
                        match (result.id, result.problem) {
                            (Some(id), None) => added.push(id),
                            (_, problem) => {
                                let problem =
                                    problem.and_then(|told| serde_json::from_value::<Problem>(told).ok());
                                reason.get_or_insert(problem.map(|told| sentence(&told)).unwrap_or_default());
                                refused.push(line.clone());
                            }
                        }
                    }
                }
                Err(problem) => {
                    reason.get_or_insert(problem.sentence());
                    refused.extend(sent.into_iter().cloned());
                }
            }
        }
        let count = added.len();
        let _ = self.history.try_update_value(|history| history.did(Step { cells: Vec::new(), added }));
        if count > 0 {
            toast::show_with(text!("grid-rows-added", count = count), text!("ui-undo"), move || self.undo());
        }
        if !refused.is_empty() {
            tell_refused(&refused, &reason.unwrap_or_default());
        }
        self.look().await;
    }

    /// The fields of a new record, as far as the reader may set them.
    fn fields(self, keys: &[String], line: &[String], found: &Found) -> Result<Fields, String> {
        let mut fields = Fields::new();
        for (key, cell) in keys.iter().zip(line) {
            let may = self.form.with_value(|form| {
                form.form.column(key).is_some_and(|column| column.field.is_input())
                    && form.editable().contains(key)
            });
            if may && !cell.trim().is_empty() {
                fields.insert(key.clone(), self.read(key, cell, found)?);
            }
        }
        Ok(fields)
    }
}

/// Says that lines became no records, and gives them back: nothing that was pasted is lost.
fn tell_refused(lines: &[Vec<String>], reason: &str) {
    let block = write_block(lines);
    let told = text!("grid-rows-refused", count = lines.len(), reason = reason.to_string());
    toast::show_with(told, text!("grid-rows-copy"), move || browser::copy(&block));
}

async fn create(form: Id, inputs: Vec<RecordInput>) -> Result<Vec<BulkResult>, Problem> {
    let key = browser::random_key();
    loop {
        match records::create_all(form, inputs.clone(), &key).await {
            Err(problem) if problem.status == 0 => api::back().await,
            answer => return answer,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(lines: &[&[&str]]) -> Vec<Vec<String>> {
        lines.iter().map(|line| line.iter().map(|cell| (*cell).to_string()).collect()).collect()
    }

    fn plan(lines: &[&[&str]], selection: Selection) -> Plan {
        let columns = ["a", "b", "c"].map(str::to_string);
        Plan::new(&block(lines), selection, &columns)
    }

    #[test]
    fn a_block_goes_from_the_selected_cell_as_far_as_there_are_columns() {
        let plan = plan(&[&["1", "2", "3"], &["4"]], Selection::at(Spot::new(7, 1)));
        assert_eq!(
            (plan.from, plan.keys.as_slice()),
            (Spot::new(7, 1), &["b".to_string(), "c".to_string()][..])
        );
        assert_eq!(plan.lines, block(&[&["1", "2", "3"], &["4", "", ""]]));
        assert_eq!(plan.count(), 4);
    }

    #[test]
    fn one_cell_fills_all_that_are_selected_and_a_block_its_multiples() {
        let four = Selection::at(Spot::new(0, 0)).to(Spot::new(3, 1));
        assert_eq!(plan(&[&["x"]], four).lines, vec![vec!["x".to_string(); 2]; 4]);
        assert_eq!(plan(&[&["x", "y"], &["z", "w"]], four).lines.len(), 4);
        // Three lines are no part of four: they go where they begin.
        assert_eq!(plan(&[&["x"], &["y"], &["z"]], four).lines.len(), 3);
    }

    #[test]
    fn fifty_thousand_cells_are_planned() {
        let lines = vec![vec!["1".to_string(); 3]; 16_667];
        let columns = ["a", "b", "c"].map(str::to_string);
        let plan = Plan::new(&lines, Selection::at(Spot::new(0, 0)), &columns);
        assert_eq!(plan.count(), 50_001);
        assert!(plan.count() <= MOST_CELLS);
    }
}
