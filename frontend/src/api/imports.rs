//! Tables from files: proposed as a new form, matched with the fields of one, taken in as records; and records as files.

use engine::form::FormDocument;
use engine::text::Label;
use engine::value::Id;
use wire::{ExportInput, ImportInput, ImportPreview, ImportPreviewInput, Proposal, ProposeInput};

use super::jobs::JobStarted;
use super::{Call, Problem, problem, segment};

/// The form that an uploaded file would become in an app, and its document; of a workbook, this sheet.
pub async fn propose(
    app: &str,
    file: Id,
    sheet: Option<String>,
    label: &str,
) -> Result<(FormDocument, Proposal), Problem> {
    let input = ProposeInput { file, label: Some(Label::Plain(label.to_string())), sheet };
    let proposal: Proposal =
        Call::post(format!("/apps/{}/forms/propose", segment(app))).json(&input).send().await?;
    let document = serde_json::from_value(proposal.definition.clone());
    Ok((document.map_err(|_| problem::not_understood(200))?, proposal))
}

/// What is in an uploaded file, or in a sheet of it, matched with the fields of a form.
pub async fn preview(form: Id, file: Id, sheet: Option<String>) -> Result<ImportPreview, Problem> {
    let input = ImportPreviewInput { file, sheet };
    Call::post(format!("/forms/{form}/import/preview")).json(&input).send().await
}

/// Begins an import; answers the job's id.
pub async fn start(form: Id, input: &ImportInput) -> Result<String, Problem> {
    let started: JobStarted = Call::post(format!("/forms/{form}/import")).json(input).send().await?;
    Ok(started.job.to_string())
}

/// Begins to write records into a file; answers the job's id.
pub async fn export(form: Id, input: &ExportInput) -> Result<String, Problem> {
    let started: JobStarted = Call::post(format!("/forms/{form}/export")).json(input).send().await?;
    Ok(started.job.to_string())
}
