//! `links`: several records of one form, by their ids, each once and in the order in which they were chosen.
//!
//! Its options are those of one [`Link`]. What it fills are fields that hold several things as well: they get what the
//! chosen records hold, together and each once. Nothing is read through it, since there is no one record to read from.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::reference::{as_several, parse_refs, refs_json, refs_order, refs_text};
use super::{Kind, Link, Operator, Shape};
use crate::formula::Type;
use crate::text::{Fault, Faults, Language};
use crate::value::Value;

/// The options of several links.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Links(pub Link);

impl Kind for Links {
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

    fn check(&self, _: &Value) -> Faults {
        Faults::new()
    }

    fn display(&self, value: &Value, _: Language) -> String {
        refs_text(value)
    }

    fn order(&self, a: &Value, b: &Value) -> Ordering {
        refs_order(a, b)
    }

    fn operators(&self) -> &'static [Operator] {
        Operator::MANY_OF
    }

    fn is_input(&self) -> bool {
        true
    }

    fn check_options(&self) -> Faults {
        self.0.check_options()
    }

    fn convert_from(&self, value: &Value, _: &str) -> Option<Value> {
        as_several(value)
    }
}
