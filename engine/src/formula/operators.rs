//! What the operators do, to types and to values.

use std::cmp::Ordering;

use jiff::SignedDuration;
use rust_decimal::MathematicalOps;

use super::Type;
use super::arguments::{
    Answer, Frame, Halt, day_value, instant_value, integer, number, number_value, seconds_of, text_of,
    text_value,
};
use super::syntax::Operator;
use crate::value::{Date, Decimal, ErrorValue, Timestamp, Value, fold};

const MICROSECONDS_OF_DAY: i64 = 86_400_000_000;

impl Operator {
    /// What it gives for operands of these types; `None` if it can't be used on them.
    pub(super) fn result_type(self, left: &Type, right: &Type) -> Option<Type> {
        use Type::{Any, Date, DateTime, Number, Time};
        match self {
            Operator::Add => match (left, right) {
                (Number, Number) => Some(Number),
                (Date, Number | Any) | (Number | Any, Date) => Some(Date),
                (DateTime, Number | Any) | (Number | Any, DateTime) => Some(DateTime),
                (Any, Any | Number) | (Number, Any) => Some(Any),
                _ => None,
            },
            Operator::Subtract => match (left, right) {
                (Number, Number | Any) | (Date | DateTime, Date | DateTime) | (Time, Time) => Some(Number),
                (Date, Number) => Some(Date),
                (DateTime, Number) => Some(DateTime),
                (Any, Any | Number | Date | DateTime | Time) | (Date | DateTime | Time, Any) => Some(Any),
                _ => None,
            },
            Operator::Multiply | Operator::Divide | Operator::Power => {
                (matches!(left, Number | Any) && matches!(right, Number | Any)).then_some(Number)
            }
            Operator::Join => (left.is_single() && right.is_single()).then_some(Type::Text),
            Operator::Equal | Operator::NotEqual => left.compares_with(right, false).then_some(Type::Bool),
            Operator::Less | Operator::LessOrEqual | Operator::Greater | Operator::GreaterOrEqual => {
                left.compares_with(right, true).then_some(Type::Bool)
            }
        }
    }

    /// Whether some right operand would do for a left one of this type.
    pub(super) fn takes_left(self, left: &Type) -> bool {
        const KINDS: [Type; 7] =
            [Type::Bool, Type::Number, Type::Text, Type::Date, Type::DateTime, Type::Time, Type::Ref];
        KINDS.iter().any(|right| self.result_type(left, right).is_some())
    }

    pub(super) fn apply(self, left: &Value, right: &Value, frame: &Frame) -> Answer {
        for side in [left, right] {
            if let Value::Error(error) = side {
                return Err((*error).into());
            }
        }
        match self {
            Operator::Add => add(left, right, frame),
            Operator::Subtract => subtract(left, right, frame),
            Operator::Multiply => numbers(left, right, |a, b| a.checked_mul(b).ok_or(ErrorValue::Limit)),
            Operator::Divide => numbers(left, right, divide),
            Operator::Power => numbers(left, right, power),
            Operator::Join => join(left, right, frame),
            Operator::Equal => Ok(Value::Bool(same(left, right, frame))),
            Operator::NotEqual => Ok(Value::Bool(!same(left, right, frame))),
            Operator::Less => ordered(left, right, frame, Ordering::is_lt),
            Operator::LessOrEqual => ordered(left, right, frame, Ordering::is_le),
            Operator::Greater => ordered(left, right, frame, Ordering::is_gt),
            Operator::GreaterOrEqual => ordered(left, right, frame, Ordering::is_ge),
        }
    }
}

fn numbers(
    left: &Value,
    right: &Value,
    compute: impl Fn(Decimal, Decimal) -> Result<Decimal, ErrorValue>,
) -> Answer {
    match (number(left)?, number(right)?) {
        (Some(left), Some(right)) => Ok(Value::Number(compute(left, right)?)),
        _ => Ok(Value::Empty),
    }
}

pub(super) fn divide(a: Decimal, b: Decimal) -> Result<Decimal, ErrorValue> {
    if b.is_zero() { Err(ErrorValue::Div0) } else { a.checked_div(b).ok_or(ErrorValue::Limit) }
}

/// `a` to the power of `b`: exact for whole exponents as far as 28 digits go.
pub(super) fn power(a: Decimal, b: Decimal) -> Result<Decimal, ErrorValue> {
    let b = b.normalize();
    if a.is_zero() {
        return match b.cmp(&Decimal::ZERO) {
            Ordering::Less => Err(ErrorValue::Div0),
            Ordering::Equal => Err(ErrorValue::Num),
            Ordering::Greater => Ok(Decimal::ZERO),
        };
    }
    if b.scale() == 0 {
        let exponent = i64::try_from(b).map_err(|_| ErrorValue::Limit)?;
        return whole_power(a, exponent);
    }
    if a.is_sign_negative() {
        return Err(ErrorValue::Num);
    }
    if b == Decimal::new(5, 1) {
        return square_root(a);
    }
    let exponent = a.checked_ln().and_then(|ln| ln.checked_mul(b)).ok_or(ErrorValue::Limit)?;
    exponential(exponent)
}

/// The square root by Newton's steps, ended after so many: the library's own root panics where rounding makes the steps go
/// to and fro between two neighbours.
pub(super) fn square_root(number: Decimal) -> Result<Decimal, ErrorValue> {
    const STEPS: usize = 200;
    if number.is_zero() {
        return Ok(Decimal::ZERO);
    }
    if number.is_sign_negative() {
        return Err(ErrorValue::Num);
    }
    let half = number / Decimal::TWO;
    let mut guess = if half.is_zero() { number } else { half };
    for _ in 0..STEPS {
        let sum = number.checked_div(guess).and_then(|other| guess.checked_add(other));
        let next = sum.ok_or(ErrorValue::Limit)? / Decimal::TWO;
        if next == guess {
            break;
        }
        guess = next;
    }
    Ok(guess)
}

/// By squaring; a positive exponent never divides, so that it is exact where it fits.
fn whole_power(a: Decimal, exponent: i64) -> Result<Decimal, ErrorValue> {
    let mut left = exponent.unsigned_abs();
    let (mut result, mut square) = (Decimal::ONE, a);
    while left > 0 {
        if left & 1 == 1 {
            result = result.checked_mul(square).ok_or(ErrorValue::Limit)?;
        }
        left >>= 1;
        if left > 0 {
            square = square.checked_mul(square).ok_or(ErrorValue::Limit)?;
        }
        if result.is_zero() || square.is_zero() {
            // Smaller than 28 digits can show.
            return if exponent < 0 { Err(ErrorValue::Limit) } else { Ok(Decimal::ZERO) };
        }
    }
    if exponent < 0 { Decimal::ONE.checked_div(result).ok_or(ErrorValue::Limit) } else { Ok(result) }
}

/// e to the power of `x`, to about 20 digits.
pub(super) fn exponential(x: Decimal) -> Result<Decimal, ErrorValue> {
    if x < Decimal::from(-65) {
        return Ok(Decimal::ZERO);
    }
    let smallest = Decimal::new(1, 28);
    x.checked_exp_with_tolerance(smallest).ok_or(ErrorValue::Limit)
}

fn add(left: &Value, right: &Value, frame: &Frame) -> Answer {
    match (left, right) {
        (moment @ (Value::Date(_) | Value::DateTime(_)), days)
        | (days, moment @ (Value::Date(_) | Value::DateTime(_))) => match number(days)? {
            Some(days) => shifted(moment, days, frame),
            None => Ok(Value::Empty),
        },
        _ => numbers(left, right, |a, b| a.checked_add(b).ok_or(ErrorValue::Limit)),
    }
}

fn subtract(left: &Value, right: &Value, frame: &Frame) -> Answer {
    match (left, right) {
        (Value::Date(a), Value::Date(b)) => Ok(Value::number(days_between(*b, *a))),
        (Value::Time(a), Value::Time(b)) => {
            number_value(Decimal::from(seconds_of(*a) - seconds_of(*b)).checked_div(Decimal::from(86_400)))
        }
        (Value::Date(_) | Value::DateTime(_), Value::Date(_) | Value::DateTime(_)) => {
            let (a, b) = (instant(left, frame)?, instant(right, frame)?);
            let between = Decimal::from(a.as_microsecond() - b.as_microsecond());
            number_value(between.checked_div(Decimal::from(MICROSECONDS_OF_DAY)))
        }
        (Value::Date(_) | Value::DateTime(_), days) => match number(days)? {
            Some(days) => shifted(left, -days, frame),
            None => Ok(Value::Empty),
        },
        (empty, Value::Date(_) | Value::DateTime(_) | Value::Time(_)) if empty.is_empty() => Ok(Value::Empty),
        (Value::Time(_), empty) if empty.is_empty() => Ok(Value::Empty),
        _ => numbers(left, right, |a, b| a.checked_sub(b).ok_or(ErrorValue::Limit)),
    }
}

/// A moment some days later: whole days for a date, parts of a day too for an instant.
fn shifted(moment: &Value, days: Decimal, frame: &Frame) -> Answer {
    match moment {
        Value::Date(date) => day_value(date_after(*date, integer(days.floor())?)),
        Value::DateTime(start) => {
            let micros = days.checked_mul(Decimal::from(MICROSECONDS_OF_DAY)).ok_or(ErrorValue::Num)?;
            let micros = i64::try_from(micros.round()).map_err(|_| ErrorValue::Num)?;
            instant_value(start.checked_add(SignedDuration::from_micros(micros)).ok(), frame)
        }
        _ => Err(ErrorValue::Value.into()),
    }
}

/// The day `days` after `date`.
pub(super) fn date_after(date: Date, days: i64) -> Option<Date> {
    let days = i32::try_from(days).ok().filter(|days| days.abs() < 4_000_000)?;
    date.checked_add(jiff::Span::new().try_days(days).ok()?).ok()
}

/// Days from `start` to `end`, negative if `end` is earlier.
pub(super) fn days_between(start: Date, end: Date) -> i64 {
    i64::from(start.until(end).map_or(0, |span| span.get_days()))
}

fn instant(value: &Value, frame: &Frame) -> Result<Timestamp, Halt> {
    match value {
        Value::DateTime(instant) => Ok(*instant),
        Value::Date(day) => frame.start_of(*day).ok_or(ErrorValue::Num.into()),
        _ => Err(ErrorValue::Value.into()),
    }
}

fn join(left: &Value, right: &Value, frame: &Frame) -> Answer {
    let (left, right) = (text_of(left, frame)?, text_of(right, frame)?);
    frame.room_for_text(left.len() + right.len())?;
    Ok(text_value([left, right].concat()))
}

/// Whether two values are the same: text by its bytes, an unset switch as false, a record by its id.
pub(super) fn same(left: &Value, right: &Value, frame: &Frame) -> bool {
    match (left, right) {
        (Value::Bool(flag), empty) | (empty, Value::Bool(flag)) if empty.is_empty() => !flag,
        (a, b) if a.is_empty() || b.is_empty() => a.is_empty() && b.is_empty(),
        (Value::Ref(id), Value::Text(text)) | (Value::Text(text), Value::Ref(id)) => id.to_string() == *text,
        (Value::Date(_), Value::DateTime(_)) | (Value::DateTime(_), Value::Date(_)) => {
            matches!((instant(left, frame), instant(right, frame)), (Ok(a), Ok(b)) if a == b)
        }
        (Value::List(a), Value::List(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b, frame))
        }
        (a, b) => a == b,
    }
}

fn ordered(left: &Value, right: &Value, frame: &Frame, holds: fn(Ordering) -> bool) -> Answer {
    if left.is_empty() || right.is_empty() {
        return Ok(Value::Bool(false));
    }
    let order = order(left, right, frame).ok_or(ErrorValue::Value)?;
    Ok(Value::Bool(holds(order)))
}

/// Which of two values comes first: text by its folded form, as it is sorted everywhere.
pub(super) fn order(left: &Value, right: &Value, frame: &Frame) -> Option<Ordering> {
    match (left, right) {
        (Value::Text(a), Value::Text(b)) => Some(fold(a).cmp(&fold(b))),
        (Value::Date(_), Value::DateTime(_)) | (Value::DateTime(_), Value::Date(_)) => {
            Some(instant(left, frame).ok()?.cmp(&instant(right, frame).ok()?))
        }
        _ => left.compare(right),
    }
}
