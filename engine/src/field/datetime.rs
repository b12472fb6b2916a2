//! `datetime`: an instant, shown in the reader's zone.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::moment::{Precision, Writing, check_precision};
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
    /// `minute` or `second`: what is finer is cut off. Without it seconds stay as they come, and nobody is asked for them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub precision: Option<Precision>,
}

impl DateTime {
    /// As fine as the field keeps it.
    pub(super) fn cut(&self, value: Value) -> Value {
        match (value, self.precision) {
            (Value::DateTime(instant), Some(precision)) => Value::DateTime(precision.cut_instant(instant)),
            (value, _) => value,
        }
    }
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
        WRITING.parse(json).map(|value| self.cut(value))
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
        let mut faults = WRITING.check_bounds(self.min.as_deref(), self.max.as_deref());
        faults.extend(check_precision(self.precision, &[Precision::Minute, Precision::Second]));
        faults
    }

    fn convert_from(&self, value: &Value, display: &str) -> Option<Value> {
        match value {
            Value::DateTime(instant) => Some(self.cut(Value::DateTime(*instant))),
            _ => parse_timestamp(display).map(|instant| self.cut(Value::DateTime(instant))),
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

    #[test]
    fn what_is_finer_than_the_field_is_cut_off() {
        for (precision, kept) in [
            (None, "2026-11-22T08:00:59.5Z"),
            (Some(Precision::Second), "2026-11-22T08:00:59Z"),
            (Some(Precision::Minute), "2026-11-22T08:00:00Z"),
        ] {
            let kind = DateTime { precision, ..DateTime::default() };
            let value = kind.parse(&json!("2026-11-22T16:00:59.5+08:00")).unwrap();
            assert_eq!(kind.to_json(&value), json!(kept));
        }
        let before_1970 = DateTime { precision: Some(Precision::Minute), ..DateTime::default() };
        let value = before_1970.parse(&json!("1969-12-31T23:59:30Z")).unwrap();
        assert_eq!(before_1970.to_json(&value), json!("1969-12-31T23:59:00Z"));
        let wrong = DateTime { precision: Some(Precision::Year), ..DateTime::default() };
        assert_eq!(wrong.check_options()[0].code, "unknown_choice");
    }
}
