//! `members`: several members of the workspace, each once, in the order in which they were chosen.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::reference::{
    MY_DEPARTMENTS, MY_SUBORDINATES, as_several, check_within, parse_refs, refs_json, refs_order, refs_text,
};
use super::{Kind, Operator, Shape};
use crate::formula::Type;
use crate::text::{Fault, Faults, Language};
use crate::value::Value;

/// The options of a field of several members.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Members {
    /// Whose members may be chosen: departments with their parts, roles (keys or ids), members, [`MY_DEPARTMENTS`],
    /// [`MY_SUBORDINATES`]; empty allows everybody.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub within: Vec<String>,
    /// Whether whoever creates the record is the default.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub default_me: bool,
}

impl Kind for Members {
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
        check_within(&self.within, &[MY_DEPARTMENTS, MY_SUBORDINATES])
    }

    fn convert_from(&self, value: &Value, _: &str) -> Option<Value> {
        as_several(value)
    }
}
