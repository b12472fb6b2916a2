//! What is measured in a group, added up from partial results.

use std::collections::BTreeSet;

use engine::condition::Reach;
use engine::field::{FieldKind, Shape};
use engine::value::{Decimal, Rounding, Value, round};
use sea_query::Expr;

use super::group::{Function, Measure};
use crate::cell::{decode, unscaled};
use crate::error::{Error, Result};
use crate::row::{Row, numeric};

/// An expression that is grouped by, or measured.
pub(super) struct Term {
    pub(super) value: Expr,
    pub(super) shape: Shape,
    /// The side table to join where the field has several values.
    pub(super) many: Option<String>,
}

/// What is known of one measure of a group so far.
#[derive(Clone, Default)]
pub(super) struct Sums {
    sum: Decimal,
    count: i64,
    min: Value,
    max: Value,
    pub(super) distinct: BTreeSet<String>,
}

/// The shape of what a measure gives.
pub(super) fn measurable(function: Function, term: &Term, kind: &FieldKind, reach: &Reach) -> Result<Shape> {
    let adds = matches!(function, Function::Sum | Function::Avg);
    let counts = function == Function::Count;
    let ordered = matches!(term.shape, Shape::Decimal(_) | Shape::Day | Shape::Instant | Shape::TimeOfDay);
    let fits = match term.shape {
        _ if term.many.is_some() => false,
        Shape::Decimal(_) => true,
        _ => counts || (!adds && ordered),
    };
    if fits {
        Ok(term.shape)
    } else {
        Err(Error::NotAskable { path: format!("{} ({})", reach.own_path(), kind.name()) })
    }
}

impl Sums {
    /// Adds one row's part; answers how many columns it read.
    pub(super) fn add(
        &mut self,
        row: &Row,
        at: usize,
        function: Function,
        shape: Shape,
        split: bool,
    ) -> Result<usize> {
        match function {
            Function::Sum | Function::Avg => {
                let (part, read) = read_sum(row, at, shape, split)?;
                let sum = self.sum.checked_add(part);
                self.sum = sum.ok_or_else(|| Error::NotAskable { path: "sum".to_string() })?;
                if function == Function::Sum {
                    return Ok(read);
                }
                self.count += row.get::<i64>(at + read)?;
                Ok(read + 1)
            }
            Function::Count => {
                self.count += row.get::<i64>(at)?;
                Ok(1)
            }
            Function::Min | Function::Max => {
                let value = decode(row, at, shape)?;
                let kept = if function == Function::Min { &mut self.min } else { &mut self.max };
                let better = match value.compare(kept) {
                    None => !value.is_empty(),
                    Some(order) => (function == Function::Min) == order.is_lt() && order.is_ne(),
                };
                if better {
                    *kept = value;
                }
                Ok(1)
            }
            Function::Distinct => Ok(0),
        }
    }

    pub(super) fn value(self, measure: &Measure, records: i64) -> Result<Value> {
        Ok(match (measure.function, &measure.of) {
            (Function::Count, None) => Value::number(records),
            (Function::Count, Some(_)) => Value::number(self.count),
            (Function::Distinct, _) => Value::number(self.distinct.len() as i64),
            (Function::Sum, _) => Value::Number(self.sum),
            (Function::Min, _) => self.min,
            (Function::Max, _) => self.max,
            (Function::Avg, _) if self.count == 0 => Value::Empty,
            (Function::Avg, of) => {
                let scale = match of.as_ref().map(|(_, kind)| kind.shape()) {
                    Some(Shape::Decimal(scale)) => scale + 4,
                    _ => 4,
                };
                let average = self.sum.checked_div(Decimal::from(self.count));
                let average = average.ok_or_else(|| Error::NotAskable { path: "avg".to_string() })?;
                Value::Number(round(average, scale, Rounding::HalfUp))
            }
        })
    }
}

fn read_sum(row: &Row, at: usize, shape: Shape, split: bool) -> Result<(Decimal, usize)> {
    let scale = if let Shape::Decimal(scale) = shape { scale } else { 0 };
    match row {
        Row::Postgres(row) => Ok((numeric(row, at)?.unwrap_or_default(), 1)),
        Row::Sqlite(_) if split => {
            let upper = i128::from(row.get::<Option<i64>>(at)?.unwrap_or(0));
            let lower = i128::from(row.get::<Option<i64>>(at + 1)?.unwrap_or(0));
            Ok((unscaled((upper << 32) + lower, scale)?, 2))
        }
        Row::Sqlite(_) => {
            let sum = row.get::<Option<i64>>(at)?.unwrap_or(0);
            Ok((unscaled(sum.into(), scale)?, 1))
        }
    }
}

/// A text that equal values share.
pub(super) fn text_of(value: &Value) -> String {
    match value {
        Value::Number(number) => format!("n{}", number.normalize()),
        Value::Empty => String::new(),
        other => format!("{other:?}"),
    }
}
