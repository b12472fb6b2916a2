//! `percent`: a decimal that is shown with a per cent sign; 15.5 means 15.5 %.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::number::{
    DEFAULT_SCALE, check_number_options, check_range, is_default_rounding, is_default_scale, number_json,
    number_text, parse_number, without_unit,
};
use super::{Kind, Operator, Shape, plain_order};
use crate::formula::Type;
use crate::text::{Fault, Faults, Language};
use crate::value::{Decimal, Rounding, Value, half_width, wire};

/// The options of a percentage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Percent {
    #[serde(skip_serializing_if = "is_default_scale")]
    pub scale: u32,
    #[serde(with = "wire::decimal_option", skip_serializing_if = "Option::is_none")]
    pub min: Option<Decimal>,
    #[serde(with = "wire::decimal_option", skip_serializing_if = "Option::is_none")]
    pub max: Option<Decimal>,
    #[serde(skip_serializing_if = "is_default_rounding")]
    pub rounding: Rounding,
    /// Shown in place of the per cent sign: `个百分点`, `pp`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Whether the screen groups digits by thousands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thousands: Option<bool>,
}

impl Default for Percent {
    fn default() -> Percent {
        Percent {
            scale: DEFAULT_SCALE,
            min: None,
            max: None,
            rounding: Rounding::default(),
            unit: None,
            thousands: None,
        }
    }
}

/// The decimals of a percentage that is read.
const READ: u32 = 2;

impl Percent {
    pub(super) fn reading(&self, value: &Value) -> String {
        format!("{}\u{a0}{}", number_text(value, self.scale.min(READ)), self.sign())
    }

    /// What stands behind the number.
    pub fn sign(&self) -> &str {
        self.unit.as_deref().map(str::trim).filter(|unit| !unit.is_empty()).unwrap_or("%")
    }
}

impl Kind for Percent {
    fn shape(&self) -> Shape {
        Shape::Decimal(self.scale)
    }

    fn formula_type(&self) -> Type {
        Type::Number
    }

    fn parse(&self, json: &serde_json::Value) -> Result<Value, Fault> {
        match &*without_unit(json, self.unit.as_deref()) {
            serde_json::Value::String(text) => {
                let typed = half_width(text);
                let bare = typed.trim().trim_end_matches('%').trim_end();
                parse_number(&serde_json::Value::String(bare.to_string()), self.scale)
            }
            other => parse_number(other, self.scale),
        }
    }

    fn to_json(&self, value: &Value) -> serde_json::Value {
        number_json(value, self.scale)
    }

    fn check(&self, value: &Value) -> Faults {
        check_range(value, self.min, self.max)
    }

    fn display(&self, value: &Value, _: Language) -> String {
        let number = number_text(value, self.scale);
        if number.is_empty() { number } else { format!("{number}\u{a0}{}", self.sign()) }
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
        check_number_options(self.scale, self.min, self.max)
    }

    fn convert_from(&self, _: &Value, display: &str) -> Option<Value> {
        self.parse(&serde_json::Value::String(display.to_string())).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::FieldKind;

    #[test]
    fn a_percentage_that_is_kept_exactly_is_read_with_two_decimals() {
        let kind = |scale: u32| FieldKind::Percent(Percent { scale, ..Percent::default() });
        let value = Value::Number("39.1481".parse().unwrap());
        let read = |kind: &FieldKind| kind.reading(&value, Language::En);
        assert_eq!(read(&kind(4)), "39.15\u{a0}%");
        assert_eq!(read(&kind(0)), "39\u{a0}%");
        assert_eq!(kind(4).to_json(&value), serde_json::json!("39.1481"));
        assert_eq!(kind(4).display(&value, Language::En), "39.1481\u{a0}%");
        assert_eq!(kind(4).reading(&Value::Empty, Language::En), "");
    }

    #[test]
    fn a_percentage_may_have_another_sign() {
        let kind = Percent { unit: Some("pp".into()), ..Percent::default() };
        for typed in ["12.5", "12.5%", "１２．５％", "12.5 pp"] {
            let value = kind.parse(&serde_json::json!(typed)).unwrap();
            assert_eq!(kind.display(&value, Language::En), "12.50\u{a0}pp", "{typed}");
        }
    }
}
