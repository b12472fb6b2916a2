//! How much memory values of a script take, as it is estimated.

use rhai::Dynamic;

use crate::value::{Value, Values};

/// Lists and maps within each other at most.
const DEEPEST: usize = 8;
/// Bytes of a value; of a map beside its entries; and of one entry.
const VALUE: u64 = 16;
const MAP: u64 = 512;
const ENTRY: u64 = 64;

/// Bytes of what a variable holds; `None` where it is nested too deeply. Records are counted where they are read.
pub(super) fn of_dynamic(value: &Dynamic) -> Option<u64> {
    nested(value, DEEPEST)
}

fn nested(value: &Dynamic, depth: usize) -> Option<u64> {
    if value.is_array() {
        let items = value.as_array_ref().ok()?;
        let below = depth.checked_sub(1)?;
        items.iter().try_fold(VALUE, |sum, item| Some(sum + nested(item, below)?))
    } else if value.is_map() {
        let entries = value.as_map_ref().ok()?;
        let below = depth.checked_sub(1)?;
        entries.values().try_fold(MAP, |sum, entry| Some(sum + ENTRY + nested(entry, below)?))
    } else if value.is_string() {
        let length = value.as_immutable_string_ref().map(|text| text.len()).unwrap_or_default();
        Some(VALUE + length as u64)
    } else {
        Some(VALUE)
    }
}

/// Bytes of a record's values.
pub(super) fn of_values(values: &Values) -> u64 {
    values.iter().map(|(key, value)| ENTRY + key.len() as u64 + of_value(value)).sum()
}

fn of_value(value: &Value) -> u64 {
    match value {
        Value::Text(text) => VALUE + text.len() as u64,
        Value::List(items) => VALUE + items.iter().map(of_value).sum::<u64>(),
        Value::Rows(rows) => VALUE + rows.iter().map(|row| MAP + of_values(&row.values)).sum::<u64>(),
        Value::Empty
        | Value::Bool(_)
        | Value::Number(_)
        | Value::Date(_)
        | Value::DateTime(_)
        | Value::Time(_)
        | Value::Ref(_)
        | Value::Error(_) => VALUE,
    }
}
