//! What one record adds to the figures of rollups that are kept (semantics.md 7): the difference between what it was and
//! what it becomes is what the save adds and takes away.

use super::publish::reads_alike;
use crate::condition::{Checked, Reach, Source};
use crate::context::Context;
use crate::field::{FieldKind, RollupFn, Shape};
use crate::form::{Catalogue, Column, Form, Kept};
use crate::value::{Id, Value};

/// A rollup that is kept, as the form that it counts sees it.
#[derive(Clone, Debug)]
pub struct Figure {
    /// The form whose records show it, and the field.
    pub form: Id,
    pub path: String,
    pub kept: Kept,
    link: Reach,
    of: Option<Reach>,
    filter: Checked,
}

/// What a record, or one of its rows, is to a figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// The record that shows the figure.
    pub target: Id,
    /// What is counted; empty where records are.
    pub value: Value,
}

impl Figure {
    /// The figure that a field of `form` shows of records of `there`; `None` for one that is not kept.
    pub fn of(form: &Form, column: &Column, there: &Form, catalogue: &dyn Catalogue) -> Option<Figure> {
        let FieldKind::Rollup(rollup) = &column.field.kind else { return None };
        let find = |path: &str| there.find(path, catalogue).ok().map(|(reach, _)| reach);
        let of = match &rollup.field {
            Some(path) => Some(find(path)?),
            None => None,
        };
        Some(Figure {
            form: form.id(),
            path: column.path.clone(),
            kept: column.kept?,
            link: find(&rollup.link)?,
            of,
            filter: column.filter.clone().unwrap_or_else(Checked::always),
        })
    }

    /// The link that says which record a counted one belongs to.
    pub fn link(&self) -> &Reach {
        &self.link
    }

    /// Where it reads.
    pub fn reaches(&self) -> Vec<Reach> {
        let own = std::iter::once(&self.link).chain(&self.of).cloned();
        own.chain(self.filter.reaches()).collect()
    }

    /// Whether records of the counted form, published anew, count as before: every field that is read is stored in the same
    /// way, with the same values.
    pub fn reads_alike(&self, before: &Form, after: &Form) -> bool {
        self.reaches().iter().all(|reach| reads_alike(before, after, reach))
    }

    /// What a record that counts is to this figure, once for each of its rows where rows are counted. The caller does not
    /// ask for drafts, nor for what lies in the bin or is void.
    pub fn parts(&self, record: &dyn Source, context: &Context) -> Vec<Part> {
        if !self.filter.holds(record, context) {
            return Vec::new();
        }
        let rows = self.link.rows.as_ref().or(self.of.as_ref().and_then(|of| of.rows.as_ref()));
        let count = match rows {
            None => 1,
            Some(rows) => record.row_values(&Reach { rows: Some(rows.clone()), ..Reach::own("$row") }).len(),
        };
        let targets = Cells::read(&self.link, record);
        let values = self.of.as_ref().map(|of| Cells::read(of, record));
        let mut parts = Vec::new();
        for row in 0..count {
            let value = values.as_ref().map_or(Value::Empty, |values| values.at(row));
            let Some(value) = self.counted(value) else { continue };
            let targets = targets.at(row);
            let ids = targets.items().iter().filter_map(Value::as_ref_id);
            parts.extend(ids.map(|target| Part { target, value: value.clone() }));
        }
        parts
    }

    /// A value as the figure takes it; `None` for one that it passes over.
    fn counted(&self, value: Value) -> Option<Value> {
        let value = match (value, self.kept.counted) {
            (Value::Error(_), _) => Value::Empty,
            // A switch that was never set is off.
            (Value::Empty, Shape::Bool) => Value::Bool(false),
            (value, _) => value,
        };
        let counts_empty = match self.kept.function {
            RollupFn::First | RollupFn::Last => true,
            RollupFn::Count => self.of.is_none(),
            RollupFn::Sum | RollupFn::Avg | RollupFn::Min | RollupFn::Max | RollupFn::Distinct => false,
        };
        (counts_empty || !value.is_empty()).then_some(value)
    }
}

/// One value for the record, or one for each row.
enum Cells {
    Record(Value),
    Rows(Vec<Value>),
}

impl Cells {
    fn read(reach: &Reach, record: &dyn Source) -> Cells {
        match reach.rows {
            None => Cells::Record(record.value(reach)),
            Some(_) => Cells::Rows(record.row_values(reach)),
        }
    }

    fn at(&self, row: usize) -> Value {
        match self {
            Cells::Record(value) => value.clone(),
            Cells::Rows(values) => values.get(row).cloned().unwrap_or_default(),
        }
    }
}
