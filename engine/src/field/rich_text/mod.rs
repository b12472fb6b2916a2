//! `rich_text`: text with headings, lists, tables and links, as a small part of HTML.
//!
//! Whatever comes in is read and written anew ([`markup::sanitise`]), on the way in and on the way out; so nothing is
//! stored or shown that this product did not write itself. It is searched, counted and exported by what people read of it.

pub(super) mod markup;
mod tags;

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::text::{check_length, check_length_options, text_of, within_bytes};
use super::{Kind, Operator, Shape, error_json, is_blank};
use crate::formula::Type;
use crate::text::{Fault, Faults, Language};
use crate::value::{Value, fold, nfc};

/// The options of a rich text.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RichText {
    /// Characters that people read, at least.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_length: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_length: Option<u32>,
}

const MAX_BYTES: usize = 256 * 1024;

impl Kind for RichText {
    fn shape(&self) -> Shape {
        Shape::Markup
    }

    fn formula_type(&self) -> Type {
        Type::Text
    }

    fn parse(&self, json: &serde_json::Value) -> Result<Value, Fault> {
        if is_blank(json) {
            return Ok(Value::Empty);
        }
        let typed = text_of(json)?;
        if typed.len() > MAX_BYTES {
            return Err(Fault::new("", "too_long").arg("max", MAX_BYTES));
        }
        let markup = markup::sanitise(&nfc(typed));
        if markup::plain_text(&markup).is_empty() {
            return Ok(Value::Empty);
        }
        within_bytes(markup, MAX_BYTES)
    }

    fn to_json(&self, value: &Value) -> serde_json::Value {
        let written = value.as_text().map(|markup| serde_json::Value::String(markup::sanitise(markup)));
        error_json(value).or(written).unwrap_or_default()
    }

    fn check(&self, value: &Value) -> Faults {
        let read = markup::plain_text(value.as_text().unwrap_or_default());
        check_length(&read, self.min_length, self.max_length)
    }

    fn display(&self, value: &Value, _: Language) -> String {
        value.as_text().map(markup::plain_text).unwrap_or_default()
    }

    fn order(&self, a: &Value, b: &Value) -> Ordering {
        let read = |value: &Value| fold(&markup::plain_text(value.as_text().unwrap_or_default()));
        read(a).cmp(&read(b))
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
        self.parse(&serde_json::Value::String(markup::of_plain(display))).ok()
    }

    fn schema(&self) -> Option<serde_json::Value> {
        Some(serde_json::json!({"type": "string", "contentMediaType": "text/html"}))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_people_read_is_counted_and_told() {
        let kind = RichText { max_length: Some(5), ..RichText::default() };
        let value = kind.parse(&json!("<p>Hel<b>lo</b></p>")).unwrap();
        assert_eq!(kind.to_json(&value), json!("<p>Hel<strong>lo</strong></p>"));
        assert_eq!(kind.display(&value, Language::En), "Hello");
        assert!(kind.check(&value).is_empty());
        assert_eq!(kind.check(&kind.parse(&json!("<p>Hello!</p>")).unwrap())[0].code, "too_long");
        for blank in ["", "  ", "<p></p>", "<p><br></p>", "<script>alert(1)</script>", "<p>&nbsp;</p>"] {
            assert_eq!(kind.parse(&json!(blank)), Ok(Value::Empty), "{blank}");
        }
        assert_eq!(kind.parse(&json!(1)).unwrap_err().code, "wrong_type");
    }

    #[test]
    fn plain_text_that_becomes_rich_says_the_same() {
        let kind = RichText::default();
        let value = kind.convert_from(&Value::Empty, "a < b & c\n<b>d</b>").unwrap();
        assert_eq!(kind.to_json(&value), json!("<p>a &lt; b &amp; c</p><p>&lt;b&gt;d&lt;/b&gt;</p>"));
        assert_eq!(kind.display(&value, Language::En), "a < b & c\n<b>d</b>");
    }

    #[test]
    fn c25_what_lies_on_the_disk_is_not_believed() {
        let kind = RichText::default();
        let stored = Value::text("<p onclick=\"x()\">a<script>b</script></p>");
        assert_eq!(kind.to_json(&stored), json!("<p>a</p>"));
    }
}
