//! What can't be computed yet because what it is computed from is still empty: no fault of whoever begins a record.

use std::collections::BTreeSet;

use engine::condition::Reach;
use engine::form::Form;
use engine::record::Draft;
use engine::value::{Value, get};
use leptos::prelude::*;

use super::paths::{column_path, value_at};
use super::state::FormState;

impl FormState {
    /// Whether an error at `amount` or `lines.3.qty` only says that something is still to be filled in. Whoever tried to
    /// save is told all errors.
    pub fn waits(self, path: String) -> Memo<bool> {
        Memo::new(move |_| !self.strict.get() && self.draft.with(|draft| waits(draft, &path)))
    }

    /// Whether what is computed at a path follows from something that was typed and is no value: what it gave before says
    /// nothing of what stands there now.
    pub fn is_undetermined(self, path: String) -> Memo<bool> {
        Memo::new(move |_| {
            self.unread.with(|unread| {
                let follows_from =
                    |typed: &String| self.draft.with_untracked(|draft| follows(draft.form(), &path, typed));
                unread.keys().any(follows_from)
            })
        })
    }
}

/// Whether a new record has an error at a path since what it is computed from is empty.
fn waits(draft: &Draft, path: &str) -> bool {
    let is_error = matches!(value_at(draft.values(), path), Value::Error(_));
    let column = column_path(path);
    let is_computed = draft.form().column(&column).is_some_and(|column| column.compute.is_some());
    draft.is_new() && is_error && is_computed && Search { draft, seen: BTreeSet::new() }.is_unfilled(path)
}

impl FormState {
    /// Whether a sum over a column is of values of which one can't be read, or follows from one.
    pub fn has_undetermined(self, column: String) -> Memo<bool> {
        Memo::new(move |_| {
            self.unread.with(|unread| {
                unread.keys().any(|typed| {
                    let from = column_path(typed);
                    let is_behind = |draft: &Draft| draft.form().followers(&from).contains(column.as_str());
                    from == column || self.draft.with_untracked(is_behind)
                })
            })
        })
    }
}

/// Whether what a formula gives at `path` follows from what stands at `entered`: in the same row, where both are in one.
fn follows(form: &Form, path: &str, entered: &str) -> bool {
    let (at, from) = (column_path(path), column_path(entered));
    let place = |path: &str| {
        let mut parts = path.splitn(3, '.').map(str::to_string);
        Some((parts.next()?, parts.next()?))
    };
    let is_elsewhere = match (place(path), place(entered)) {
        (Some((subform, row)), Some((other, other_row))) => subform == other && row != other_row,
        _ => false,
    };
    let is_computed = form.column(&at).is_some_and(|column| column.compute.is_some());
    is_computed && !is_elsewhere && form.followers(&from).contains(at.as_str())
}

/// Looks for what is empty, through what is computed from others.
struct Search<'a> {
    draft: &'a Draft,
    /// The paths that were looked at: each once is enough.
    seen: BTreeSet<String>,
}

impl Search<'_> {
    fn is_unfilled(&mut self, path: &str) -> bool {
        if !self.seen.insert(path.to_string()) {
            return false;
        }
        let draft = self.draft;
        let Some(column) = draft.form().column(&column_path(path)) else { return false };
        let Some(formula) = &column.compute else { return value_at(draft.values(), path).is_empty() };
        let reads: Vec<String> = formula.reaches().flat_map(|reach| self.read_by(path, reach)).collect();
        reads.iter().any(|read| self.is_unfilled(read))
    }

    /// Where a formula at `path` reads: in its own row, in the record, or in every row of a sub-form; the sub-form itself
    /// where it has no row.
    fn read_by(&self, path: &str, reach: &Reach) -> Vec<String> {
        let own = reach.own_path();
        let Some((subform, column)) = own.split_once('.') else { return vec![own] };
        let row = path.split('.').nth(1).filter(|_| reach.in_row.is_some());
        if let Some(row) = row {
            return vec![format!("{subform}.{row}.{column}")];
        }
        match get(self.draft.values(), subform).rows().len() {
            0 => vec![subform.to_string()],
            rows => (0..rows).map(|row| format!("{subform}.{row}.{column}")).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use engine::context::Context;
    use engine::value::parse_timestamp;
    use serde_json::json;

    use super::*;
    use crate::testing::form_of;

    fn draft() -> Draft {
        let form = form_of(json!([
            {"key": "cost", "label": "cost", "kind": "number"},
            {"key": "lines", "label": "lines", "kind": "subform", "options": {"fields": [
                {"key": "qty", "label": "qty", "kind": "number"},
                {"key": "part", "label": "part", "kind": "number", "compute": {"formula": "1 / SUM(qty)"}}]}},
            {"key": "total", "label": "total", "kind": "formula", "options": {"formula": "SUM(lines.qty)"}},
            {"key": "rate", "label": "rate", "kind": "formula", "options": {"formula": "cost / total"}}]));
        let now = parse_timestamp("2026-11-22T08:05:00Z").unwrap();
        Draft::new(Arc::new(form), Context::system(now, jiff::tz::TimeZone::UTC))
    }

    #[test]
    fn what_follows_from_what_can_not_be_read_is_not_determined() {
        let draft = draft();
        let follows = |path: &str, entered: &str| follows(draft.form(), path, entered);
        assert!(follows("lines.0.part", "lines.0.qty") && !follows("lines.1.part", "lines.0.qty"));
        assert!(follows("total", "lines.3.qty") && follows("rate", "lines.3.qty") && follows("rate", "cost"));
        assert!(!follows("total", "cost") && !follows("lines.0.qty", "lines.0.qty"));
    }

    #[test]
    fn an_error_waits_until_what_it_reads_is_filled() {
        let mut draft = draft();
        draft.set("cost", Value::number(5));
        assert!(matches!(value_at(draft.values(), "rate"), Value::Error(_)));
        assert!(waits(&draft, "rate") && !waits(&draft, "total") && !waits(&draft, "cost"));
        let row = draft.add_row("lines");
        assert!(waits(&draft, "rate") && waits(&draft, &format!("lines.{row}.part")));
        // Nought is a number that somebody entered: what comes of it is told.
        draft.set(&format!("lines.{row}.qty"), Value::number(0));
        assert!(matches!(value_at(draft.values(), "rate"), Value::Error(_)));
        assert!(!waits(&draft, "rate") && !waits(&draft, &format!("lines.{row}.part")));
    }
}
