//! `date`: a local date. It never moves with a time zone.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::{Kind, Operator, Shape, error_json, is_blank, plain_order};
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

impl Kind for Date {
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
        parse_date(text).map(Value::Date).ok_or_else(|| Fault::new("", "not_a_date"))
    }

    fn to_json(&self, value: &Value) -> serde_json::Value {
        match value {
            Value::Date(moment) => serde_json::Value::String(format_date(*moment)),
            other => error_json(other).unwrap_or_default(),
        }
    }

    fn check(&self, value: &Value) -> Faults {
        let Value::Date(moment) = value else { return Faults::new() };
        let mut faults = Faults::new();
        if let Some(min) = self.min.as_deref().and_then(parse_date).filter(|min| moment < min) {
            faults.push(Fault::new("", "too_small").arg("min", format_date(min)));
        }
        if let Some(max) = self.max.as_deref().and_then(parse_date).filter(|max| moment > max) {
            faults.push(Fault::new("", "too_large").arg("max", format_date(max)));
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
            let moment = text.as_deref().map(parse_date);
            if moment == Some(None) {
                faults.push(Fault::new(name, "not_a_date"));
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
