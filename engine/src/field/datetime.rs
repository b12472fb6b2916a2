//! `datetime`: an instant, shown in the reader's zone.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::moment::Writing;
use super::{Kind, Operator, Shape, error_json, plain_order};
use crate::formula::Type;
use crate::text::{Fault, Faults, Language};
use crate::value::{Value, format_timestamp, parse_timestamp};

/// The options of the kind.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DateTime {
    /// Earliest, in the wire form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<String>,
    /// Latest, in the wire form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<String>,
    /// `minute` (default) or `second`: what the screen lets people enter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub precision: Option<String>,
}

const WRITING: Writing<jiff::Timestamp> = Writing {
    read: parse_timestamp,
    write: format_timestamp,
    value: Value::DateTime,
    refuse: |path| Fault::new(path, "not_a_moment"),
};

impl Kind for DateTime {
    fn shape(&self) -> Shape {
        Shape::Instant
    }

    fn formula_type(&self) -> Type {
        Type::DateTime
    }

    fn parse(&self, json: &serde_json::Value) -> Result<Value, Fault> {
        WRITING.parse(json)
    }

    fn to_json(&self, value: &Value) -> serde_json::Value {
        match value {
            Value::DateTime(moment) => serde_json::Value::String(format_timestamp(*moment)),
            other => error_json(other).unwrap_or_default(),
        }
    }

    fn check(&self, value: &Value) -> Faults {
        match value {
            Value::DateTime(moment) => WRITING.check(*moment, self.min.as_deref(), self.max.as_deref()),
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
            Value::DateTime(instant) => Some(Value::DateTime(*instant)),
            _ => parse_timestamp(display).map(Value::DateTime),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn instants_are_kept_in_utc() {
        let kind = DateTime::default();
        let value = kind.parse(&json!("2026-11-22T16:00:00+08:00")).unwrap();
        assert_eq!(kind.to_json(&value), json!("2026-11-22T08:00:00Z"));
        assert_eq!(kind.parse(&json!("2026-11-22")).unwrap_err().code, "not_a_moment");
    }
}
