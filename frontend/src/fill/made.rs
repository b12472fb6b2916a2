//! What somebody made of a record since the start: how much of it there is, and what of it is saved or kept.

use std::collections::{BTreeMap, BTreeSet};

use engine::field::Shape;
use engine::form::Column;
use engine::record::Draft;
use engine::value::{Value, Values, get};
use leptos::prelude::*;
use serde_json::Value as Json;

use super::changes::{changes, is_blank, same};
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

    /// The fields that somebody changed, in their wire form, as they are saved. With them goes what the server would make
    /// another value of than the one that is shown: what came by chance in a new record, and what somebody set back to what it
    /// was where a default or a link fills it. Of rows nothing goes that nobody entered.
    pub fn changed_fields(self) -> serde_json::Map<String, Json> {
        self.draft.with_untracked(|draft| {
            let mut paths = self.paths_made(draft);
            let shown = draft.form().fields().filter(|column| {
                let by_chance = draft.is_new() && column.has_random_default();
                let is_theirs = column.prefilled && draft.is_entered(&column.path);
                self.may_edit(column) && (by_chance || (is_theirs && !draft.is_hidden(&column.path)))
            });
            paths.extend(shown.map(|column| column.path.clone()));
            let mut fields = self.wire_form(draft, draft.values(), &paths);
            self.start.with_value(|start| leave_out_unsaid(draft, start, &mut fields));
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
        let mut fields =
            self.draft.with_untracked(|draft| self.wire_form(draft, merged, &self.paths_made(draft)));
        fields.retain(|path, _| get(merged, path) != get(theirs, path));
        fields
    }

    pub(super) fn fields_made(self, draft: &Draft) -> serde_json::Map<String, Json> {
        self.wire_form(draft, draft.values(), &self.paths_made(draft))
    }

    /// The fields that somebody changed in the draft.
    fn paths_made(self, draft: &Draft) -> BTreeSet<String> {
        self.made(draft).into_iter().map(|(path, _)| path).collect()
    }

    /// These values of the fields at `paths`.
    fn wire_form(
        self,
        draft: &Draft,
        values: &Values,
        paths: &BTreeSet<String>,
    ) -> serde_json::Map<String, Json> {
        let form = draft.form();
        // Of a sub-form the rows go as a whole, with the columns that one may edit.
        let include = |path: &str| {
            paths.contains(path)
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

/// Takes the cells out of rows that are as they were at the start and that nobody set: a link whose record is not known here
/// fills them at the save.
fn leave_out_unsaid(draft: &Draft, start: &Values, fields: &mut serde_json::Map<String, Json>) {
    for subform in draft.form().fields().filter(|column| column.shape == Shape::Rows) {
        let sent = fields.get_mut(&subform.path).and_then(Json::as_array_mut).into_iter().flatten();
        let (was, is) = (get(start, &subform.path).rows(), get(draft.values(), &subform.path).rows());
        for (place, (cells, row)) in sent.zip(is).enumerate() {
            let before = row.id.and_then(|id| was.iter().find(|before| before.id == Some(id)));
            let is_said = |key: &str| {
                let before = before.map_or(&Value::Empty, |before| get(&before.values, key));
                !same(before, get(&row.values, key))
                    || draft.is_entered(&format!("{}.{place}.{key}", subform.path))
            };
            if let Some(cells) = cells.as_object_mut() {
                cells.retain(|key, _| key == "id" || is_said(key));
            }
        }
    }
}

/// Whether what stands in a column was entered, or is the same in every row that is added.
fn is_entered(column: &Column) -> bool {
    column.field.is_input() && !column.has_random_default()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use engine::context::Context;
    use engine::record::Linked;
    use engine::value::{Id, Row, Timestamp};
    use serde_json::json;

    use super::*;
    use crate::testing::form_of;

    #[test]
    fn of_rows_goes_what_somebody_set_and_what_became_another() {
        let form = Arc::new(form_of(json!([
            {"key": "lines", "label": "lines", "kind": "subform", "options": {"fields": [
                {"key": "qty", "label": "qty", "kind": "number"},
                {"key": "price", "label": "price", "kind": "number"},
                {"key": "note", "label": "note", "kind": "text", "default": "new"}]}}])));
        let cells = |qty: u32, price: u32| {
            Values::from([
                ("qty".to_string(), Value::number(qty)),
                ("price".to_string(), Value::number(price)),
            ])
        };
        let id = Id::from_i64(7).unwrap();
        let row = Row { id: Some(id), values: cells(1, 4) };
        let start = Values::from([("lines".to_string(), Value::Rows(vec![row]))]);
        let now: Timestamp = "2026-11-22T08:00:00Z".parse().unwrap();
        let context = Context::system(now, jiff::tz::TimeZone::UTC);
        let mut draft = Draft::edit(form, context, Linked::default(), start.clone(), Values::new());
        draft.set("lines.0.qty", Value::number(2));
        draft.add_row("lines");
        draft.set("lines.1.price", Value::Empty);
        let sent = |draft: &Draft| {
            let mut fields = engine::record::values_to_json(draft.form(), draft.values(), &|_| true);
            leave_out_unsaid(draft, &start, &mut fields);
            json!(fields)
        };
        let first = json!({"id": id.to_string(), "qty": "2.00"});
        let new = json!({"price": null, "note": "new"});
        assert_eq!(sent(&draft), json!({"lines": [first, new]}));
        // What is set back to what it was is said all the same, wherever its row stands by then.
        draft.set("lines.0.qty", Value::number(1));
        draft.move_row("lines", 0, 1);
        let first = json!({"id": id.to_string(), "qty": "1.00"});
        assert_eq!(sent(&draft), json!({"lines": [new, first]}));
    }
}
