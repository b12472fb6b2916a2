//! Tiles that have nothing for their viewer: the page says so beforehand, and nobody waits for an empty card.

use engine::report::{CheckedTile, CheckedTileSource};
use engine::value::Id;

use super::groups;
use crate::service::reports::{Query, Viewer};
use crate::service::{Refusal, reports};

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
            Some(design) => reports::is_closed(viewer, design),
            None => Ok(true),
        },
    }
}
