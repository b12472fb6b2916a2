//! Lists of regions, as packages have them.

use std::sync::Arc;

use engine::field::Regions;

use super::people::Caller;
use super::{Installation, Refusal};

/// Every list that a field can name.
///
/// # Errors
/// When the database can't be read.
pub async fn list(installation: &Installation, caller: &Caller) -> Result<Vec<wire::RegionList>, Refusal> {
    let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
    let told = |(name, regions): (String, Arc<Regions>)| wire::RegionList {
        name,
        label: regions.label.clone(),
        source: regions.source.clone(),
    };
    Ok(designs.all_regions()?.into_iter().map(told).collect())
}

/// The list with a name, `PACKAGE/KEY`.
///
/// # Errors
/// Not found.
pub async fn read(
    installation: &Installation,
    caller: &Caller,
    name: &str,
) -> Result<wire::Regions, Refusal> {
    let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
    let found = designs.find_regions(name).ok_or_else(Refusal::missing)?;
    let Regions { label, source, regions } = Regions::clone(&found);
    Ok(wire::Regions { name: name.to_string(), label, source, regions })
}
