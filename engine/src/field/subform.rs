//! `subform`: rows of fields, one level deep. Reading and checking the rows is the form's work, which knows the columns.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::{Field, Kind, Operator, Shape};
use crate::formula::Type;
use crate::text::{Fault, Faults, Language};
use crate::value::Value;

/// The options of a sub-form.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Subform {
    pub fields: Vec<Field>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_rows: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_rows: Option<u32>,
}

/// Rows of one record at most.
pub const MAX_ROWS: usize = 1_000;

impl Kind for Subform {
    fn shape(&self) -> Shape {
        Shape::Rows
    }

    fn formula_type(&self) -> Type {
        Type::Rows
    }

    fn parse(&self, _: &serde_json::Value) -> Result<Value, Fault> {
        Err(Fault::new("", "wrong_type"))
    }

    fn to_json(&self, value: &Value) -> serde_json::Value {
        super::any_json(value)
    }

    fn check(&self, value: &Value) -> Faults {
        let rows = value.rows().len();
        let mut faults = Faults::new();
        if let Some(min) = self.min_rows.filter(|min| rows < *min as usize) {
            faults.push(Fault::new("", "too_few").arg("min", min));
        }
        let max = self.max_rows.map_or(MAX_ROWS, |max| (max as usize).min(MAX_ROWS));
        if rows > max {
            faults.push(Fault::new("", "too_many").arg("max", max));
        }
        faults
    }

    fn display(&self, value: &Value, _: Language) -> String {
        value.rows().len().to_string()
    }

    fn order(&self, a: &Value, b: &Value) -> Ordering {
        a.rows().len().cmp(&b.rows().len())
    }

    fn operators(&self) -> &'static [Operator] {
        Operator::PRESENCE
    }

    fn is_input(&self) -> bool {
        true
    }

    fn check_options(&self) -> Faults {
        match (self.min_rows, self.max_rows) {
            (Some(min), Some(max)) if min > max => vec![Fault::new("min_rows", "min_over_max")],
            _ if self.fields.is_empty() => vec![Fault::new("fields", "no_fields")],
            _ => Faults::new(),
        }
    }

    fn convert_from(&self, _: &Value, _: &str) -> Option<Value> {
        None
    }
}
