//! Reports: run, and the records behind their figures.

use std::collections::BTreeMap;

use engine::text::Label;
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use super::{Call, Page, Problem, segment};

/// A report of an app, in a list.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct ReportSummary {
    pub key: String,
    pub label: Label,
}

/// What a report says.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Report {
    pub key: String,
    #[serde(default)]
    pub label: String,
    #[serde(default)]
    pub as_of: String,
    #[serde(default)]
    pub scope: String,
    #[serde(default)]
    pub params: Vec<Param>,
    #[serde(default)]
    pub figures: Vec<Figure>,
    #[serde(default)]
    pub tables: Vec<Table>,
}

/// What may be chosen before running it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Param {
    pub key: String,
    #[serde(default)]
    pub label: String,
    pub kind: String,
    #[serde(default)]
    pub form: Option<String>,
}

/// A figure; without a value there is a reason.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Figure {
    pub key: String,
    #[serde(default)]
    pub label: String,
    pub value: Option<String>,
    #[serde(default)]
    pub unit: Option<String>,
    #[serde(default)]
    pub definition: Option<String>,
    #[serde(default)]
    pub inputs: BTreeMap<String, Option<String>>,
    #[serde(default)]
    pub records: u64,
    #[serde(default)]
    pub reason: Option<String>,
}

/// A table: its rows by column key, the group's name among them.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Table {
    pub key: String,
    #[serde(default)]
    pub label: String,
    pub columns: Vec<Column>,
    pub rows: Vec<Map<String, Json>>,
    #[serde(default)]
    pub total: Option<Map<String, Json>>,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Column {
    pub key: String,
    #[serde(default)]
    pub label: Option<String>,
    #[serde(default)]
    pub unit: Option<String>,
}

/// The records behind a figure, of one form.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Behind {
    pub form: String,
    pub items: Vec<wire::records::Record>,
    #[serde(default)]
    pub titles: BTreeMap<String, String>,
}

pub async fn reports(app: &str) -> Result<Vec<ReportSummary>, Problem> {
    let page: Page<ReportSummary> = Call::get(format!("/apps/{}/reports", segment(app))).send().await?;
    Ok(page.items)
}

pub async fn run(app: &str, key: &str, params: &Map<String, Json>) -> Result<Report, Problem> {
    let body = json!({ "app": app, "params": params });
    Call::post(format!("/reports/{}/run", segment(key))).json(&body).send().await
}

/// The records behind one input of a figure.
pub async fn behind(
    app: &str,
    key: &str,
    figure: &str,
    input: &str,
    params: &Map<String, Json>,
) -> Result<Behind, Problem> {
    let body = json!({ "app": app, "figure": figure, "input": input, "params": params });
    Call::post(format!("/reports/{}/records", segment(key))).json(&body).send().await
}
