//! The reports that an app offers.

use engine::report::ReportDocument;

use super::source::{Query, Viewer};
use crate::service::designs::ReportDesign;
use crate::service::people::Caller;
use crate::service::{Installation, Refusal};

/// The reports of an app, and of the apps that it needs, which have something for the caller.
///
/// # Errors
/// Not found where the caller may use nothing in the app.
pub async fn list(
    installation: &Installation,
    caller: &Caller,
    app: &str,
) -> Result<Vec<wire::ReportSummary>, Refusal> {
    let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
    let viewer = Viewer { installation, caller, designs: designs.clone() };
    let app = designs.app(app).filter(|app| designs.is_visible(app, caller)).ok_or_else(Refusal::missing)?;
    let mine = designs.reports_in(app.id).into_iter().filter(|design| is_offered(&viewer, design));
    let view = |document: &ReportDocument| wire::ReportSummary {
        key: document.key.clone(),
        label: document.label.clone(),
    };
    Ok(mine.map(|design| view(&design.document)).collect())
}

/// Whether a report has something for the viewer: it is theirs to read, and not all that it adds up is closed to them.
/// One that no longer fits its forms is offered too: who opens it is told so.
pub fn is_offered(viewer: &Viewer<'_>, design: &ReportDesign) -> bool {
    is_readable(viewer, design) && !has_nothing(viewer, design).unwrap_or(false)
}

/// Whether the report is not the viewer's to read, or none of the records that it adds up.
///
/// # Errors
/// When it no longer fits its forms.
pub fn is_closed(viewer: &Viewer<'_>, design: &ReportDesign) -> Result<bool, Refusal> {
    Ok(!is_readable(viewer, design) || has_nothing(viewer, design)?)
}

fn is_readable(viewer: &Viewer<'_>, design: &ReportDesign) -> bool {
    viewer.designs.may_read(design.row.app, design.document.read.as_ref(), viewer.caller)
}

/// Whether every query of the report is closed to the viewer.
fn has_nothing(viewer: &Viewer<'_>, design: &ReportDesign) -> Result<bool, Refusal> {
    if viewer.caller.is_administrator() {
        return Ok(false);
    }
    let report = viewer.designs.report(design)?;
    let mut closed = false;
    for data in &report.data {
        let Some(form) = data.form else { continue };
        let (filter, group, measures) = (data.filter.clone(), &data.group, &data.measures);
        if !viewer.is_closed(&Query { form, filter, group, measures })? {
            return Ok(false);
        }
        closed = true;
    }
    Ok(closed)
}
