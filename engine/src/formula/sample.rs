//! The record that the examples of functions are about.

use super::arguments::text_of;
use super::{Budget, Formula, FormulaFault, Lookup, Resolved, Scope, Type, evaluate};
use crate::context::Context;
use crate::value::{Decimal, ErrorValue, Value, parse_date, parse_timestamp};

/// An order of three lines, at five past four in the afternoon of 22 November 2026 in Shanghai, with one parameter.
pub struct Sample;

impl Sample {
    /// The moment of the examples.
    pub fn context() -> Context {
        let now = parse_timestamp("2026-11-22T08:05:00Z").unwrap_or_default();
        let zone = jiff::tz::TimeZone::get("Asia/Shanghai").unwrap_or(jiff::tz::TimeZone::UTC);
        let mut context = Context::system(now, zone);
        context.params.insert("rate".into(), Value::number(13));
        context
    }

    /// What a formula about the sample gives, as text.
    ///
    /// # Errors
    /// What is wrong with the formula.
    pub fn show(source: &str) -> Result<String, FormulaFault> {
        let formula = Formula::parse(source, &Sample, &Type::Any)?;
        let (value, frame) = formula.compiled.run(&Sample, &Sample::context(), &mut Budget::for_record());
        let value = evaluate::land(value, &Type::Any, &frame);
        Ok(match text_of(&value, &frame) {
            Ok(text) => text.into_owned(),
            Err(super::arguments::Halt::Error(error)) => error.to_string(),
            Err(super::arguments::Halt::Empty) => String::new(),
        })
    }
}

impl Scope for Sample {
    fn resolve(&self, path: &[&str]) -> Option<Resolved> {
        let ty = match path {
            ["amount"] => Type::Number,
            ["state"] => Type::Text,
            ["paid"] => Type::Bool,
            ["blank"] => Type::Any,
            ["day"] => Type::Date,
            ["at"] => Type::DateTime,
            ["tags"] => Type::list(Type::Text),
            ["lines"] => Type::Rows,
            ["lines", "qty" | "price"] => Type::list(Type::Number),
            ["lines", "item" | "note"] => Type::list(Type::Text),
            ["lines", "day"] => Type::list(Type::Date),
            _ => return None,
        };
        Some(Resolved { ty, live: false })
    }

    fn parameter(&self, key: &str) -> Option<Type> {
        (key == "rate").then_some(Type::Number)
    }
}

impl Lookup for Sample {
    fn value(&self, path: &str) -> Value {
        let texts = |items: &[&str]| {
            let items =
                items.iter().map(|item| if item.is_empty() { Value::Empty } else { Value::text(*item) });
            Value::List(items.collect())
        };
        let numbers = |items: [Decimal; 3]| Value::List(items.map(Value::Number).to_vec());
        let day = |text: &str| parse_date(text).map_or(Value::Empty, Value::Date);
        match path {
            "amount" => Value::Number(Decimal::new(1205, 1)),
            "state" => Value::text("won"),
            "paid" => Value::Bool(true),
            "blank" => Value::Empty,
            "day" => day("2026-11-22"),
            "at" => Value::DateTime(Sample::context().now),
            "tags" => texts(&["vip", "old"]),
            "lines" => Value::Rows(vec![Default::default(), Default::default(), Default::default()]),
            "lines.qty" => numbers([2.into(), 3.into(), 5.into()]),
            "lines.price" => numbers([10.into(), Decimal::new(205, 1), 4.into()]),
            "lines.item" => texts(&["pen", "ink", "pen"]),
            "lines.note" => texts(&["gift", "", ""]),
            "lines.day" => Value::List(vec![day("2026-01-15"), day("2026-02-10"), day("2026-03-01")]),
            _ => Value::Error(ErrorValue::Ref),
        }
    }
}
