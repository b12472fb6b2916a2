//! `json`: a document of a program, as it is: an object, a list, a number, yes or no. With a schema, only what fits it.
//!
//! Kept in one way of being written: members sorted, no blanks, numbers with the digits that they came with. A text is
//! the document as one types or pastes it; a document that is itself nothing but a text is refused, for nobody could tell
//! it from that.

mod endless;
mod schema;

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};
use serde_json::Value as Document;

use super::text::text_of;
use super::{Kind, Operator, Shape, error_json, is_blank, text_order};
use crate::formula::Type;
use crate::text::{Fault, Faults, Language};
use crate::value::{NumberFault, Value, parse_decimal, repeated_member};

/// The options of a document.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Json {
    /// A JSON Schema (2020-12), with the keywords that `schema.rs` lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<Document>,
}

/// Longest document as it is kept, in bytes.
const MAX_BYTES: usize = 64 * 1024;
/// Lists and objects within each other at most.
const DEEPEST: usize = 32;

impl Json {
    /// What is asked of a design beyond what it takes to work; paths are members of the options. A reference of the schema
    /// that comes back to itself at the same place of a document, so that no document is ever read to its end, or a pattern
    /// that is too much work; nothing of a schema that is wrong in another way.
    pub(crate) fn design_fault(&self) -> Option<Fault> {
        let schema = self.schema.as_ref().filter(|schema| schema::check(schema).is_empty())?;
        let fault = endless::endless(schema).or_else(|| schema::excess(schema));
        fault.map(|fault| fault.under("schema"))
    }
}

impl Kind for Json {
    fn shape(&self) -> Shape {
        Shape::LongText
    }

    fn formula_type(&self) -> Type {
        Type::Text
    }

    fn parse(&self, json: &Document) -> Result<Value, Fault> {
        if is_blank(json) {
            return Ok(Value::Empty);
        }
        let typed = match json {
            Document::String(_) => {
                let text = text_of(json)?.trim();
                if let Some(member) = repeated_member(text.as_bytes()) {
                    return Err(Fault::new("", "member_twice").arg("member", member));
                }
                serde_json::from_str(text).ok()
            }
            document => Some(document.clone()),
        };
        let document: Document = typed.ok_or_else(|| Fault::new("", "not_json"))?;
        match document {
            Document::Null => return Ok(Value::Empty),
            Document::String(_) => return Err(Fault::new("", "not_json")),
            _ => {}
        }
        let mut written = String::new();
        write(&document, 0, &mut written)?;
        if written.len() > MAX_BYTES {
            return Err(Fault::new("", "too_long").arg("max", MAX_BYTES));
        }
        Ok(Value::Text(written))
    }

    fn to_json(&self, value: &Value) -> Document {
        error_json(value).or_else(|| read(value)).unwrap_or_default()
    }

    fn check(&self, value: &Value) -> Faults {
        match (&self.schema, read(value)) {
            (Some(schema), Some(document)) => schema::faults(schema, &document),
            _ => Faults::new(),
        }
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
        let faults = self.schema.as_ref().map(schema::check).unwrap_or_default();
        faults.into_iter().map(|fault| fault.under("schema")).collect()
    }

    fn convert_from(&self, _: &Value, display: &str) -> Option<Value> {
        let value = self.parse(&Document::String(display.to_string())).ok()?;
        self.check(&value).is_empty().then_some(value)
    }

    fn schema(&self) -> Option<Document> {
        Some(
            self.schema
                .clone()
                .unwrap_or_else(|| serde_json::json!({"type": ["object", "array", "number", "boolean"]})),
        )
    }
}

fn read(value: &Value) -> Option<Document> {
    serde_json::from_str(value.as_text()?).ok()
}

/// Writes a document with its members sorted.
///
/// # Errors
/// One that is too deep; a number that has no exact decimal.
fn write(document: &Document, depth: usize, out: &mut String) -> Result<(), Fault> {
    if depth > DEEPEST {
        return Err(Fault::new("", "too_deep").arg("max", DEEPEST));
    }
    match document {
        Document::Array(items) => {
            out.push('[');
            for (place, item) in items.iter().enumerate() {
                if place > 0 {
                    out.push(',');
                }
                write(item, depth + 1, out)?;
            }
            out.push(']');
        }
        Document::Object(members) => {
            let mut sorted: Vec<_> = members.iter().collect();
            sorted.sort_by_key(|(name, _)| *name);
            out.push('{');
            for (place, (name, member)) in sorted.into_iter().enumerate() {
                if place > 0 {
                    out.push(',');
                }
                out.push_str(&Document::String(name.clone()).to_string());
                out.push(':');
                write(member, depth + 1, out)?;
            }
            out.push('}');
        }
        Document::Number(number) => {
            let digits = number.to_string();
            parse_decimal(&digits).map_err(|fault| match fault {
                NumberFault::OutOfRange | NumberFault::TooPrecise => Fault::new("", "number_too_long"),
                NumberFault::NotANumber => Fault::new("", "not_a_number"),
            })?;
            out.push_str(&digits);
        }
        Document::Null | Document::Bool(_) | Document::String(_) => out.push_str(&document.to_string()),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_document_is_kept_in_one_way_of_being_written() {
        let kind = Json::default();
        for typed in [
            json!({"b": [1, true, null, "x"], "a": {"d": 0.10, "c": "ü"}}),
            json!("{ \"a\": {\"c\":\"ü\", \"d\": 0.10},\n \"b\": [1,true,null,\"x\"] }"),
        ] {
            let value = kind.parse(&typed).unwrap();
            assert_eq!(value.as_text().unwrap().chars().next(), Some('{'), "{typed}");
            assert!(value.as_text().unwrap().starts_with("{\"a\":{\"c\":\"ü\",\"d\":0.1"), "{typed}");
            assert_eq!(kind.parse(&kind.to_json(&value)), Ok(value.clone()));
        }
        let digits = kind.parse(&json!("[12345678901234567890.12345678, 1e2]")).unwrap();
        assert!(digits.as_text().unwrap().starts_with("[12345678901234567890.12345678,1e"));
        assert_eq!(kind.parse(&json!(12)), Ok(Value::text("12")));
        for empty in [json!(null), json!(" "), json!("null")] {
            assert_eq!(kind.parse(&empty), Ok(Value::Empty), "{empty}");
        }
    }

    #[test]
    fn what_is_no_document_is_refused() {
        let kind = Json::default();
        let deep = format!("{}1{}", "[".repeat(40), "]".repeat(40));
        let endless = format!("[{}]", "9".repeat(40));
        for (typed, code) in [
            (json!("{"), "not_json"),
            (json!("abc"), "not_json"),
            (json!("\"abc\""), "not_json"),
            (json!("{\"a\": [{\"b\": 1, \"b\": 2}]}"), "member_twice"),
            (json!(deep), "too_deep"),
            (json!(endless), "number_too_long"),
            (json!(["a".repeat(70_000)]), "too_long"),
        ] {
            assert_eq!(kind.parse(&typed).unwrap_err().code, code);
        }
    }

    #[test]
    fn a_schema_says_what_fits() {
        let kind: Json = serde_json::from_value(json!({"schema": {
            "type": "object", "required": ["lot"], "additionalProperties": false,
            "properties": {"lot": {"type": "string"}, "qty": {"type": "number", "minimum": 0}}}}))
        .unwrap();
        assert!(kind.check_options().is_empty());
        assert!(kind.check(&kind.parse(&json!({"lot": "A", "qty": 1.5})).unwrap()).is_empty());
        let fault = &kind.check(&kind.parse(&json!({"lot": "A", "qty": -1})).unwrap())[0];
        assert_eq!((&*fault.code, fault.args["at"].as_str()), ("schema", "/qty"));
        assert_eq!(kind.convert_from(&Value::Empty, "{\"qty\": 1}"), None);
        let wrong = Json { schema: Some(json!({"properties": {"a": {"typ": "string"}}})) };
        assert_eq!(wrong.check_options()[0].path, "schema.properties.a.typ");
    }
}
