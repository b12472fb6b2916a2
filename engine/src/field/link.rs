//! `link`: one record of a form, by its id (选择数据).
//!
//! Columns of the linked record can be copied into fields of this one when it is chosen (`fill`, snapshot) or read
//! through the link whenever shown (live).

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::reference::{parse_ref, ref_json, ref_text};
use super::{Kind, Operator, Shape, plain_order};
use crate::criteria::Condition;
use crate::formula::Type;
use crate::text::{Fault, Faults, Language};
use crate::value::Value;

/// The options of a link.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Link {
    /// The linked form: its key, `app/form` in another app, or its id.
    pub form: String,
    /// Which records are offered. `{"field": key}` in place of a value is a field of the record that links, in a sub-form of the
    /// same row; while that is empty, nothing is alike.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter: Option<Condition>,
    /// Fields that the picker shows beside the title.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub display: Vec<String>,
    /// What is copied into this record.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fill: Vec<Fill>,
    #[serde(skip_serializing_if = "is_restrict")]
    pub on_target_delete: OnTargetDelete,
    /// Whether the picker offers to make a new record.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub create: bool,
}

/// One mapped column of a link.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fill {
    /// A field of the linked form.
    pub from: String,
    /// A field of this form; in a sub-form a column of the same row.
    pub to: String,
    #[serde(default)]
    pub mode: FillMode,
}

/// When a mapped column takes its value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FillMode {
    /// Copied when the link is set; stays as it was.
    #[default]
    Snapshot,
    /// Read through the link whenever it is shown, filtered, sorted or used: the field is a lookup of the link.
    Live,
}

/// What happens to this record when the linked one is deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnTargetDelete {
    /// The deletion is refused.
    #[default]
    Restrict,
    /// This record is deleted too.
    Cascade,
    /// The link becomes empty.
    Clear,
}

fn is_restrict(policy: &OnTargetDelete) -> bool {
    *policy == OnTargetDelete::Restrict
}

impl Kind for Link {
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
        if self.form.is_empty() { vec![Fault::new("form", "required")] } else { Faults::new() }
    }

    fn convert_from(&self, value: &Value, _: &str) -> Option<Value> {
        value.as_ref_id().map(Value::Ref)
    }
}
