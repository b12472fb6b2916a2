//! The aggregate table as a document (documents.md, "Aggregate table").

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::condition::{Condition, Unit};
use crate::form::Uses;
use crate::text::Label;

/// An aggregate table as people design and exchange it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AggregateDocument {
    #[serde(default = "format_one")]
    pub format: u32,
    pub key: String,
    pub label: Label,
    pub dimensions: Vec<Dimension>,
    pub sources: Vec<SourceRule>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub measures: Vec<MeasureFormula>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub constraints: Vec<ConstraintRule>,
    /// Who may read it; without it the app's administrators alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read: Option<ReadBy>,
    /// Which groups they may read, a condition over dimensions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<Condition>,
}

fn format_one() -> u32 {
    1
}

/// Readers of a document: the same shape as the people of a permission group.
pub type ReadBy = crate::access::Who;

/// What the groups are told apart by.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Dimension {
    pub key: String,
    pub label: Label,
}

/// One form whose records count, or the rows of one of its sub-forms.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SourceRule {
    pub form: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<Condition>,
    /// For each dimension, the path that gives it.
    pub group: BTreeMap<String, GroupBy>,
    pub measures: BTreeMap<String, SourceMeasure>,
}

impl SourceRule {
    /// Whether the source, whose form `uses` is about, counts by the field.
    pub fn uses(&self, uses: &Uses<'_>) -> bool {
        let grouped = self.group.values().map(|by| &by.field);
        let measured = self.measures.values().filter_map(|measure| measure.field.as_ref());
        let mut named = self.rows.iter().chain(grouped).chain(measured);
        named.any(|path| uses.path(path)) || self.filter.as_ref().is_some_and(|filter| uses.condition(filter))
    }
}

/// A path, or dates by a unit.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupBy {
    pub field: String,
    pub unit: Option<Unit>,
}

/// What is added up. Equal names in several sources add up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SourceMeasure {
    /// What readers see at the head of its column; among sources of one name the first that has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Label>,
    #[serde(rename = "fn")]
    pub function: AggregateFn,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}

/// How values are aggregated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AggregateFn {
    Sum,
    Count,
    Avg,
    Min,
    Max,
    Distinct,
}

/// A measure computed from others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MeasureFormula {
    pub key: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Label>,
    pub formula: String,
    #[serde(default = "default_scale")]
    pub scale: u32,
}

fn default_scale() -> u32 {
    2
}

/// A condition over measures that no save may break.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConstraintRule {
    pub key: String,
    pub check: Condition,
    pub message: Label,
}

impl schemars::JsonSchema for GroupBy {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "GroupBy".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let unit = generator.subschema_for::<Option<Unit>>();
        schemars::json_schema!({
            "description": "A path, or dates by a unit.",
            "oneOf": [
                {"type": "string"},
                {"type": "object", "required": ["field"], "properties": {"field": {"type": "string"}, "unit": unit},
                    "additionalProperties": false}
            ]
        })
    }
}

impl Serialize for GroupBy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.unit {
            None => serializer.serialize_str(&self.field),
            Some(unit) => serde_json::json!({"field": self.field, "unit": unit}).serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for GroupBy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<GroupBy, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Members {
            field: String,
            #[serde(default)]
            unit: Option<Unit>,
        }
        match serde_json::Value::deserialize(deserializer)? {
            serde_json::Value::String(field) => Ok(GroupBy { field, unit: None }),
            json => {
                let members: Members = serde_json::from_value(json).map_err(de::Error::custom)?;
                Ok(GroupBy { field: members.field, unit: members.unit })
            }
        }
    }
}
