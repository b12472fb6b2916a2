//! Reports, dashboards and search.

use std::collections::BTreeMap;

use engine::report::Role;
use engine::text::Label;
use engine::value::Id;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use utoipa::ToSchema;

use crate::records::Record;

/// A report in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ReportSummary {
    pub key: String,
    #[schema(value_type = crate::Wording)]
    pub label: Label,
}

/// `POST /reports/{key}/run`
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportInput {
    /// The report's app, or one that needs it, by id or key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app: Option<String>,
    /// By the keys of the report's parameters; a period also as `from` and `to`, its first and last day or month.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub params: Map<String, Json>,
}

/// What kind of file a report goes into.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReportFormat {
    /// A workbook: what the report is, its figures, and a sheet for each table; numbers are numbers.
    #[default]
    Xlsx,
    /// UTF-8 with a byte order mark, parted by commas: one table, or all one below the other.
    Csv,
}

/// `POST /reports/{key}/export`
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportExportInput {
    /// The report's app, or one that needs it, by id or key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app: Option<String>,
    /// As where it is run.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub params: Map<String, Json>,
    #[serde(default)]
    pub format: ReportFormat,
    /// The key of one of its tables; all of the report when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
}

/// What a report says, in the reader's language.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Report {
    pub key: String,
    /// The key of the app that has it, where it is run from another one too.
    #[serde(default)]
    pub app: String,
    pub label: String,
    pub as_of: String,
    /// The parameters in force.
    #[schema(value_type = Object)]
    pub params: Map<String, Json>,
    /// What can be chosen.
    pub parameters: Vec<ReportParameter>,
    /// `all`, or `own rows` where the reader sees a part of the records.
    pub scope: String,
    /// The forms of which the reader sees a part, or nothing; without those that they have no right to at all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub narrowed: Vec<String>,
    pub figures: Vec<Figure>,
    pub tables: Vec<ReportTable>,
}

/// What may be chosen before a report runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ReportParameter {
    pub key: String,
    pub label: String,
    /// `link`, `period`, or a field kind.
    pub kind: String,
    /// The form of a link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub form: Option<Id>,
    /// What the record that was chosen for a link is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    pub required: bool,
}

/// A figure; without a value there is a reason.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Figure {
    pub key: String,
    pub label: String,
    /// A decimal string.
    pub value: Option<String>,
    pub unit: Option<String>,
    pub definition: Option<String>,
    /// The sums and counts that it was computed from.
    pub inputs: BTreeMap<String, Option<String>>,
    /// What the inputs are called.
    #[serde(default)]
    pub input_labels: BTreeMap<String, String>,
    /// How many records are behind it.
    pub records: u64,
    /// Why there is no value: a code.
    pub reason: Option<String>,
    /// The forms behind it of which the reader sees a part, or nothing; without those that they have no right to at all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub narrowed: Vec<String>,
    /// Those of them of which the reader sees nothing that counts here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unseen: Vec<String>,
}

/// A table. A row has its cells by the keys of the columns: groups in the wire form, decimal strings, `null` where there
/// is no figure; beside them `labels` (groups as people read them), `reasons` (by column), `missing` (a period without
/// records).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ReportTable {
    pub key: String,
    pub label: String,
    pub columns: Vec<FigureColumn>,
    #[schema(value_type = Vec<Object>)]
    pub rows: Vec<Map<String, Json>>,
    /// How many rows more there are than the table shows.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub cut: u64,
    /// Over the rows that are shown, and those that were cut.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub total: Option<Map<String, Json>>,
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// A column of a table or tile.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FigureColumn {
    pub key: String,
    pub label: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Whether it holds what rows are grouped by.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub group: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub definition: Option<String>,
    /// The inputs of a figure that have records behind them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inputs: Vec<String>,
    /// `cost` or `gain`: what an amount stands for where it is drawn beside others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub role: Option<Role>,
    /// The forms or tables behind it of which the reader sees a part, or nothing; without those that they have no right to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub narrowed: Vec<String>,
    /// Those of them of which the reader sees nothing that counts here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unseen: Vec<String>,
}

/// `POST /reports/{key}/records`
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BehindInput {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app: Option<String>,
    /// A figure, or an input by itself.
    pub figure: String,
    /// One of the figure's inputs; its first when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input: Option<String>,
    #[serde(default)]
    #[schema(value_type = Object)]
    pub params: Map<String, Json>,
    /// For a cell of a table: the table, and the group of its row in the wire form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// The records behind one input of a figure.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Behind {
    #[schema(value_type = String)]
    pub form: Id,
    /// The key of the form's app.
    pub app: String,
    /// The form's label.
    pub label: String,
    /// The field that was added up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// What that field is called: it may be another than the one in the records' titles.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field_label: Option<String>,
    /// The date or month of the records that tells when they were: by which the number is told apart, else the form's
    /// first that the caller may read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    pub items: Vec<Record>,
    /// What the records are called.
    pub titles: BTreeMap<String, String>,
    pub next: Option<String>,
}

/// A dashboard in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DashboardSummary {
    #[schema(value_type = String)]
    pub id: Id,
    pub key: String,
    #[schema(value_type = crate::Wording)]
    pub label: Label,
}

/// A dashboard as the reader may see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Dashboard {
    #[schema(value_type = String)]
    pub id: Id,
    /// The key of its app.
    pub app: String,
    pub key: String,
    #[schema(value_type = crate::Wording)]
    pub label: Label,
    pub version: i64,
    /// The Dashboard document, for the app's administrators.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub document: Option<Json>,
    pub filters: Vec<DashboardFilter>,
    pub tiles: Vec<TileFrame>,
}

/// What readers may narrow several tiles by.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DashboardFilter {
    pub key: String,
    #[schema(value_type = crate::Wording)]
    pub label: Label,
    /// `period` or `values`.
    pub kind: String,
    /// What holds until the reader chooses.
    #[serde(default)]
    pub default: Json,
    /// The choices of a field that has some.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<FilterChoice>,
    /// Where else to look for choices: a field of a form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub form: Option<Id>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Whether its choices are the values that are there: `GET /dashboards/{id}/filters/{key}/options`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub has_options: bool,
}

/// What a filter may be set to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FilterChoice {
    pub key: String,
    #[schema(value_type = crate::Wording)]
    pub label: Label,
}

/// Where a tile stands and how it is drawn; what it shows is asked for by itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TileFrame {
    pub key: String,
    #[schema(value_type = crate::Wording)]
    pub label: Label,
    /// Column, row, width and height on a grid of 24 columns.
    pub at: [u32; 4],
    pub kind: String,
    /// The report that it shows figures of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<String>,
    /// Whether there are records to look at behind it.
    pub has_records: bool,
    /// The keys of the filters that narrow it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub filters: Vec<String>,
    /// Why it has nothing for the reader, where they may read nothing of what it shows: `NOT_READABLE`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withheld: Option<String>,
}

/// `POST /dashboards/{id}/tiles/{key}/data`
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TileInput {
    /// By the keys of the dashboard's filters; the default of one that is absent holds.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub filters: Map<String, Json>,
}

/// `POST /dashboards/{id}/tiles/{key}/records`
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TileBehindInput {
    #[serde(default)]
    #[schema(value_type = Object)]
    pub filters: Map<String, Json>,
    /// The groups of one row in the wire form, by their columns.
    #[serde(default)]
    pub row: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// What a tile shows. Rows are as those of a report's table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TileData {
    pub as_of: String,
    /// `all`, or `own rows` where the reader sees a part of the records.
    pub scope: String,
    pub columns: Vec<FigureColumn>,
    #[schema(value_type = Vec<Object>)]
    pub rows: Vec<Map<String, Json>>,
    /// Over all groups, the rows that were cut too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub total: Option<Map<String, Json>>,
    /// How many groups there are.
    pub groups: u64,
    /// How many records are behind it, where they are counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub records: Option<u64>,
    /// The measures of the period before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub compare: Vec<Comparison>,
    /// The figure in the last periods, the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spark: Vec<SparkPoint>,
    /// What the figure is to reach.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<TargetReached>,
}

/// A figure in one of several periods.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SparkPoint {
    /// `2026-11`, `2026-Q4` …
    pub period: String,
    pub value: Option<String>,
}

/// A figure beside its target.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TargetReached {
    /// The target.
    pub value: String,
    /// `higher`, or `lower` where the figure is not to go over it.
    pub better: String,
    /// How many per cent of it the figure is; absent where that says nothing.
    pub percent: Option<String>,
    /// Whether the figure is where it is to be; absent where there is no figure.
    pub met: Option<bool>,
}

/// A measure against the period before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Comparison {
    pub key: String,
    /// `previous_period` or `previous_year`.
    pub with: String,
    pub previous: Option<String>,
    /// The change in per cent; absent from 0 on.
    pub change: Option<String>,
}

/// Something that was found by its name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SearchHit {
    /// `app`, `form`, `dashboard`, `report` or `record`.
    pub kind: String,
    /// Its id; a report's key.
    pub id: String,
    /// The form of a record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub form: Option<Id>,
    /// The key of the app that it belongs to.
    pub app: String,
    pub title: String,
    /// What it belongs to, in words.
    pub snippet: String,
}

/// Names of which one wants to know how they sound.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SoundsInput {
    pub texts: Vec<String>,
}

/// How names sound: the initials of the syllables and the syllables, for those who type pinyin. A name without Chinese
/// characters is not among them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Sounds {
    pub sounds: BTreeMap<String, String>,
}
