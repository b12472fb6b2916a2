//! The draft: values, and what is computed from them.

mod aside;
mod asking;
mod changes;
mod compute;
mod fit;
mod linking;
mod place;
mod reading;
mod rows;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use self::aside::Aside;
use self::changes::{Changes, Extent};
use super::{Linked, Sent};
use crate::context::Context;
use crate::field::{FieldKind, Shape};
use crate::form::{Ask, Column, Form, Node, split_row};
use crate::formula::Answers;
use crate::value::{Id, Value, Values, get};

pub use self::fit::fit as landed;
use self::linking::LinkedAnswers;
pub use self::linking::OpenQuestion;
pub(super) use self::place::cell_path;
pub use self::rows::place_after_move;

/// A record while it is made or changed.
#[derive(Clone)]
pub struct Draft {
    pub(super) form: Arc<Form>,
    pub(super) context: Context,
    pub(super) linked: Linked,
    /// What is known of other records that formulas count.
    pub(super) answers: Answers,
    /// What formulas ask and is not known, by the field or cell, or the check, that asks.
    asked: BTreeMap<String, Vec<Ask>>,
    /// What other forms answered to its defaults.
    linked_answers: LinkedAnswers,
    /// The sub-forms whose rows another form gave.
    linked_rows: BTreeSet<String>,
    /// System fields, and rollups of this record, which only the server can compute.
    given: Values,
    /// What is stored; empty for a new record.
    stored: Values,
    pub(super) values: Values,
    /// Paths that a rule hides: `amount`, `lines.3.qty`.
    hidden: BTreeSet<String>,
    /// What stood in them before.
    aside: Aside,
    /// Paths that somebody set: their defaults are no longer evaluated.
    touched: BTreeSet<String>,
    /// Links that somebody left as they are: they fill nothing anew, and nothing else fills them.
    confirmed: BTreeSet<String>,
    /// Rows that have an id and are not stored yet.
    named: BTreeSet<Id>,
    is_new: bool,
    /// Whether what reads a linked record that is not known keeps its value, in place of reading it as empty.
    waits: bool,
    evaluations: u64,
}

impl Draft {
    /// A new record, with its defaults.
    pub fn new(form: Arc<Form>, context: Context) -> Draft {
        Draft::new_with(form, context, Linked::default())
    }

    /// A new record for which linked records are known already.
    pub fn new_with(form: Arc<Form>, context: Context, linked: Linked) -> Draft {
        // Nothing links to what is not there yet.
        let over_nothing = |column: &Column| Some((column.path.clone(), column.over_nothing()?));
        let given: Values = form.fields().filter_map(over_nothing).collect();
        Draft::start(form, context, linked, Values::new(), given, (true, false))
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
            answers: Answers::default(),
            asked: BTreeMap::new(),
            linked_answers: LinkedAnswers::default(),
            linked_rows: BTreeSet::new(),
            given,
            stored,
            values,
            hidden: BTreeSet::new(),
            aside: Aside::default(),
            touched: BTreeSet::new(),
            confirmed: BTreeSet::new(),
            named: BTreeSet::new(),
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

    /// Whether nothing of the record is stored yet.
    pub fn is_new(&self) -> bool {
        self.is_new
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

    /// Sets one value and leaves what somebody entered as it is, where setting a link would fill it anew: a link that is
    /// found by its name comes after the cells that were pasted beside it.
    pub fn set_beside(&mut self, path: &str, value: Value) {
        let mut changes = Changes::default();
        self.mark_entered(&mut changes);
        self.put(path, value, &mut changes);
        self.settle(changes);
    }

    /// Sets many values at once, as a save does. The rows of a sub-form replace the whole list.
    pub fn apply(&mut self, sent: impl Into<Sent>) {
        let Sent { values, confirmed } = sent.into();
        self.aside.clear();
        let mut changes = Changes::default();
        for (key, value) in values {
            if self.form.column(&key).is_some_and(|column| column.shape == Shape::Rows) {
                self.put_rows(&key, value, &mut changes);
            } else {
                self.put(&key, value, &mut changes);
            }
        }
        for path in confirmed {
            self.confirm(path, &mut changes);
        }
        self.settle(changes);
    }

    /// Gives the record values that it held before. Each stands as it was, whatever a link beside it would fill in, and what is
    /// kept while it is hidden is what it was then.
    pub fn restore(&mut self, former: Values) {
        self.stored.extend(former.clone());
        let mut confirmed = BTreeSet::new();
        for (subform, value) in &former {
            for row in 0..value.rows().len() {
                let filled = self.form.columns_of(subform).filter(|column| column.prefilled);
                confirmed.extend(filled.map(|column| cell_path(column, Some(row))));
            }
        }
        self.apply(Sent { values: former, confirmed });
    }

    /// Whether somebody set the field or cell at a path.
    pub fn is_entered(&self, path: &str) -> bool {
        self.touched.contains(path)
    }

    /// Makes system fields or rollups known, in a row under the path of the cell, and computes again what reads them.
    pub fn give(&mut self, given: Values) {
        let mut changes = Changes::default();
        for (name, value) in given {
            if *get(&self.given, &name) != value {
                let (path, row) = split_row(&name);
                changes.mark(Node::Value(path), Extent::of(row));
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
        let Some(link) = self.form.column(path) else { return };
        // One that leads nowhere has nothing to wait for.
        let is_new = |row: Option<usize>| {
            self.touched.contains(&cell_path(link, row)) && !self.current(link, row).is_empty()
        };
        match link.subform() {
            None if is_new(None) => changes.mark_link(path, Extent::All),
            None => {}
            Some(subform) => {
                let rows = get(&self.values, subform).rows().len();
                changes.mark_link(path, Extent::Rows((0..rows).filter(|row| is_new(Some(*row))).collect()));
            }
        }
        self.mark_entered(changes);
    }

    /// What somebody entered stays as it is, whatever a link fills.
    fn mark_entered(&self, changes: &mut Changes) {
        for entered in self.touched.iter().chain(&self.confirmed) {
            changes.mark_set(entered);
        }
    }

    /// Somebody sent what is there already: it is theirs, as if they had changed it.
    fn confirm(&mut self, path: String, changes: &mut Changes) {
        changes.mark_set(&path);
        let (column_path, row) = split_row(&path);
        let column = self.form.column(&column_path);
        let leads = column.is_some_and(|column| {
            column.field.kind.as_link().is_some() && !self.current(column, row).is_empty()
        });
        // One that was set fills other fields once its record is known; this one has not been set anew.
        if leads {
            self.confirmed.insert(path)
        } else {
            self.touched.insert(path)
        };
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
        let is_link = column.field.kind.as_link().is_some();
        let extent = Extent::of(row);
        self.touched.insert(path.to_string());
        changes.mark_set(path);
        if self.assign(&column_path, row, value) {
            changes.mark(Node::Value(column_path.clone()), extent.clone());
        }
        if is_link {
            changes.mark_link(&column_path, extent);
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
}
