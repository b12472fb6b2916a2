//! What one record contributes, and the difference that a save makes.

use std::collections::BTreeMap;

use super::document::AggregateFn;
use super::publish::{Aggregate, CheckedSource};
use crate::condition::{Reach, Source, Unit};
use crate::context::Context;
use crate::value::{Decimal, Id, Value};

/// The values of the dimensions, as text in the wire form: equal groups have equal keys, and locks are taken in
/// their order.
pub type GroupKey = String;

/// What is added to one group.
#[derive(Clone, Debug, PartialEq)]
pub struct Contribution {
    /// The values of the dimensions.
    pub group: Vec<Value>,
    /// How many records or rows contribute; a group without any is gone.
    pub count: i64,
    /// In the order of the base measures.
    pub sums: Vec<Decimal>,
}

/// Contributions by group.
pub type Contributions = BTreeMap<GroupKey, Contribution>;

impl Aggregate {
    /// What a record of `form` contributes. A draft or deleted record contributes nothing: the caller does not ask.
    /// Records with an empty dimension are left out. `None` when a sum is too large.
    pub fn contributions(&self, form: Id, record: &dyn Source, context: &Context) -> Option<Contributions> {
        let mut all = Contributions::new();
        for source in self.sources.iter().filter(|source| source.form == form) {
            if source.filter.holds(record, context) {
                self.add_source(source, record, context, &mut all)?;
            }
        }
        Some(all)
    }

    fn add_source(
        &self,
        source: &CheckedSource,
        record: &dyn Source,
        context: &Context,
        all: &mut Contributions,
    ) -> Option<()> {
        let measures: Vec<(usize, AggregateFn, Option<Column>)> = source
            .measures
            .iter()
            .map(|(place, function, reach)| {
                (*place, *function, reach.as_ref().map(|reach| Column::read(reach, None, record)))
            })
            .collect();
        for (row, values) in groups(source, record, context) {
            let contribution = all.entry(self.key_of(&values)).or_insert_with(|| Contribution {
                group: values,
                count: 0,
                sums: vec![Decimal::ZERO; self.base.len()],
            });
            contribution.count += 1;
            for (place, function, column) in &measures {
                let addend = match (function, column) {
                    (AggregateFn::Sum, Some(column)) => {
                        column.at(row, context).as_number().unwrap_or_default()
                    }
                    _ => Decimal::ONE,
                };
                let sum = contribution.sums.get_mut(*place)?;
                *sum = sum.checked_add(addend)?;
            }
        }
        Some(())
    }

    /// Where a record of `form` feeds a group: the field that is counted, or its cell in each row that counts for the
    /// group (`qty`, `lines.3.qty`). Of what a source adds up and groups by, in this order, the first that `fits`; nothing
    /// of a source without such a field.
    pub fn feeding(
        &self,
        form: Id,
        record: &dyn Source,
        key: &str,
        context: &Context,
        fits: &dyn Fn(&str) -> bool,
    ) -> Vec<String> {
        let mut paths = Vec::new();
        for source in self.sources.iter().filter(|source| source.form == form) {
            let Some(reach) = source.counted().find(|reach| fits(&reach.own_path())) else { continue };
            if !source.filter.holds(record, context) {
                continue;
            }
            let fed =
                groups(source, record, context).into_iter().filter(|(_, group)| self.key_of(group) == key);
            for (row, _) in fed {
                let path = match &reach.rows {
                    Some(rows) => format!("{rows}.{row}.{}", reach.field),
                    None => reach.own_path(),
                };
                if !paths.contains(&path) {
                    paths.push(path);
                }
            }
        }
        paths
    }

    /// The key of a group.
    pub fn key_of(&self, group: &[Value]) -> GroupKey {
        let texts: Vec<serde_json::Value> = self
            .dimensions
            .iter()
            .zip(group)
            .map(|(dimension, value)| dimension.kind.to_json(value))
            .collect();
        serde_json::Value::Array(texts).to_string()
    }
}

/// The groups that a record counts for in a source, with the row that counts; one whose dimensions are not all there
/// counts for none.
fn groups(source: &CheckedSource, record: &dyn Source, context: &Context) -> Vec<(usize, Vec<Value>)> {
    let group: Vec<Column> =
        source.group.iter().map(|(reach, unit)| Column::read(reach, *unit, record)).collect();
    let count = match &source.rows {
        None => 1,
        Some(rows) => {
            let reach = Reach { rows: Some(rows.clone()), ..Reach::own("$row") };
            record.row_values(&reach).len()
        }
    };
    let values = |row: usize| group.iter().map(|column| column.at(row, context)).collect::<Vec<Value>>();
    (0..count)
        .map(|row| (row, values(row)))
        .filter(|(_, values)| !values.iter().any(Value::is_empty))
        .collect()
}

/// One value for the record, or one for each row.
enum Column {
    Record(Value, Option<Unit>),
    Rows(Vec<Value>, Option<Unit>),
}

impl Column {
    fn read(reach: &Reach, unit: Option<Unit>, record: &dyn Source) -> Column {
        match reach.rows {
            None => Column::Record(record.value(reach), unit),
            Some(_) => Column::Rows(record.row_values(reach), unit),
        }
    }

    fn at(&self, row: usize, context: &Context) -> Value {
        let (value, unit) = match self {
            Column::Record(value, unit) => (value.clone(), unit),
            Column::Rows(values, unit) => (values.get(row).cloned().unwrap_or_default(), unit),
        };
        match (value, unit) {
            (Value::Date(day), Some(unit)) => Value::Date(unit.start(day)),
            (Value::DateTime(instant), Some(unit)) => Value::Date(unit.start(context.date_of(instant))),
            (value, _) => value,
        }
    }
}

/// What must be added so that `old` becomes `new`; groups in which nothing changes are left out. `None` when a
/// number is too large.
pub fn delta(old: &Contributions, new: &Contributions) -> Option<Contributions> {
    let mut all = new.clone();
    for (key, before) in old {
        let entry = all.entry(key.clone()).or_insert_with(|| Contribution {
            group: before.group.clone(),
            count: 0,
            sums: vec![Decimal::ZERO; before.sums.len()],
        });
        entry.count -= before.count;
        for (sum, less) in entry.sums.iter_mut().zip(&before.sums) {
            *sum = sum.checked_sub(*less)?;
        }
    }
    all.retain(|_, change| change.count != 0 || change.sums.iter().any(|sum| !sum.is_zero()));
    Some(all)
}
