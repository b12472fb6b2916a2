//! `date`: a local date. It never moves with a time zone.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::moment::Writing;
use super::{Kind, Operator, Shape, error_json, plain_order};
use crate::formula::Type;
use crate::text::{Fault, Faults, Language};
use crate::value::{Value, format_date, parse_date};

/// The options of the kind.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Date {
    /// Earliest, in the wire form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<String>,
    /// Latest, in the wire form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<String>,
}

const WRITING: Writing<jiff::civil::Date> = Writing {
    read: parse_date,
    write: format_date,
    value: Value::Date,
    refuse: |path| Fault::new(path, "not_a_date"),
};

impl Kind for Date {
    fn shape(&self) -> Shape {
        Shape::Day
    }

    fn formula_type(&self) -> Type {
        Type::Date
    }

    fn parse(&self, json: &serde_json::Value) -> Result<Value, Fault> {
        WRITING.parse(json)
    }

    fn to_json(&self, value: &Value) -> serde_json::Value {
        match value {
            Value::Date(moment) => serde_json::Value::String(format_date(*moment)),
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
        WRITING.check_bounds(self.min.as_deref(), self.max.as_deref())
    }

    fn convert_from(&self, value: &Value, display: &str) -> Option<Value> {
        match value {
            Value::Date(date) => Some(Value::Date(*date)),
            // An instant's date depends on the zone, which the caller put into `display`.
            _ => parse_date(display.get(..10).unwrap_or(display)).map(Value::Date),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn dates_have_one_wire_form() {
        let kind = Date { min: Some("2024-01-01".into()), ..Date::default() };
        let value = kind.parse(&json!("2024/9/9")).unwrap();
        assert_eq!(kind.to_json(&value), json!("2024-09-09"));
        assert_eq!(kind.check(&kind.parse(&json!("2023-12-31")).unwrap())[0].code, "too_small");
        assert_eq!(kind.parse(&json!("2024-13-01")).unwrap_err().code, "not_a_date");
        assert_eq!(kind.parse(&json!(20240909)).unwrap_err().code, "wrong_type");
    }
}
