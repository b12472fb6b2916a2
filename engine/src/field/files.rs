//! `files`: uploaded files, by their ids, in order.

use std::cmp::Ordering;

use super::reference::{parse_refs, refs_json, refs_text};
use super::{FileLimits, Kind, Operator, Shape};
use crate::formula::Type;
use crate::text::{Fault, Faults, Language};
use crate::value::Value;

/// The options of a files field. Size and type are checked by the server, which has the file.
pub type Files = FileLimits;

/// Files of one field at most, if the options do not say less.
const MAX_FILES: usize = 10;

impl Kind for Files {
    fn shape(&self) -> Shape {
        Shape::Refs
    }

    fn formula_type(&self) -> Type {
        Type::List(Box::new(Type::Ref))
    }

    fn parse(&self, json: &serde_json::Value) -> Result<Value, Fault> {
        parse_refs(json)
    }

    fn to_json(&self, value: &Value) -> serde_json::Value {
        refs_json(value)
    }

    fn check(&self, value: &Value) -> Faults {
        let max = self.max_count.map_or(MAX_FILES, |max| max as usize);
        if value.items().len() > max {
            vec![Fault::new("", "too_many").arg("max", max)]
        } else {
            Faults::new()
        }
    }

    fn display(&self, value: &Value, _: Language) -> String {
        refs_text(value)
    }

    fn order(&self, a: &Value, b: &Value) -> Ordering {
        a.items().len().cmp(&b.items().len())
    }

    // Also those of `$collaborators`, which are many ids as files are: "I am among them" is `has_any`.
    fn operators(&self) -> &'static [Operator] {
        Operator::MANY_OF
    }

    fn is_input(&self) -> bool {
        true
    }

    fn check_options(&self) -> Faults {
        Faults::new()
    }

    fn convert_from(&self, value: &Value, _: &str) -> Option<Value> {
        matches!(value, Value::List(_)).then(|| value.clone())
    }
}
