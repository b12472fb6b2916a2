//! `rollup`: a live aggregate over the records of another form that link here.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::{Kind, Operator, Shape, plain_order};
use crate::criteria::Condition;
use crate::formula::Type;
use crate::text::{Fault, Faults, Language};
use crate::value::Value;

/// The options of a rollup.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Rollup {
    /// The form whose records are aggregated.
    pub form: String,
    /// The link of that form that points here.
    pub link: String,
    #[serde(rename = "fn")]
    pub function: RollupFn,
    /// What is aggregated: a field of that form, or a column `lines.qty`. Not for `count`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter: Option<Condition>,
}

/// How a rollup aggregates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RollupFn {
    #[default]
    Count,
    Sum,
    Avg,
    Min,
    Max,
    First,
    Last,
    Distinct,
}

impl RollupFn {
    pub const ALL: [RollupFn; 8] =
        [Self::Count, Self::Sum, Self::Avg, Self::Min, Self::Max, Self::First, Self::Last, Self::Distinct];

    /// The name in documents.
    pub fn name(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Sum => "sum",
            Self::Avg => "avg",
            Self::Min => "min",
            Self::Max => "max",
            Self::First => "first",
            Self::Last => "last",
            Self::Distinct => "distinct",
        }
    }
}

impl Kind for Rollup {
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
        let mut faults = Faults::new();
        for (name, given) in [("form", &self.form), ("link", &self.link)] {
            if given.is_empty() {
                faults.push(Fault::new(name, "required"));
            }
        }
        if self.field.is_none() && self.function != RollupFn::Count {
            faults.push(Fault::new("field", "required"));
        }
        faults
    }

    fn convert_from(&self, _: &Value, _: &str) -> Option<Value> {
        None
    }
}
