//! Reports: run, and the records behind their figures.

use serde_json::{Map, Value as Json};
use wire::{Behind, BehindInput, List, Report, ReportExportInput, ReportInput, ReportSummary};

use super::{Call, Problem, segment};

pub async fn reports(app: &str) -> Result<Vec<ReportSummary>, Problem> {
    let list: List<ReportSummary> = Call::get(format!("/apps/{}/reports", segment(app))).send().await?;
    Ok(list.items)
}

pub async fn run(app: &str, key: &str, params: &Map<String, Json>) -> Result<Report, Problem> {
    let input = ReportInput { app: Some(app.to_string()), params: params.clone() };
    Call::post(format!("/reports/{}/run", segment(key))).json(&input).send().await
}

/// The records behind one input of a figure, or of a cell of a table.
pub async fn behind(key: &str, input: &BehindInput) -> Result<Behind, Problem> {
    Call::post(format!("/reports/{}/records", segment(key))).json(input).send().await
}

/// A report as a file, or one of its tables: the bytes.
pub async fn export(key: &str, input: &ReportExportInput) -> Result<Vec<u8>, Problem> {
    Call::post(format!("/reports/{}/export", segment(key))).json(input).send_for_bytes().await
}
