//! `department`: a department of the workspace.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::reference::{MY_DEPARTMENTS, as_single, check_within, parse_ref, ref_json, ref_text};
use super::{Kind, Operator, Shape, plain_order};
use crate::formula::Type;
use crate::text::{Fault, Faults, Language};
use crate::value::Value;

/// The options of a field of one department.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Department {
    /// What may be chosen: departments with their parts, [`MY_DEPARTMENTS`]; empty allows all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub within: Vec<String>,
    /// Whether the department of whoever creates the record is the default; of several the first.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub default_me: bool,
}

impl Kind for Department {
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
        Operator::DEPARTMENT
    }

    fn is_input(&self) -> bool {
        true
    }

    fn check_options(&self) -> Faults {
        check_within(&self.within, &[MY_DEPARTMENTS])
    }

    fn convert_from(&self, value: &Value, _: &str) -> Option<Value> {
        as_single(value)
    }
}
