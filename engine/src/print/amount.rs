//! What a column comes to.

use crate::value::{Decimal, ErrorValue, Value};

/// The exact sum of what is filled in; an error value where one of them is one, or where it can't be held.
pub(super) fn total<'v>(values: impl Iterator<Item = &'v Value>) -> Value {
    let mut sum: Option<Decimal> = None;
    for value in values {
        match value {
            Value::Error(error) => return Value::Error(*error),
            Value::Number(number) => match sum.unwrap_or_default().checked_add(*number) {
                Some(more) => sum = Some(more),
                None => return Value::Error(ErrorValue::Limit),
            },
            _ => {}
        }
    }
    sum.map_or(Value::Empty, Value::Number)
}
