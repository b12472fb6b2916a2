//! `multi_select`: several of a list of choices, kept in the order of the choices, each once.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::choice::{ChoicesFrom, check_choices, find, label_of, rank, unlisted};
use super::text::text_of;
use super::{Choice, Kind, Operator, Shape, error_json, is_blank};
use crate::formula::Type;
use crate::text::{Fault, Faults, Language};
use crate::value::Value;

/// The options of a select of several.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MultiSelect {
    pub choices: Vec<Choice>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub allow_other: bool,
    /// At least so many, when any is chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<u32>,
    /// Where the choices come from that are not listed here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<ChoicesFrom>,
}

impl MultiSelect {
    fn one(&self, text: &str) -> Result<String, Fault> {
        let listed = find(&self.choices, text).map(|choice| choice.key.clone());
        let choice = listed.or_else(|| unlisted(text, self.allow_other, self.from.as_ref()));
        choice.ok_or_else(|| Fault::new("", "unknown_choice").arg("choice", text))
    }

    fn keys<'v>(&self, value: &'v Value) -> Vec<&'v str> {
        value.items().iter().filter_map(Value::as_text).collect()
    }
}

impl Kind for MultiSelect {
    fn shape(&self) -> Shape {
        Shape::Keys
    }

    fn formula_type(&self) -> Type {
        Type::List(Box::new(Type::Text))
    }

    fn parse(&self, json: &serde_json::Value) -> Result<Value, Fault> {
        if is_blank(json) {
            return Ok(Value::Empty);
        }
        let mut keys = match json {
            serde_json::Value::Array(items) => {
                items.iter().map(|item| self.one(text_of(item)?)).collect::<Result<Vec<_>, Fault>>()?
            }
            // What a spreadsheet or a csv file has in one cell.
            serde_json::Value::String(text) => text
                .split([',', '，', '、', ';', '；', '\n'])
                .filter(|part| !part.trim().is_empty())
                .map(|part| self.one(part))
                .collect::<Result<Vec<_>, Fault>>()?,
            _ => return Err(Fault::new("", "wrong_type")),
        };
        keys.sort_by(|a, b| rank(&self.choices, a).cmp(&rank(&self.choices, b)).then_with(|| a.cmp(b)));
        keys.dedup();
        Ok(if keys.is_empty() {
            Value::Empty
        } else {
            Value::List(keys.into_iter().map(Value::Text).collect())
        })
    }

    fn to_json(&self, value: &Value) -> serde_json::Value {
        match value {
            Value::List(_) => self.keys(value).into_iter().map(serde_json::Value::from).collect(),
            other => error_json(other).unwrap_or_default(),
        }
    }

    fn check(&self, value: &Value) -> Faults {
        let keys = self.keys(value);
        let mut faults = Faults::new();
        if let Some(min) = self.min.filter(|min| keys.len() < *min as usize) {
            faults.push(Fault::new("", "too_few").arg("min", min));
        }
        if let Some(max) = self.max.filter(|max| keys.len() > *max as usize) {
            faults.push(Fault::new("", "too_many").arg("max", max));
        }
        if !self.allow_other && self.from.is_none() {
            let unknown = |key: &&str| !self.choices.iter().any(|choice| choice.key == **key);
            faults.extend(
                keys.iter()
                    .filter(|key| unknown(key))
                    .map(|key| Fault::new("", "unknown_choice").arg("choice", key)),
            );
        }
        faults
    }

    fn display(&self, value: &Value, language: Language) -> String {
        let labels: Vec<String> =
            self.keys(value).into_iter().map(|key| label_of(&self.choices, key, language)).collect();
        labels.join(if language == Language::En { ", " } else { "、" })
    }

    fn order(&self, a: &Value, b: &Value) -> Ordering {
        let ranks = |value: &Value| -> Vec<usize> {
            self.keys(value).into_iter().map(|key| rank(&self.choices, key)).collect()
        };
        ranks(a).cmp(&ranks(b))
    }

    fn operators(&self) -> &'static [Operator] {
        Operator::MANY_OF
    }

    fn is_input(&self) -> bool {
        true
    }

    fn check_options(&self) -> Faults {
        let mut faults = check_choices(&self.choices, self.allow_other || self.from.is_some());
        faults.extend(self.from.iter().flat_map(|from| from.check(&self.choices)));
        if let (Some(min), Some(max)) = (self.min, self.max)
            && min > max
        {
            faults.push(Fault::new("min", "min_over_max"));
        }
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
    fn keys_are_kept_once_and_in_order() {
        let kind: MultiSelect = serde_json::from_value(
            json!({"choices": [{"key": "b", "label": "乙"}, {"key": "a", "label": "甲"}], "max": 1}),
        )
        .unwrap();
        let both = kind.parse(&json!("甲、乙、甲")).unwrap();
        assert_eq!(kind.to_json(&both), json!(["b", "a"]));
        assert_eq!(kind.check(&both)[0].code, "too_many");
        assert_eq!(kind.parse(&json!([])), Ok(Value::Empty));
        assert!(kind.parse(&json!(["c"])).is_err());
    }
}
