//! Grouping in memory, for what is no query over records: the groups of an aggregate table.

use std::collections::{BTreeMap, BTreeSet};

use super::answer::DataRow;
use super::groups::{Groups, combine, text_of};
use super::publish::DataMeasure;
use crate::aggregate::AggregateFn;
use crate::value::{Decimal, Rounding, Value, round};

/// Rows that are put together one by one.
pub struct Gathering<'m> {
    measures: &'m [DataMeasure],
    groups: Groups,
    /// By group and measure, in the order of the groups.
    found: Vec<Vec<Found>>,
}

#[derive(Clone, Default)]
struct Found {
    value: Value,
    count: i64,
    distinct: BTreeSet<String>,
}

impl<'m> Gathering<'m> {
    pub fn new(measures: &'m [DataMeasure]) -> Gathering<'m> {
        Gathering { measures, groups: Groups::default(), found: Vec::new() }
    }

    /// Adds a row to its group; `read` gives what a measure is of.
    pub fn add(&mut self, group: &[Value], read: &dyn Fn(&DataMeasure) -> Value) {
        let place = self.groups.place_of(group);
        if place == self.found.len() {
            self.found.push(vec![Found::default(); self.measures.len()]);
        }
        let found = self.found.get_mut(place).into_iter().flatten();
        for (measure, found) in self.measures.iter().zip(found) {
            let value = if measure.of.is_some() { read(measure) } else { Value::number(1) };
            if value.is_empty() {
                continue;
            }
            found.count += 1;
            match measure.function {
                AggregateFn::Distinct => drop(found.distinct.insert(text_of(&value))),
                function => {
                    let function = if function == AggregateFn::Avg { AggregateFn::Sum } else { function };
                    let parts = found.value.as_number().into_iter().chain(value.as_number());
                    found.value = combine(function, parts);
                }
            }
        }
    }

    pub fn finish(self) -> Vec<DataRow> {
        let groups = self.groups.into_list().into_iter().zip(self.found);
        let rows = groups.map(|(group, found)| {
            let values: BTreeMap<String, Value> = self
                .measures
                .iter()
                .zip(&found)
                .map(|(measure, found)| (measure.key.clone(), found.value(measure)))
                .collect();
            DataRow { group: group.values, values, records: 0 }
        });
        rows.collect()
    }
}

impl Found {
    fn value(&self, measure: &DataMeasure) -> Value {
        match measure.function {
            AggregateFn::Distinct => Value::number(self.distinct.len() as i64),
            AggregateFn::Avg => {
                let average =
                    self.value.as_number().and_then(|sum| sum.checked_div(Decimal::from(self.count)));
                let rounded = average.map(|average| round(average, measure.scale, Rounding::HalfUp));
                rounded.map(Value::Number).unwrap_or_default()
            }
            AggregateFn::Sum | AggregateFn::Count | AggregateFn::Min | AggregateFn::Max => self.value.clone(),
        }
    }
}
