//! The state of a form that somebody fills: the engine's draft, what is typed and not yet a value, what is wrong.

use std::collections::{BTreeMap, BTreeSet};
use std::pin::Pin;
use std::sync::Arc;

use engine::context::KnownNames;
use engine::field::{FieldKind, Shape};
use engine::form::Column;
use engine::record::{Draft, missing_links};
use engine::text::{Fault, Faults, Texts};
use engine::value::{Id, Row, Value, Values, get};
use leptos::prelude::*;
use serde_json::Value as Json;

use super::changes::{changes, is_blank};
use super::faults::anchor;
use super::making::Making;
use super::mending::{is_beyond_mending, is_mendable};
use super::reading::{Titles, fewest_decimals};
use super::untitled::Titled;
use crate::api::Problem;
use crate::i18n;
use crate::ui::Found;
use crate::ui::toast::Note;

/// An answer that comes later. The browser has one thread, so it need not be `Send`.
pub type Later<T> = Pin<Box<dyn Future<Output = T>>>;

/// What a picker is answered.
pub type Choices = Result<Vec<Found>, Problem>;

/// The values of linked records: form, record, values.
pub type LinkedValues = Vec<(Id, Id, Values)>;

/// A record as somebody writes it: its id, where it is stored already, and its values as the wire has them.
pub type Written = (Option<Id>, serde_json::Map<String, Json>);

/// What a picker looks for.
#[derive(Clone, Debug)]
pub struct Sought {
    /// The path of the field or column.
    pub path: String,
    /// What was typed.
    pub text: String,
    /// What the offer is held against, of the record that is filled; nothing where it is held against nothing of it.
    pub with: Option<serde_json::Map<String, Json>>,
}

/// What filling needs from outside: records that can be linked, the values of linked ones, and their titles.
#[derive(Clone, Copy)]
pub struct Loaders {
    /// The choices of a link or member field.
    pub options: Callback<Sought, Later<Choices>>,
    /// The values of records (form, record), as far as they may be seen.
    pub linked: Callback<Vec<(Id, Id)>, Later<LinkedValues>>,
    /// Learns what these are called, as far as one may see them. Gives those for which there was no answer.
    pub titles: Callback<Vec<Titled>, Later<Vec<Id>>>,
    /// The address of a record of another form (form, record), where that form is known.
    pub address: Callback<(Id, Id), Option<String>>,
    /// The fields and columns whose formulas count the records of other forms.
    pub asked: StoredValue<Vec<String>>,
    /// The values that the server computes of a record (the stored one that it is an edit of, what was entered).
    pub evaluated: Callback<Written, Later<Option<Values>>>,
    /// The list that a query field of a record shows now (record, field, where the page starts).
    pub list: Callback<ListAsked, Later<Result<Listed, Problem>>>,
    /// The forms of which whoever fills may make records here.
    pub makes: StoredValue<BTreeSet<Id>>,
    /// The dialog that makes one.
    pub maker: Callback<Making, AnyView>,
}

/// A page of a list that is asked for: the record, its query field, and where the page starts.
pub type ListAsked = (Id, String, Option<String>);

/// A page of a list that a query field shows.
#[derive(Clone, Default)]
pub struct Listed {
    /// Whether they are groups of an aggregate table, which are called nothing and lead nowhere.
    pub of_groups: bool,
    /// What its columns are called, and the kinds of what they show.
    pub columns: Vec<(String, FieldKind)>,
    pub records: Vec<ListedRecord>,
    /// Where the next page starts.
    pub next: Option<String>,
    /// How many there are altogether.
    pub count: u64,
}

/// A record of such a list, or a group.
#[derive(Clone)]
pub struct ListedRecord {
    /// What it is called; it leads to the record where that can be opened.
    pub title: String,
    pub address: Option<String>,
    /// In the order of the columns.
    pub values: Vec<Value>,
}

/// What was typed and is no value, by path, with the fault.
pub type Unread = BTreeMap<String, (String, Fault)>;

/// A form being filled. Cheap to copy; lives as long as the page that made it.
#[derive(Clone, Copy)]
pub struct FormState {
    pub draft: RwSignal<Draft, LocalStorage>,
    /// What was typed and is no value, by path, with the fault.
    pub(super) unread: RwSignal<Unread>,
    /// What the server refused.
    refused: RwSignal<Faults>,
    /// Whether faults are shown at fields that nobody touched yet: after the first try to save.
    pub strict: RwSignal<bool>,
    /// Paths that somebody left after typing.
    visited: RwSignal<BTreeSet<String>>,
    /// Titles of linked records and members.
    pub titles: Titles,
    pub loaders: Loaders,
    /// The fields that whoever returned the record wants changed.
    pub marked: RwSignal<BTreeSet<String>>,
    /// The paths that may be edited; everything without it.
    pub editable: StoredValue<Option<BTreeSet<String>>>,
    /// Counts every change, for keeping the draft.
    pub changes: RwSignal<u32>,
    pub(super) start: StoredValue<Values>,
    /// The record that is changed; none for a new one.
    pub record: StoredValue<Option<Id>>,
    /// The questions to other forms that were asked.
    pub(super) questions: StoredValue<BTreeSet<String>>,
    /// Linked records that were asked for.
    asked: StoredValue<BTreeSet<(Id, Id)>>,
    /// The notes that offer to bring something back into this form.
    undoing: StoredValue<Vec<Note>>,
}

impl FormState {
    pub fn new(mut draft: Draft, loaders: Loaders, titles: Titles) -> FormState {
        draft.call_by(KnownNames::of(Arc::new(titles)));
        let start = StoredValue::new(draft.values().clone());
        let undoing = StoredValue::new(Vec::<Note>::new());
        // Saved or left, the form takes nothing back.
        on_cleanup(move || take_away(undoing));
        let state = FormState {
            draft: RwSignal::new_local(draft),
            unread: RwSignal::default(),
            refused: RwSignal::default(),
            strict: RwSignal::new(false),
            visited: RwSignal::default(),
            titles,
            loaders,
            marked: RwSignal::default(),
            editable: StoredValue::new(None),
            changes: RwSignal::new(0),
            start,
            record: StoredValue::new(None),
            questions: StoredValue::default(),
            asked: StoredValue::default(),
            undoing,
        };
        state.ask_server();
        state.hear_names();
        state
    }

    /// The value at `amount` or `lines.3.qty`, live.
    pub fn value(self, path: String) -> Memo<Value> {
        Memo::new(move |_| self.draft.with(|draft| value_at(draft.values(), &path)))
    }

    pub fn is_hidden(self, path: String) -> Memo<bool> {
        Memo::new(move |_| self.draft.with(|draft| draft.is_hidden(&path)))
    }

    /// Whether a column must be filled (in a row).
    pub fn is_required(self, path: String, row: Option<usize>) -> Memo<bool> {
        Memo::new(move |_| {
            self.draft
                .with(|draft| draft.form().column(&path).is_some_and(|column| draft.is_required(column, row)))
        })
    }

    /// Whether somebody may set the field or column here.
    pub fn may_edit(self, column: &Column) -> bool {
        self.editable.with_value(|paths| is_open(paths.as_ref(), column))
    }

    /// Takes what was entered in its wire form, or as typed. What is no value stays on the screen with its fault.
    pub fn enter(self, path: &str, entered: Json) {
        let column_path = column_path(path);
        let parsed = self
            .draft
            .with_untracked(|draft| draft.form().column(&column_path).map(|column| column.parse(&entered)));
        match parsed {
            Some(Ok(value)) => {
                if self.unread.with_untracked(|unread| unread.contains_key(path)) {
                    self.unread.update(|unread| drop(unread.remove(path)));
                }
                self.set(path, value);
            }
            Some(Err(fault)) => {
                let typed = entered.as_str().map(str::to_string).unwrap_or_else(|| entered.to_string());
                self.unread
                    .update(|unread| drop(unread.insert(path.to_string(), (typed, fault.under(path)))));
                self.changed(path);
            }
            None => {}
        }
    }

    /// Sets a value.
    pub fn set(self, path: &str, value: Value) {
        self.draft.update(|draft| draft.set(path, value));
        self.changed(path);
        self.load_links();
    }

    pub(super) fn changed(self, path: &str) {
        self.visited.update(|visited| {
            visited.insert(path.to_string());
        });
        self.refused.update(|faults| faults.retain(|fault| fault.path != path && is_of_one_field(fault)));
        self.changes.update(|changes| *changes += 1);
    }

    /// What was typed or pasted at a path and is no value.
    pub fn typed(self, path: String) -> Memo<Option<String>> {
        Memo::new(move |_| self.unread.with(|unread| unread.get(&path).map(|(typed, _)| typed.clone())))
    }

    /// What is in an input: the typed text where it is no value yet, else the value's wire form. It says so only when
    /// that changes: an input that is written anew at every key loses the blank at the end of what is being typed.
    pub fn input_text(self, path: String) -> Memo<String> {
        let value = self.value(path.clone());
        let column = column_path(&path);
        Memo::new(move |_| {
            if let Some(typed) = self.unread.with(|unread| unread.get(&path).map(|(typed, _)| typed.clone()))
            {
                return typed;
            }
            self.draft.with_untracked(|draft| {
                let Some(column) = draft.form().column(&column) else { return String::new() };
                let json = column.read_kind.to_json(&value.get());
                let text = json.as_str().unwrap_or_default();
                fewest_decimals(&column.read_kind)
                    .map_or(text.to_string(), |least| i18n::trimmed(text, least))
            })
        })
    }

    /// Everything that stops the record from being saved.
    pub fn faults(self) -> Faults {
        let mut faults: Faults =
            self.unread.with(|unread| unread.values().map(|(_, fault)| fault.clone()).collect());
        let editable = |path: &str| {
            self.draft
                .with_untracked(|draft| draft.form().column(path).is_some_and(|column| self.may_edit(column)))
        };
        let found = self.draft.with(|draft| draft.faults(&editable));
        let refused = self.refused.get();
        for fault in found.into_iter().chain(refused) {
            if !faults.iter().any(|known| known.path == fault.path) {
                faults.push(fault);
            }
        }
        faults
    }

    /// How many of these faults the reader can mend here.
    pub fn count_mendable(self, faults: &[Fault]) -> usize {
        let may_edit = |column: &Column| self.may_edit(column);
        self.draft.with_untracked(|draft| {
            faults.iter().filter(|fault| is_mendable(draft.form(), fault, &may_edit)).count()
        })
    }

    /// Whether the reader gets rid of none of these faults here.
    pub fn is_beyond_mending(self, faults: &[Fault]) -> bool {
        let may_edit = |column: &Column| self.may_edit(column);
        self.draft.with_untracked(|draft| {
            faults.iter().all(|fault| is_beyond_mending(draft.form(), fault, &may_edit))
        })
    }

    /// Whether the record can be saved. Where it can't, all faults are shown from now on and the first one gets the focus.
    pub fn check(self) -> bool {
        self.drop_blank_rows();
        // What the server refused before, it decides anew.
        self.refused.update(Vec::clear);
        self.show_faults()
    }

    /// Shows what the server refused, until it is changed or saved again.
    pub fn refuse(self, faults: Faults) {
        self.refused.set(faults);
        self.show_faults();
    }

    /// Shows all faults from now on, the first one with the focus. Gives whether there is none.
    fn show_faults(self) -> bool {
        self.strict.set(true);
        let faults = untrack(|| self.faults());
        self.lead_to_first(&faults)
    }

    /// Whether everything that was typed is a value, which is all that putting it aside asks for. The first thing that is
    /// none gets the focus.
    pub fn is_read(self) -> bool {
        let faults: Faults =
            self.unread.with_untracked(|unread| unread.values().map(|(_, fault)| fault.clone()).collect());
        self.lead_to_first(&faults)
    }

    /// Whether there is no fault; the first one gets the focus.
    fn lead_to_first(self, faults: &Faults) -> bool {
        let Some(first) = self.first_shown(faults) else { return faults.is_empty() };
        request_animation_frame(move || {
            crate::browser::focus_inside(&anchor(&first));
        });
        false
    }

    /// The fault that stands first in the form.
    fn first_shown(self, faults: &Faults) -> Option<String> {
        let place = |fault: &Fault| {
            let top = fault.path.split('.').next().unwrap_or_default().to_string();
            self.draft.with_untracked(|draft| draft.form().fields().position(|column| column.path == top))
        };
        faults.iter().min_by_key(|fault| place(fault).unwrap_or(usize::MAX)).map(|fault| fault.path.clone())
    }

    /// The sentence to show at a path, once somebody was there or tried to save.
    pub fn fault_at(self, path: String) -> Signal<Option<String>> {
        let fault = Memo::new(move |_| {
            let due = self.strict.get() || self.visited.with(|visited| visited.contains(&path));
            if !due {
                return None;
            }
            self.faults().into_iter().find(|fault| fault.path == path)
        });
        Signal::derive(move || fault.get().map(|fault| sentence(&fault)))
    }

    /// How many changes somebody made since the start, what is no value yet included.
    pub fn count_changes(self) -> usize {
        let unread = self.unread.with(BTreeMap::len);
        let made: usize = self.draft.with(|draft| self.made(draft)).into_iter().map(|(_, count)| count).sum();
        unread + made
    }

    /// What is there now was stored as `values`: only what differs from them is a change from here on.
    pub fn start_from(self, values: Values) {
        self.start.set_value(values);
        self.changes.update(|changes| *changes += 1);
    }

    /// What is there now is nobody's entry.
    pub(super) fn start_from_now(self) {
        self.start.set_value(self.draft.with_untracked(|draft| draft.values().clone()));
    }

    /// Whether there is anything that somebody may set.
    pub fn has_inputs(self) -> bool {
        self.draft.with_untracked(|draft| draft.form().all_columns().any(|column| self.may_edit(column)))
    }

    /// Whether somebody changed anything.
    pub fn is_changed(self) -> bool {
        self.count_changes() > 0
    }

    /// The visible fields that somebody changed, with the number of changes in each.
    fn made(self, draft: &Draft) -> Vec<(String, usize)> {
        let found = self.start.with_value(|start| {
            changes(draft.form(), start, draft.values(), &|column| self.may_edit(column))
        });
        found.into_iter().filter(|(path, _)| !draft.is_hidden(path)).collect()
    }

    /// The fields that somebody changed, in their wire form. With them goes what came by chance in a new record: the server
    /// would make another value, and what was shown is what is stored.
    pub fn changed_fields(self) -> serde_json::Map<String, Json> {
        self.draft.with_untracked(|draft| {
            let by_chance = |path: &str| {
                let column = draft.form().column(path).filter(|column| column.subform().is_none());
                column.is_some_and(|column| column.has_random_default() && self.may_edit(column))
            };
            let mut fields = self.fields_made(draft);
            if draft.is_new() {
                fields.extend(engine::record::values_to_json(draft.form(), draft.values(), &by_chance));
            }
            fields
        })
    }

    /// The same without rows that were only added: what is worth keeping.
    pub fn entered_fields(self) -> serde_json::Map<String, Json> {
        self.draft.with_untracked(|draft| self.fields_made(&self.without_blank_rows(draft)))
    }

    /// Whether these values, filled in, would say anything else than what was there at the start.
    pub fn would_change(self, values: Values) -> bool {
        let mut draft = self.draft.with_untracked(Draft::clone);
        draft.apply(values);
        !self.made(&self.without_blank_rows(&draft)).is_empty()
    }

    /// What is left to save of these fields once they are `merged` with what somebody else stored meanwhile, in its wire
    /// form.
    pub fn merged_fields(self, merged: &Values, theirs: &Values) -> serde_json::Map<String, Json> {
        let mut fields = self.draft.with_untracked(|draft| self.wire_form(draft, merged));
        fields.retain(|path, _| get(merged, path) != get(theirs, path));
        fields
    }

    pub(super) fn fields_made(self, draft: &Draft) -> serde_json::Map<String, Json> {
        self.wire_form(draft, draft.values())
    }

    /// These values of the fields that somebody changed in the draft.
    fn wire_form(self, draft: &Draft, values: &Values) -> serde_json::Map<String, Json> {
        let form = draft.form();
        let made: BTreeSet<String> = self.made(draft).into_iter().map(|(path, _)| path).collect();
        // Of a sub-form the rows go as a whole, with the columns that one may edit.
        let include = |path: &str| {
            made.contains(path)
                || form.column(path).is_some_and(|column| column.subform().is_some() && self.may_edit(column))
        };
        engine::record::values_to_json(form, values, &include)
    }

    fn without_blank_rows(self, draft: &Draft) -> Draft {
        let mut draft = draft.clone();
        for (subform, row) in self.blank_rows(&draft) {
            draft.remove_row(&subform, row);
        }
        draft
    }

    /// Takes out the new rows in which nobody entered anything: a row that was only added stops nobody from saving.
    pub fn drop_blank_rows(self) {
        for (subform, row) in self.draft.with_untracked(|draft| self.blank_rows(draft)) {
            self.remove_row(&subform, row);
        }
    }

    /// The new rows that hold no more than a row that was just added, from the last one on.
    fn blank_rows(self, draft: &Draft) -> Vec<(String, usize)> {
        let mut found = Vec::new();
        for subform in draft.form().fields().filter(|column| column.shape == Shape::Rows) {
            let prefix = format!("{}.", subform.path);
            // What is typed and is no value yet is an entry.
            let typing =
                self.unread.with_untracked(|unread| unread.keys().any(|path| path.starts_with(&prefix)));
            if typing || !self.may_edit(subform) {
                continue;
            }
            let mut fresh = draft.clone();
            let place = fresh.add_row(&subform.path);
            let Some(added) = get(fresh.values(), &subform.path).rows().get(place) else { continue };
            let rows = get(draft.values(), &subform.path).rows();
            let inputs: Vec<&Column> =
                draft.form().columns_of(&subform.path).filter(|column| is_entered(column)).collect();
            for (place, row) in rows.iter().enumerate().rev() {
                if row.id.is_none() && is_blank(&inputs, row, added) {
                    found.push((subform.path.clone(), place));
                }
            }
        }
        found
    }

    /// Keeps in mind a note that offers to bring something back, for as long as that can be done.
    pub(super) fn offers(self, note: Note) {
        let _ = self.undoing.try_update_value(|notes| notes.push(note));
    }

    /// Replaces everything by what was kept before, or by what is stored.
    pub fn restore(self, values: Values) {
        take_away(self.undoing);
        self.unread.update(BTreeMap::clear);
        self.visited.update(BTreeSet::clear);
        self.draft.update(|draft| draft.apply(values));
        self.changes.update(|changes| *changes += 1);
        self.load_links();
    }

    /// Fetches the linked records that computing needs and does not have yet, and the titles of those that are shown. One
    /// that can't be seen is not asked for again.
    pub fn load_links(self) {
        self.learn_titles();
        self.load_answers();
        let missing =
            self.draft.with_untracked(|draft| missing_links(draft.form(), draft.values(), draft.linked()));
        let missing: Vec<(Id, Id)> = self
            .asked
            .try_update_value(|asked| missing.into_iter().filter(|record| asked.insert(*record)).collect())
            .unwrap_or_default();
        self.read_links(missing);
    }

    /// Asks again for the linked records that were read: while the form was filled they may have become other ones.
    pub fn load_links_again(self) {
        let known: Option<Vec<(Id, Id)>> = self.asked.try_with_value(|asked| asked.iter().copied().collect());
        self.read_links(known.unwrap_or_default());
    }

    /// Fetches linked records, and computes anew with them.
    fn read_links(self, records: Vec<(Id, Id)>) {
        if records.is_empty() {
            return;
        }
        leptos::task::spawn_local(async move {
            // The page may be gone by now.
            let Some(answer) = self.loaders.linked.try_run(records) else { return };
            let found = answer.await;
            if found.is_empty() {
                return;
            }
            let Some(mut linked) = self.draft.try_with_untracked(|draft| draft.linked().clone()) else {
                return;
            };
            for (form, record, values) in found {
                linked.insert(form, record, values);
            }
            let untouched = untrack(|| !self.is_changed());
            if self.draft.try_update(|draft| draft.learn(linked)).is_some() {
                // What defaults bring with them is nobody's entry.
                if untouched {
                    self.start_from_now();
                }
                self.load_links();
            }
        });
    }
}

/// Whether what stands in a column was entered, or is the same in every row that is added.
fn is_entered(column: &Column) -> bool {
    column.field.is_input() && !column.has_random_default()
}

/// Whether what the server refused is mended at its field alone. What was refused at none, and a limit on a sum, may be
/// mended by any change.
fn is_of_one_field(fault: &Fault) -> bool {
    !fault.path.is_empty() && fault.code != "constraint"
}

/// Takes notes from the screen.
fn take_away(notes: StoredValue<Vec<Note>>) {
    notes.try_update_value(std::mem::take).unwrap_or_default().into_iter().for_each(Note::dismiss);
}

/// Whether a field or column is among those that may be set. Each column stands there by itself: a sub-form that may be
/// edited can have columns that are only read, and one whose rows stay can have columns that are filled.
fn is_open(paths: Option<&BTreeSet<String>>, column: &Column) -> bool {
    column.field.is_input() && paths.is_none_or(|paths| paths.contains(&column.path))
}

/// A fault in the reader's language.
pub fn sentence(fault: &Fault) -> String {
    let language = i18n::language();
    Texts::of(language).fault(fault, language)
}

/// `lines.3.qty` belongs to the column `lines.qty`.
pub fn column_path(path: &str) -> String {
    let mut parts = path.splitn(3, '.');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(subform), Some(_), Some(column)) => format!("{subform}.{column}"),
        _ => path.to_string(),
    }
}

/// The value at `amount` or `lines.3.qty`.
pub fn value_at(values: &Values, path: &str) -> Value {
    let mut parts = path.splitn(3, '.');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(subform), Some(row), Some(column)) => {
            let row: Option<&Row> =
                row.parse().ok().and_then(|row: usize| get(values, subform).rows().get(row));
            row.map(|row| get(&row.values, column).clone()).unwrap_or_default()
        }
        _ => get(values, path).clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::form_of;

    #[test]
    fn a_limit_on_a_sum_may_be_mended_anywhere() {
        assert!(is_of_one_field(&Fault::new("lines.0.qty", "not_unique")));
        assert!(!is_of_one_field(&Fault::new("lines.0.qty", "constraint")));
        assert!(!is_of_one_field(&Fault::new("", "linked")));
    }

    #[test]
    fn a_column_is_open_by_its_own_right_and_not_by_its_sub_forms() {
        let form = form_of(json!([
            {"key": "lines", "label": "lines", "kind": "subform", "options": {"fields": [
                {"key": "qty", "label": "qty", "kind": "number"},
                {"key": "cost", "label": "cost", "kind": "number"},
                {"key": "sum", "label": "sum", "kind": "number", "compute": {"formula": "qty * cost"}}]}}]));
        let open = |paths: Option<&[&str]>| -> Vec<String> {
            let paths: Option<BTreeSet<String>> =
                paths.map(|paths| paths.iter().map(|path| (*path).to_string()).collect());
            let columns = form.all_columns().filter(|column| is_open(paths.as_ref(), column));
            columns.map(|column| column.path.clone()).collect()
        };
        assert_eq!(open(Some(&["lines", "lines.qty", "lines.sum"])), ["lines", "lines.qty"]);
        assert_eq!(open(Some(&["lines.cost"])), ["lines.cost"]);
        assert_eq!(open(None), ["lines", "lines.cost", "lines.qty"]);
    }
}
