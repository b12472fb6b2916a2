//! `select`: one of a list of choices, sorted by their order.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::choice::{ChoicesFrom, check_choices, find, label_of, rank, unlisted};
use super::text::{text_json, text_of};
use super::{Choice, Kind, Operator, Shape, is_blank};
use crate::formula::Type;
use crate::text::{Fault, Faults, Language};
use crate::value::Value;

/// The options of a select.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Select {
    pub choices: Vec<Choice>,
    /// Whether people may enter another text, which is stored as it is.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub allow_other: bool,
    /// Where the choices come from that are not listed here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<ChoicesFrom>,
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
        let listed = find(&self.choices, text).map(|choice| choice.key.clone());
        let choice = listed.or_else(|| unlisted(text, self.allow_other, self.from.as_ref()));
        choice.map(Value::Text).ok_or_else(|| Fault::new("", "unknown_choice").arg("choice", text))
    }

    fn to_json(&self, value: &Value) -> serde_json::Value {
        text_json(value)
    }

    fn check(&self, value: &Value) -> Faults {
        let key = value.as_text().unwrap_or_default();
        if self.allow_other || self.from.is_some() || self.choices.iter().any(|choice| choice.key == key) {
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
        let mut faults = check_choices(&self.choices, self.allow_other || self.from.is_some());
        faults.extend(self.from.iter().flat_map(|from| from.check(&self.choices)));
        faults
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

    #[test]
    fn what_another_form_gives_is_a_text_and_nothing_is_listed_beside_it() {
        let kind = |more: serde_json::Value| -> Select {
            let mut options = json!({"from": {"form": "city", "field": "name"}});
            options.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            serde_json::from_value(options).unwrap()
        };
        let cities = kind(json!({}));
        assert!(cities.check_options().is_empty());
        assert_eq!(cities.parse(&json!(" Basel ")), Ok(Value::text(" Basel")));
        assert!(cities.check(&Value::text("Basel")).is_empty());
        let long = |count: usize| json!("长".repeat(count));
        assert!(cities.parse(&long(200)).is_ok());
        assert_eq!(cities.parse(&long(201)).unwrap_err().code, "unknown_choice");
        let faults = |kind: Select| {
            let faults = kind.check_options();
            faults.into_iter().map(|fault| format!("{}: {}", fault.path, fault.code)).collect::<Vec<_>>()
        };
        let listed = json!({"choices": [{"key": "a", "label": "A"}]});
        assert_eq!(faults(kind(listed)), ["choices: not_allowed_here"]);
        assert_eq!(faults(kind(json!({"from": {}}))), ["from.form: required", "from.field: required"]);
    }
}
