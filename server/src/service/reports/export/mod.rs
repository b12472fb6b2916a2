//! A report as a file: what its reader sees of it now, and no more. It holds no records; those behind its numbers are exported by
//! the list of their form, by the right to do so.

mod file;
mod sheets;

use engine::text::Fault;
use serde_json::json;

use super::run::run_in;
use super::source::Viewer;
use crate::service::audit::{self, Note};
use crate::service::designs::context;
use crate::service::people::Caller;
use crate::service::{Installation, Refusal, clock};

pub use file::ReportFile;

/// Runs a report as the caller, and puts all of it or one of its tables into a file.
///
/// # Errors
/// As running it; `unknown_field` for a table that it does not have.
pub async fn export(
    installation: &Installation,
    caller: &Caller,
    key: &str,
    input: wire::ReportExportInput,
) -> Result<ReportFile, Refusal> {
    let wire::ReportExportInput { app, params, format, table } = input;
    let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
    let viewer = Viewer { installation, caller, designs: designs.clone() };
    let design = designs.report_to_run(app.as_deref(), key, caller)?;
    let asked = wire::ReportInput { app, params };
    let report = {
        let mut db = installation.store.read().await?;
        run_in(&viewer, &mut db, design, &asked).await?
    };
    let reader = sheets::Reader { language: caller.language(), zone: context(caller, clock::now()).zone };
    let (label, sheets) = match &table {
        None => (report.label.clone(), reader.sheets(&report)),
        Some(table) => {
            let found = report.tables.iter().find(|known| known.key == *table);
            let found = found.ok_or_else(|| {
                Refusal::invalid(vec![Fault::new("table", "unknown_field").arg("field", table)])
            })?;
            (reader.name_of(found), vec![reader.table(found)])
        }
    };
    let file = file::write(&label, format, &sheets, reader.language)?;
    let changes = json!({"format": format, "table": table, "params": report.params, "scope": report.scope});
    let (actor, object, label) = (caller.clone(), design.row.id, design.row.key.clone());
    let noted = installation.write(move |tx| {
        Box::pin(async move {
            let (action, object, label) = ("report.export", Some(object), Some(label.as_str()));
            audit::note(tx, &actor, Note { action, object, label, changes: Some(changes) }).await
        })
    });
    noted.await?;
    Ok(file)
}
