//! What one record contributes, and the difference that a save makes.

use std::collections::BTreeMap;

use super::document::AggregateFn;
use super::publish::{Aggregate, Kept};
use super::source::{CheckedMeasure, CheckedSource};
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
    /// In the order of the base measures: one number for a sum or count; for an average the sum and how many values there
    /// are; nothing for what is kept by counts of values.
    pub sums: Vec<Decimal>,
    /// How often each value is there, by the place of its base measure. None is there zero times.
    pub values: ValueCounts,
}

/// How often values are there, by the place of the base measure that they are counted for.
pub type ValueCounts = BTreeMap<(usize, Counted), i64>;

/// A value that is counted: numbers in their order, anything else by its wire form.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Counted {
    Number(Decimal),
    Text(String),
}

/// Contributions by group.
pub type Contributions = BTreeMap<GroupKey, Contribution>;

/// Bytes at most of the texts that tell a group from others, together with one of its values that are told apart: what an index
/// of either database takes.
const LONGEST_KEY: usize = 2_400;

impl Contribution {
    /// Whether the texts that tell the group with this key, or its values, from others are longer than an index takes.
    pub fn is_too_long(&self, key: &str) -> bool {
        let lengths = self.values.keys().map(|(_, value)| match value {
            Counted::Number(_) => 0,
            Counted::Text(text) => text.len(),
        });
        key.len() + lengths.max().unwrap_or(0) > LONGEST_KEY
    }

    /// A group to which nothing was added yet.
    fn nothing(group: Vec<Value>, sums: usize) -> Contribution {
        Contribution { group, count: 0, sums: vec![Decimal::ZERO; sums], values: ValueCounts::new() }
    }

    /// Whether it changes nothing.
    pub fn is_nothing(&self) -> bool {
        self.count == 0 && self.sums.iter().all(Decimal::is_zero) && self.values.is_empty()
    }

    /// Adds another one; takes it away for a `sign` of −1. `None` when a sum is too large.
    fn add(&mut self, more: &Contribution, sign: i64) -> Option<()> {
        self.count += sign * more.count;
        for (sum, more) in self.sums.iter_mut().zip(&more.sums) {
            *sum = if sign < 0 { sum.checked_sub(*more)? } else { sum.checked_add(*more)? };
        }
        for (value, times) in &more.values {
            self.count_value(value.clone(), sign * times);
        }
        Some(())
    }

    fn count_value(&mut self, value: (usize, Counted), times: i64) {
        let known = self.values.entry(value.clone()).or_default();
        *known += times;
        if *known == 0 {
            self.values.remove(&value);
        }
    }

    /// Adds what a value is for a measure. `None` when a sum is too large.
    fn measure(&mut self, (kept, sum): (Kept, usize), measure: &CheckedMeasure, value: &Value) -> Option<()> {
        let Some((_, kind)) = &measure.of else {
            // Records or rows themselves are counted.
            return self.add_to_sum(sum, Decimal::ONE);
        };
        if value.is_empty() || matches!(value, Value::Error(_)) {
            return Some(());
        }
        let number = value.as_number();
        match (kept, measure.function) {
            (Kept::Sum, AggregateFn::Count) => self.add_to_sum(sum, Decimal::ONE),
            (Kept::Sum, _) => self.add_to_sum(sum, number.unwrap_or_default()),
            (Kept::Average, _) => {
                let Some(number) = number else { return Some(()) };
                self.add_to_sum(sum, number)?;
                self.add_to_sum(sum + 1, Decimal::ONE)
            }
            (Kept::Least | Kept::Greatest, _) => {
                if let Some(number) = number {
                    self.count_value((measure.place, Counted::Number(number.normalize())), 1);
                }
                Some(())
            }
            (Kept::Distinct, _) => {
                let text = kind.to_json(value).to_string();
                self.count_value((measure.place, Counted::Text(text)), 1);
                Some(())
            }
        }
    }

    fn add_to_sum(&mut self, place: usize, more: Decimal) -> Option<()> {
        let sum = self.sums.get_mut(place)?;
        *sum = sum.checked_add(more)?;
        Some(())
    }
}

impl Aggregate {
    /// How many numbers a group's sums are.
    pub fn sums(&self) -> usize {
        self.base.iter().map(|measure| measure.kept.sums()).sum()
    }

    /// How a base measure is kept, and where its numbers begin among a group's sums.
    fn place_of_sum(&self, place: usize) -> Option<(Kept, usize)> {
        let before = self.base.get(..place)?.iter().map(|measure| measure.kept.sums()).sum();
        Some((self.base.get(place)?.kept, before))
    }

    /// What a record of `form` contributes. A draft or deleted record contributes nothing: the caller does not ask.
    /// Records with an empty dimension are left out. `None` when a sum is too large.
    pub fn contributions(&self, form: Id, record: &dyn Source, context: &Context) -> Option<Contributions> {
        self.contributions_of(&|source| source.form == form, record, context)
    }

    /// As [`Self::contributions`], of the sources alone that are asked for.
    pub(super) fn contributions_of(
        &self,
        is_asked: &dyn Fn(&CheckedSource) -> bool,
        record: &dyn Source,
        context: &Context,
    ) -> Option<Contributions> {
        let mut all = Contributions::new();
        for source in self.sources.iter().filter(|source| is_asked(source)) {
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
        let mut measures: Vec<(&CheckedMeasure, (Kept, usize), Column)> = Vec::new();
        for measure in &source.measures {
            let column = match &measure.of {
                Some((reach, _)) => Column::read(reach, None, record),
                None => Column::Record(Value::Empty, None),
            };
            measures.push((measure, self.place_of_sum(measure.place)?, column));
        }
        let sums = self.sums();
        for (row, values) in groups(source, record, context) {
            let contribution =
                all.entry(self.key_of(&values)).or_insert_with(|| Contribution::nothing(values, sums));
            contribution.count += 1;
            for (measure, sum, column) in &measures {
                contribution.measure(*sum, measure, &column.at(row, context))?;
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

    /// Where a record of `form` has the longest text by which it is grouped or counted: the field, or the cell in its row.
    pub fn longest_text(&self, form: Id, record: &dyn Source) -> Option<String> {
        let mut longest = (0, None);
        for source in self.sources.iter().filter(|source| source.form == form) {
            let counted = source.measures.iter().filter_map(|measure| measure.of.as_ref());
            let grouped = source.group.iter().map(|by| &by.reach);
            for reach in grouped.chain(counted.map(|(reach, _)| reach)) {
                let texts: Vec<(String, Value)> = match &reach.rows {
                    None => vec![(reach.own_path(), record.value(reach))],
                    Some(rows) => {
                        let values = record.row_values(reach).into_iter().enumerate();
                        values.map(|(row, value)| (format!("{rows}.{row}.{}", reach.field), value)).collect()
                    }
                };
                for (path, value) in texts {
                    let length = value.as_text().map_or(0, str::len);
                    if length > longest.0 {
                        longest = (length, Some(path));
                    }
                }
            }
        }
        longest.1
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
    let group: Vec<Column> = source.group.iter().map(|by| Column::read(&by.reach, by.unit, record)).collect();
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
    put(&mut all, old, -1)?;
    all.retain(|_, change| !change.is_nothing());
    Some(all)
}

/// Adds contributions to those of others; groups to which nothing is left to add go. `None` when a number is too large.
pub fn add(all: &mut Contributions, more: &Contributions) -> Option<()> {
    put(all, more, 1)?;
    for key in more.keys() {
        if all.get(key).is_some_and(Contribution::is_nothing) {
            all.remove(key);
        }
    }
    Some(())
}

fn put(all: &mut Contributions, more: &Contributions, sign: i64) -> Option<()> {
    for (key, more) in more {
        let entry = all
            .entry(key.clone())
            .or_insert_with(|| Contribution::nothing(more.group.clone(), more.sums.len()));
        entry.add(more, sign)?;
    }
    Some(())
}
