//! Tests that need the whole way from source to value.

mod hostile;
mod library;
mod meaning;
mod names;
mod properties;
mod types;

use super::sample::{LastLine, Sample};
use super::{Budget, Formula, Type};
use crate::value::Value;

/// What a formula about the sample gives, as text; a fault by its code.
fn show(source: &str) -> String {
    Sample::show(source).unwrap_or_else(|fault| fault.code.to_string())
}

/// The same of a formula in the last of its lines.
fn show_in_a_row(source: &str) -> String {
    LastLine::show(source).unwrap_or_else(|fault| fault.code.to_string())
}

/// The value of a formula about the sample, and what it cost.
fn run(source: &str) -> (Value, Budget) {
    let formula =
        Formula::parse(source, &Sample, &Type::Any).unwrap_or_else(|fault| panic!("{source}: {fault:?}"));
    let mut budget = Budget::for_record();
    let value = formula.evaluate(&Sample, &Sample::context(), &mut budget);
    (value, budget)
}
