//! `datetime`: an instant, shown in the reader's zone.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::{Kind, Operator, Shape, error_json, is_blank, plain_order};
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

impl Kind for DateTime {
    fn shape(&self) -> Shape {
        Shape::Instant
    }

    fn formula_type(&self) -> Type {
        Type::DateTime
    }

    fn parse(&self, json: &serde_json::Value) -> Result<Value, Fault> {
        if is_blank(json) {
            return Ok(Value::Empty);
        }
        let text = json.as_str().ok_or_else(|| Fault::new("", "wrong_type"))?;
        parse_timestamp(text).map(Value::DateTime).ok_or_else(|| Fault::new("", "not_a_moment"))
    }

    fn to_json(&self, value: &Value) -> serde_json::Value {
        match value {
            Value::DateTime(moment) => serde_json::Value::String(format_timestamp(*moment)),
            other => error_json(other).unwrap_or_default(),
        }
    }

    fn check(&self, value: &Value) -> Faults {
        let Value::DateTime(moment) = value else { return Faults::new() };
        let mut faults = Faults::new();
        if let Some(min) = self.min.as_deref().and_then(parse_timestamp).filter(|min| moment < min) {
            faults.push(Fault::new("", "too_small").arg("min", format_timestamp(min)));
        }
        if let Some(max) = self.max.as_deref().and_then(parse_timestamp).filter(|max| moment > max) {
            faults.push(Fault::new("", "too_large").arg("max", format_timestamp(max)));
        }
        faults
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
        let mut faults = Faults::new();
        let parsed = [("min", &self.min), ("max", &self.max)].map(|(name, text)| {
            let moment = text.as_deref().map(parse_timestamp);
            if moment == Some(None) {
                faults.push(Fault::new(name, "not_a_moment"));
            }
            moment.flatten()
        });
        if let [Some(min), Some(max)] = parsed
            && min > max
        {
            faults.push(Fault::new("min", "min_over_max"));
        }
        faults
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
