//! The report as a document.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::aggregate::{AggregateFn, GroupBy, ReadBy};
use crate::condition::Condition;
use crate::form::Uses;
use crate::text::Label;

/// A report as packages carry it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportDocument {
    #[serde(default = "format_one")]
    pub format: u32,
    /// `roi.yearly`: the package's key and the report's own.
    pub key: String,
    pub label: Label,
    /// Who may run it; without it the app's administrators alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read: Option<ReadBy>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub params: Vec<ParamRule>,
    pub data: Vec<DataRule>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub calculate: Vec<CalculationRule>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub figures: Vec<FigureRule>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tables: Vec<TableRule>,
}

fn format_one() -> u32 {
    1
}

/// What whoever runs the report may choose.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ParamRule {
    pub key: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Label>,
    /// `link` (a record of `form`), `period` (two dates), or a field kind.
    pub kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<String>,
    #[serde(default)]
    pub required: bool,
}

/// One query: sums and counts over the records of a form, by groups.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DataRule {
    pub key: String,
    pub form: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<Condition>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub group: BTreeMap<String, GroupBy>,
    pub measures: BTreeMap<String, ReportMeasure>,
    /// Where its form is not installed, its measures are empty.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub optional: bool,
}

impl DataRule {
    /// Whether the query, whose form `uses` is about, reads the field.
    pub fn uses(&self, uses: &Uses<'_>) -> bool {
        let grouped = self.group.values().map(|by| &by.field);
        let measured = self.measures.values().filter_map(|measure| measure.field.as_ref());
        let mut named = grouped.chain(measured);
        named.any(|path| uses.path(path)) || self.filter.as_ref().is_some_and(|filter| uses.condition(filter))
    }
}

/// What a query adds up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportMeasure {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Label>,
    #[serde(rename = "fn")]
    pub function: AggregateFn,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// What it stands for, in charts and where nothing of it was entered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
}

/// What an amount of a report stands for. Charts give it its colour by this, and it says what it means that nothing was
/// entered in all that is looked at: no cost is a cost of 0, no gain is not known and makes no figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// What was put in.
    Cost,
    /// What came of it.
    Gain,
}

/// A calculation that the product provides because it is no formula. The figures of the report, not the rows of its
/// tables, read the result by its key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalculationRule {
    pub key: String,
    #[serde(rename = "use")]
    pub calculation: Calculation,
    pub with: PaybackRule,
}

/// The calculations that there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Calculation {
    /// After how many periods the gain outweighs the cost; empty where it does not by the last one.
    Payback,
}

/// What a payback is computed from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaybackRule {
    /// The group that parts both measures into periods.
    pub by: String,
    pub gain: String,
    pub cost: String,
}

/// A figure: a formula over measures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FigureRule {
    pub key: String,
    pub label: Label,
    /// Only meant for the rows of tables by this group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    pub formula: String,
    #[serde(default = "two")]
    pub scale: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub definition: Option<Label>,
    /// Checked in order before the formula; the first that holds gives the reason.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub null_when: Vec<NullRule>,
}

fn two() -> u32 {
    2
}

/// When a figure has no value, and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NullRule {
    pub when: String,
    /// A code of domain.md 0.4, such as `COST_ZERO`.
    pub reason: String,
}

/// A table: one row for each group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableRule {
    pub key: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Label>,
    pub by: String,
    /// Measures and figures.
    pub columns: Vec<String>,
    /// Which rows are shown: a formula over measures and figures that has to hold; without it all are. Groups are left
    /// out after everything in them was computed, so that no figure changes by it.
    #[serde(rename = "where", default, skip_serializing_if = "Option::is_none")]
    pub keep: Option<String>,
    /// In which order; without it, and where rows are alike in it, in that of their groups.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sort: Vec<SortRule>,
    /// Rows at most; absent for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// Whether a total row is computed, from the summed inputs of the rows that `where` leaves, those past `limit` too.
    #[serde(default)]
    pub total: bool,
}

/// By what rows stand in order: a figure or measure as it is shown, or the group. What has no value comes last.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SortRule {
    pub field: String,
    /// The largest first.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub desc: bool,
}
