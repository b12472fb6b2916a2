//! The draft: values, and what is computed from them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Linked;
use crate::condition::{Reach, Source};
use crate::context::Context;
use crate::field::{FieldKind, Shape};
use crate::form::{CheckedDefault, Column, Compiled, Form, Node, WhenHidden};
use crate::formula::Budget;
use crate::value::{ErrorValue, Row, Value, Values, fits, get, round};

/// A record while it is made or changed.
#[derive(Clone)]
pub struct Draft {
    pub(super) form: Arc<Form>,
    pub(super) context: Context,
    pub(super) linked: Linked,
    /// System fields, and rollups of this record, which only the server can compute.
    given: Values,
    /// What is stored; empty for a new record.
    stored: Values,
    pub(super) values: Values,
    /// Paths that a rule hides: `amount`, `lines.3.qty`.
    hidden: BTreeSet<String>,
    /// Paths that somebody set: their defaults are no longer evaluated.
    touched: BTreeSet<String>,
    is_new: bool,
    /// Whether what reads a linked record that is not known keeps its value, in place of reading it as empty.
    waits: bool,
    evaluations: u64,
}

/// Which rows of a column changed.
#[derive(Clone, Debug, PartialEq)]
enum Extent {
    All,
    Rows(BTreeSet<usize>),
}

/// What changed in one go.
#[derive(Default)]
struct Changes {
    nodes: BTreeMap<Node, Extent>,
    /// Links that were set: what they fill is copied.
    links: BTreeMap<String, Extent>,
    /// Paths set in the same go: a link does not overwrite them.
    set: BTreeSet<String>,
}

impl Changes {
    fn mark(&mut self, node: Node, extent: Extent) {
        merge(self.nodes.entry(node).or_insert_with(|| Extent::Rows(BTreeSet::new())), extent);
    }

    fn mark_link(&mut self, path: &str, extent: Extent) {
        merge(self.links.entry(path.to_string()).or_insert_with(|| Extent::Rows(BTreeSet::new())), extent);
    }
}

fn merge(into: &mut Extent, other: Extent) {
    match (into, other) {
        (Extent::Rows(rows), Extent::Rows(more)) => rows.extend(more),
        (into, _) => *into = Extent::All,
    }
}

impl Draft {
    /// A new record, with its defaults.
    pub fn new(form: Arc<Form>, context: Context) -> Draft {
        Draft::start(form, context, Linked::default(), Values::new(), Values::new(), (true, false))
    }

    /// A new record for which linked records are known already.
    pub fn new_with(form: Arc<Form>, context: Context, linked: Linked) -> Draft {
        Draft::start(form, context, linked, Values::new(), Values::new(), (true, false))
    }

    /// A stored record. `given` has its system fields (`$owner`, …) and rollups.
    pub fn edit(form: Arc<Form>, context: Context, linked: Linked, stored: Values, given: Values) -> Draft {
        Draft::start(form, context, linked, stored, given, (false, false))
    }

    /// A stored record that is looked at, without the records that it links to: what reads one keeps its stored value until
    /// that record is known ([`Draft::learn`]), and for ever where it may not be seen.
    pub fn open(form: Arc<Form>, context: Context, stored: Values, given: Values) -> Draft {
        Draft::start(form, context, Linked::default(), stored, given, (false, true))
    }

    fn start(
        form: Arc<Form>,
        context: Context,
        linked: Linked,
        stored: Values,
        given: Values,
        (is_new, waits): (bool, bool),
    ) -> Draft {
        let values = stored.clone();
        let mut draft = Draft {
            form,
            context,
            linked,
            given,
            stored,
            values,
            hidden: BTreeSet::new(),
            touched: BTreeSet::new(),
            is_new,
            waits,
            evaluations: 0,
        };
        draft.recompute();
        draft
    }

    pub fn form(&self) -> &Arc<Form> {
        &self.form
    }

    /// All values as they would be stored, live ones included.
    pub fn values(&self) -> &Values {
        &self.values
    }

    /// The linked records that are known.
    pub fn linked(&self) -> &Linked {
        &self.linked
    }

    /// The values without what is read live.
    pub fn stored_values(&self) -> Values {
        let mut values = self.values.clone();
        values.retain(|key, value| {
            let kept = self.form.column(key).is_some_and(|column| !column.is_live());
            if let Value::Rows(rows) = value {
                for row in rows {
                    row.values.retain(|inner, value| {
                        let live = self.form.column(&format!("{key}.{inner}")).is_none_or(Column::is_live);
                        !live && !value.is_empty()
                    });
                }
            }
            kept && !value.is_empty()
        });
        values
    }

    /// How many formulas and conditions were evaluated so far.
    pub fn evaluations(&self) -> u64 {
        self.evaluations
    }

    /// Whether a rule hides the field or cell at `amount`, `lines.3.qty` (or its whole sub-form).
    pub fn is_hidden(&self, path: &str) -> bool {
        let subform_hidden = path.split_once('.').is_some_and(|(subform, _)| self.hidden.contains(subform));
        subform_hidden || self.hidden.contains(path)
    }

    /// Sets one value: `amount`, or `lines.3.qty`. Computed fields and unknown paths stay as they are.
    pub fn set(&mut self, path: &str, value: Value) {
        let mut changes = Changes::default();
        self.put(path, value, &mut changes);
        self.settle(changes);
    }

    /// Sets many values at once, as a save does. The rows of a sub-form replace the whole list.
    pub fn apply(&mut self, values: Values) {
        let mut changes = Changes::default();
        for (key, value) in values {
            if self.form.column(&key).is_some_and(|column| column.shape == Shape::Rows) {
                self.put_rows(&key, value, &mut changes);
            } else {
                self.put(&key, value, &mut changes);
            }
        }
        self.settle(changes);
    }

    /// Makes system fields or rollups known, and computes again what reads them.
    pub fn give(&mut self, given: Values) {
        let mut changes = Changes::default();
        for (name, value) in given {
            if *get(&self.given, &name) != value {
                changes.mark(Node::Value(name.clone()), Extent::All);
                self.given.insert(name, value);
            }
        }
        self.settle(changes);
    }

    /// Makes a linked record known, and computes again what reads through links.
    pub fn learn(&mut self, linked: Linked) {
        self.linked = linked;
        let mut changes = Changes::default();
        for reach in self.form.link_reads().to_vec() {
            changes.mark(Node::Value(reach.own_path()), Extent::All);
            // A link that was set before its record was known has not filled anything yet.
            if let Some((link, _)) = reach.hops.first() {
                let path =
                    reach.subform().map_or_else(|| link.clone(), |subform| format!("{subform}.{link}"));
                self.mark_new_links(&path, &mut changes);
            }
        }
        self.settle(changes);
    }

    fn mark_new_links(&self, path: &str, changes: &mut Changes) {
        let touched = |path: &str| self.touched.contains(path);
        match path.split_once('.') {
            None if touched(path) => changes.mark_link(path, Extent::All),
            None => {}
            Some((subform, column)) => {
                let rows = get(&self.values, subform).rows().len();
                let set = (0..rows).filter(|row| touched(&format!("{subform}.{row}.{column}"))).collect();
                changes.mark_link(path, Extent::Rows(set));
            }
        }
        for filled in self.touched.iter() {
            changes.set.insert(filled.clone());
        }
    }

    /// Adds a row at the end, with its defaults; gives its place.
    pub fn add_row(&mut self, subform: &str) -> usize {
        let mut rows = get(&self.values, subform).rows().to_vec();
        let place = rows.len();
        rows.push(Row::default());
        self.replace_rows(subform, rows, Extent::Rows(BTreeSet::from([place])));
        place
    }

    /// Takes a row out.
    pub fn remove_row(&mut self, subform: &str, place: usize) {
        let mut rows = get(&self.values, subform).rows().to_vec();
        if place < rows.len() {
            rows.remove(place);
            self.shift_paths(subform, |row| match row.cmp(&place) {
                std::cmp::Ordering::Less => Some(row),
                std::cmp::Ordering::Equal => None,
                std::cmp::Ordering::Greater => Some(row - 1),
            });
            self.replace_rows(subform, rows, Extent::All);
        }
    }

    /// Moves a row to another place.
    pub fn move_row(&mut self, subform: &str, from: usize, to: usize) {
        let mut rows = get(&self.values, subform).rows().to_vec();
        if from < rows.len() && to < rows.len() && from != to {
            let row = rows.remove(from);
            rows.insert(to, row);
            self.shift_paths(subform, |row| {
                Some(match row {
                    row if row == from => to,
                    row if from < row && row <= to => row - 1,
                    row if to <= row && row < from => row + 1,
                    row => row,
                })
            });
            self.replace_rows(subform, rows, Extent::All);
        }
    }

    /// Moves what is remembered of rows to their new places.
    fn shift_paths(&mut self, subform: &str, place: impl Fn(usize) -> Option<usize>) {
        let moved = |paths: &BTreeSet<String>| -> BTreeSet<String> {
            let shifted = paths.iter().filter_map(|path| {
                let mut parts = path.splitn(3, '.');
                let (Some(head), Some(row), Some(column)) = (parts.next(), parts.next(), parts.next()) else {
                    return Some(path.clone());
                };
                if head != subform {
                    return Some(path.clone());
                }
                let row = place(row.parse().ok()?)?;
                Some(format!("{subform}.{row}.{column}"))
            });
            shifted.collect()
        };
        self.hidden = moved(&self.hidden);
        self.touched = moved(&self.touched);
    }

    fn replace_rows(&mut self, subform: &str, rows: Vec<Row>, extent: Extent) {
        self.values.insert(subform.to_string(), Value::Rows(rows));
        let mut changes = Changes::default();
        self.mark_columns(subform, extent, &mut changes);
        self.settle(changes);
    }

    fn mark_columns(&self, subform: &str, extent: Extent, changes: &mut Changes) {
        changes.mark(Node::Value(subform.to_string()), Extent::All);
        for column in self.form.columns_of(subform) {
            changes.mark(Node::Value(column.path.clone()), extent.clone());
            changes.mark(Node::Visible(column.path.clone()), extent.clone());
        }
    }

    fn put(&mut self, path: &str, value: Value, changes: &mut Changes) {
        let (column_path, row) = split_row(path);
        let Some(column) = self.form.column(&column_path).filter(|column| {
            column.field.kind.is_input() || matches!(column.field.kind, FieldKind::Serial(_))
        }) else {
            return;
        };
        if column.compute.is_some() {
            return;
        }
        let is_link = matches!(column.field.kind, FieldKind::Link(_));
        let extent = row.map_or(Extent::All, |row| Extent::Rows(BTreeSet::from([row])));
        self.touched.insert(path.to_string());
        changes.set.insert(path.to_string());
        if self.assign(&column_path, row, value) {
            changes.mark(Node::Value(column_path.clone()), extent.clone());
        }
        if is_link {
            changes.mark_link(&column_path, extent);
        }
    }

    fn put_rows(&mut self, subform: &str, value: Value, changes: &mut Changes) {
        let old: BTreeMap<_, _> = get(&self.values, subform)
            .rows()
            .iter()
            .filter_map(|row| Some((row.id?, row.values.clone())))
            .collect();
        let rows = value.rows().to_vec();
        for (place, row) in rows.iter().enumerate() {
            let before = row.id.and_then(|id| old.get(&id));
            for column in self.form.columns_of(subform) {
                let key = &column.field.key;
                let now = get(&row.values, key);
                let was = before.map_or(&Value::Empty, |before| get(before, key));
                if now == was {
                    continue;
                }
                let path = format!("{subform}.{place}.{key}");
                self.touched.insert(path.clone());
                changes.set.insert(path);
                if matches!(column.field.kind, FieldKind::Link(_)) {
                    changes.mark_link(&column.path, Extent::Rows(BTreeSet::from([place])));
                }
            }
        }
        self.touched.insert(subform.to_string());
        self.values
            .insert(subform.to_string(), if rows.is_empty() { Value::Empty } else { Value::Rows(rows) });
        let columns: Vec<String> = self.form.columns_of(subform).map(|column| column.path.clone()).collect();
        changes.mark(Node::Value(subform.to_string()), Extent::All);
        for path in columns {
            changes.mark(Node::Value(path.clone()), Extent::All);
            changes.mark(Node::Visible(path), Extent::All);
        }
    }

    /// Stores a value; whether it was another one before.
    fn assign(&mut self, path: &str, row: Option<usize>, value: Value) -> bool {
        let (values, key) = match (path.split_once('.'), row) {
            (Some((subform, column)), Some(row)) => match self.values.get_mut(subform) {
                Some(Value::Rows(rows)) => match rows.get_mut(row) {
                    Some(row) => (&mut row.values, column),
                    None => return false,
                },
                _ => return false,
            },
            _ => (&mut self.values, path),
        };
        if get(values, key) == &value {
            return false;
        }
        if matches!(value, Value::Empty) {
            values.remove(key);
        } else {
            values.insert(key.to_string(), value);
        }
        true
    }

    /// Computes everything, as at the start or when the day has changed.
    pub fn recompute(&mut self) {
        let mut changes = Changes::default();
        for column in self.form.all_columns() {
            changes.mark(Node::Value(column.path.clone()), Extent::All);
            changes.mark(Node::Visible(column.path.clone()), Extent::All);
        }
        self.settle(changes);
    }

    /// Runs the tasks that read something that changed, in order.
    fn settle(&mut self, mut changes: Changes) {
        let form = self.form.clone();
        let mut budget = Budget::for_record();
        for task in form.tasks() {
            let Some(column) = form.column(task.node.path()) else { continue };
            let Some(extent) = extent_of(task, column, &changes) else { continue };
            for row in self.places(column, &extent) {
                let changed = match &task.node {
                    Node::Visible(_) => self.settle_visibility(column, row),
                    Node::Value(_) => self.settle_value(column, row, &changes, &mut budget),
                };
                if changed {
                    let extent = row.map_or(Extent::All, |row| Extent::Rows(BTreeSet::from([row])));
                    changes.mark(task.node.clone(), extent);
                }
            }
        }
    }

    /// The rows to look at; `None` stands for the record itself.
    fn places(&self, column: &Column, extent: &Extent) -> Vec<Option<usize>> {
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
        let source = Reader { draft: self, row };
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

    /// A hidden sub-form loses its rows, or keeps those that are stored.
    fn settle_rows(&mut self, column: &Column) -> bool {
        if !self.is_hidden(&column.path) {
            return false;
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
            let value = self.evaluate(formula, row, budget);
            return Some(fit(value, column));
        }
        if let Some(reach) = &column.reach {
            if self.waits_for(reach, row) {
                return None;
            }
            return Some(Reader { draft: self, row }.value(reach));
        }
        if matches!(column.field.kind, FieldKind::Rollup(_)) {
            return Some(get(&self.given, &column.path).clone());
        }
        if let Some(value) = self.filled(column, row, &path, changes) {
            return Some(value);
        }
        if self.takes_default(column, row, &path) {
            match &column.default {
                Some(CheckedDefault::Value(value)) => return Some(value.clone()),
                Some(CheckedDefault::Formula(formula)) => {
                    let value = self.evaluate(formula, row, budget);
                    return Some(fit(value, column));
                }
                None => {}
            }
            if let FieldKind::Member(member) = &column.field.kind
                && member.default_me
            {
                return Some(self.context.user.map(Value::Ref).unwrap_or_default());
            }
        }
        let current = self.current(column, row);
        (column.shape == Shape::Bool && current.is_empty()).then_some(Value::Bool(false))
    }

    /// Defaults are for what is new and was not set by anybody.
    fn takes_default(&self, column: &Column, row: Option<usize>, path: &str) -> bool {
        let new = match (column.subform(), row) {
            (Some(subform), Some(row)) => {
                get(&self.values, subform).rows().get(row).is_some_and(|row| row.id.is_none())
            }
            _ => self.is_new,
        };
        new && !self.touched.contains(path)
    }

    /// What a link that was just set copies into this field.
    fn filled(&self, column: &Column, row: Option<usize>, path: &str, changes: &Changes) -> Option<Value> {
        if changes.set.contains(path) {
            return None;
        }
        for (link_path, extent) in &changes.links {
            let link = self.form.column(link_path)?;
            let FieldKind::Link(options) = &link.field.kind else { continue };
            let same_row = match (link.subform(), extent, row) {
                (None, ..) => column.subform().is_none(),
                (Some(subform), Extent::All, Some(_)) => column.subform() == Some(subform),
                (Some(subform), Extent::Rows(rows), Some(row)) => {
                    column.subform() == Some(subform) && rows.contains(&row)
                }
                (Some(_), _, None) => false,
            };
            let Some(fill) =
                options.fill.iter().find(|fill| fill.to == column.field.key).filter(|_| same_row)
            else {
                continue;
            };
            let target = self.current(link, row);
            if target.is_empty() {
                return Some(unset(column));
            }
            let form = link.target?;
            // Not known yet: filled when it is.
            if !target.as_ref_id().is_some_and(|id| self.linked.contains(form, id)) {
                return None;
            }
            let hops = vec![(link.field.key.clone(), form)];
            let reach = Reach {
                rows: None,
                in_row: link.subform().map(str::to_string),
                hops,
                field: fill.from.clone(),
            };
            return Some(fit(Reader { draft: self, row }.value(&reach), column));
        }
        None
    }

    fn evaluate(&mut self, formula: &Compiled, row: Option<usize>, budget: &mut Budget) -> Value {
        self.evaluations += 1;
        formula.evaluate(&Reader { draft: self, row }, &self.context, budget)
    }

    fn current(&self, column: &Column, row: Option<usize>) -> Value {
        self.cell(&self.values, &column.path, row)
    }

    fn stored_value(&self, column: &Column, row: Option<usize>) -> Value {
        let id = match (column.subform(), row) {
            (Some(subform), Some(row)) => get(&self.values, subform).rows().get(row).and_then(|row| row.id),
            _ => return get(&self.stored, &column.path).clone(),
        };
        let subform = column.subform().unwrap_or_default();
        let row = get(&self.stored, subform).rows().iter().position(|row| row.id.is_some() && row.id == id);
        match row {
            Some(row) => self.cell(&self.stored, &column.path, Some(row)),
            None => Value::Empty,
        }
    }

    fn cell(&self, values: &Values, path: &str, row: Option<usize>) -> Value {
        match (path.split_once('.'), row) {
            (Some((subform, column)), Some(row)) => get(values, subform)
                .rows()
                .get(row)
                .map(|row| get(&row.values, column).clone())
                .unwrap_or_default(),
            _ => get(values, path).clone(),
        }
    }

    /// Whether a path leads through a record that is not known, and this draft does not take that for empty.
    fn waits_for(&self, reach: &Reach, row: Option<usize>) -> bool {
        let Some((first, _)) = reach.hops.first().filter(|_| self.waits) else { return false };
        let missing = |start: &Value| self.linked.missing_on(start, reach).is_some();
        match (&reach.rows, &reach.in_row) {
            (Some(subform), _) => {
                get(&self.values, subform).rows().iter().any(|row| missing(get(&row.values, first)))
            }
            (None, Some(subform)) => missing(&self.cell(&self.values, &format!("{subform}.{first}"), row)),
            (None, None) => missing(&self.own(first)),
        }
    }

    /// The record (or one row of it) as conditions and formulas read it.
    pub fn source(&self, row: Option<usize>) -> impl Source + '_ {
        Reader { draft: self, row }
    }

    fn own(&self, key: &str) -> Value {
        if key.starts_with('$') { get(&self.given, key).clone() } else { get(&self.values, key).clone() }
    }
}

struct Reader<'a> {
    draft: &'a Draft,
    row: Option<usize>,
}

impl Source for Reader<'_> {
    fn value(&self, reach: &Reach) -> Value {
        let first = reach.hops.first().map_or(&reach.field, |(link, _)| link);
        let start = match (&reach.in_row, self.row) {
            (Some(subform), Some(row)) => {
                self.draft.cell(&self.draft.values, &format!("{subform}.{first}"), Some(row))
            }
            _ => self.draft.own(first),
        };
        if reach.hops.is_empty() { start } else { self.draft.linked.follow(&start, reach) }
    }

    fn row_values(&self, reach: &Reach) -> Vec<Value> {
        let Some(subform) = &reach.rows else { return Vec::new() };
        let first = reach.hops.first().map_or(&reach.field, |(link, _)| link);
        let rows = get(&self.draft.values, subform).rows();
        let starts = rows.iter().map(|row| get(&row.values, first));
        if reach.hops.is_empty() {
            starts.cloned().collect()
        } else {
            starts.map(|start| self.draft.linked.follow(start, reach)).collect()
        }
    }
}

/// `lines.3.qty` is the column `lines.qty` in row 3.
fn split_row(path: &str) -> (String, Option<usize>) {
    let mut parts = path.splitn(3, '.');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(subform), Some(row), Some(column)) => match row.parse() {
            Ok(row) => (format!("{subform}.{column}"), Some(row)),
            Err(_) => (path.to_string(), None),
        },
        _ => (path.to_string(), None),
    }
}

/// The path of a field, or of a column's cell in a row.
pub(super) fn cell_path(column: &Column, row: Option<usize>) -> String {
    match (column.subform(), row) {
        (Some(subform), Some(row)) => format!("{subform}.{row}.{}", column.field.key),
        _ => column.path.clone(),
    }
}

/// What an unset field holds.
fn unset(column: &Column) -> Value {
    if column.shape == Shape::Bool { Value::Bool(false) } else { Value::Empty }
}

/// Brings a computed value to what its field can hold: numbers are rounded, and where they are too large for it, or
/// the type is another one, the value is an error.
fn fit(value: Value, column: &Column) -> Value {
    let shape = column.field.kind.shape();
    match (&value, shape) {
        (Value::Empty, _) => unset(column),
        (Value::Error(_), _) | (Value::Text(_), Shape::Text | Shape::LongText | Shape::Key) => value,
        (Value::Number(number), Shape::Decimal(scale)) => {
            let rounded = round(*number, scale, column.rounding);
            if fits(rounded, scale).is_ok() {
                Value::Number(rounded.normalize())
            } else {
                Value::Error(ErrorValue::Limit)
            }
        }
        (Value::Number(number), Shape::Text | Shape::LongText) => Value::Text(number.normalize().to_string()),
        (Value::Date(_), Shape::Day)
        | (Value::DateTime(_), Shape::Instant)
        | (Value::Time(_), Shape::TimeOfDay)
        | (Value::Bool(_), Shape::Bool)
        | (Value::Ref(_), Shape::Ref)
        | (Value::List(_), Shape::Keys | Shape::Refs) => value,
        _ => Value::Error(ErrorValue::Value),
    }
}

/// Which rows of a task's column are affected by what changed; `None` for none.
fn extent_of(task: &crate::form::Task, column: &Column, changes: &Changes) -> Option<Extent> {
    let own = changes.nodes.get(&task.node).cloned();
    let read = task.reads.iter().filter_map(|read| {
        let extent = changes.nodes.get(read)?;
        let same_subform = column.subform().is_some()
            && read.path().split_once('.').map(|(subform, _)| subform) == column.subform();
        Some(if same_subform { extent.clone() } else { Extent::All })
    });
    own.into_iter().chain(read).reduce(|mut all, extent| {
        merge(&mut all, extent);
        all
    })
}
