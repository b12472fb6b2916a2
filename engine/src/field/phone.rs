//! `phone`: a telephone number as people write it: digits, blanks, `+ - ( )`, an extension after `x` or `#`.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::text::{parse_well_formed, text_json};
use super::{Kind, Operator, Shape, text_order};
use crate::formula::Type;
use crate::text::{Fault, Faults, Language};
use crate::value::{Value, parse_date, parse_decimal, parse_month};

/// The options: none.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Phone {}

impl Kind for Phone {
    fn shape(&self) -> Shape {
        Shape::Text
    }

    fn formula_type(&self) -> Type {
        Type::Text
    }

    fn parse(&self, json: &serde_json::Value) -> Result<Value, Fault> {
        parse_well_formed(json, is_well_formed, Fault::new("", "not_a_phone"))
    }

    fn to_json(&self, value: &Value) -> serde_json::Value {
        text_json(value)
    }

    fn check(&self, _: &Value) -> Faults {
        Faults::new()
    }

    fn display(&self, value: &Value, _: Language) -> String {
        value.as_text().unwrap_or_default().to_string()
    }

    fn order(&self, a: &Value, b: &Value) -> Ordering {
        text_order(a, b)
    }

    fn operators(&self) -> &'static [Operator] {
        Operator::TEXT
    }

    fn is_input(&self) -> bool {
        true
    }

    fn check_options(&self) -> Faults {
        Faults::new()
    }

    fn convert_from(&self, _: &Value, display: &str) -> Option<Value> {
        self.parse(&serde_json::Value::String(display.to_string())).ok()
    }
}

/// 3 to 20 digits and nothing but the signs of telephone numbers; no decimal, and no date.
pub(crate) fn is_well_formed(text: &str) -> bool {
    let starts_as_one = text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '('));
    let is_decimal = text.contains('.') && parse_decimal(text).is_ok();
    // Eight digits in a row may be both; with separators they are written as a day.
    let is_parted = text.contains(|c: char| !c.is_ascii_digit());
    let is_day = is_parted && (parse_date(text).is_some() || parse_month(text).is_some());
    if !starts_as_one || is_decimal || is_day {
        return false;
    }
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let known = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '+' | '-' | '(' | ')' | '.' | 'x' | '#');
    (3..=20).contains(&digits) && text.chars().all(known) && !text.get(1..).unwrap_or_default().contains('+')
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_of_the_everyday_are_taken() {
        for (typed, kept) in [
            ("１３８ ００１３ ８０００", "138 0013 8000"),
            ("+86 21-5555 0000 x12", "+86 21-5555 0000 x12"),
            ("110", "110"),
        ] {
            assert_eq!(Phone {}.parse(&json!(typed)), Ok(Value::text(kept)));
        }
        for typed in ["20240102", "555.123.4567", "(021) 5555 0000", "2024-1301", "0755-12345"] {
            assert_eq!(Phone {}.parse(&json!(typed)), Ok(Value::text(typed)), "{typed}");
        }
        for typed in [
            "12",
            "call me",
            "138+00138000",
            "123456789012345678901",
            "0.005",
            "-12345",
            "2024-01-02",
            "2024.1.2",
            "2024-05",
        ] {
            assert_eq!(
                Phone {}.parse(&json!(typed)).map_err(|fault| fault.code),
                Err("not_a_phone".into()),
                "{typed}"
            );
        }
    }
}
