//! `long_text`: text of several lines, kept as typed but for NFC and line ends.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::text::{check_length, check_length_options, text_json, text_of, within_bytes};
use super::{Kind, Operator, Shape, is_blank, text_order};
use crate::formula::Type;
use crate::text::{Fault, Faults, Language};
use crate::value::{Value, nfc};

/// The options of a long text.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LongText {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_length: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_length: Option<u32>,
}

const MAX_LONG_TEXT_BYTES: usize = 256 * 1024;

impl Kind for LongText {
    fn shape(&self) -> Shape {
        Shape::LongText
    }

    fn formula_type(&self) -> Type {
        Type::Text
    }

    fn parse(&self, json: &serde_json::Value) -> Result<Value, Fault> {
        if is_blank(json) {
            return Ok(Value::Empty);
        }
        within_bytes(nfc(&text_of(json)?.replace("\r\n", "\n")), MAX_LONG_TEXT_BYTES)
    }

    fn to_json(&self, value: &Value) -> serde_json::Value {
        text_json(value)
    }

    fn check(&self, value: &Value) -> Faults {
        check_length(value.as_text().unwrap_or_default(), self.min_length, self.max_length)
    }

    fn display(&self, value: &Value, _: Language) -> String {
        value.as_text().unwrap_or_default().to_string()
    }

    fn order(&self, a: &Value, b: &Value) -> Ordering {
        text_order(a, b)
    }

    fn operators(&self) -> &'static [Operator] {
        Operator::LONG_TEXT
    }

    fn is_input(&self) -> bool {
        true
    }

    fn check_options(&self) -> Faults {
        check_length_options(self.min_length, self.max_length)
    }

    fn convert_from(&self, _: &Value, display: &str) -> Option<Value> {
        self.parse(&serde_json::Value::String(display.to_string())).ok()
    }
}
