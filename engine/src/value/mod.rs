//! Values: what a field can hold, in memory.
//!
//! A value says what it is, not which field kind it came from: kinds share a few shapes
//! (see [`crate::field::Shape`]). Reading a value from JSON and writing it back is the kind's work, because
//! only the kind knows that `"2026-11"` is a month and `"12.50"` a number of scale 2.

mod decimal;
mod fold;
mod grouping;
mod id;
mod key;
mod moment;
mod repeated;
mod sound;
pub mod wire;

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;

pub use decimal::{MAX_DIGITS, NumberFault, Rounding, allocate, fits, parse_decimal, round, to_fixed};
pub use fold::{fold, half_width, nfc};
pub use grouping::{group_digits, trimmed};
pub use id::Id;
pub use jiff::Timestamp;
pub use jiff::civil::{Date, Time};
pub use key::is_key;
pub use moment::{
    format_date, format_month, format_time, format_timestamp, parse_date, parse_local_moment, parse_month,
    parse_time, parse_timestamp, parse_typed_time,
};
pub use repeated::repeated_member;
pub use rust_decimal::Decimal;
pub use sound::{Sound, order_by_sound, sound, typed_sound};

/// The values of one record, or of one row of a sub-form, by field key. A missing key reads as empty.
pub type Values = BTreeMap<String, Value>;

/// What a field holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    /// No value: `null` on the wire, NULL on disk. Empty text, empty lists and blank input become this.
    #[default]
    Empty,
    Bool(bool),
    Number(Decimal),
    /// Text, and the keys of choices.
    Text(String),
    /// A local date; a month is held as its first day.
    Date(Date),
    /// An instant, UTC.
    DateTime(Timestamp),
    /// A local time of day.
    Time(Time),
    /// A record, member, department or file.
    Ref(Id),
    /// Several choices, references or files; in formulas also a column of a sub-form.
    List(Vec<Value>),
    /// A sub-form's rows, in order.
    Rows(Vec<Row>),
    /// The outcome of a formula that could not be computed. Refused at submit, shown with its reason.
    Error(ErrorValue),
}

/// One row of a sub-form. Rows keep their id over edits; a new one gets its id when it is saved.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    pub id: Option<Id>,
    pub values: Values,
}

/// The error values of formulas (semantics.md 9). They propagate through every operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorValue {
    /// Division by zero.
    Div0,
    /// Wrong kind of value.
    Value,
    /// Outside a function's domain.
    Num,
    /// A reference to something that does not exist.
    Ref,
    /// Nothing found.
    NotAvailable,
    /// Too large, too long, or out of budget.
    Limit,
}

impl ErrorValue {
    pub const ALL: [ErrorValue; 6] =
        [Self::Div0, Self::Value, Self::Num, Self::Ref, Self::NotAvailable, Self::Limit];

    /// What it is called where a sentence is chosen by it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Div0 => "div0",
            Self::Value => "value",
            Self::Num => "num",
            Self::Ref => "ref",
            Self::NotAvailable => "na",
            Self::Limit => "limit",
        }
    }

    /// The code that designers know from spreadsheets. Whoever fills in a form is told in words
    /// ([`Fault::not_computed`](crate::text::Fault::not_computed)).
    pub fn code(self) -> &'static str {
        match self {
            Self::Div0 => "#DIV/0!",
            Self::Value => "#VALUE!",
            Self::Num => "#NUM!",
            Self::Ref => "#REF!",
            Self::NotAvailable => "#N/A",
            Self::Limit => "#LIMIT!",
        }
    }
}

impl fmt::Display for ErrorValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Value {
    pub fn text(text: impl Into<String>) -> Value {
        Value::Text(text.into())
    }

    pub fn number(number: impl Into<Decimal>) -> Value {
        Value::Number(number.into())
    }

    /// Whether this reads as no value. An unset switch is `false`, so a `Bool` is never empty.
    pub fn is_empty(&self) -> bool {
        match self {
            Value::Empty => true,
            Value::Text(text) => text.is_empty(),
            Value::List(items) => items.is_empty(),
            Value::Rows(rows) => rows.is_empty(),
            Value::Bool(_)
            | Value::Number(_)
            | Value::Date(_)
            | Value::DateTime(_)
            | Value::Time(_)
            | Value::Ref(_)
            | Value::Error(_) => false,
        }
    }

    pub fn as_number(&self) -> Option<Decimal> {
        if let Value::Number(number) = self { Some(*number) } else { None }
    }

    pub fn as_text(&self) -> Option<&str> {
        if let Value::Text(text) = self { Some(text) } else { None }
    }

    pub fn as_date(&self) -> Option<Date> {
        if let Value::Date(date) = self { Some(*date) } else { None }
    }

    pub fn as_ref_id(&self) -> Option<Id> {
        if let Value::Ref(id) = self { Some(*id) } else { None }
    }

    pub fn rows(&self) -> &[Row] {
        if let Value::Rows(rows) = self { rows } else { &[] }
    }

    /// The items of a list; a single non-empty value is a list of one.
    pub fn items(&self) -> &[Value] {
        match self {
            Value::List(items) => items,
            Value::Empty => &[],
            other => std::slice::from_ref(other),
        }
    }

    /// Compares two values of one type. `None` when either is empty or they are of different types: such a
    /// comparison does not hold (semantics.md 10). Text compares by its bytes here; sorting uses [`fold`].
    pub fn compare(&self, other: &Value) -> Option<Ordering> {
        match (self, other) {
            (Value::Bool(a), Value::Bool(b)) => Some(a.cmp(b)),
            (Value::Number(a), Value::Number(b)) => Some(a.cmp(b)),
            (Value::Text(a), Value::Text(b)) => Some(a.cmp(b)),
            (Value::Date(a), Value::Date(b)) => Some(a.cmp(b)),
            (Value::DateTime(a), Value::DateTime(b)) => Some(a.cmp(b)),
            (Value::Time(a), Value::Time(b)) => Some(a.cmp(b)),
            (Value::Ref(a), Value::Ref(b)) => Some(a.cmp(b)),
            _ => None,
        }
    }
}

/// Reads `key` from `values`; a missing key is empty.
pub fn get<'v>(values: &'v Values, key: &str) -> &'v Value {
    const EMPTY: &Value = &Value::Empty;
    values.get(key).unwrap_or(EMPTY)
}
