//! What a draft computes: visibility, values, defaults, what links fill. Only what depends on a change, in order.

use super::Draft;
use super::changes::{Changes, Extent};
use super::fit::{fit, unset};
use super::place::cell_path;
use crate::condition::{Reach, Source};
use crate::field::{FieldKind, FillMode, MAX_REFS, Shape};
use crate::form::{CheckedDefault, Column, Compiled, Node, WhenHidden};
use crate::formula::Budget;
use crate::value::{Id, Value, get};

impl Draft {
    /// Computes everything, as at the start or when the day has changed.
    pub fn recompute(&mut self) {
        self.settle(Changes::everything());
    }

    /// Runs the tasks that read something that changed, in order.
    pub(super) fn settle(&mut self, mut changes: Changes) {
        if changes.is_empty() {
            return;
        }
        let form = self.form.clone();
        let mut budget = Budget::for_record();
        let mut rows_back = Vec::new();
        for task in form.tasks() {
            let Some(column) = form.column(task.node.path()) else { continue };
            let Some(extent) = changes.affected(task, column) else { continue };
            for row in self.places(column, &extent) {
                let changed = match &task.node {
                    Node::Visible(_) => {
                        let turned = self.settle_visibility(column, row);
                        if turned && self.turn_aside(column, row, &changes) {
                            changes.mark(Node::Value(column.path.clone()), Extent::of(row));
                            rows_back.extend((column.shape == Shape::Rows).then(|| column.path.clone()));
                        }
                        turned
                    }
                    Node::Value(_) => self.settle_value(column, row, &changes, &mut budget),
                };
                if changed {
                    changes.mark(task.node.clone(), Extent::of(row));
                    if column.linkage().is_some() && column.shape == Shape::Rows {
                        // Other rows, with whatever stands in them.
                        self.mark_columns(&column.path, &Extent::All, &mut changes);
                    }
                }
            }
        }
        self.ask_checks(&changes);
        self.settle_rows_back(&rows_back);
    }

    /// The rows to look at; `None` stands for the record itself.
    pub(super) fn places(&self, column: &Column, extent: &Extent) -> Vec<Option<usize>> {
        let Some(subform) = column.subform() else { return vec![None] };
        let count = get(&self.values, subform).rows().len();
        match extent {
            Extent::All => (0..count).map(Some).collect(),
            Extent::Rows(rows) => rows.iter().filter(|row| **row < count).map(|row| Some(*row)).collect(),
        }
    }

    fn settle_visibility(&mut self, column: &Column, row: Option<usize>) -> bool {
        let path = cell_path(column, row);
        let own = column.visible_when.as_ref();
        let form = self.form.clone();
        let shown_by: Vec<_> = form.rules.iter().filter(|rule| rule.show.contains(&column.path)).collect();
        if own.is_none() && shown_by.is_empty() {
            return false;
        }
        self.evaluations += 1;
        let source = self.reader(row);
        let visible = own.is_none_or(|condition| condition.holds(&source, &self.context))
            && (shown_by.is_empty() || shown_by.iter().any(|rule| rule.when.holds(&source, &self.context)));
        if visible { self.hidden.remove(&path) } else { self.hidden.insert(path) }
    }

    fn settle_value(
        &mut self,
        column: &Column,
        row: Option<usize>,
        changes: &Changes,
        budget: &mut Budget,
    ) -> bool {
        if column.shape == Shape::Rows {
            return self.settle_rows(column);
        }
        let value = self.value_of(column, row, changes, budget);
        match value {
            Some(value) => self.assign(&column.path, row, value),
            None => false,
        }
    }

    /// A hidden sub-form loses its rows, or keeps those that are stored; one that another form fills gets its rows.
    fn settle_rows(&mut self, column: &Column) -> bool {
        if !self.is_hidden(&column.path) {
            return self.settle_linked_rows(column);
        }
        let kept = match column.field.hidden_policy() {
            WhenHidden::Clear => Value::Empty,
            WhenHidden::Keep => get(&self.stored, &column.path).clone(),
            WhenHidden::Recompute => return false,
        };
        let ids = |value: &Value| value.rows().iter().map(|row| row.id).collect::<Vec<_>>();
        if ids(&kept) == ids(get(&self.values, &column.path)) {
            // The same rows: what becomes of their cells is said by their columns.
            return false;
        }
        self.assign(&column.path, None, kept)
    }

    /// Gives a sub-form that nobody has filled the rows that another form has for it.
    fn settle_linked_rows(&mut self, column: &Column) -> bool {
        let Some(linkage) = column.linkage().filter(|_| self.takes_default(column, None, &column.path))
        else {
            return false;
        };
        let Some(rows) = self.linked_default(column, linkage, None) else { return false };
        let is_new = self.assign(&column.path, None, rows);
        if is_new {
            self.linked_rows.insert(column.path.clone());
        }
        is_new
    }

    /// What becomes of a hidden value. Where a sub-form as a whole is hidden and keeps its rows, their cells are kept too.
    fn hidden_policy(&self, column: &Column) -> WhenHidden {
        let own = column.field.hidden_policy();
        let hidden = column.subform().filter(|subform| self.hidden.contains(*subform));
        let rows = hidden.and_then(|subform| self.form.column(subform));
        match rows.map(|rows| rows.field.hidden_policy()) {
            Some(WhenHidden::Keep) if own == WhenHidden::Clear => WhenHidden::Keep,
            _ => own,
        }
    }

    /// The value that a field or cell has by its rules; `None` where it keeps what it has.
    fn value_of(
        &mut self,
        column: &Column,
        row: Option<usize>,
        changes: &Changes,
        budget: &mut Budget,
    ) -> Option<Value> {
        let path = cell_path(column, row);
        let hidden = self.is_hidden(&path);
        if hidden {
            self.asks_nothing(&path);
            match self.hidden_policy(column) {
                WhenHidden::Clear => return Some(unset(column)),
                WhenHidden::Keep => return Some(self.stored_value(column, row)),
                WhenHidden::Recompute => {}
            }
        }
        if let Some(formula) = &column.compute {
            if formula.reaches().any(|reach| self.waits_for(reach, row)) {
                return None;
            }
            return match self.evaluate(formula, &path, row, budget) {
                Some(value) => Some(fit(value, column)),
                None => self.told(&path),
            };
        }
        if let Some(reach) = &column.reach {
            if self.waits_for(reach, row) {
                return None;
            }
            return Some(self.reader(row).value(reach));
        }
        if matches!(column.field.kind, FieldKind::Rollup(_)) {
            return Some(get(&self.given, &path).clone());
        }
        if let Some(value) = self.filled(column, row, &path, changes) {
            return Some(value);
        }
        if self.takes_default(column, row, &path) {
            match &column.default {
                Some(CheckedDefault::Value(value)) => return Some(value.clone()),
                Some(CheckedDefault::Formula(formula)) => {
                    return match self.evaluate(formula, &path, row, budget) {
                        Some(value) => Some(fit(value, column)),
                        None => self.told(&path),
                    };
                }
                Some(CheckedDefault::Linkage(linkage)) => return self.linked_default(column, linkage, row),
                None => {}
            }
            if let Some(own) = column.field.kind.of_maker(&self.context) {
                return Some(own);
            }
        }
        let current = self.current(column, row);
        (column.shape == Shape::Bool && current.is_empty()).then_some(Value::Bool(false))
    }

    /// Defaults are for what is new and was not set by anybody; of a sub-form that nobody has touched, its rows included.
    pub(super) fn takes_default(&self, column: &Column, row: Option<usize>, path: &str) -> bool {
        let new = match (column.subform(), row) {
            (Some(subform), Some(row)) => {
                let row = get(&self.values, subform).rows().get(row);
                row.is_some_and(|row| row.id.is_none_or(|id| self.named.contains(&id)))
            }
            _ => self.is_new,
        };
        if column.shape == Shape::Rows {
            let within = format!("{path}.");
            return new && !self.touched.iter().any(|known| known == path || known.starts_with(&within));
        }
        new && !self.touched.contains(path) && !self.is_linked_cell(column)
    }

    /// What a link that was just set copies into this field.
    fn filled(&self, column: &Column, row: Option<usize>, path: &str, changes: &Changes) -> Option<Value> {
        if changes.is_set(path) {
            return None;
        }
        for (link_path, extent) in changes.links() {
            let link = self.form.column(link_path)?;
            let Some(options) = link.field.kind.as_link() else { continue };
            let same_row = match (link.subform(), extent, row) {
                (None, ..) => column.subform().is_none(),
                (Some(subform), Extent::All, Some(_)) => column.subform() == Some(subform),
                (Some(subform), Extent::Rows(rows), Some(row)) => {
                    column.subform() == Some(subform) && rows.contains(&row)
                }
                (Some(_), _, None) => false,
            };
            // What is live is read, not copied.
            let mut copied = options.fill.iter().filter(|fill| fill.mode == FillMode::Snapshot);
            let Some(fill) = copied.find(|fill| fill.to == column.field.key).filter(|_| same_row) else {
                continue;
            };
            let target = self.current(link, row);
            if target.is_empty() {
                return Some(unset(column));
            }
            let form = link.target?;
            // Not known yet: filled when it is.
            let is_known = |id: &Id| self.linked.contains(form, *id);
            if !target.items().iter().all(|item| item.as_ref_id().as_ref().is_some_and(is_known)) {
                return None;
            }
            let hops = vec![(link.field.key.clone(), form)];
            let reach = Reach {
                rows: None,
                in_row: link.subform().map(str::to_string),
                hops,
                field: fill.from.clone(),
            };
            if matches!(target, Value::List(_)) {
                return Some(fit(self.gathered(&target, &reach), column));
            }
            return Some(fit(self.reader(row).value(&reach), column));
        }
        None
    }

    /// What several linked records hold, together and each once.
    fn gathered(&self, targets: &Value, reach: &Reach) -> Value {
        let mut all: Vec<Value> = Vec::new();
        for target in targets.items() {
            let held = self.linked.follow(target, reach);
            for item in held.items() {
                if !item.is_empty() && !all.contains(item) && all.len() < MAX_REFS {
                    all.push(item.clone());
                }
            }
        }
        if all.is_empty() { Value::Empty } else { Value::List(all) }
    }

    /// What a formula gives; `None` where it asks what is not known yet.
    fn evaluate(
        &mut self,
        formula: &Compiled,
        path: &str,
        row: Option<usize>,
        budget: &mut Budget,
    ) -> Option<Value> {
        self.evaluations += 1;
        let (value, asks) = formula.ask(&self.reader(row), &self.context, budget, &self.answers);
        if asks.is_empty() {
            self.asks_nothing(path);
            return Some(value);
        }
        self.asks_for(path, asks);
        None
    }
}
