//! `member`: a member of the workspace.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::reference::{
    MY_DEPARTMENTS, MY_SUBORDINATES, as_single, check_within, parse_ref, ref_json, ref_text,
};
use super::{Kind, Operator, Shape, plain_order};
use crate::formula::Type;
use crate::text::{Fault, Faults, Language};
use crate::value::Value;

/// The options of a field of one member.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Member {
    /// Whose members may be chosen: departments with their parts, roles (keys or ids), members, [`MY_DEPARTMENTS`],
    /// [`MY_SUBORDINATES`]; empty allows everybody.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub within: Vec<String>,
    /// Whether whoever creates the record is the default.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub default_me: bool,
}

impl Kind for Member {
    fn shape(&self) -> Shape {
        Shape::Ref
    }

    fn formula_type(&self) -> Type {
        Type::Ref
    }

    fn parse(&self, json: &serde_json::Value) -> Result<Value, Fault> {
        parse_ref(json)
    }

    fn to_json(&self, value: &Value) -> serde_json::Value {
        ref_json(value)
    }

    fn check(&self, _: &Value) -> Faults {
        Faults::new()
    }

    fn display(&self, value: &Value, _: Language) -> String {
        ref_text(value)
    }

    fn order(&self, a: &Value, b: &Value) -> Ordering {
        plain_order(a, b)
    }

    fn operators(&self) -> &'static [Operator] {
        Operator::ONE_OF
    }

    fn is_input(&self) -> bool {
        true
    }

    fn check_options(&self) -> Faults {
        check_within(&self.within, &[MY_DEPARTMENTS, MY_SUBORDINATES])
    }

    fn convert_from(&self, value: &Value, _: &str) -> Option<Value> {
        as_single(value)
    }
}
