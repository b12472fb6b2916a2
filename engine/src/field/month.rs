//! `month`: a month, held as its first day.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::{Kind, Operator, Shape, error_json, is_blank, plain_order};
use crate::formula::Type;
use crate::text::{Fault, Faults, Language};
use crate::value::{Value, format_month, parse_month};

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
}

impl Kind for Month {
    fn shape(&self) -> Shape {
        Shape::Day
    }

    fn formula_type(&self) -> Type {
        Type::Date
    }

    fn parse(&self, json: &serde_json::Value) -> Result<Value, Fault> {
        if is_blank(json) {
            return Ok(Value::Empty);
        }
        let text = json.as_str().ok_or_else(|| Fault::new("", "wrong_type"))?;
        parse_month(text).map(Value::Date).ok_or_else(|| Fault::new("", "not_a_month"))
    }

    fn to_json(&self, value: &Value) -> serde_json::Value {
        match value {
            Value::Date(moment) => serde_json::Value::String(format_month(*moment)),
            other => error_json(other).unwrap_or_default(),
        }
    }

    fn check(&self, value: &Value) -> Faults {
        let Value::Date(moment) = value else { return Faults::new() };
        let mut faults = Faults::new();
        if let Some(min) = self.min.as_deref().and_then(parse_month).filter(|min| moment < min) {
            faults.push(Fault::new("", "too_small").arg("min", format_month(min)));
        }
        if let Some(max) = self.max.as_deref().and_then(parse_month).filter(|max| moment > max) {
            faults.push(Fault::new("", "too_large").arg("max", format_month(max)));
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
            let moment = text.as_deref().map(parse_month);
            if moment == Some(None) {
                faults.push(Fault::new(name, "not_a_month"));
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
            Value::Date(date) => Some(Value::Date(date.first_of_month())),
            _ => parse_month(display.get(..7).unwrap_or(display)).map(Value::Date),
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
        assert_eq!(kind.parse(&json!("2024-13")).unwrap_err().code, "not_a_month");
    }
}
