//! `month`: a month, held as its first day.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::moment::{Precision, Writing, check_precision};
use super::{Kind, Operator, Shape, error_json, plain_order};
use crate::formula::Type;
use crate::text::{Fault, Faults, Language};
use crate::value::{self, Value, format_month, parse_date, parse_month};

/// The options of the kind.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Month {
    /// Earliest, in the wire form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<String>,
    /// Latest, in the wire form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<String>,
    /// `month`, which it is without it too, or `year`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub precision: Option<Precision>,
}

impl Month {
    /// The first day of what is kept.
    pub(super) fn cut(&self, value: Value) -> Value {
        match value {
            Value::Date(date) => Value::Date(self.precision.unwrap_or(Precision::Month).cut_date(date)),
            value => value,
        }
    }
}

/// A month, or a day of it.
fn read(text: &str) -> Option<value::Date> {
    parse_month(text).or_else(|| parse_date(text).map(value::Date::first_of_month))
}

const WRITING: Writing<value::Date> =
    Writing { read, write: format_month, value: Value::Date, refuse: |path| Fault::new(path, "not_a_month") };

impl Kind for Month {
    fn shape(&self) -> Shape {
        Shape::Day
    }

    fn formula_type(&self) -> Type {
        Type::Date
    }

    fn parse(&self, json: &serde_json::Value) -> Result<Value, Fault> {
        WRITING.parse(json).map(|value| self.cut(value))
    }

    fn to_json(&self, value: &Value) -> serde_json::Value {
        match value {
            Value::Date(moment) => serde_json::Value::String(format_month(*moment)),
            other => error_json(other).unwrap_or_default(),
        }
    }

    fn check(&self, value: &Value) -> Faults {
        match value {
            Value::Date(moment) => WRITING.check(*moment, self.min.as_deref(), self.max.as_deref()),
            _ => Faults::new(),
        }
    }

    fn display(&self, value: &Value, _: Language) -> String {
        self.to_json(value).as_str().unwrap_or_default().to_string()
    }

    fn order(&self, a: &Value, b: &Value) -> Ordering {
        plain_order(a, b)
    }

    fn operators(&self) -> &'static [Operator] {
        Operator::TIMES
    }

    fn is_input(&self) -> bool {
        true
    }

    fn check_options(&self) -> Faults {
        let mut faults = WRITING.check_bounds(self.min.as_deref(), self.max.as_deref());
        faults.extend(check_precision(self.precision, &[Precision::Month, Precision::Year]));
        faults
    }

    fn convert_from(&self, value: &Value, display: &str) -> Option<Value> {
        match value {
            Value::Date(date) => Some(self.cut(Value::Date(*date))),
            _ => read(display)
                .or_else(|| parse_month(display.get(..7)?))
                .map(|month| self.cut(Value::Date(month))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn months_have_one_wire_form() {
        let kind = Month::default();
        assert_eq!(kind.to_json(&kind.parse(&json!("2024年9月")).unwrap()), json!("2024-09"));
        assert_eq!(kind.to_json(&kind.parse(&json!("2024/9/30")).unwrap()), json!("2024-09"));
        assert_eq!(kind.parse(&json!("2024-13")).unwrap_err().code, "not_a_month");
        let years = Month { precision: Some(Precision::Year), ..Month::default() };
        assert_eq!(years.to_json(&years.parse(&json!("2024-09")).unwrap()), json!("2024-01"));
    }
}
