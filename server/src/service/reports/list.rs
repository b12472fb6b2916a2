//! The reports that an app offers.

use crate::service::Refusal;
use crate::service::designs::Designs;
use crate::service::people::Caller;

/// The reports of an app, and of the apps that it needs, which the caller may read.
///
/// # Errors
/// Not found where the caller may use nothing in the app.
pub fn list(designs: &Designs, app: &str, caller: &Caller) -> Result<Vec<wire::ReportSummary>, Refusal> {
    let app = designs.app(app).filter(|app| designs.is_visible(app, caller)).ok_or_else(Refusal::missing)?;
    let mine = designs
        .reports_in(app.id)
        .into_iter()
        .filter(|design| designs.may_read(design.row.app, design.document.read.as_ref(), caller));
    let view = |document: &engine::report::ReportDocument| wire::ReportSummary {
        key: document.key.clone(),
        label: document.label.clone(),
    };
    Ok(mine.map(|design| view(&design.document)).collect())
}
