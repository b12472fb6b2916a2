//! `lookup`: a live column of the linked record. Nothing is stored; its value has the kind of the field that it
//! shows, which the form knows.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::{Kind, Operator, Shape, plain_order};
use crate::formula::Type;
use crate::text::{Fault, Faults, Language};
use crate::value::Value;

/// The options of a lookup.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Lookup {
    /// A link of this form, or in a sub-form of the same row.
    pub link: String,
    /// A field of the linked form.
    pub field: String,
}

impl Kind for Lookup {
    fn shape(&self) -> Shape {
        Shape::Nothing
    }

    fn formula_type(&self) -> Type {
        Type::Any
    }

    fn parse(&self, _: &serde_json::Value) -> Result<Value, Fault> {
        Err(Fault::new("", "not_writable"))
    }

    fn to_json(&self, value: &Value) -> serde_json::Value {
        super::any_json(value)
    }

    fn check(&self, _: &Value) -> Faults {
        Faults::new()
    }

    fn display(&self, value: &Value, _: Language) -> String {
        super::any_text(value)
    }

    fn order(&self, a: &Value, b: &Value) -> Ordering {
        plain_order(a, b)
    }

    fn operators(&self) -> &'static [Operator] {
        Operator::PRESENCE
    }

    fn is_input(&self) -> bool {
        false
    }

    fn check_options(&self) -> Faults {
        [("link", &self.link), ("field", &self.field)]
            .into_iter()
            .filter(|(_, given)| given.is_empty())
            .map(|(name, _)| Fault::new(name, "required"))
            .collect()
    }

    fn convert_from(&self, _: &Value, _: &str) -> Option<Value> {
        None
    }
}
