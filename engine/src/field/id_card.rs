//! `id_card`: the number of a citizen's identity card of China (GB 11643): region, day of birth, sequence and a check digit.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::text::{parse_line, text_json};
use super::{Kind, Operator, Shape, text_order};
use crate::formula::Type;
use crate::text::{Fault, Faults, Language};
use crate::value::{Value, half_width, parse_date};

/// The options: none.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct IdCard {}

/// What each of the first 17 digits weighs: 2 to the power of its place, modulo 11.
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/// The check digit for each remainder of their sum.
const CHECK_DIGITS: [char; 11] = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'];
/// First two digits that are given out: provinces, the cards of residents from Hong Kong, Macao and Taiwan (81 to 83), and
/// of foreigners with permanent residence (9).
const REGIONS: [&str; 36] = [
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42",
    "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71", "81", "82",
    "83", "9",
];

impl Kind for IdCard {
    fn shape(&self) -> Shape {
        Shape::Text
    }

    fn formula_type(&self) -> Type {
        Type::Text
    }

    fn parse(&self, json: &serde_json::Value) -> Result<Value, Fault> {
        match parse_line(json)? {
            Value::Text(typed) => read(&typed).map(Value::Text),
            empty => Ok(empty),
        }
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

    fn schema(&self) -> Option<serde_json::Value> {
        Some(serde_json::json!({"type": "string", "pattern": "^[0-9]{17}[0-9X]$"}))
    }
}

/// The number without blanks, its check digit in upper case.
///
/// # Errors
/// `not_an_id_card` for what has not its form; `id_card_check` where the check digit is another one.
pub(crate) fn read(typed: &str) -> Result<String, Fault> {
    let number: String = half_width(typed).chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    let number = number.to_ascii_uppercase();
    let refused = || Fault::new("", "not_an_id_card");
    let (body, check) = number.split_at_checked(17).ok_or_else(refused)?;
    let is_formed = number.len() == 18
        && body.bytes().all(|byte| byte.is_ascii_digit())
        && check.bytes().all(|byte| byte.is_ascii_digit() || byte == b'X')
        && REGIONS.iter().any(|region| body.starts_with(region))
        && body.get(6..14).and_then(parse_date).is_some();
    if !is_formed {
        return Err(refused());
    }
    if check.chars().next() == check_digit(body) { Ok(number) } else { Err(Fault::new("", "id_card_check")) }
}

/// The check digit of the first 17 digits (ISO 7064, MOD 11-2).
fn check_digit(body: &str) -> Option<char> {
    let digits = body.chars().map(|c| c.to_digit(10).unwrap_or_default());
    let sum: u32 = digits.zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
    CHECK_DIGITS.get(usize::try_from(sum % 11).unwrap_or_default()).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_are_read_as_people_type_them() {
        for (typed, kept) in [
            ("11010519491231002X", "11010519491231002X"),
            ("11010519491231002x", "11010519491231002X"),
            ("１１０１０５１９４９１２３１００２Ｘ", "11010519491231002X"),
            ("440524 18800101 0014", "440524188001010014"),
        ] {
            assert_eq!(IdCard {}.parse(&json!(typed)), Ok(Value::text(kept)), "{typed}");
        }
        assert_eq!(IdCard {}.parse(&json!("")), Ok(Value::Empty));
    }

    #[test]
    fn one_wrong_digit_is_found_wherever_it_is() {
        let right = "11010519491231002X";
        for place in 0..18 {
            for digit in '0'..='9' {
                let typed: String =
                    right.chars().enumerate().map(|(at, c)| if at == place { digit } else { c }).collect();
                let accepted = IdCard {}.parse(&json!(typed)).is_ok();
                assert_eq!(accepted, typed == right, "{typed}");
            }
        }
        for (typed, code) in [
            ("110105194912310021", "id_card_check"),
            ("11010519491331002X", "not_an_id_card"),
            ("99010519491231002", "not_an_id_card"),
            ("00010519491231002X", "not_an_id_card"),
            ("110105491231002", "not_an_id_card"),
            ("一二三", "not_an_id_card"),
        ] {
            assert_eq!(IdCard {}.parse(&json!(typed)).unwrap_err().code, code, "{typed}");
        }
    }
}
