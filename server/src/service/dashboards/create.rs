//! Making dashboards.

use std::sync::Arc;

use engine::report::DashboardDocument;
use engine::text::Fault;
use engine::value::Id;
use serde_json::Value as Json;
use store::document::{AppDocument, DocumentKind};
use store::{Tx, ids};

use super::eyes::may_put_up;
use super::read::view;
use crate::service::answer::Answer;
use crate::service::apps::{is_key, to_json};
use crate::service::audit::{self, Note};
use crate::service::cached::Snapshot;
use crate::service::designs::Designs;
use crate::service::once::Key;
use crate::service::people::Caller;
use crate::service::reports::Viewer;
use crate::service::{Installation, Refusal, strict};

/// # Errors
/// Not found, forbidden; every fault of the document; `dashboard_taken`.
pub async fn create(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    app: String,
    document: Json,
) -> Result<Answer, Refusal> {
    let document: DashboardDocument = strict::document(document)?;
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .act(caller, key, move |tx| {
            Box::pin(async move {
                let designs = parts.designs.held(&parts.store, tx, actor.workspace_id()).await?;
                let app = designs.app_to_administer(&app, &actor)?.id;
                let row = insert(&parts, tx, &actor, &designs, app, &document).await?;
                let designs = Arc::new(Designs::load(tx, actor.workspace_id()).await?);
                let viewer = Viewer { installation: &parts, caller: &actor, designs: designs.clone() };
                let design = designs.dashboards.get(&row.id).ok_or_else(Refusal::missing)?;
                Ok(Answer::created(&view(&viewer, design)?)?.version(row.version))
            })
        })
        .await
}

/// As [`create`], inside a transaction.
pub async fn insert(
    installation: &Installation,
    tx: &mut Tx,
    caller: &Caller,
    designs: &Designs,
    app: Id,
    document: &DashboardDocument,
) -> Result<AppDocument, Refusal> {
    if !is_key(&document.key) {
        return Err(Refusal::fault("/key", "invalid_key"));
    }
    if !may_put_up(caller, document) {
        return Err(Refusal::forbidden("forbidden"));
    }
    designs.check_dashboard(app, document).map_err(Refusal::invalid)?;
    let (workspace, kind) = (caller.workspace_id(), DocumentKind::Dashboard);
    let taken = || {
        let faults = vec![Fault::new("/key", "not_unique")];
        Refusal { faults, ..Refusal::conflict("dashboard_taken") }
    };
    if AppDocument::by_key(tx, workspace, app, kind, &document.key).await?.is_some() {
        return Err(taken());
    }
    let (id, key, text) = (ids::next(), document.key.clone(), to_json(document)?);
    let row = AppDocument { workspace, id, app, kind, key, document: text, version: 1 };
    match row.insert(tx).await {
        // Another one has come in the same moment, new or out of the bin.
        Err(store::Error::Conflict { .. }) => return Err(taken()),
        other => other?,
    }
    installation.designs.changed(tx, workspace).await?;
    let changes = serde_json::from_str(&row.document).ok();
    let note = Note { action: "dashboard.create", object: Some(row.id), label: Some(&row.key), changes };
    audit::note(tx, caller, note).await?;
    Ok(row)
}
