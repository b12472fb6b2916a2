//! What somebody made of a record since the start: how much of it there is, and what of it is saved or kept.

use std::collections::{BTreeMap, BTreeSet};

use engine::field::Shape;
use engine::form::Column;
use engine::record::Draft;
use engine::value::{Values, get};
use leptos::prelude::*;
use serde_json::Value as Json;

use super::changes::{changes, is_blank};
use super::state::FormState;

impl FormState {
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

    /// Whether somebody changed anything.
    pub fn is_changed(self) -> bool {
        self.count_changes() > 0
    }

    /// Whether somebody changed anything, or chose anything beside the fields.
    pub fn has_entries(self) -> bool {
        self.is_changed() || self.beside.with(|beside| !beside.is_empty())
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

    /// What was typed and is no value, by its path.
    pub fn typed_texts(self) -> Vec<(String, String)> {
        self.unread.with_untracked(|unread| {
            unread.iter().map(|(path, (typed, _))| (path.clone(), typed.clone())).collect()
        })
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
}

/// Whether what stands in a column was entered, or is the same in every row that is added.
fn is_entered(column: &Column) -> bool {
    column.field.is_input() && !column.has_random_default()
}
