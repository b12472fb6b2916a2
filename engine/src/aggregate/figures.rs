//! The figures of a group: what is stored of it, what is computed from that, and which constraint it breaks.

use std::collections::BTreeMap;

use super::contribution::{Contribution, Counted};
use super::publish::{Aggregate, Constraint, Kept};
use crate::condition::{Checked, CheckedOperand, CheckedTest, Reach, Source};
use crate::context::Context;
use crate::formula::Budget;
use crate::value::{Decimal, Rounding, Value, round};

impl Aggregate {
    /// The base measures of what was contributed to a group, in their order; `None` where there is no value to have one
    /// of.
    pub fn figures(&self, group: &Contribution) -> Vec<Option<Decimal>> {
        let mut figures = self.figures_of_sums(&group.sums);
        for (place, measure) in self.base.iter().enumerate().filter(|(_, known)| known.kept.counts_values()) {
            let values = || {
                let counted = group.values.keys().filter(move |(of, _)| *of == place);
                counted.map(|(_, value)| value)
            };
            let number = |value: Option<&Counted>| match value {
                Some(Counted::Number(number)) => Some(*number),
                Some(Counted::Text(_)) | None => None,
            };
            let figure = match measure.kept {
                Kept::Least => number(values().next()),
                Kept::Greatest => number(values().next_back()),
                _ => Some(Decimal::from(values().count())),
            };
            if let Some(known) = figures.get_mut(place) {
                *known = figure;
            }
        }
        figures
    }

    /// Those base measures that a group's sums give; `None` for those that are kept by counts of values.
    pub fn figures_of_sums(&self, sums: &[Decimal]) -> Vec<Option<Decimal>> {
        let mut sums = sums.iter().copied();
        self.base
            .iter()
            .map(|measure| match measure.kept {
                Kept::Sum => sums.next(),
                Kept::Average => {
                    let (sum, count) = (sums.next()?, sums.next()?);
                    let average = sum.checked_div(count)?;
                    Some(round(average, measure.scale, Rounding::HalfUp))
                }
                Kept::Least | Kept::Greatest | Kept::Distinct => None,
            })
            .collect()
    }

    /// All dimensions and measures of a group, stored and computed, from its base measures.
    pub fn measures(
        &self,
        figures: &[Option<Decimal>],
        group: &[Value],
        context: &Context,
    ) -> BTreeMap<String, Value> {
        let mut values: BTreeMap<String, Value> = BTreeMap::new();
        for (dimension, value) in self.dimensions.iter().zip(group) {
            values.insert(dimension.key.clone(), value.clone());
        }
        for (measure, figure) in self.base.iter().zip(figures) {
            values.insert(measure.key.clone(), figure.map_or(Value::Empty, Value::Number));
        }
        let mut budget = Budget::for_record();
        for measure in &self.derived {
            let value = match measure.formula.evaluate(&GroupReader(&values), context, &mut budget) {
                Value::Number(number) => Value::Number(round(number, measure.scale, Rounding::HalfUp)),
                other => other,
            };
            values.insert(measure.key.clone(), value);
        }
        values
    }

    /// The first constraint that a group with these measures breaks. Only a comparison that is false breaks one; where a
    /// measure is empty or can't be computed, nothing is known of it.
    pub fn broken_constraint(
        &self,
        measures: &BTreeMap<String, Value>,
        context: &Context,
    ) -> Option<&Constraint> {
        let source = GroupReader(measures);
        self.constraints.iter().find(|constraint| known(&constraint.check, &source, context) == Some(false))
    }
}

/// Whether a condition holds, as far as it is known.
fn known(condition: &Checked, source: &GroupReader<'_>, context: &Context) -> Option<bool> {
    let parts = |parts: &[Checked], decides: bool| {
        let mut all_known = true;
        for part in parts {
            match known(part, source, context) {
                Some(holds) if holds == decides => return Some(decides),
                Some(_) => {}
                None => all_known = false,
            }
        }
        all_known.then_some(!decides)
    };
    match condition {
        Checked::All(all) => parts(all, false),
        Checked::Any(any) => parts(any, true),
        Checked::Not(part) => known(part, source, context).map(|holds| !holds),
        Checked::Test(test) => is_known(test, source).then(|| condition.holds(source, context)),
    }
}

/// Whether what a comparison is about is there. That something is empty is known.
fn is_known(test: &CheckedTest, source: &GroupReader<'_>) -> bool {
    let is_there = |reach: &Reach| {
        let value = source.value(reach);
        !value.is_empty() && !matches!(value, Value::Error(_))
    };
    let compared = match &test.operand {
        CheckedOperand::Nothing => return !matches!(source.value(&test.reach), Value::Error(_)),
        CheckedOperand::Field(reach, _) => is_there(reach),
        _ => true,
    };
    compared && is_there(&test.reach)
}

struct GroupReader<'a>(&'a BTreeMap<String, Value>);

impl Source for GroupReader<'_> {
    fn value(&self, reach: &Reach) -> Value {
        self.0.get(&reach.field).cloned().unwrap_or_default()
    }

    fn row_values(&self, _: &Reach) -> Vec<Value> {
        Vec::new()
    }
}
