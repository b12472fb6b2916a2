//! `email`: an e-mail address.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::text::{parse_well_formed, text_json};
use super::{Kind, Operator, Shape, text_order};
use crate::formula::Type;
use crate::text::{Fault, Faults, Language};
use crate::value::Value;

/// The options: none.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Email {}

impl Kind for Email {
    fn shape(&self) -> Shape {
        Shape::Text
    }

    fn formula_type(&self) -> Type {
        Type::Text
    }

    fn parse(&self, json: &serde_json::Value) -> Result<Value, Fault> {
        parse_well_formed(json, is_well_formed, Fault::new("", "not_an_email"))
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

/// One `@` between a local part and a domain with a point, without blanks: what mail servers take; whether
/// somebody reads it, only a mail can tell.
pub fn is_well_formed(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let no_blank = |part: &str| {
        !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '<' | '>'))
    };
    let labels = domain.split('.').count();
    text.len() <= 254
        && no_blank(local)
        && !local.contains('@')
        && no_blank(domain)
        && labels >= 2
        && domain
            .split('.')
            .all(|label| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn addresses_have_a_local_part_and_a_domain() {
        for typed in ["a@b.cn", "first.last+tag@sub.example.com", "名字@例子.中国"] {
            assert_eq!(Email {}.parse(&json!(typed)), Ok(Value::text(typed)));
        }
        for typed in ["a", "a@b", "@b.cn", "a b@c.cn", "a@-b.cn", "a@b..cn", "a@b.cn,c@d.cn"] {
            assert!(Email {}.parse(&json!(typed)).is_err(), "{typed}");
        }
    }
}
