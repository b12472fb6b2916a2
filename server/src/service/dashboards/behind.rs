//! The records behind a tile.

use engine::context::Context;
use engine::report::DataMeasure;
use engine::text::Fault;

use super::eyes::leads_further;
use super::filters;
use super::tile::form_of;
use crate::service::designs::context;
use crate::service::people::Caller;
use crate::service::reports::{Listing, Viewer, in_group};
use crate::service::{Installation, Refusal, clock};

/// The records behind a tile over a form, or behind one of its rows.
///
/// # Errors
/// Not found for who may not read the dashboard, and for tiles that are not over a form; forbidden where the dashboard counts all
/// records, whoever looks; faults of what was asked.
pub async fn records(
    installation: &Installation,
    caller: &Caller,
    (name, key): (&str, &str),
    input: &wire::TileBehindInput,
) -> Result<wire::Behind, Refusal> {
    let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
    let design = designs.dashboard_to_read(name, caller)?;
    if !leads_further(design) {
        return Err(Refusal::forbidden("forbidden"));
    }
    let dashboard = designs.dashboard(design)?;
    let tile = dashboard.tile(key).ok_or_else(Refusal::missing)?;
    let form = form_of(tile).ok_or_else(Refusal::missing)?;
    let context = Context { params: designs.parameters(design.row.app), ..context(caller, clock::now()) };
    let mut filter = filters::narrowed(&dashboard.document, tile, &input.filters, &context)?;
    for (name, value) in &input.row {
        let at = format!("row.{name}");
        let by = tile.group.iter().find(|by| by.key == *name).ok_or_else(|| {
            Refusal::invalid(vec![Fault::new(at.as_str(), "unknown_field").arg("field", name)])
        })?;
        filter = filter.and(in_group(by, value).ok_or_else(|| Refusal::fault(at, "out_of_range"))?);
    }
    let measure: Option<&DataMeasure> = tile.measures.first();
    let asked = serde_json::to_string(&(&input.filters, &input.row)).map_err(Refusal::internal)?;
    let listing = Listing {
        form,
        filter,
        group: &tile.group,
        measure,
        limit: input.limit,
        cursor: input.cursor.as_deref(),
        bound: format!("tile {} {key} {asked}", design.row.id),
    };
    let viewer = Viewer { installation, caller, designs: designs.clone() };
    listing.read(&viewer).await
}
