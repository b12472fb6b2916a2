//! Values in columns, by shape.
//!
//! Days are counted from 1970, instants in microseconds, times of day in seconds, switches are 1 and 0. A decimal is a
//! whole number of its column's last digit on SQLite, a NUMERIC on PostgreSQL; so both add up exactly.

use engine::field::Shape;
use engine::value::{Date, Decimal, Id, Time, Timestamp, Value};
use jiff::Span;
use sea_query::Value as Arg;

use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::row::{Row, numeric};

/// A value as it is bound. What does not fit the shape is a fault of the caller; an error value is stored as empty.
pub(crate) fn encode(dialect: Dialect, shape: Shape, value: &Value) -> Result<Arg> {
    let unfit = || Error::Failed(format!("a value of another shape than {shape:?}"));
    Ok(match (shape, value) {
        (_, Value::Empty | Value::Error(_)) => null(dialect, shape),
        (
            Shape::Text | Shape::LongText | Shape::Markup | Shape::Parts | Shape::Key | Shape::Keys,
            Value::Text(text),
        ) => text.as_str().into(),
        (Shape::Bool, Value::Bool(on)) => i64::from(*on).into(),
        (Shape::Decimal(scale), Value::Number(number)) => decimal(dialect, scale, *number)?,
        (Shape::Day, Value::Date(day)) => day_number(*day).into(),
        (Shape::Instant, Value::DateTime(instant)) => instant.as_microsecond().into(),
        (Shape::TimeOfDay, Value::Time(time)) => seconds(*time).into(),
        (Shape::Ref | Shape::Refs, Value::Ref(id)) => id.as_i64().into(),
        _ => return Err(unfit()),
    })
}

/// NULL of the type that a column of this shape has.
pub(crate) fn null(dialect: Dialect, shape: Shape) -> Arg {
    match shape {
        Shape::Text | Shape::LongText | Shape::Markup | Shape::Parts | Shape::Key | Shape::Keys => {
            Arg::String(None)
        }
        Shape::Decimal(_) if dialect == Dialect::Postgres => Arg::Decimal(None),
        Shape::Bool
        | Shape::Decimal(_)
        | Shape::Day
        | Shape::Instant
        | Shape::TimeOfDay
        | Shape::Ref
        | Shape::Refs
        | Shape::Rows
        | Shape::Nothing => Arg::BigInt(None),
    }
}

/// The folded companion of a text, where it differs: what searching and sorting look at.
pub(crate) fn companion(shape: Shape, value: &Value) -> Arg {
    let folded = value.as_text().and_then(|text| Some(shape.folded(text)).filter(|folded| folded != text));
    Arg::from(folded)
}

/// How a text sounds: its initials, and its syllables with the text. Nothing where it has no Chinese characters.
pub(crate) fn sound(value: &Value) -> [Arg; 2] {
    match value.as_text().and_then(engine::value::sound) {
        Some(sound) => [sound.initials.into(), sound.syllables.into()],
        None => [Arg::String(None), Arg::String(None)],
    }
}

fn decimal(dialect: Dialect, scale: u32, number: Decimal) -> Result<Arg> {
    match dialect {
        Dialect::Postgres => Ok(number.into()),
        Dialect::Sqlite => match scaled(number, scale) {
            Some(Scaled { floor, exact: true }) => i64::try_from(floor).map(Arg::from).map_err(|_| ()),
            _ => Err(()),
        }
        .map_err(|()| Error::Failed(format!("{number} does not fit a decimal of scale {scale}"))),
    }
}

/// A number counted in the last digit of `scale`.
pub(crate) struct Scaled {
    /// The greatest whole count that is not above the number.
    pub(crate) floor: i128,
    /// Whether the number is exactly that.
    pub(crate) exact: bool,
}

/// `None` for a number beyond all columns.
pub(crate) fn scaled(number: Decimal, scale: u32) -> Option<Scaled> {
    let mantissa = number.mantissa();
    let own = number.scale();
    if own <= scale {
        let floor = mantissa.checked_mul(10i128.checked_pow(scale - own)?)?;
        return Some(Scaled { floor, exact: true });
    }
    let factor = 10i128.checked_pow(own - scale)?;
    Some(Scaled { floor: mantissa.div_euclid(factor), exact: mantissa.rem_euclid(factor) == 0 })
}

/// The decimal that `count` of the last digit of `scale` are.
pub(crate) fn unscaled(count: i128, scale: u32) -> Result<Decimal> {
    Decimal::try_from_i128_with_scale(count, scale)
        .map_err(|_| Error::corrupt("?", "?", "a number beyond 28 digits"))
}

/// Reads what a column of this shape holds.
pub(crate) fn decode(row: &Row, place: usize, shape: Shape) -> Result<Value> {
    Ok(match shape {
        Shape::Text | Shape::LongText | Shape::Markup | Shape::Parts | Shape::Key => {
            row.get::<Option<String>>(place)?.map_or(Value::Empty, Value::Text)
        }
        // A switch that was never set is off.
        Shape::Bool => Value::Bool(row.get::<Option<i64>>(place)?.unwrap_or(0) != 0),
        Shape::Decimal(scale) => read_decimal(row, place, scale)?.map_or(Value::Empty, Value::Number),
        Shape::Day => whole(row, place, day)?,
        Shape::Instant => {
            whole(row, place, |micros| Timestamp::from_microsecond(micros).ok().map(Value::DateTime))?
        }
        Shape::TimeOfDay => whole(row, place, time)?,
        Shape::Ref => whole(row, place, |number| Id::from_i64(number).map(Value::Ref))?,
        Shape::Keys => list(row, place, |text| Some(Value::text(text)))?,
        Shape::Refs => list(row, place, |text| text.parse().ok().and_then(Id::from_i64).map(Value::Ref))?,
        Shape::Rows | Shape::Nothing => Value::Empty,
    })
}

fn read_decimal(row: &Row, place: usize, scale: u32) -> Result<Option<Decimal>> {
    match row {
        Row::Sqlite(_) => {
            row.get::<Option<i64>>(place)?.map(|count| unscaled(count.into(), scale)).transpose()
        }
        Row::Postgres(row) => numeric(row, place),
    }
}

fn whole(row: &Row, place: usize, read: impl Fn(i64) -> Option<Value>) -> Result<Value> {
    match row.get::<Option<i64>>(place)? {
        None => Ok(Value::Empty),
        Some(number) => read(number).ok_or_else(|| Error::corrupt("?", &place.to_string(), number)),
    }
}

/// What separates the values of a many-valued field where they are read together.
pub(crate) const SEPARATOR: char = '\u{1f}';

fn list(row: &Row, place: usize, read: impl Fn(&str) -> Option<Value>) -> Result<Value> {
    let Some(text) = row.get::<Option<String>>(place)? else { return Ok(Value::Empty) };
    let items: Option<Vec<Value>> = text.split(SEPARATOR).map(read).collect();
    items.map(Value::List).ok_or_else(|| Error::corrupt("?", &place.to_string(), text))
}

/// Days since 1970-01-01.
pub(crate) fn day_number(day: Date) -> i64 {
    let (year, month) = (i64::from(day.year()), i64::from(day.month()));
    // Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil.
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + i64::from(day.day()) - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The day with a number; `None` out of range.
pub(crate) fn day_of_number(number: i64) -> Option<Date> {
    // Not by an instant: the last one lies before the last day.
    let days = Span::new().try_days(number).ok()?;
    jiff::civil::date(1970, 1, 1).checked_add(days).ok()
}

fn day(number: i64) -> Option<Value> {
    day_of_number(number).map(Value::Date)
}

fn seconds(time: Time) -> i64 {
    i64::from(time.hour()) * 3600 + i64::from(time.minute()) * 60 + i64::from(time.second())
}

fn time(number: i64) -> Option<Value> {
    let part = |of: i64| i8::try_from(of).ok();
    Time::new(part(number / 3600)?, part(number / 60 % 60)?, part(number % 60)?, 0).ok().map(Value::Time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_from_1970() {
        let day = |y, m, d| Date::new(y, m, d).unwrap();
        for (date, number) in [(day(1970, 1, 1), 0), (day(1969, 12, 31), -1), (day(2000, 2, 29), 11_016)] {
            assert_eq!(day_number(date), number);
        }
        for number in [-719_528, -300_000, -1, 0, 59, 60, 365, 20_000, 2_932_896] {
            assert_eq!(day_number(day_of_number(number).unwrap()), number);
        }
        assert_eq!(day_of_number(2_932_896), Some(day(9999, 12, 31)));
        assert_eq!(day_of_number(2_932_897), None);
    }

    #[test]
    fn numbers_between_two_counts_are_below_the_upper_one() {
        let of = |text: &str| scaled(text.parse().unwrap(), 2).unwrap();
        assert_eq!((of("1.25").floor, of("1.25").exact), (125, true));
        assert_eq!((of("1.255").floor, of("1.255").exact), (125, false));
        assert_eq!((of("-1.255").floor, of("-1.255").exact), (-126, false));
        assert_eq!((of("-1.250").floor, of("-1.250").exact), (-125, true));
    }
}
