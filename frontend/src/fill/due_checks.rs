//! Which checks of a form are told while somebody still fills it: those of which all that they read is entered. Before that
//! nobody has done anything wrong.

use std::collections::BTreeSet;

use engine::condition::Reach;
use engine::field::FieldKind;
use engine::form::{Column, Compiled};
use engine::record::Draft;
use engine::text::Fault;
use engine::value::get;
use leptos::prelude::*;

use super::paths::{column_path, value_at};
use super::state::FormState;

impl FormState {
    /// Whether a check is shown at this path at all.
    pub(super) fn is_checked(self, path: &str) -> bool {
        self.draft
            .with_untracked(|draft| draft.form().validations.iter().any(|validation| validation.at == path))
    }

    /// Whether the form has checks that only the server can make, who knows the records that they count.
    pub(super) fn has_checks_of_others(self) -> bool {
        self.draft.with_untracked(|draft| draft.form().validations.iter().any(|check| check.formula.asks()))
    }

    /// The fault of a check at this path of which everything is entered; tracked.
    pub(super) fn due_fault(self, path: &str) -> Option<Fault> {
        let due = self.due_checks(path);
        if due.is_empty() {
            return None;
        }
        let is_due = |fault: &Fault| {
            fault.path == path && fault.args.get("key").is_some_and(|key| due.contains(key.as_str()))
        };
        let own = self.faults().into_iter().find(|fault| fault.code == "validation" && is_due(fault));
        own.or_else(|| self.told.with(|told| told.iter().find(|fault| fault.path == path).cloned()))
    }

    /// The keys of the checks at this path of which everything is entered.
    fn due_checks(self, path: &str) -> BTreeSet<String> {
        self.visited.with(|visited| {
            self.draft.with(|draft| {
                let form = draft.form().clone();
                let own = form.validations.iter().filter(|check| check.at == path);
                let may_edit = |column: &Column| self.may_edit(column);
                own.filter(|check| is_due(draft, &check.formula, visited, &may_edit))
                    .map(|check| check.key.clone())
                    .collect()
            })
        })
    }
}

/// Whether somebody entered something that a check reads, and nothing of that is left to be entered.
fn is_due(
    draft: &Draft,
    check: &Compiled,
    visited: &BTreeSet<String>,
    may_edit: &dyn Fn(&Column) -> bool,
) -> bool {
    let read = entered_for(draft, check);
    let is_visited = |path: &String| visited.iter().any(|seen| seen == path || column_path(seen) == *path);
    let is_left = |path: &String| draft.form().column(path).is_some_and(may_edit) && !is_filled(draft, path);
    read.iter().any(is_visited) && !read.iter().any(|path| !is_visited(path) && is_left(path))
}

/// The fields and columns that people enter and a check reads, through what is computed too.
fn entered_for(draft: &Draft, check: &Compiled) -> BTreeSet<String> {
    let own = |formula: &Compiled| -> Vec<String> { formula.reaches().map(Reach::own_path).collect() };
    let (mut open, mut seen) = (own(check), BTreeSet::new());
    let mut entered = BTreeSet::new();
    while let Some(path) = open.pop() {
        if !seen.insert(path.clone()) {
            continue;
        }
        let Some(column) = draft.form().column(&path) else { continue };
        match &column.compute {
            Some(formula) => open.extend(own(formula)),
            None => drop(entered.insert(path)),
        }
    }
    entered
}

/// Whether there is something at a path, in each row of a column; a switch that is off says something too.
fn is_filled(draft: &Draft, path: &str) -> bool {
    let Some(column) = draft.form().column(path) else { return true };
    if matches!(column.field.kind, FieldKind::Switch(_)) {
        return true;
    }
    let is_filled = |path: &str| draft.is_hidden(path) || !value_at(draft.values(), path).is_empty();
    match column.subform() {
        None => is_filled(path),
        Some(subform) => {
            let rows = get(draft.values(), subform).rows().len();
            let key = &column.field.key;
            rows > 0 && (0..rows).all(|row| is_filled(&format!("{subform}.{row}.{key}")))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use engine::context::Context;
    use engine::form::{Form, FormDocument, Sketch};
    use engine::value::{Id, Value, parse_timestamp};
    use serde_json::json;

    use super::*;
    use crate::api::forms::Related;

    fn draft() -> Draft {
        let document = json!({"key": "f", "label": "f", "fields": [
            {"key": "had", "label": "had", "kind": "number"},
            {"key": "qty", "label": "qty", "kind": "number", "default": "1"},
            {"key": "each", "label": "each", "kind": "number"},
            {"key": "total", "label": "total", "kind": "number", "compute": {"formula": "qty * each"}},
            {"key": "off", "label": "off", "kind": "switch"},
            {"key": "lines", "label": "lines", "kind": "subform", "options": {"fields": [
                {"key": "part", "label": "part", "kind": "number"}]}}],
            "validate": [
                {"key": "enough", "formula": "OR(off, total <= had)", "message": "not enough"},
                {"key": "parts", "formula": "SUM(lines.part) <= had", "message": "too much"}]});
        let document: FormDocument = serde_json::from_value(document).unwrap();
        let sketch = Sketch { id: Id::from_i64(1).unwrap(), app: "x".into(), document };
        let form = Form::publish(Arc::new(sketch), 1, &Related::default()).unwrap();
        let now = parse_timestamp("2026-11-22T08:05:00Z").unwrap();
        Draft::new(Arc::new(form), Context::system(now, jiff::tz::TimeZone::UTC))
    }

    /// Whether a check is due once these paths were entered.
    fn due(draft: &Draft, check: usize, visited: &[&str]) -> bool {
        let visited = visited.iter().map(|path| (*path).to_string()).collect();
        is_due(draft, &draft.form().validations[check].formula, &visited, &|_| true)
    }

    #[test]
    fn a_check_is_due_once_all_that_it_reads_is_entered() {
        let mut draft = draft();
        assert!(!due(&draft, 0, &[]), "nobody entered anything");
        draft.set("had", Value::number(5));
        assert!(!due(&draft, 0, &["had"]), "how much each takes is still to come");
        draft.set("each", Value::number(9));
        // The quantity came by itself, and the switch is off.
        assert!(due(&draft, 0, &["had", "each"]));
        assert!(!due(&draft, 0, &[]), "it was all there before");
        // Who empties a field again has been there.
        draft.set("each", Value::Empty);
        assert!(due(&draft, 0, &["had", "each"]));
        // What one may not enter is not waited for.
        let check = &draft.form().validations[0].formula;
        let visited = BTreeSet::from(["had".to_string()]);
        assert!(is_due(&draft, check, &visited, &|column| column.path != "each"));
    }

    #[test]
    fn a_check_over_rows_is_due_once_each_row_is_entered() {
        let mut draft = draft();
        draft.set("had", Value::number(5));
        assert!(!due(&draft, 1, &["had"]), "there is no row");
        let row = draft.add_row("lines");
        assert!(!due(&draft, 1, &["had"]));
        let cell = format!("lines.{row}.part");
        draft.set(&cell, Value::number(7));
        assert!(due(&draft, 1, &[cell.as_str()]));
        assert!(due(&draft, 1, &["had"]));
    }
}
