//! Arithmetic that rhai does not have, or has otherwise: division is exact, days are counted, lists and maps grow by `+=`.

use std::cmp::Ordering;

use jiff::ToSpan;
use rhai::{Array, Dynamic, Engine, EvalAltResult, ImmutableString, Map, Position};

use super::held::{Moment, Wrong, number, same, text, wrong};
use crate::value::{Date, Decimal, Value};

pub(super) fn register(engine: &mut Engine) {
    numbers(engine);
    moments(engine);
    texts(engine);
    lists(engine);
}

/// `1 / 3` is no whole number here; the other operators on whole numbers and decimals are rhai's own, which are checked.
fn numbers(engine: &mut Engine) {
    let divide = |left: Decimal, right: Decimal| -> Result<Decimal, Wrong> {
        left.checked_div(right).ok_or_else(|| wrong("division by zero"))
    };
    engine.register_fn("/", move |left: i64, right: i64| divide(left.into(), right.into()));
    engine.register_fn("/", move |left: i64, right: Decimal| divide(left.into(), right));
    engine.register_fn("/", move |left: Decimal, right: i64| divide(left, right.into()));
    engine.register_fn("/", divide);
    engine.register_fn("-", |number: Decimal| -number);
    engine
        .register_fn("-", |number: i64| number.checked_neg().ok_or_else(|| wrong("the number is too large")));
    engine.register_fn("!", |is: bool| !is);
}

fn moments(engine: &mut Engine) {
    fn holds(left: &Moment, right: &Moment, is: fn(Ordering) -> bool) -> bool {
        left.0.compare(&right.0).is_some_and(is)
    }
    engine.register_fn("==", |left: Moment, right: Moment| holds(&left, &right, Ordering::is_eq));
    engine.register_fn("!=", |left: Moment, right: Moment| !holds(&left, &right, Ordering::is_eq));
    engine.register_fn("<", |left: Moment, right: Moment| holds(&left, &right, Ordering::is_lt));
    engine.register_fn("<=", |left: Moment, right: Moment| holds(&left, &right, Ordering::is_le));
    engine.register_fn(">", |left: Moment, right: Moment| holds(&left, &right, Ordering::is_gt));
    engine.register_fn(">=", |left: Moment, right: Moment| holds(&left, &right, Ordering::is_ge));
    engine.register_fn("+", |day: Moment, days: i64| later(&day, days));
    engine.register_fn("-", |day: Moment, days: i64| later(&day, days.saturating_neg()));
    engine.register_fn("-", |left: Moment, right: Moment| between(&left, &right));
    engine.register_get("year", |day: &mut Moment| Ok::<i64, Wrong>(i64::from(date(day)?.year())));
    engine.register_get("month", |day: &mut Moment| Ok::<i64, Wrong>(i64::from(date(day)?.month())));
    engine.register_get("day", |day: &mut Moment| Ok::<i64, Wrong>(i64::from(date(day)?.day())));
}

fn date(moment: &Moment) -> Result<Date, Wrong> {
    moment.0.as_date().ok_or_else(|| wrong("a date is needed"))
}

fn later(day: &Moment, days: i64) -> Result<Moment, Wrong> {
    let days = i32::try_from(days).ok().filter(|days| days.unsigned_abs() < 4_000_000);
    let later = days.map(|days| days.days()).and_then(|days| date(day).ok()?.checked_add(days).ok());
    date(day)?;
    later.map(|day| Moment(Value::Date(day))).ok_or_else(|| wrong("beyond the days that there are"))
}

/// Days from one date to another.
fn between(left: &Moment, right: &Moment) -> Result<i64, Wrong> {
    let days = date(right)?.until(date(left)?).map_err(|error| wrong(error.to_string()))?;
    Ok(i64::from(days.get_days()))
}

/// Texts are joined with numbers, days and what is empty.
fn texts(engine: &mut Engine) {
    fn join(left: &str, right: &str) -> Result<ImmutableString, Wrong> {
        if left.len() + right.len() > super::machine::MAX_TEXT {
            let what = "Length of string".to_string();
            return Err(EvalAltResult::ErrorDataTooLarge(what, Position::NONE).into());
        }
        Ok(format!("{left}{right}").into())
    }
    engine.register_fn("+", |left: ImmutableString, right: i64| join(&left, &right.to_string()));
    engine.register_fn("+", |left: ImmutableString, right: Decimal| join(&left, &super::held::plain(right)));
    engine.register_fn("+", |left: ImmutableString, right: Moment| join(&left, &right.text()));
    engine.register_fn("+", |left: ImmutableString, _: ()| join(&left, ""));
    engine.register_fn("+", |left: i64, right: ImmutableString| join(&left.to_string(), &right));
    engine.register_fn("+", |left: Decimal, right: ImmutableString| join(&super::held::plain(left), &right));
    engine.register_fn("+", |left: Moment, right: ImmutableString| join(&left.text(), &right));
    engine.register_fn("to_string", super::held::plain);
    engine.register_fn("to_string", |moment: Moment| moment.text());
}

fn lists(engine: &mut Engine) {
    engine.register_iterator::<Array>();
    engine.register_iterator::<std::ops::Range<i64>>();
    engine.register_iterator::<std::ops::RangeInclusive<i64>>();
    engine.register_fn("+=", |list: &mut Array, more: Array| list.extend(more));
    engine.register_fn("+=", |map: &mut Map, more: Map| map.extend(more));
    engine.register_fn("+", |mut list: Array, more: Array| {
        list.extend(more);
        list
    });
    // By value: what is read of a record is not written back to it.
    engine.register_fn("len", |list: Array| i64::try_from(list.len()).unwrap_or(i64::MAX));
    engine
        .register_fn("len", |text: ImmutableString| i64::try_from(text.chars().count()).unwrap_or(i64::MAX));
    engine.register_fn("contains", |list: Array, item: Dynamic| list.iter().any(|known| same(known, &item)));
    engine.register_fn("contains", |map: Map, key: ImmutableString| map.contains_key(key.as_str()));
}

/// `round(x, n)`: half away from zero.
pub(super) fn round(value: &Dynamic, digits: i64) -> Result<Decimal, Wrong> {
    let digits = scale(digits)?;
    let number = number(value).ok_or_else(|| wrong(format!("“{}” is no number to round", text(value))))?;
    Ok(crate::value::round(number, digits, crate::value::Rounding::HalfUp))
}

/// `split(total, shares, n)`: parts that add up to the total.
pub(super) fn split(total: &Dynamic, shares: &Array, digits: i64) -> Result<Array, Wrong> {
    let digits = scale(digits)?;
    let total = number(total).ok_or_else(|| wrong("the total is no number"))?;
    let weights: Option<Vec<Decimal>> = shares.iter().map(number).collect();
    let weights = weights.ok_or_else(|| wrong("a share is no number"))?;
    if weights.is_empty() {
        return Ok(Array::new());
    }
    let parts = crate::value::allocate(total, &weights, digits);
    let parts = parts.ok_or_else(|| wrong("shares are numbers from zero on"))?;
    Ok(parts.into_iter().map(Dynamic::from_decimal).collect())
}

fn scale(digits: i64) -> Result<u32, Wrong> {
    u32::try_from(digits).ok().filter(|digits| *digits <= 8).ok_or_else(|| wrong("at most 8 decimal places"))
}
