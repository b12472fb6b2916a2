//! The table as a spreadsheet: a cell that the keys act on, blocks that are copied, pasted and filled, cells that are typed
//! into. What is entered is the engine's to read and the server's to check; a cell says how far that is.

mod cell;
mod clipboard;
mod editor;
mod entry;
mod frame;
mod handle;
mod history;
mod keys;
mod marks;
mod marks_bar;
mod offer;
mod pictured;
mod pointer;
mod saving;
mod selection;
mod series;
mod typed;

pub use cell::cell;
pub use frame::SheetFrame;
pub use marks::{Mark, Shown, State as MarkState};
pub use marks_bar::MarksBar;
pub use selection::{Selection, Size, Spot};

use std::collections::{BTreeMap, BTreeSet};

use engine::form::Column;
use engine::value::{Id, Value};
use leptos::html::{Div, Input};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value as Json;
use wire::records::Record;

use self::history::{CellChange, History, Step};
use self::marks::{Marks, State};
use self::saving::Saving;
use super::column::GridColumn;
use super::decimals;
use super::lines::Lines;
use super::many;
use super::rows::Rows;
use crate::api::forms::OpenForm;
use crate::fill::{Titles, same};
use crate::records::{editable, why_locked};
use crate::ui::{Choice, toast};
use crate::{i18n, text};

/// Cells that are changed or copied at once at most.
pub const MOST_CELLS: usize = 100_000;

/// How a cell is edited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// A text is typed into it.
    Typed,
    /// The input of the field's kind lies over it.
    Pictured,
}

/// What is edited in the table.
#[derive(Clone, Debug, PartialEq)]
pub struct Editing {
    pub spot: Spot,
    /// The record as it was when one began.
    pub record: Record,
    pub key: String,
    pub way: Way,
}

/// A text in a cell that is no value there.
pub struct Wrong {
    pub record: Id,
    pub column: String,
    pub typed: String,
    pub reason: String,
}

/// The table as a spreadsheet.
#[derive(Clone, Copy)]
pub struct Sheet {
    pub form: StoredValue<OpenForm>,
    pub rows: Lines,
    pub titles: Titles,
    pub columns: Signal<Vec<String>>,
    /// How many decimals numbers have in the columns where that differs from one to the other.
    decimals: Memo<BTreeMap<String, usize>>,
    pub selection: RwSignal<Selection>,
    /// Whether somebody is among the cells: before, and after Escape, Tab goes past the table.
    pub roams: RwSignal<bool>,
    pub editing: RwSignal<Option<Editing>>,
    /// What is offered for what is typed, and which of it Enter takes.
    offered: RwSignal<Vec<Choice>>,
    marked: RwSignal<Option<usize>>,
    /// Stores what the input over a cell holds.
    finishing: StoredValue<Option<Callback<()>>>,
    /// How far down one drags to fill.
    pub filled_to: RwSignal<Option<usize>>,
    /// The rows on the screen: from, and up to but without.
    pub seen: RwSignal<(usize, usize)>,
    /// Told whenever the table is scrolled.
    pub scrolled: RwSignal<(i32, i32)>,
    /// Scrolls to a row.
    pub bring: StoredValue<Option<Callback<usize>>>,
    /// Scrolls so that the same rows are seen after so many came above them.
    pub shift: StoredValue<Option<Callback<isize>>>,
    /// Where the keys go, and what is typed.
    pub input: NodeRef<Input>,
    pub frame: NodeRef<Div>,
    pub marks: Marks,
    pub saving: Saving,
    /// Records that somebody else deleted while they are on the screen.
    pub gone: RwSignal<BTreeSet<Id>>,
    history: StoredValue<History>,
}

impl Sheet {
    pub fn new(
        form: StoredValue<OpenForm>,
        rows: Rows,
        titles: Titles,
        columns: Signal<Vec<String>>,
    ) -> Sheet {
        let decimals = Memo::new(move |_| {
            let varies = |key: &String| {
                form.with_value(|form| {
                    form.form.column(key).is_some_and(|column| decimals::vary(&column.read_kind))
                })
            };
            let varying = columns.get().into_iter().filter(varies);
            varying.map(|key| (key.clone(), rows.decimals(&key))).collect()
        });
        Sheet {
            form,
            rows: Lines::of(rows),
            titles,
            columns,
            decimals,
            selection: RwSignal::default(),
            roams: RwSignal::new(false),
            editing: RwSignal::new(None),
            offered: RwSignal::default(),
            marked: RwSignal::new(None),
            finishing: StoredValue::new(None),
            filled_to: RwSignal::new(None),
            seen: RwSignal::new((0, 1)),
            scrolled: RwSignal::new((0, 0)),
            bring: StoredValue::new(None),
            shift: StoredValue::new(None),
            input: NodeRef::new(),
            frame: NodeRef::new(),
            marks: Marks::new(),
            saving: Saving::new(),
            gone: RwSignal::default(),
            history: StoredValue::default(),
        }
    }

    /// Whether the page that it is on was not left meanwhile.
    fn is_there(self) -> bool {
        self.form.try_with_value(|_| ()).is_some()
    }

    pub fn size(self) -> Size {
        untrack(|| Size { rows: self.rows.len(), columns: self.columns.with(Vec::len) })
    }

    /// The key of the column at a place.
    pub fn key_at(self, column: usize) -> Option<String> {
        self.columns.with_untracked(|columns| columns.get(column).cloned())
    }

    /// The record and the column of a cell, where the record is there.
    pub fn at(self, spot: Spot) -> Option<(Record, String)> {
        Some((untrack(|| self.rows.at(spot.row))?, self.key_at(spot.column)?))
    }

    /// Forgets where somebody was: other rows are shown from now on.
    pub fn leave(self) {
        let _ = self.editing.try_set(None);
        let _ = self.roams.try_set(false);
        let _ = self.selection.try_set(Selection::default());
    }

    /// Scrolls so that a row is seen.
    pub fn bring_row(self, row: usize) {
        if let Some(bring) = self.bring.get_value() {
            bring.try_run(row);
        }
    }

    /// Works with the records of the selected rows, those that were never on the screen too.
    pub fn with_records(self, work: impl FnOnce(Vec<Record>) + 'static) {
        let rows = self.selection.get_untracked().rows();
        spawn_local(async move {
            match self.rows.records(rows.start, rows.end).await {
                Ok(Some(records)) => work(records),
                Ok(None) => toast::show(text!("grid-list-changed")),
                Err(problem) => toast::refused(&problem),
            }
        });
    }

    /// Whether somebody else deleted a record since it is on the screen.
    pub fn is_gone(self, record: Id) -> bool {
        self.gone.with(|gone| gone.contains(&record))
    }

    /// Why nobody may set a cell here; nothing where the reader may.
    pub fn why_fixed(self, record: &Record, key: &str) -> Option<String> {
        if untrack(|| self.is_gone(record.id)) {
            return Some(text!("grid-cell-gone"));
        }
        self.form.with_value(|form| {
            let is_input = form.form.column(key).is_some_and(|column| column.field.is_input());
            if !is_input {
                return Some(text!("grid-cell-computed"));
            }
            if let Some(why) = why_locked(form, record) {
                return Some(i18n::lookup(why, &[]));
            }
            (!editable(form, record).contains(key)).then(|| text!("grid-cell-fixed"))
        })
    }

    /// Works with the column of a field.
    pub fn with_column<T>(self, key: &str, work: impl FnOnce(&Column) -> T) -> Option<T> {
        self.form.try_with_value(|form| form.form.column(key).map(work)).flatten()
    }

    /// Whether two values of a column, in their wire form, say the same.
    fn same(self, key: &str, one: &Json, other: &Json) -> bool {
        let read = |column: &Column| same(&column.read_kind.read(one), &column.read_kind.read(other));
        one == other || self.with_column(key, read).unwrap_or_default()
    }

    /// What a cell holds, in its wire form: what is on its way or was refused, else what is stored.
    pub fn held(self, record: &Record, key: &str) -> Json {
        match untrack(|| self.marks.get(record.id, key)) {
            Some(Mark { shown: Shown::Value(json), .. }) => json,
            Some(_) | None => record.fields.get(key).cloned().unwrap_or_default(),
        }
    }

    /// The typed value of a cell and the text that is copied of it.
    pub fn value(self, record: &Record, key: &str) -> (Value, String) {
        self.form.with_value(|form| {
            let Some(column) = GridColumn::of(&form.form, key) else { return Default::default() };
            let value = match key.starts_with('$') {
                true => super::column::value_in(&form.form, record, key),
                false => column.kind.read(&self.held(record, key)),
            };
            let typed = match untrack(|| self.marks.get(record.id, key)) {
                Some(Mark { shown: Shown::Typed(typed), .. }) => Some(typed),
                Some(_) | None => None,
            };
            let text = typed.unwrap_or_else(|| entry::copied(&column.kind, &value, self.titles));
            (value, text)
        })
    }

    /// Changes cells, as one step that can be taken back. What is no value is marked where it was entered, and goes nowhere.
    pub fn change(self, changes: Vec<CellChange>, wrong: Vec<Wrong>) {
        let marks = wrong.into_iter().map(|wrong| {
            let mark = Mark { shown: Shown::Typed(wrong.typed), state: State::Refused(wrong.reason) };
            (wrong.record, wrong.column, mark)
        });
        self.marks.put(marks.collect::<Vec<_>>());
        let is_same = |change: &CellChange| self.same(&change.column, &change.was, &change.now);
        let changed: BTreeSet<Id> =
            changes.iter().filter(|change| !is_same(change)).map(|change| change.record).collect();
        // Beside another link a value says that it stays: else the link would fill its cell.
        let is_filled = |change: &CellChange| {
            changed.contains(&change.record)
                && self.with_column(&change.column, |column| column.prefilled).unwrap_or_default()
        };
        let (needless, changes): (Vec<CellChange>, Vec<CellChange>) =
            changes.into_iter().partition(|change| is_same(change) && !is_filled(change));
        // What is entered as it was is no longer refused.
        let is_open = |mark: &Mark| mark.state != State::Pending;
        self.marks.take(needless.into_iter().map(|change| (change.record, change.column)), is_open);
        if changes.is_empty() {
            return;
        }
        self.history.update_value(|history| {
            history.did(Step { cells: changes.clone(), added: Vec::new() });
        });
        self.send(changes);
    }

    /// One cell with another value.
    pub fn change_one(self, record: &Record, key: &str, now: Json) {
        self.change(vec![self.change_of(record, key, now)], Vec::new());
    }

    /// A change of a cell against what is stored or on its way.
    pub fn change_of(self, record: &Record, key: &str, now: Json) -> CellChange {
        let pending = match untrack(|| self.marks.get(record.id, key)) {
            Some(Mark { shown: Shown::Value(json), state: State::Pending }) => Some(json),
            Some(_) | None => None,
        };
        let was = pending.unwrap_or_else(|| record.fields.get(key).cloned().unwrap_or_default());
        CellChange { record: record.id, version: record.version, column: key.to_string(), was, now }
    }

    /// Takes back the last step.
    pub fn undo(self) {
        let Some(step) = self.history.try_update_value(History::undo).flatten() else {
            return toast::show(text!("grid-nothing-to-undo"));
        };
        self.retrace(step.cells.into_iter().rev().map(CellChange::back).collect());
        if step.added.is_empty() {
            return;
        }
        let form = self.form.with_value(|form| form.info.id);
        spawn_local(async move {
            let fate = many::delete(form, &step.added, |_| {}).await;
            if let Some(reason) = fate.reason {
                toast::show(text!("grid-delete-refused", count = fate.refused, reason = reason));
            }
            self.look().await;
        });
    }

    /// Does again what was taken back last.
    pub fn redo(self) {
        let Some(step) = self.history.try_update_value(History::redo).flatten() else {
            return toast::show(text!("grid-nothing-to-redo"));
        };
        self.retrace(step.cells);
        if step.added.is_empty() {
            return;
        }
        let form = self.form.with_value(|form| form.info.id);
        spawn_local(async move {
            many::tell_restored(&many::restore(form, &step.added).await);
            self.look().await;
        });
    }

    fn retrace(self, changes: Vec<CellChange>) {
        if !changes.is_empty() {
            self.send(changes);
        }
    }

    /// Cells that are refused or at odds show what is stored again.
    pub fn give_up(self, cells: Vec<(Id, String)>) {
        self.marks.take(cells, |mark| mark.state != State::Pending);
    }

    /// Stores what one entered in a cell that somebody else changed meanwhile.
    pub fn insist(self, record: Id, key: &str) {
        let Some(mark) = untrack(|| self.marks.get(record, key)) else { return };
        let (Shown::Value(now), State::Theirs(_)) = (mark.shown, mark.state) else { return };
        if let Some(record) = self.rows.known(record) {
            self.change_one(&record, key, now);
        }
    }
}
