//! `serial`: a number given on the server in the committing transaction: gap-free, never reused.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::text::{parse_line, text_json};
use super::{Kind, Operator, Shape, text_order};
use crate::formula::Type;
use crate::text::{Fault, Faults, Language};
use crate::value::Value;

/// The options of a serial number.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Serial {
    pub parts: Vec<SerialPart>,
}

/// One part of a serial number: exactly one member is given.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SerialPart {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// A date format of `%Y %y %m %d`, of the day of commit in the workspace's zone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// For a field part: whether each value counts for itself.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub scope: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counter: Option<Counter>,
}

/// The counting part.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counter {
    /// At least so many digits.
    pub width: u32,
    #[serde(default)]
    pub reset: ResetPeriod,
}

/// When a counter starts again at 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResetPeriod {
    #[default]
    Never,
    Day,
    Month,
    Year,
}

impl Serial {
    /// The one counter; publishing refuses none or several.
    pub fn counter(&self) -> Option<&Counter> {
        self.parts.iter().find_map(|part| part.counter.as_ref())
    }

    /// The period that a count belongs to on `day`, as text: empty without a reset.
    pub fn period(&self, day: crate::value::Date) -> String {
        match self.counter().map_or(ResetPeriod::Never, |counter| counter.reset) {
            ResetPeriod::Never => String::new(),
            ResetPeriod::Year => format!("{:04}", day.year()),
            ResetPeriod::Month => format!("{:04}{:02}", day.year(), day.month()),
            ResetPeriod::Day => format!("{:04}{:02}{:02}", day.year(), day.month(), day.day()),
        }
    }

    /// The number's text. `field` gives the text of a field part.
    pub fn render(&self, count: u64, day: crate::value::Date, field: impl Fn(&str) -> String) -> String {
        self.parts
            .iter()
            .map(|part| {
                if let Some(text) = &part.text {
                    text.clone()
                } else if let Some(format) = &part.date {
                    format
                        .replace("%Y", &format!("{:04}", day.year()))
                        .replace("%y", &format!("{:02}", day.year().rem_euclid(100)))
                        .replace("%m", &format!("{:02}", day.month()))
                        .replace("%d", &format!("{:02}", day.day()))
                } else if let Some(key) = &part.field {
                    field(key)
                } else {
                    let width = part.counter.as_ref().map_or(1, |counter| counter.width as usize);
                    format!("{count:0width$}")
                }
            })
            .collect()
    }
}

impl Kind for Serial {
    fn shape(&self) -> Shape {
        Shape::Text
    }

    fn formula_type(&self) -> Type {
        Type::Text
    }

    fn parse(&self, json: &serde_json::Value) -> Result<Value, Fault> {
        parse_line(json)
    }

    fn to_json(&self, value: &Value) -> serde_json::Value {
        text_json(value)
    }

    fn check(&self, _: &Value) -> Faults {
        Faults::new()
    }

    fn display(&self, value: &Value, _: Language) -> String {
        value.as_text().unwrap_or_default().to_string()
    }

    fn order(&self, a: &Value, b: &Value) -> Ordering {
        text_order(a, b)
    }

    fn operators(&self) -> &'static [Operator] {
        Operator::TEXT
    }

    fn is_input(&self) -> bool {
        false
    }

    fn check_options(&self) -> Faults {
        let mut faults = Faults::new();
        let counters = self.parts.iter().filter(|part| part.counter.is_some()).count();
        if counters != 1 {
            faults.push(Fault::new("parts", "serial_needs_one_counter"));
        }
        for (place, part) in self.parts.iter().enumerate() {
            let given =
                [part.text.is_some(), part.date.is_some(), part.field.is_some(), part.counter.is_some()];
            if given.iter().filter(|given| **given).count() != 1 {
                faults.push(Fault::new(format!("parts.{place}"), "serial_part"));
            }
            if part.counter.as_ref().is_some_and(|counter| !(1..=12).contains(&counter.width)) {
                faults.push(Fault::new(format!("parts.{place}.counter.width"), "too_large").arg("max", 12));
            }
        }
        faults
    }

    fn convert_from(&self, _: &Value, _: &str) -> Option<Value> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_serial_shows_its_parts() {
        let serial: Serial = serde_json::from_value(json!({"parts": [
            {"text": "SO-"}, {"date": "%Y%m%d"}, {"text": "-"}, {"counter": {"width": 4, "reset": "day"}}]}))
        .unwrap();
        assert!(serial.check_options().is_empty());
        let day = crate::value::parse_date("2026-11-22").unwrap();
        assert_eq!(serial.render(7, day, |_| String::new()), "SO-20261122-0007");
        assert_eq!(serial.render(12345, day, |_| String::new()), "SO-20261122-12345");
        assert_eq!(serial.period(day), "20261122");
        assert_eq!(Serial::default().check_options()[0].code, "serial_needs_one_counter");
    }
}
