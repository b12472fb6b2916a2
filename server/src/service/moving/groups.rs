//! The aggregate tables of all workspaces, compiled: without that nobody knows what their columns hold.

use std::sync::Arc;

use engine::aggregate::Aggregate;
use store::Store;
use store::aggregate::AggregateRow;
use store::copy::CopiedGroups;
use store::workspace::Workspace;

use crate::service::Refusal;
use crate::service::cached::Snapshot;
use crate::service::designs::Designs;

/// Those of a database. One that rests, as its forms or its app lie in the recycle bin, is compiled as if these were back.
///
/// # Errors
/// `table_without_forms` for one whose forms are gone for good.
pub async fn of(source: &Store) -> Result<Vec<CopiedGroups>, Refusal> {
    let mut all = Vec::new();
    let workspaces = Workspace::list(&mut source.read().await?).await?;
    for workspace in workspaces {
        let designs = Designs::load(&mut source.read().await?, workspace.id).await?;
        let rows = AggregateRow::list(&mut source.read().await?, workspace.id).await?;
        for row in rows {
            let aggregate = match compiled(&designs, &row) {
                Some(aggregate) => aggregate,
                None => {
                    let back = Designs::with_bin(&mut source.read().await?, workspace.id, row.app).await?;
                    let gone = || Refusal::conflict("table_without_forms").arg("aggregate", &row.key);
                    compiled(&back, &row).ok_or_else(gone)?
                }
            };
            all.push(CopiedGroups { workspace: row.workspace, number: row.number, aggregate });
        }
    }
    Ok(all)
}

fn compiled(designs: &Designs, row: &AggregateRow) -> Option<Arc<Aggregate>> {
    let design = designs.aggregates.get(&row.id)?;
    designs.aggregate(design).ok()
}
