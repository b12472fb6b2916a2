//! `formula`: a computed field: stored if it reads only stored fields of its record, else live (the form decides).

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::number::{MAX_SCALE, number_json, number_text, parse_number};
use super::options::{Date, DateTime, Money, Percent, Switch};
use super::text::parse_line;
use super::{FieldKind, Kind, Operator, Shape, any_json, any_text, plain_order, text_order};
use crate::formula::Type;
use crate::text::{Fault, Faults, Language};
use crate::value::Value;

/// The options of a formula field.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Formula {
    pub formula: String,
    #[serde(rename = "type")]
    pub result: ResultType,
    /// Digits after the point of a number; 8 unless said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scale: Option<u32>,
    /// How a number is shown; its value stays the same.
    #[serde(skip_serializing_if = "ShownAs::is_plain")]
    pub format: ShownAs,
}

/// What a computed number is shown as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShownAs {
    #[default]
    Plain,
    /// 15.5 is 15.5 %, as in a percentage field.
    Percent,
    /// With the decimals of an amount, in the currency of the workspace.
    Money,
}

impl ShownAs {
    fn is_plain(&self) -> bool {
        *self == ShownAs::Plain
    }
}

/// What a formula field gives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResultType {
    Text,
    #[default]
    Number,
    Date,
    #[serde(rename = "datetime")]
    DateTime,
    Bool,
}

impl Formula {
    /// The kind that shows its number, where it is shown as something else than a plain one.
    pub(super) fn shown_as(&self) -> Option<FieldKind> {
        let scale = self.scale();
        match (self.result, self.format) {
            (ResultType::Number, ShownAs::Percent) => {
                Some(FieldKind::Percent(Percent { scale, ..Percent::default() }))
            }
            (ResultType::Number, ShownAs::Money) => {
                Some(FieldKind::Money(Money { scale, ..Money::default() }))
            }
            _ => None,
        }
    }

    /// The scale of a number.
    pub fn scale(&self) -> u32 {
        self.scale.unwrap_or(MAX_SCALE)
    }
}

impl Kind for Formula {
    fn shape(&self) -> Shape {
        match self.result {
            ResultType::Text => Shape::Text,
            ResultType::Number => Shape::Decimal(self.scale()),
            ResultType::Date => Shape::Day,
            ResultType::DateTime => Shape::Instant,
            ResultType::Bool => Shape::Bool,
        }
    }

    fn formula_type(&self) -> Type {
        match self.result {
            ResultType::Text => Type::Text,
            ResultType::Number => Type::Number,
            ResultType::Date => Type::Date,
            ResultType::DateTime => Type::DateTime,
            ResultType::Bool => Type::Bool,
        }
    }

    fn parse(&self, _: &serde_json::Value) -> Result<Value, Fault> {
        Err(Fault::new("", "not_writable"))
    }

    fn parse_wire(&self, json: &serde_json::Value) -> Result<Value, Fault> {
        match self.result {
            ResultType::Text => parse_line(json),
            ResultType::Number => parse_number(json, self.scale()),
            ResultType::Date => Date::default().parse(json),
            ResultType::DateTime => DateTime::default().parse(json),
            ResultType::Bool => Switch::default().parse(json),
        }
    }

    fn to_json(&self, value: &Value) -> serde_json::Value {
        if let Value::Number(_) = value { number_json(value, self.scale()) } else { any_json(value) }
    }

    fn check(&self, _: &Value) -> Faults {
        Faults::new()
    }

    fn display(&self, value: &Value, language: Language) -> String {
        match (value, self.scale) {
            (Value::Bool(_), _) => Switch::default().display(value, language),
            (Value::Number(_), Some(scale)) => number_text(value, scale),
            // Without a scale of its own a number shows the digits that it has.
            _ => any_text(value),
        }
    }

    fn order(&self, a: &Value, b: &Value) -> Ordering {
        if self.result == ResultType::Text { text_order(a, b) } else { plain_order(a, b) }
    }

    fn operators(&self) -> &'static [Operator] {
        match self.result {
            ResultType::Text => Operator::TEXT,
            ResultType::Number => Operator::ORDERED,
            ResultType::Date | ResultType::DateTime => Operator::TIMES,
            ResultType::Bool => Operator::BOOL,
        }
    }

    fn is_input(&self) -> bool {
        false
    }

    fn check_options(&self) -> Faults {
        let mut faults = Faults::new();
        if self.formula.trim().is_empty() {
            faults.push(Fault::new("formula", "required"));
        }
        if self.scale() > MAX_SCALE {
            faults.push(Fault::new("scale", "too_large").arg("max", MAX_SCALE));
        }
        faults
    }

    fn convert_from(&self, _: &Value, _: &str) -> Option<Value> {
        None
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::FieldKind;
    use crate::value::{ErrorValue, Value};

    fn kind(options: serde_json::Value) -> FieldKind {
        FieldKind::from_parts("formula", options).unwrap()
    }

    #[test]
    fn a_computed_value_is_read_from_its_wire_form_and_set_by_nobody() {
        for (options, wire) in [
            (json!({"formula": "1", "scale": 2}), json!("482.50")),
            (json!({"formula": "1"}), json!("482.50000000")),
            (json!({"formula": "1", "type": "text"}), json!("long")),
            (json!({"formula": "1", "type": "bool"}), json!(true)),
            (json!({"formula": "1", "type": "date"}), json!("2026-03-02")),
            (json!({"formula": "1", "type": "datetime"}), json!("2026-03-02T08:30:00Z")),
        ] {
            let kind = kind(options);
            let value = kind.read(&wire);
            assert!(!value.is_empty(), "{wire}");
            assert_eq!(kind.to_json(&value), wire);
            assert_eq!(kind.parse(&wire).unwrap_err().code, "not_writable");
        }
        let number = kind(json!({"formula": "1"}));
        assert_eq!(number.read(&json!({"error": "#DIV/0!"})), Value::Error(ErrorValue::Div0));
        assert_eq!(number.read(&json!("many")), Value::Empty);
    }

    #[test]
    fn yes_and_no_are_said_as_a_switch_says_them() {
        let bool = kind(json!({"formula": "1 > 2", "type": "bool"}));
        assert_eq!(bool.display(&Value::Bool(false), crate::text::Language::En), "No");
        assert_eq!(bool.display(&Value::Bool(true), crate::text::Language::ZhCn), "是");
    }

    #[test]
    fn a_number_is_shown_as_a_percentage_or_as_money_and_stays_what_it_is() {
        let shown = |options: serde_json::Value, digits: &str| {
            let (kind, value) = (kind(options), Value::Number(digits.parse().unwrap()));
            let read = kind.clone().read_as();
            assert_eq!((read.shape(), read.to_json(&value)), (kind.shape(), kind.to_json(&value)));
            read.number_text(&value, crate::text::Language::En)
        };
        assert_eq!(shown(json!({"formula": "1", "format": "percent"}), "15.512"), "15.51\u{a0}%");
        assert_eq!(shown(json!({"formula": "1", "format": "percent", "scale": 0}), "15"), "15\u{a0}%");
        assert_eq!(shown(json!({"formula": "1", "format": "money"}), "1234.5"), "1,234.50");
        assert_eq!(shown(json!({"formula": "1"}), "1234.5"), "1,234.5");
        // What is no number is shown as what it is.
        let text = kind(json!({"formula": "1", "type": "text", "format": "money"}));
        assert_eq!(text.clone().read_as(), text);
        assert_eq!(
            kind(json!({"formula": "1", "format": "plain"})).options(),
            json!({"formula": "1", "type": "number"})
        );
    }

    #[test]
    fn a_number_shows_the_digits_it_has_or_those_of_its_scale() {
        let two = Value::Number(rust_decimal::Decimal::TWO);
        let show = |options| kind(options).display(&two, crate::text::Language::En);
        assert_eq!(show(json!({"formula": "1"})), "2");
        assert_eq!(show(json!({"formula": "1", "scale": 2})), "2.00");
    }
}
