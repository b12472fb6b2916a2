//! What a function sees: its arguments as the kinds of value it wants, and the budget.

use std::borrow::Cow;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::tz::TimeZone;

use super::budget::Stop;
use super::figure::{Answers, Figure, Question};
use crate::context::{Dice, KnownNames};
use crate::value::{Date, Decimal, ErrorValue, Id, Time, Timestamp, Value, format_date, format_time};

/// A text made by a formula has at most this many bytes.
pub const MAX_TEXT: usize = 64 * 1024;

/// A list made by a formula has at most this many items.
pub const MAX_ITEMS: usize = 5_000;

/// All texts made in one evaluation, in bytes: most of them are alive at the same time.
const MAX_TEXT_IN_ALL: u64 = 4 * 1024 * 1024;

/// What an operation gives, or why it gives no value.
pub(super) type Answer = Result<Value, Halt>;

/// Why an operation ends early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Halt {
    /// It got an empty value, which makes its result empty.
    Empty,
    Error(ErrorValue),
}

impl From<ErrorValue> for Halt {
    fn from(error: ErrorValue) -> Halt {
        Halt::Error(error)
    }
}

/// What all operations of one evaluation share.
pub(super) struct Frame {
    /// Literals and what was read, by number.
    pub values: Vec<Arc<Value>>,
    pub now: Timestamp,
    pub zone: TimeZone,
    pub user: Option<Id>,
    pub names: KnownNames,
    pub dice: Dice,
    pub allowance: u64,
    pub used: AtomicU64,
    pub text_bytes: AtomicU64,
    /// Set once anything went over a limit: then the whole formula gives `#LIMIT!`, whatever IFERROR says.
    pub exhausted: AtomicBool,
    pub stop: Option<Stop>,
    pub figures: Arc<Vec<Figure>>,
    pub answers: Answers,
    /// What was asked and is not known.
    pub questions: Mutex<Vec<Question>>,
    /// The error value that came up last, and the function that gave it; none for an operator.
    pub origin: Mutex<Option<(ErrorValue, Option<&'static str>)>>,
}

/// The operations that a figure over another form is.
const WORK_OF_FIGURE: u64 = 50;

impl Frame {
    /// Takes `operations` off the budget, before they are done.
    pub fn charge(&self, operations: u64) -> Result<(), Halt> {
        if self.exhausted.load(Ordering::Relaxed) {
            return Err(ErrorValue::Limit.into());
        }
        let used = self.used.load(Ordering::Relaxed).saturating_add(operations);
        self.used.store(used.min(self.allowance), Ordering::Relaxed);
        if used > self.allowance || self.stop.as_ref().is_some_and(|stop| stop()) {
            return Err(self.exhaust());
        }
        Ok(())
    }

    fn exhaust(&self) -> Halt {
        self.exhausted.store(true, Ordering::Relaxed);
        ErrorValue::Limit.into()
    }

    /// Asks whether a text of `bytes` may be made. Asked before it is made: a limit found afterwards has already
    /// cost the memory.
    pub fn room_for_text(&self, bytes: usize) -> Result<(), Halt> {
        if bytes > MAX_TEXT {
            return Err(ErrorValue::Limit.into());
        }
        let before = self.text_bytes.fetch_add(bytes as u64, Ordering::Relaxed);
        if before + bytes as u64 > MAX_TEXT_IN_ALL {
            return Err(self.exhaust());
        }
        self.charge(bytes as u64 / 64)
    }

    /// Asks whether a value may be copied: copies are as alive as new texts.
    pub fn room_for_copy(&self, value: &Value) -> Result<(), Halt> {
        let before = self.text_bytes.fetch_add(text_bytes(value), Ordering::Relaxed);
        if before + text_bytes(value) > MAX_TEXT_IN_ALL {
            return Err(self.exhaust());
        }
        self.charge(work_of(value))
    }

    /// The answer to a figure of the formula for these operands. One that is not known is empty, and noted.
    pub fn ask(&self, number: usize, operands: &[Arc<Value>]) -> Answer {
        self.charge(WORK_OF_FIGURE + operands.iter().map(|value| work_of(value)).sum::<u64>())?;
        let figure = self.figures.get(number).ok_or(ErrorValue::Ref)?;
        let mut said = Vec::with_capacity(operands.len());
        for operand in operands {
            match operand.as_ref() {
                Value::Error(error) => return Err((*error).into()),
                value => said.push(value.clone()),
            }
        }
        let question = Question::new(number, figure, said);
        if let Some(known) = self.answers.get(&question.key) {
            return Ok(known.clone());
        }
        let mut questions = self.questions.lock().unwrap_or_else(PoisonError::into_inner);
        if !questions.contains(&question) {
            questions.push(question);
        }
        Err(Halt::Empty)
    }

    /// Notes what gave an error value, from values of which none is one.
    pub fn note_origin(&self, error: ErrorValue, function: Option<&'static str>) {
        *self.origin.lock().unwrap_or_else(PoisonError::into_inner) = Some((error, function));
    }

    /// The function that gave this error value, where one did.
    pub fn origin_of(&self, error: ErrorValue) -> Option<&'static str> {
        let origin = *self.origin.lock().unwrap_or_else(PoisonError::into_inner);
        origin.filter(|(noted, _)| *noted == error).and_then(|(_, function)| function)
    }

    /// What was asked and is not known.
    pub fn take_questions(&self) -> Vec<Question> {
        std::mem::take(&mut *self.questions.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The local date of an instant.
    pub fn date_of(&self, instant: Timestamp) -> Date {
        instant.to_zoned_datetime(self.zone.clone()).date()
    }

    /// The instant at which a local day begins.
    pub fn start_of(&self, day: Date) -> Option<Timestamp> {
        day.to_zoned_datetime(self.zone.clone()).ok().map(|zoned| zoned.timestamp())
    }
}

/// The arguments of one call.
pub(super) struct Arguments<'a> {
    pub frame: &'a Frame,
    pub values: &'a [Arc<Value>],
}

impl<'a> Arguments<'a> {
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// The argument at `place`; one that was left out is empty.
    pub fn get(&self, place: usize) -> &'a Value {
        const EMPTY: &Value = &Value::Empty;
        self.values.get(place).map_or(EMPTY, Arc::as_ref)
    }

    /// The argument itself as the answer.
    pub fn answer(&self, place: usize) -> Answer {
        self.copy(self.get(place))
    }

    /// One of the values as the answer.
    pub fn copy(&self, value: &Value) -> Answer {
        self.frame.room_for_copy(value)?;
        Ok(value.clone())
    }

    /// A number; an empty one makes the result empty.
    pub fn number(&self, place: usize) -> Result<Decimal, Halt> {
        number(self.get(place))?.ok_or(Halt::Empty)
    }

    /// A number, or `otherwise` where it was left out or is empty.
    pub fn number_or(&self, place: usize, otherwise: impl Into<Decimal>) -> Result<Decimal, Halt> {
        Ok(number(self.get(place))?.unwrap_or_else(|| otherwise.into()))
    }

    /// A whole number, the fraction cut off as spreadsheets do.
    pub fn integer(&self, place: usize) -> Result<i64, Halt> {
        integer(self.number(place)?)
    }

    pub fn integer_or(&self, place: usize, otherwise: i64) -> Result<i64, Halt> {
        integer(self.number_or(place, otherwise)?)
    }

    /// Whether an argument is true; empty is false.
    pub fn truth(&self, place: usize) -> Result<bool, Halt> {
        truth(self.get(place))
    }

    /// An argument as text; empty is the empty text.
    pub fn text(&self, place: usize) -> Result<Cow<'a, str>, Halt> {
        text_of(self.get(place), self.frame)
    }

    /// A day; the local one of an instant.
    pub fn day(&self, place: usize) -> Result<Date, Halt> {
        day(self.get(place), self.frame)?.ok_or(Halt::Empty)
    }

    /// Whether an argument was given and is not empty.
    pub fn has(&self, place: usize) -> bool {
        !self.get(place).is_empty()
    }

    /// The items of the arguments from `place` on, lists taken apart, empty ones included.
    pub fn items_from(&self, place: usize) -> Vec<&'a Value> {
        let mut items = Vec::new();
        for value in self.values.iter().skip(place) {
            gather(value, &mut items);
        }
        items
    }

    /// The items of one argument: see [`Arguments::items_from`].
    pub fn items(&self, place: usize) -> Vec<&'a Value> {
        let mut items = Vec::new();
        gather(self.get(place), &mut items);
        items
    }

    /// The numbers in the arguments from `place` on; empty ones are left out.
    pub fn numbers_from(&self, place: usize) -> Result<Vec<Decimal>, Halt> {
        numbers(self.items_from(place))
    }

    /// The numbers in one argument; empty ones are left out.
    pub fn numbers(&self, place: usize) -> Result<Vec<Decimal>, Halt> {
        numbers(self.items(place))
    }
}

fn numbers(items: Vec<&Value>) -> Result<Vec<Decimal>, Halt> {
    items.into_iter().filter_map(|item| number(item).transpose()).collect()
}

fn gather<'v>(value: &'v Value, items: &mut Vec<&'v Value>) {
    match value {
        Value::List(inner) => inner.iter().for_each(|item| gather(item, items)),
        single => items.push(single),
    }
}

/// The operations that looking at a value is: one for each item of a list, and for sixty-four bytes of text.
pub(super) fn work_of(value: &Value) -> u64 {
    match value {
        Value::Text(text) => text.len() as u64 / 64,
        Value::List(items) => items.iter().map(|item| 1 + work_of(item)).sum(),
        Value::Rows(rows) => rows.len() as u64,
        Value::Empty
        | Value::Bool(_)
        | Value::Number(_)
        | Value::Date(_)
        | Value::DateTime(_)
        | Value::Time(_)
        | Value::Ref(_)
        | Value::Error(_) => 0,
    }
}

fn text_bytes(value: &Value) -> u64 {
    match value {
        Value::Text(text) => text.len() as u64,
        Value::List(items) => items.iter().map(text_bytes).sum(),
        _ => 0,
    }
}

/// A value as a number; `None` if it is empty.
pub(super) fn number(value: &Value) -> Result<Option<Decimal>, Halt> {
    match value {
        Value::Number(number) => Ok(Some(*number)),
        Value::Error(error) => Err((*error).into()),
        value if value.is_empty() => Ok(None),
        _ => Err(ErrorValue::Value.into()),
    }
}

/// A number without its fraction. Whole numbers beyond fifteen digits are in no function's domain, so that counting on
/// with them cannot overflow.
pub(super) fn integer(number: Decimal) -> Result<i64, Halt> {
    const MOST: i64 = 1_000_000_000_000_000;
    let whole = i64::try_from(number.trunc()).ok();
    whole.filter(|whole| (-MOST..=MOST).contains(whole)).ok_or(ErrorValue::Num.into())
}

pub(super) fn truth(value: &Value) -> Result<bool, Halt> {
    match value {
        Value::Bool(truth) => Ok(*truth),
        Value::Error(error) => Err((*error).into()),
        value if value.is_empty() => Ok(false),
        _ => Err(ErrorValue::Value.into()),
    }
}

/// A value as a local day; `None` if it is empty.
pub(super) fn day(value: &Value, frame: &Frame) -> Result<Option<Date>, Halt> {
    match value {
        Value::Date(date) => Ok(Some(*date)),
        Value::DateTime(instant) => Ok(Some(frame.date_of(*instant))),
        Value::Error(error) => Err((*error).into()),
        value if value.is_empty() => Ok(None),
        _ => Err(ErrorValue::Value.into()),
    }
}

/// A value as the text that people would write for it.
pub(super) fn text_of<'v>(value: &'v Value, frame: &Frame) -> Result<Cow<'v, str>, Halt> {
    let text = match value {
        Value::Empty => return Ok(Cow::Borrowed("")),
        Value::Text(text) => return Ok(Cow::Borrowed(text)),
        Value::Bool(true) => "TRUE".to_string(),
        Value::Bool(false) => "FALSE".to_string(),
        Value::Number(number) => plain(*number),
        Value::Date(date) => format_date(*date),
        Value::DateTime(instant) => {
            let local = instant.to_zoned_datetime(frame.zone.clone()).datetime();
            format!("{} {}", format_date(local.date()), format_time(local.time()))
        }
        Value::Time(time) => format_time(*time),
        Value::Ref(id) => id.to_string(),
        Value::List(items) => {
            let parts: Vec<Cow<str>> =
                items.iter().map(|item| text_of(item, frame)).collect::<Result<_, _>>()?;
            frame.room_for_text(parts.iter().map(|part| part.len() + 2).sum())?;
            parts.join(", ")
        }
        Value::Rows(_) => return Err(ErrorValue::Value.into()),
        Value::Error(error) => return Err((*error).into()),
    };
    Ok(Cow::Owned(text))
}

/// A number's digits without needless zeros.
pub(super) fn plain(number: Decimal) -> String {
    let number = number.normalize();
    if number.is_zero() { "0".into() } else { number.to_string() }
}

/// A text as a value: no text is no value.
pub(super) fn text_value(text: impl Into<String>) -> Value {
    let text = text.into();
    if text.is_empty() { Value::Empty } else { Value::Text(text) }
}

/// A list as a value.
pub(super) fn list_value(items: Vec<Value>) -> Answer {
    if items.len() > MAX_ITEMS {
        return Err(ErrorValue::Limit.into());
    }
    Ok(if items.is_empty() { Value::Empty } else { Value::List(items) })
}

/// A number that may have been too large to compute.
pub(super) fn number_value(number: Option<Decimal>) -> Answer {
    number.map(Value::Number).ok_or(ErrorValue::Limit.into())
}

/// A day that may lie outside the years 1000 to 9999, which is all that fields can hold.
pub(super) fn day_value(day: Option<Date>) -> Answer {
    match day {
        Some(day) if (1000..=9999).contains(&day.year()) => Ok(Value::Date(day)),
        _ => Err(ErrorValue::Num.into()),
    }
}

/// An instant, held to the same years as a day.
pub(super) fn instant_value(instant: Option<Timestamp>, frame: &Frame) -> Answer {
    match instant {
        Some(instant) if (1000..=9999).contains(&frame.date_of(instant).year()) => {
            Ok(Value::DateTime(instant))
        }
        _ => Err(ErrorValue::Num.into()),
    }
}

/// The seconds since midnight.
pub(super) fn seconds_of(time: Time) -> i64 {
    i64::from(time.hour()) * 3600 + i64::from(time.minute()) * 60 + i64::from(time.second())
}
