//! `switch`: yes or no. Never empty: unset is no.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::{Kind, Operator, Shape, error_json, is_blank, plain_order};
use crate::formula::Type;
use crate::text::{Fault, Faults, Language};
use crate::value::Value;

/// The options of a switch: none.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Switch {}

const YES: [&str; 10] = ["true", "yes", "y", "1", "on", "是", "有", "对", "對", "√"];
const NO: [&str; 10] = ["false", "no", "n", "0", "off", "否", "无", "無", "不", "×"];

impl Kind for Switch {
    fn shape(&self) -> Shape {
        Shape::Bool
    }

    fn formula_type(&self) -> Type {
        Type::Bool
    }

    fn parse(&self, json: &serde_json::Value) -> Result<Value, Fault> {
        if is_blank(json) {
            return Ok(Value::Bool(false));
        }
        match json {
            serde_json::Value::Bool(on) => Ok(Value::Bool(*on)),
            serde_json::Value::String(text) => {
                read(text).map(Value::Bool).ok_or_else(|| Fault::new("", "wrong_type"))
            }
            _ => Err(Fault::new("", "wrong_type")),
        }
    }

    fn to_json(&self, value: &Value) -> serde_json::Value {
        match value {
            Value::Bool(on) => serde_json::Value::Bool(*on),
            other => error_json(other).unwrap_or(serde_json::Value::Bool(false)),
        }
    }

    fn check(&self, _: &Value) -> Faults {
        Faults::new()
    }

    fn display(&self, value: &Value, language: Language) -> String {
        let on = matches!(value, Value::Bool(true));
        let word = match (language, on) {
            (Language::En, true) => "Yes",
            (Language::En, false) => "No",
            (Language::ZhCn | Language::ZhTw, true) => "是",
            (Language::ZhCn | Language::ZhTw, false) => "否",
        };
        word.to_string()
    }

    fn order(&self, a: &Value, b: &Value) -> Ordering {
        plain_order(a, b)
    }

    fn operators(&self) -> &'static [Operator] {
        Operator::BOOL
    }

    fn is_input(&self) -> bool {
        true
    }

    fn check_options(&self) -> Faults {
        Faults::new()
    }

    fn convert_from(&self, value: &Value, display: &str) -> Option<Value> {
        match value {
            Value::Bool(on) => Some(Value::Bool(*on)),
            Value::Number(number) => Some(Value::Bool(!number.is_zero())),
            _ => read(display).map(Value::Bool),
        }
    }
}

/// What people and spreadsheets write for yes and no.
pub(crate) fn read(text: &str) -> Option<bool> {
    let text = crate::value::fold(text.trim());
    if YES.contains(&text.as_str()) {
        Some(true)
    } else if NO.contains(&text.as_str()) {
        Some(false)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn yes_and_no_in_many_words() {
        for (json, on) in [
            (json!("是"), true),
            (json!("ＹＥＳ"), true),
            (json!("否"), false),
            (json!(null), false),
            (json!(""), false),
        ] {
            assert_eq!(Switch {}.parse(&json), Ok(Value::Bool(on)), "{json}");
        }
        assert!(Switch {}.parse(&json!("maybe")).is_err());
        assert!(Switch {}.parse(&json!(1)).is_err());
    }
}
