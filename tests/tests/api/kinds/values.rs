//! What the operators of conditions find among two samples and a record without a value: names in order, `n` for the last.

use serde_json::{Value, json};

/// An operator, its operand (`null` for none), and the names of the records that it finds.
pub type Find = (&'static str, Value, &'static str);

/// Every operator of conditions.
pub const OPERATORS: [&str; 19] = [
    "eq",
    "ne",
    "gt",
    "gte",
    "lt",
    "lte",
    "between",
    "in",
    "not_in",
    "contains",
    "not_contains",
    "starts_with",
    "ends_with",
    "is_empty",
    "not_empty",
    "has_any",
    "has_all",
    "has_none",
    "within",
];

pub fn presence() -> Vec<Find> {
    vec![("is_empty", Value::Null, "n"), ("not_empty", Value::Null, "01")]
}

/// One value among others. Operands are literals of conditions, which need not be the wire form.
pub fn one_of(first: Value, second: Value) -> Vec<Find> {
    let mut finds = vec![
        ("eq", first.clone(), "0"),
        ("ne", first.clone(), "1n"),
        ("in", json!([first, second]), "01"),
        ("not_in", json!([first]), "1n"),
    ];
    finds.extend(presence());
    finds
}

/// Values that are greater and smaller.
pub fn ordered(first: Value, second: Value) -> Vec<Find> {
    let mut finds = one_of(first.clone(), second.clone());
    finds.extend([
        ("gt", first.clone(), "1"),
        ("gte", first.clone(), "01"),
        ("lt", second.clone(), "0"),
        ("lte", second.clone(), "01"),
        ("between", json!([first, first]), "0"),
    ]);
    finds
}

/// Days and instants, some years ago at most.
pub fn moments(first: Value, second: Value) -> Vec<Find> {
    let mut finds = ordered(first, second);
    finds.push(("within", json!({"relative": "last_n_days", "n": 20_000}), "01"));
    finds.push(("within", json!({"relative": "tomorrow"}), ""));
    finds
}

/// Parts of the first text, and not of the second.
pub fn searched(inside: &str, start: &str, end: &str) -> Vec<Find> {
    let mut finds = vec![
        ("contains", json!(inside), "0"),
        ("not_contains", json!(inside), "1n"),
        ("starts_with", json!(start), "0"),
        ("ends_with", json!(end), "0"),
    ];
    finds.extend(presence());
    finds
}

/// Short texts.
pub fn texts(first: &str, second: &str, inside: &str, start: &str, end: &str) -> Vec<Find> {
    let mut finds = one_of(json!(first), json!(second));
    finds.extend(searched(inside, start, end).into_iter().take(4));
    finds
}

/// Several values: the first sample has `both`, the second `both` and `one`.
pub fn many(both: Value, one: Value) -> Vec<Find> {
    let mut finds = vec![
        ("has_any", json!([both]), "01"),
        ("has_all", json!([both, one]), "1"),
        ("has_none", json!([one]), "0n"),
    ];
    finds.extend(presence());
    finds
}
