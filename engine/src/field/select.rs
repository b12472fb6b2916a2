//! `select`: one of a list of choices, sorted by their order.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::choice::{check_choices, find, label_of, rank};
use super::text::{text_json, text_of};
use super::{Choice, Kind, Operator, Shape, is_blank};
use crate::formula::Type;
use crate::text::{Fault, Faults, Language};
use crate::value::{Value, nfc};

/// The options of a select.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Select {
    pub choices: Vec<Choice>,
    /// Whether people may enter another text, which is stored as it is.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub allow_other: bool,
}

impl Kind for Select {
    fn shape(&self) -> Shape {
        Shape::Key
    }

    fn formula_type(&self) -> Type {
        Type::Text
    }

    fn parse(&self, json: &serde_json::Value) -> Result<Value, Fault> {
        if is_blank(json) {
            return Ok(Value::Empty);
        }
        let text = text_of(json)?;
        match find(&self.choices, text) {
            Some(choice) => Ok(Value::Text(choice.key.clone())),
            None if self.allow_other && text.chars().count() <= 64 => Ok(Value::Text(nfc(text.trim()))),
            None => Err(Fault::new("", "unknown_choice").arg("choice", text)),
        }
    }

    fn to_json(&self, value: &Value) -> serde_json::Value {
        text_json(value)
    }

    fn check(&self, value: &Value) -> Faults {
        let key = value.as_text().unwrap_or_default();
        if self.allow_other || self.choices.iter().any(|choice| choice.key == key) {
            return Faults::new();
        }
        vec![Fault::new("", "unknown_choice").arg("choice", key)]
    }

    fn display(&self, value: &Value, language: Language) -> String {
        value.as_text().map(|key| label_of(&self.choices, key, language)).unwrap_or_default()
    }

    fn order(&self, a: &Value, b: &Value) -> Ordering {
        let (a, b) = (a.as_text().unwrap_or_default(), b.as_text().unwrap_or_default());
        rank(&self.choices, a).cmp(&rank(&self.choices, b)).then_with(|| a.cmp(b))
    }

    fn operators(&self) -> &'static [Operator] {
        Operator::ONE_OF
    }

    fn is_input(&self) -> bool {
        true
    }

    fn check_options(&self) -> Faults {
        check_choices(&self.choices, self.allow_other)
    }

    fn convert_from(&self, _: &Value, display: &str) -> Option<Value> {
        self.parse(&serde_json::Value::String(display.to_string())).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_choice_is_found_by_key_or_label_and_stored_by_key() {
        let kind: Select = serde_json::from_value(json!({"choices": [
            {"key": "b", "label": {"zh-CN": "二", "en": "Two"}}, {"key": "a", "label": "一"}]}))
        .unwrap();
        assert_eq!(kind.parse(&json!("two")), Ok(Value::text("b")));
        assert_eq!(kind.parse(&json!("一")), Ok(Value::text("a")));
        assert_eq!(kind.parse(&json!("three")).unwrap_err().code, "unknown_choice");
        assert_eq!(kind.order(&Value::text("b"), &Value::text("a")), Ordering::Less);
        assert_eq!(kind.display(&Value::text("b"), Language::En), "Two");
    }
}
