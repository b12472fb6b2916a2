//! Dashboards and reports on their way into the bin and back.

use engine::report::DashboardDocument;
use engine::text::Label;
use serde_json::Value as Json;
use store::Tx;
use store::bin_line::{BinKind, BinLine};
use store::document::{AppDocument, DocumentKind};

use super::line::{Binning, key_taken, put};
use super::uses;
use crate::service::apps::to_json;
use crate::service::audit::{self, Note};
use crate::service::designs::{InTheWay, stored};
use crate::service::people::Caller;
use crate::service::{Cause, Installation, Refusal, dashboards};

/// Puts a dashboard into the bin. Whoever has it at hand finds it again once it is back.
///
/// # Errors
/// Not found, forbidden; stale.
pub async fn delete_dashboard(
    installation: &Installation,
    caller: &Caller,
    name: String,
    version: Option<i64>,
) -> Result<(), Refusal> {
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .write(move |tx| {
            Box::pin(async move {
                let designs = parts.designs.held(&parts.store, tx, actor.workspace_id()).await?;
                let design = designs.dashboard_to_administer(&name, &actor)?;
                let label = &design.document.label;
                let thing = of_row(BinKind::Dashboard, &design.row, label);
                bin(&parts, tx, &actor, (&design.row, version), thing).await
            })
        })
        .await
}

/// Puts a report into the bin: that of `app`, or the only one of this key.
///
/// # Errors
/// Not found, forbidden; `required` for the app where several have a report of this key; `report_in_use` where a dashboard
/// would not work any more; stale.
pub async fn delete_report(
    installation: &Installation,
    caller: &Caller,
    (app, key): (Option<String>, String),
    version: Option<i64>,
) -> Result<(), Refusal> {
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .write(move |tx| {
            Box::pin(async move {
                let designs = parts.designs.held(&parts.store, tx, actor.workspace_id()).await?;
                let design = designs.report_to_administer(app.as_deref(), &key, &actor)?;
                let without = uses::without_report(tx, &designs, design.row.id).await?;
                let mut showing = InTheWay::of(&designs, &actor);
                for dashboard in designs.dashboards_broken_in(&without) {
                    showing.dashboard(dashboard);
                }
                if !showing.is_empty() {
                    return Err(showing.refuse("report_in_use").arg("report", &design.row.key));
                }
                let thing = of_row(BinKind::Report, &design.row, &design.document.label);
                bin(&parts, tx, &actor, (&design.row, version), thing).await
            })
        })
        .await
}

fn of_row(kind: BinKind, row: &AppDocument, label: &Label) -> Binning {
    Binning {
        kind,
        id: row.id,
        app: row.app,
        form: None,
        key: row.key.clone(),
        label: label.clone(),
        document: Some(row.document.clone()),
        version: row.version,
    }
}

async fn bin(
    installation: &Installation,
    tx: &mut Tx,
    caller: &Caller,
    (row, version): (&AppDocument, Option<i64>),
    thing: Binning,
) -> Result<(), Refusal> {
    if version.is_some_and(|version| version != row.version) {
        return Err(Refusal::new(Cause::Stale, "stale"));
    }
    let action = match thing.kind {
        BinKind::Report => "report.delete",
        _ => "dashboard.delete",
    };
    // Of two who delete it at once the second finds nothing.
    if !AppDocument::delete(tx, row.workspace, row.id).await? {
        return Err(Refusal::missing());
    }
    put(tx, caller, thing).await?;
    let note = Note { action, object: Some(row.id), label: Some(&row.key), changes: None };
    audit::note(tx, caller, note).await?;
    installation.designs.changed(tx, row.workspace).await
}

/// Takes a dashboard or a report out of the bin as it was, or under another key. What it reads may be gone: whoever opens it is
/// told so. One that counts all records, whoever looks, is put before its readers again by those alone who may mark it so.
///
/// # Errors
/// `key_taken`; forbidden.
pub async fn restore_in(tx: &mut Tx, caller: &Caller, line: &BinLine, key: &str) -> Result<(), Refusal> {
    let kind = match line.kind {
        BinKind::Report => DocumentKind::Report,
        _ => DocumentKind::Dashboard,
    };
    if line.kind == BinKind::Dashboard {
        let document: DashboardDocument = stored("bin_line", line.document.as_deref().unwrap_or_default())?;
        if !dashboards::may_put_up(caller, &document) {
            return Err(Refusal::forbidden("forbidden"));
        }
    }
    if AppDocument::by_key(tx, line.workspace, line.app, kind, key).await?.is_some() {
        return Err(key_taken());
    }
    let row = AppDocument {
        workspace: line.workspace,
        id: line.id,
        app: line.app,
        kind,
        key: key.to_string(),
        document: with_key(line, key)?,
        version: line.version + 1,
    };
    match row.insert(tx).await {
        // Another one has come in the same moment.
        Err(store::Error::Conflict { .. }) => Err(key_taken()),
        other => Ok(other?),
    }
}

/// The document of a line, under a key.
pub fn with_key(line: &BinLine, key: &str) -> Result<String, Refusal> {
    let text = line.document.as_deref().unwrap_or_default();
    if key == line.key {
        return Ok(text.to_string());
    }
    let mut document: Json = stored("bin_line", text)?;
    if let Some(members) = document.as_object_mut() {
        members.insert("key".to_string(), Json::String(key.to_string()));
    }
    to_json(&document)
}
