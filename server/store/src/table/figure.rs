//! What the figure of a rollup is made of, and where that lies.
//!
//! The figure is the column `c5`, by which lists are filtered, sorted and grouped as by any other. A sum and an average
//! are made of a sum and a number, beside it: `c5s` and `c5n`. SQLite has no number for the sum of very many large
//! amounts, so there it is two, `c5h * 2^32 + c5l`; where such a sum is beyond its whole numbers, the column itself holds
//! the nearest of them and what is read comes from the parts. For the least and the greatest value and the number of
//! different ones `t12_w5` counts how often each value is there; for the first and the last it has the value of each
//! counted record.

use engine::field::{RollupFn, Shape};
use engine::form::Kept;
use engine::value::{Decimal, Rounding, Value, round};
use sea_query::Value as Arg;

use super::{Column, Table};
use crate::cell::{self, scaled, unscaled};
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::row::{Row, numeric};

/// What of a figure lies in a table of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Aside {
    /// Each value, and how often it is there.
    Values,
    /// The value of each counted record.
    Records,
}

/// What of a figure with this function lies in a table of its own.
pub(crate) fn aside(function: RollupFn) -> Option<Aside> {
    match function {
        RollupFn::Count | RollupFn::Sum | RollupFn::Avg => None,
        RollupFn::Min | RollupFn::Max | RollupFn::Distinct => Some(Aside::Values),
        RollupFn::First | RollupFn::Last => Some(Aside::Records),
    }
}

/// Whether something of it lies in a table of its own.
pub(crate) fn has_aside(function: RollupFn) -> bool {
    aside(function).is_some()
}

/// Whether it is made of a sum and a number.
pub(crate) fn has_total(function: RollupFn) -> bool {
    matches!(function, RollupFn::Sum | RollupFn::Avg)
}

/// Whether it is 0 over nothing, and not empty.
pub(crate) fn starts_at_zero(function: RollupFn) -> bool {
    matches!(function, RollupFn::Count | RollupFn::Sum | RollupFn::Distinct)
}

/// A sum of values, and how many they are.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Total {
    pub(crate) sum: Decimal,
    pub(crate) count: i64,
}

impl Total {
    /// The columns that hold it.
    pub(crate) fn columns(column: &Column, dialect: Dialect) -> Vec<String> {
        let parts: &[&str] = match dialect {
            Dialect::Sqlite => &["h", "l", "n"],
            Dialect::Postgres => &["s", "n"],
        };
        parts.iter().map(|part| format!("{}{part}", column.name())).collect()
    }

    /// Reads those columns from `place` on; `scale` is that of the values.
    pub(crate) fn read(row: &Row, place: usize, scale: u32) -> Result<Total> {
        match row {
            Row::Postgres(postgres) => {
                Ok(Total { sum: numeric(postgres, place)?.unwrap_or_default(), count: row.get(place + 1)? })
            }
            Row::Sqlite(_) => {
                Total::of_halves(row.get(place)?, row.get(place + 1)?, row.get(place + 2)?, scale)
            }
        }
    }

    fn of_halves(upper: i64, lower: i64, count: i64, scale: u32) -> Result<Total> {
        Ok(Total { sum: unscaled((i128::from(upper) << 32) + i128::from(lower), scale)?, count })
    }

    /// The values of those columns.
    pub(crate) fn args(&self, dialect: Dialect, scale: u32) -> Result<Vec<Arg>> {
        if dialect == Dialect::Postgres {
            return Ok(vec![self.sum.into(), self.count.into()]);
        }
        let beyond = || Error::Failed(format!("{} is beyond all sums", self.sum));
        let units = scaled(self.sum, scale).filter(|found| found.exact).ok_or_else(beyond)?.floor;
        let upper = i64::try_from(units >> 32).map_err(|_| beyond())?;
        let lower = (units & 0xffff_ffff) as i64;
        Ok(vec![upper.into(), lower.into(), self.count.into()])
    }

    /// With so many times this value more.
    pub(crate) fn with(self, value: Decimal, times: i64) -> Result<Total> {
        let more = value.checked_mul(times.into()).and_then(|more| self.sum.checked_add(more));
        let sum = more.ok_or_else(|| Error::Failed("a figure is beyond all numbers".to_string()))?;
        Ok(Total { sum, count: self.count + times })
    }

    /// The figure that it makes.
    pub(crate) fn figure(&self, kept: Kept) -> Result<Value> {
        let scale = scale_of(kept.shape);
        if kept.function == RollupFn::Sum {
            return Ok(Value::Number(with_digits(self.sum, scale)));
        }
        if self.count == 0 {
            return Ok(Value::Empty);
        }
        let average = self.sum.checked_div(self.count.into());
        let average = average.ok_or_else(|| Error::Failed("a figure is beyond all numbers".to_string()))?;
        let exact = round(average, scale_of(kept.counted) + 4, Rounding::HalfUp);
        Ok(Value::Number(with_digits(round(exact, scale, Rounding::HalfUp), scale)))
    }
}

/// The digits after the point of a shape of numbers.
pub(crate) fn scale_of(shape: Shape) -> u32 {
    if let Shape::Decimal(scale) = shape { scale } else { 0 }
}

fn with_digits(mut number: Decimal, scale: u32) -> Decimal {
    number.rescale(scale);
    if number.is_zero() {
        number.set_sign_positive(true);
    }
    number
}

/// A figure as its own column holds it.
pub(crate) fn figure_arg(dialect: Dialect, shape: Shape, figure: &Value) -> Result<Arg> {
    match (dialect, shape, figure) {
        (Dialect::Sqlite, Shape::Decimal(scale), Value::Number(number)) => {
            let limit = if number.is_sign_negative() { i64::MIN } else { i64::MAX };
            let units = scaled(*number, scale).and_then(|found| i64::try_from(found.floor).ok());
            Ok(units.unwrap_or(limit).into())
        }
        _ => cell::encode(dialect, shape, figure),
    }
}

impl Column {
    /// What is selected, under the name `t`, to read a figure; by [`read_figure`].
    pub(crate) fn figure_sql(&self, dialect: Dialect, kept: Kept) -> String {
        if dialect == Dialect::Sqlite && has_total(kept.function) {
            let parts = Total::columns(self, dialect).into_iter().map(|part| format!("t.{part}"));
            return parts.collect::<Vec<_>>().join(" || ':' || ");
        }
        format!("t.{}", self.name())
    }

    /// All the columns of this field, its sound among them.
    pub(crate) fn names(&self, dialect: Dialect) -> Vec<String> {
        let definitions = self.definitions(dialect);
        let named = definitions.iter().filter_map(|definition| definition.split(' ').next());
        let sounds = self.sound_names().into_iter().filter(|_| self.spelled);
        named.map(str::to_string).chain(sounds).collect()
    }

    /// The columns of this field, as DDL defines them.
    pub(crate) fn definitions(&self, dialect: Dialect) -> Vec<String> {
        let of_type = dialect.column_type(self.shape);
        let start = match self.figure {
            Some(kept) if starts_at_zero(kept.function) => " NOT NULL DEFAULT 0",
            Some(_) | None => "",
        };
        let mut definitions = vec![format!("{} {of_type}{start}", self.name())];
        definitions.extend(self.folded_name().map(|folded| format!("{folded} {of_type}")));
        if self.figure.is_some_and(|kept| has_total(kept.function)) {
            let sum = if dialect == Dialect::Postgres { "NUMERIC" } else { "BIGINT" };
            let parts = Total::columns(self, dialect).into_iter();
            definitions.extend(parts.map(|part| {
                let of_type = if part.ends_with('n') { "BIGINT" } else { sum };
                format!("{part} {of_type} NOT NULL DEFAULT 0")
            }));
        }
        definitions
    }
}

/// Reads what [`Column::figure_sql`] selects.
pub(crate) fn read_figure(row: &Row, place: usize, kept: Kept) -> Result<Value> {
    if matches!(row, Row::Sqlite(_)) && has_total(kept.function) {
        let text: String = row.get(place)?;
        let parts: Option<Vec<i64>> = text.split(':').map(|part| part.parse().ok()).collect();
        let Some([upper, lower, count]) = parts.as_deref() else {
            return Err(Error::corrupt("?", &place.to_string(), text));
        };
        return Total::of_halves(*upper, *lower, *count, scale_of(kept.counted))?.figure(kept);
    }
    let value = cell::decode(row, place, kept.shape)?;
    Ok(match (value, kept.shape) {
        (Value::Number(number), Shape::Decimal(scale)) => Value::Number(with_digits(number, scale)),
        (value, _) => value,
    })
}

impl Table {
    /// The table with what a figure tells apart.
    pub(crate) fn aside_name(&self, column: &Column) -> String {
        aside_name(self.number, column.number)
    }
}

pub(super) fn aside_name(form: i64, column: i64) -> String {
    format!("t{form}_w{column}")
}

/// The statement that makes the table with what a figure tells apart, where it has one.
pub(crate) fn aside_sql(dialect: Dialect, form: i64, column: &Column) -> Option<String> {
    let kept = column.figure?;
    let value = dialect.column_type(kept.counted);
    let name = aside_name(form, column.number);
    let columns = match aside(kept.function)? {
        Aside::Values => format!("value {value} NOT NULL, n BIGINT NOT NULL"),
        Aside::Records => format!("source BIGINT NOT NULL, value {value}"),
    };
    let (key, tail) = (aside_key(dialect, kept.function), without_rowid(dialect));
    Some(format!(
        "CREATE TABLE IF NOT EXISTS {name} (workspace BIGINT NOT NULL, record BIGINT NOT NULL, {columns}, \
         PRIMARY KEY ({key})){tail}"
    ))
}

/// The key of that table, for its definition and for conflicts.
pub(crate) fn aside_key(dialect: Dialect, function: RollupFn) -> &'static str {
    match (dialect, aside(function)) {
        (Dialect::Sqlite, Some(Aside::Records)) => "record, source",
        (Dialect::Sqlite, _) => "record, value",
        (Dialect::Postgres, Some(Aside::Records)) => "workspace, record, source",
        (Dialect::Postgres, _) => "workspace, record, value",
    }
}

fn without_rowid(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Sqlite => " WITHOUT ROWID",
        Dialect::Postgres => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn an_average_has_the_digits_of_its_field_and_nothing_has_none() {
        let kept =
            |scale, function| Kept { function, shape: Shape::Decimal(scale), counted: Shape::Decimal(2) };
        let total = Total::default().with(number("1.00"), 2).unwrap().with(number("0.01"), 1).unwrap();
        assert_eq!(total.figure(kept(6, RollupFn::Avg)).unwrap(), Value::Number(number("0.670000")));
        assert_eq!(total.figure(kept(2, RollupFn::Sum)).unwrap(), Value::Number(number("2.01")));
        let none = total.with(number("1"), -2).unwrap().with(number("0.01"), -1).unwrap();
        assert_eq!(none.figure(kept(6, RollupFn::Avg)).unwrap(), Value::Empty);
        let Value::Number(zero) = none.figure(kept(2, RollupFn::Sum)).unwrap() else { panic!() };
        assert_eq!(zero.to_string(), "0.00");
    }

    #[test]
    fn a_sum_beyond_whole_numbers_is_kept_in_its_parts() {
        let most = number("999999999999999.999");
        let total = Total::default().with(most, 20).unwrap().with(-most, 1).unwrap();
        let args = total.args(Dialect::Sqlite, 3).unwrap();
        let [Arg::BigInt(Some(upper)), Arg::BigInt(Some(lower)), Arg::BigInt(Some(count))] = args[..] else {
            panic!("{args:?}")
        };
        assert_eq!(Total::of_halves(upper, lower, count, 3).unwrap(), total);
        let arg = figure_arg(Dialect::Sqlite, Shape::Decimal(3), &Value::Number(total.sum)).unwrap();
        assert_eq!(arg, Arg::BigInt(Some(i64::MAX)));
    }
}
