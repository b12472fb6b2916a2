//! Tiles that have nothing for their viewer: the page says so beforehand, and nobody waits for an empty card.

use engine::report::{CheckedTile, CheckedTileSource};
use engine::value::Id;

use super::groups;
use crate::service::Refusal;
use crate::service::designs::ReportDesign;
use crate::service::reports::{Query, Viewer};

/// Whether the viewer may read nothing of what a tile of an app's dashboard shows.
pub fn is_closed(viewer: &Viewer<'_>, app: Id, tile: &CheckedTile) -> Result<bool, Refusal> {
    if viewer.caller.is_administrator() {
        return Ok(false);
    }
    match &tile.source {
        CheckedTileSource::Form(form) => viewer.is_closed(&Query {
            form: *form,
            filter: tile.filter.clone(),
            group: &tile.group,
            measures: &tile.measures,
        }),
        CheckedTileSource::Aggregate(name) => match viewer.designs.aggregate_in(app, name) {
            Some((design, _)) => groups::is_closed(viewer, design, tile),
            None => Ok(true),
        },
        CheckedTileSource::Report(key) => match viewer.designs.report_in(app, key) {
            Some(design) => is_report_closed(viewer, design),
            None => Ok(true),
        },
    }
}

/// Whether the report is not the viewer's to read, or none of the records that it adds up.
fn is_report_closed(viewer: &Viewer<'_>, design: &ReportDesign) -> Result<bool, Refusal> {
    let designs = &viewer.designs;
    if !designs.may_read(design.row.app, design.document.read.as_ref(), viewer.caller) {
        return Ok(true);
    }
    let report = designs.report(design)?;
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
