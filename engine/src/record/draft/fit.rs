//! What a field can hold.

use crate::field::Shape;
use crate::form::Column;
use crate::value::{ErrorValue, Value, fits, round};

/// What an unset field holds.
pub(super) fn unset(column: &Column) -> Value {
    if column.shape == Shape::Bool { Value::Bool(false) } else { Value::Empty }
}

/// Brings a computed value to what its field can hold: numbers are rounded, and where they are too large for it, or
/// the type is another one, the value is an error.
pub fn fit(value: Value, column: &Column) -> Value {
    let shape = column.field.kind.shape();
    match (&value, shape) {
        (Value::Empty, _) => unset(column),
        (Value::Error(_), _) => value,
        (Value::Text(_), Shape::Text | Shape::LongText | Shape::Markup | Shape::Parts | Shape::Key)
        | (Value::Date(_), Shape::Day)
        | (Value::DateTime(_), Shape::Instant)
        | (Value::Time(_), Shape::TimeOfDay) => column.field.kind.computed(value),
        (Value::Number(number), Shape::Decimal(scale)) => {
            let rounded = round(*number, scale, column.rounding);
            if fits(rounded, scale).is_ok() {
                Value::Number(rounded.normalize())
            } else {
                Value::Error(ErrorValue::Limit)
            }
        }
        (Value::Number(number), Shape::Text | Shape::LongText) => Value::Text(number.normalize().to_string()),
        (Value::Bool(_), Shape::Bool)
        | (Value::Ref(_), Shape::Ref)
        | (Value::List(_), Shape::Keys | Shape::Refs) => value,
        // One of something, where there may be several.
        (Value::Ref(_), Shape::Refs) | (Value::Text(_), Shape::Keys) => Value::List(vec![value]),
        _ => Value::Error(ErrorValue::Value),
    }
}
