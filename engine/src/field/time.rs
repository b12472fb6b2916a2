//! `time`: a time of day. It never moves with a time zone.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::moment::{Precision, Writing, check_precision};
use super::{Kind, Operator, Shape, error_json, plain_order};
use crate::formula::Type;
use crate::text::{Fault, Faults, Language};
use crate::value::{self, Value, format_time, parse_typed_time};

/// The options of the kind.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Time {
    /// Earliest, in the wire form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<String>,
    /// Latest, in the wire form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<String>,
    /// `minute` or `second`: what is finer is cut off. Without it seconds stay as they come, and nobody is asked for them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub precision: Option<Precision>,
}

const WRITING: Writing<value::Time> = Writing {
    read: parse_typed_time,
    write: format_time,
    value: Value::Time,
    refuse: |path| Fault::new(path, "not_a_time"),
};

impl Time {
    /// As fine as the field keeps it.
    pub(super) fn cut(&self, value: Value) -> Value {
        match (value, self.precision) {
            (Value::Time(time), Some(precision)) => Value::Time(precision.cut_time(time)),
            (value, _) => value,
        }
    }
}

impl Kind for Time {
    fn shape(&self) -> Shape {
        Shape::TimeOfDay
    }

    fn formula_type(&self) -> Type {
        Type::Time
    }

    fn parse(&self, json: &serde_json::Value) -> Result<Value, Fault> {
        WRITING.parse(json).map(|value| self.cut(value))
    }

    fn to_json(&self, value: &Value) -> serde_json::Value {
        match value {
            Value::Time(time) => serde_json::Value::String(format_time(*time)),
            other => error_json(other).unwrap_or_default(),
        }
    }

    fn check(&self, value: &Value) -> Faults {
        match value {
            Value::Time(time) => WRITING.check(*time, self.min.as_deref(), self.max.as_deref()),
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
        Operator::ORDERED
    }

    fn is_input(&self) -> bool {
        true
    }

    fn check_options(&self) -> Faults {
        let mut faults = WRITING.check_bounds(self.min.as_deref(), self.max.as_deref());
        faults.extend(check_precision(self.precision, &[Precision::Minute, Precision::Second]));
        faults
    }

    fn convert_from(&self, value: &Value, display: &str) -> Option<Value> {
        match value {
            Value::Time(time) => Some(self.cut(Value::Time(*time))),
            _ => parse_typed_time(display).map(|time| self.cut(Value::Time(time))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn times_have_one_wire_form() {
        let kind = Time { min: Some("08:00".into()), max: Some("18:00".into()), ..Time::default() };
        for (typed, wire) in [("9:05", "09:05"), ("下午３：０５", "15:05"), ("09:05:07", "09:05:07")] {
            let value = kind.parse(&json!(typed)).unwrap();
            assert_eq!(kind.to_json(&value), json!(wire), "{typed}");
            assert!(kind.check(&value).is_empty(), "{typed}");
        }
        assert_eq!(kind.check(&kind.parse(&json!("7:59")).unwrap())[0].code, "too_small");
        assert_eq!(kind.check(&kind.parse(&json!("18:00:01")).unwrap())[0].code, "too_large");
        assert_eq!(kind.parse(&json!("24:00")).unwrap_err().code, "not_a_time");
        assert_eq!(kind.parse(&json!(905)).unwrap_err().code, "wrong_type");
    }

    #[test]
    fn what_is_finer_than_the_field_is_cut_off() {
        let kind = Time { precision: Some(Precision::Minute), ..Time::default() };
        assert_eq!(kind.to_json(&kind.parse(&json!("09:05:59")).unwrap()), json!("09:05"));
        let wrong = Time { precision: Some(Precision::Month), min: Some("x".into()), ..Time::default() };
        let faults = wrong.check_options();
        let codes: Vec<(&str, &str)> = faults.iter().map(|fault| (&*fault.path, &*fault.code)).collect();
        assert_eq!(codes, [("min", "not_a_time"), ("precision", "unknown_choice")]);
    }
}
