//! `rating`: a number of stars, from one to as many as the field has. What is not rated is empty.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::number::{check_range, number_json, number_text, parse_number};
use super::{Kind, Operator, Shape, is_blank, plain_order};
use crate::formula::Type;
use crate::text::{Fault, Faults, Language};
use crate::value::{Decimal, Value, half_width};

/// The options of a rating.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Rating {
    /// How many stars there are, 2 to 10.
    #[serde(skip_serializing_if = "is_default_max")]
    pub max: u32,
}

const DEFAULT_MAX: u32 = 5;
const FEWEST: u32 = 2;
const MOST: u32 = 10;

fn is_default_max(max: &u32) -> bool {
    *max == DEFAULT_MAX
}

impl Default for Rating {
    fn default() -> Rating {
        Rating { max: DEFAULT_MAX }
    }
}

impl Kind for Rating {
    fn shape(&self) -> Shape {
        Shape::Decimal(0)
    }

    fn formula_type(&self) -> Type {
        Type::Number
    }

    fn parse(&self, json: &serde_json::Value) -> Result<Value, Fault> {
        match json.as_str().filter(|_| !is_blank(json)) {
            Some(typed) => parse_number(&serde_json::Value::String(self.bare(typed)), 0),
            None => parse_number(json, 0),
        }
    }

    fn to_json(&self, value: &Value) -> serde_json::Value {
        number_json(value, 0)
    }

    fn check(&self, value: &Value) -> Faults {
        check_range(value, Some(Decimal::ONE), Some(Decimal::from(self.max)))
    }

    fn display(&self, value: &Value, _: Language) -> String {
        number_text(value, 0)
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
        match self.max {
            max if max < FEWEST => vec![Fault::new("max", "too_small").arg("min", FEWEST)],
            max if max > MOST => vec![Fault::new("max", "too_large").arg("max", MOST)],
            _ => Faults::new(),
        }
    }

    fn convert_from(&self, _: &Value, display: &str) -> Option<Value> {
        let value = self.parse(&serde_json::Value::String(display.to_string())).ok()?;
        self.check(&value).is_empty().then_some(value)
    }

    fn schema(&self) -> Option<serde_json::Value> {
        Some(serde_json::json!({
            "type": ["string", "integer"], "pattern": "^[0-9]+$", "minimum": 1, "maximum": self.max,
        }))
    }
}

impl Rating {
    /// The number in what people write: `★★★★☆`, `4星`, `4分`, `4/5`.
    fn bare(&self, typed: &str) -> String {
        let typed = half_width(typed);
        let typed = typed.trim();
        let stars = typed.chars().filter(|c| *c == '★').count();
        if stars > 0 && typed.chars().all(|c| matches!(c, '★' | '☆')) {
            return stars.to_string();
        }
        let of_all = format!("/{}", self.max);
        let number = typed.strip_suffix(&of_all).unwrap_or(typed);
        number.trim_end_matches(['星', '分', '颗', '顆']).trim_end().to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn ratings_are_read_as_people_write_them() {
        let kind = Rating::default();
        for typed in [
            json!("4"),
            json!(4),
            json!("４"),
            json!("★★★★☆"),
            json!("4星"),
            json!("4 分"),
            json!("4/5"),
            json!(4.0),
        ] {
            let value = kind.parse(&typed).unwrap();
            assert_eq!(kind.to_json(&value), json!("4"), "{typed}");
            assert!(kind.check(&value).is_empty());
        }
        for (typed, code) in
            [(json!("4.5"), "too_precise"), (json!("good"), "not_a_number"), (json!(true), "wrong_type")]
        {
            assert_eq!(kind.parse(&typed).unwrap_err().code, code, "{typed}");
        }
        assert_eq!(kind.parse(&json!("")), Ok(Value::Empty));
    }

    #[test]
    fn there_is_no_rating_of_nothing_and_none_beyond_all_stars() {
        let kind = Rating { max: 3 };
        assert_eq!(kind.check(&Value::number(0))[0].code, "too_small");
        assert_eq!(kind.check(&Value::number(4))[0].code, "too_large");
        assert_eq!(kind.convert_from(&Value::Empty, "4"), None);
        assert_eq!(kind.convert_from(&Value::Empty, "3"), Some(Value::number(3)));
        assert_eq!(Rating { max: 1 }.check_options()[0].code, "too_small");
        assert_eq!(Rating { max: 11 }.check_options()[0].code, "too_large");
        assert_eq!(serde_json::to_value(&kind).unwrap(), json!({"max": 3}));
    }
}
