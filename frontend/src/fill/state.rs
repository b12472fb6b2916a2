//! The state of a form that somebody fills: the engine's draft, and what is typed and not yet a value. What is wrong with it
//! is in `checks`, what somebody made of it in `made`, what it fetches in `loaders`, and its rows in `rows`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use engine::context::KnownNames;
use engine::form::Column;
use engine::record::Draft;
use engine::text::{Fault, Faults};
use engine::value::{Id, Value, Values, parse_timestamp};
use leptos::prelude::*;
use serde_json::Value as Json;
use wire::records::Former;

use super::checks::is_of_one_field;
use super::loaders::Loaders;
use super::paths::{column_path, value_at};
use super::reading::{Titles, fewest_decimals};
use crate::ui::toast::Note;
use crate::{i18n, text};

/// What was typed and is no value, by path, with the fault.
pub type Unread = BTreeMap<String, (String, Fault)>;

/// A form being filled. Cheap to copy; lives as long as the page that made it.
#[derive(Clone, Copy)]
pub struct FormState {
    pub draft: RwSignal<Draft, LocalStorage>,
    /// What was typed and is no value, by path, with the fault.
    pub(super) unread: RwSignal<Unread>,
    /// What the server refused.
    pub(super) refused: RwSignal<Faults>,
    /// What the server says would be wrong with what is entered, of what it alone can check. It has a say once more when the
    /// record is sent, and keeps nobody from sending it.
    pub(super) told: RwSignal<Faults>,
    /// Whether faults are shown at fields that nobody touched yet: after the first try to save.
    pub strict: RwSignal<bool>,
    /// Paths that somebody left after typing.
    pub(super) visited: RwSignal<BTreeSet<String>>,
    /// Titles of linked records and members.
    pub titles: Titles,
    pub loaders: Loaders,
    /// The fields that whoever returned the record wants changed.
    pub marked: RwSignal<BTreeSet<String>>,
    /// What fields held before they became others that cannot hold it, as the server tells of a stored record.
    pub former: RwSignal<BTreeMap<String, Former>>,
    /// The paths that may be edited; everything without it.
    pub editable: StoredValue<Option<BTreeSet<String>>>,
    /// What was chosen beside the fields, by names that no field has: it is kept with them.
    pub(super) beside: RwSignal<serde_json::Map<String, Json>>,
    /// Counts every change, for keeping the draft.
    pub changes: RwSignal<u32>,
    pub(super) start: StoredValue<Values>,
    /// The record that is changed; none for a new one.
    pub record: StoredValue<Option<Id>>,
    /// The questions to other forms that were asked.
    pub(super) questions: StoredValue<BTreeSet<String>>,
    /// How many answers are on their way that values come from.
    pub(super) coming: RwSignal<u32>,
    /// Linked records that were asked for.
    pub(super) asked: StoredValue<BTreeSet<(Id, Id)>>,
    /// The notes that offer to bring something back into this form.
    undoing: StoredValue<Vec<Note>>,
    /// Turns to the page on which a field stands, where the form is shown page by page.
    pub turning: StoredValue<Option<Callback<String>>>,
}

impl FormState {
    pub fn new(mut draft: Draft, loaders: Loaders, titles: Titles) -> FormState {
        draft.call_by(KnownNames::of(Arc::new(titles)));
        draft.remember_hidden();
        let start = StoredValue::new(draft.values().clone());
        let undoing = StoredValue::new(Vec::<Note>::new());
        // Saved or left, the form takes nothing back.
        on_cleanup(move || take_away(undoing));
        let state = FormState {
            draft: RwSignal::new_local(draft),
            unread: RwSignal::default(),
            refused: RwSignal::default(),
            told: RwSignal::default(),
            strict: RwSignal::new(false),
            visited: RwSignal::default(),
            titles,
            loaders,
            marked: RwSignal::default(),
            former: RwSignal::default(),
            editable: StoredValue::new(None),
            beside: RwSignal::default(),
            changes: RwSignal::new(0),
            start,
            record: StoredValue::new(None),
            questions: StoredValue::default(),
            coming: RwSignal::new(0),
            asked: StoredValue::default(),
            undoing,
            turning: StoredValue::new(None),
        };
        state.ask_server();
        state.hear_names();
        state
    }

    /// The value at `amount` or `lines.3.qty`, live.
    pub fn value(self, path: String) -> Memo<Value> {
        Memo::new(move |_| self.draft.with(|draft| value_at(draft.values(), &path)))
    }

    /// What is said of a field that holds nothing since it became another: what it held is not gone.
    pub fn former_at(self, path: String) -> Signal<Option<String>> {
        let value = self.value(path.clone());
        Signal::derive(move || {
            let Former { text, until } = self.former.with(|former| former.get(&path).cloned())?;
            let until = parse_timestamp(&until).map(i18n::date_time)?;
            value.with(Value::is_empty).then(|| text!("fill-former", value = text, until = until))
        })
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

    /// Whether there is anything that somebody may set.
    pub fn has_inputs(self) -> bool {
        self.draft.with_untracked(|draft| draft.form().all_columns().any(|column| self.may_edit(column)))
    }

    /// Keeps in mind a note that offers to bring something back, for as long as that can be done.
    pub(super) fn offers(self, note: Note) {
        let _ = self.undoing.try_update_value(|notes| notes.push(note));
    }

    /// Whether nothing is on its way that values come from; tracked.
    pub fn is_whole(self) -> bool {
        self.coming.get() == 0
    }

    pub(super) fn awaits_values(self) {
        let _ = self.coming.try_update(|coming| *coming += 1);
    }

    pub(super) fn has_values(self) {
        let _ = self.coming.try_update(|coming| *coming = coming.saturating_sub(1));
    }

    /// Replaces everything by what was kept before, or by what is stored.
    pub fn restore(self, values: Values) {
        take_away(self.undoing);
        self.unread.update(BTreeMap::clear);
        self.visited.update(BTreeSet::clear);
        self.told.update(Vec::clear);
        self.draft.update(|draft| draft.apply(values));
        self.changes.update(|changes| *changes += 1);
        self.load_links();
    }
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::form_of;

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
