//! The dashboard as a document.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::document::SortRule;
use super::spark::{SparkRule, TargetRule};
use crate::aggregate::{AggregateFn, GroupBy, ReadBy};
use crate::condition::Condition;
use crate::form::Uses;
use crate::text::Label;

/// A page of tiles.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DashboardDocument {
    #[serde(default = "format_one")]
    pub format: u32,
    pub key: String,
    pub label: Label,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read: Option<ReadBy>,
    /// With whose eyes its tiles are read.
    #[serde(default, skip_serializing_if = "RunAs::is_viewer")]
    pub run_as: RunAs,
    /// What readers may narrow several tiles by at once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub filters: Vec<FilterRule>,
    pub tiles: Vec<Tile>,
}

/// With whose eyes the tiles of a dashboard are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RunAs {
    /// Each reader's own.
    #[default]
    Viewer,
    /// Nobody's: all records count, whoever looks, and none can be looked at behind a tile.
    All,
}

impl RunAs {
    fn is_viewer(&self) -> bool {
        *self == RunAs::Viewer
    }
}

/// A filter on top of the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FilterRule {
    pub key: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Label>,
    pub kind: FilterKind,
    /// What holds until the reader chooses: `{"relative": …}` or `{"from", "to"}` for a period, else a list of values.
    #[serde(default, skip_serializing_if = "serde_json::Value::is_null")]
    pub default: serde_json::Value,
    /// By the key of a tile, or by a source for all its tiles: the field that is narrowed; for a report its parameter.
    pub binds: BTreeMap<String, String>,
}

/// What a filter is chosen from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FilterKind {
    Period,
    /// Values of the field that it binds: choices, records, people.
    Values,
}

fn format_one() -> u32 {
    1
}

/// One tile: a figure, a chart or a table over one source.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tile {
    pub key: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Label>,
    /// Column, row, width and height on a grid of 24 columns.
    pub at: [u32; 4],
    pub kind: TileKind,
    pub source: TileSource,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<Condition>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub group: Vec<GroupBy>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub measures: Vec<TileMeasure>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compare: Option<Compare>,
    /// A line of the last periods under a figure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spark: Option<SparkRule>,
    /// What a figure is to reach.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<TargetRule>,
    /// By which measures the rows stand in order; without it by their groups, the largest first where the tile is about
    /// size.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sort: Vec<SortRule>,
    /// Rows at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

impl Tile {
    /// Whether the tile, whose form `uses` is about, reads the field, narrowed by one of these filters or not.
    pub fn uses(&self, filters: &[FilterRule], uses: &Uses<'_>) -> bool {
        let grouped = self.group.iter().map(|by| &by.field);
        let measured = self.measures.iter().filter_map(|measure| measure.field.as_ref());
        let bound = filters.iter().filter_map(|filter| {
            filter.binds.get(&self.key).or_else(|| filter.binds.get(self.source.name()))
        });
        let followed = self.spark.iter().map(|spark| &spark.field);
        let mut named = grouped.chain(measured).chain(bound).chain(followed);
        named.any(|path| uses.path(path)) || self.filter.as_ref().is_some_and(|filter| uses.condition(filter))
    }
}

/// How a tile is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TileKind {
    Figure,
    Line,
    Bar,
    Stacked,
    Area,
    Pie,
    Funnel,
    Gauge,
    Scatter,
    Heatmap,
    Pivot,
    Table,
    Rank,
    Map,
    Calendar,
    Text,
}

/// What a tile reads.
#[derive(Clone, Debug, PartialEq)]
pub enum TileSource {
    Form(String),
    Aggregate(String),
    Report(String),
}

/// A measure of a tile: a function over a field, or a formula over the other measures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TileMeasure {
    pub key: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Label>,
    #[serde(rename = "fn", default, skip_serializing_if = "Option::is_none")]
    pub function: Option<AggregateFn>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub formula: Option<String>,
    /// Digits after the point of a formula; 2 unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
}

/// What a figure is held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Compare {
    PreviousPeriod,
    PreviousYear,
}

impl TileSource {
    /// Its name in the `binds` of filters.
    pub fn name(&self) -> &str {
        match self {
            TileSource::Form(name) | TileSource::Aggregate(name) | TileSource::Report(name) => name,
        }
    }
}

impl schemars::JsonSchema for TileSource {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "TileSource".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "What a tile reads: a form, an aggregate table or a report.",
            "oneOf": [
                {"type": "string"},
                {"type": "object", "required": ["aggregate"], "properties": {"aggregate": {"type": "string"}},
                    "additionalProperties": false},
                {"type": "object", "required": ["report"], "properties": {"report": {"type": "string"}},
                    "additionalProperties": false}
            ]
        })
    }
}

impl Serialize for TileSource {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            TileSource::Form(form) => serializer.serialize_str(form),
            TileSource::Aggregate(key) => serde_json::json!({ "aggregate": key }).serialize(serializer),
            TileSource::Report(key) => serde_json::json!({ "report": key }).serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for TileSource {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<TileSource, D::Error> {
        let json = serde_json::Value::deserialize(deserializer)?;
        let member = |name: &str| json.get(name).and_then(serde_json::Value::as_str).map(str::to_string);
        match &json {
            serde_json::Value::String(form) => Ok(TileSource::Form(form.clone())),
            serde_json::Value::Object(members) if members.len() == 1 => member("aggregate")
                .map(TileSource::Aggregate)
                .or_else(|| member("report").map(TileSource::Report))
                .ok_or_else(|| de::Error::custom("a source is a form, an aggregate or a report")),
            _ => Err(de::Error::custom("a source is a form, an aggregate or a report")),
        }
    }
}
