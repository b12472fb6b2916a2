//! The versions of a flow that were published: running requests stay on theirs, and each can be compared with the draft.

use engine::flow::FlowDocument;
use engine::value::{Id, format_timestamp};
use store::flow::{FlowRow, FlowVersion};

use crate::service::designs::stored;
use crate::service::people::Caller;
use crate::service::{Installation, Refusal};

/// Every version, newest first; none where nothing was published yet.
///
/// # Errors
/// Not found, forbidden.
pub async fn list(
    installation: &Installation,
    caller: &Caller,
    form: &str,
) -> Result<Vec<wire::flow_design::FlowVersion>, Refusal> {
    let form = administered(installation, caller, form).await?;
    let mut db = installation.store.read().await?;
    let row = FlowRow::find(&mut db, caller.workspace_id(), form).await?;
    let active = row.map_or(0, |row| row.active);
    let versions = FlowVersion::list(&mut db, caller.workspace_id(), form).await?;
    let view = |version: FlowVersion| wire::flow_design::FlowVersion {
        version: version.version,
        published_at: format_timestamp(version.published_at),
        published_by: version.published_by,
        active: version.version == active,
    };
    Ok(versions.into_iter().map(view).collect())
}

/// The document of a version.
///
/// # Errors
/// Not found, forbidden.
pub async fn read(
    installation: &Installation,
    caller: &Caller,
    form: &str,
    version: i64,
) -> Result<FlowDocument, Refusal> {
    let form = administered(installation, caller, form).await?;
    let mut db = installation.store.read().await?;
    let found = FlowVersion::offered(&mut db, caller.workspace_id(), form, version).await?;
    stored("flow", &found.ok_or_else(Refusal::missing)?.document)
}

async fn administered(installation: &Installation, caller: &Caller, form: &str) -> Result<Id, Refusal> {
    let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
    Ok(designs.form_to_administer(form, caller)?.row.id)
}
