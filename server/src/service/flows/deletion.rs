//! Drafts and versions of flows on their way into the bin and back.
//!
//! A version that was deleted is offered nowhere. Its document stays for the requests that went by it, which are drawn by it,
//! until they are gone too.

use engine::flow::FlowDocument;
use engine::value::Id;
use serde_json::json;
use store::bin_line::{BinKind, BinLine};
use store::flow::{FlowRow, FlowVersion};
use store::form::FormRow;
use store::instance::Instance;
use store::{Tx, ids};
use wire::Dependents;

use super::design::{is_changed, no_steps, put};
use crate::service::apps::{label, to_json};
use crate::service::audit::{self, Note};
use crate::service::bin::{self, Binning, counted};
use crate::service::cached::Snapshot;
use crate::service::designs::{Designs, FormDesign, stored};
use crate::service::people::Caller;
use crate::service::{Cause, Installation, Refusal, clock};

/// The requests that stand on a version of a flow: those that go on keep it, those that ended are shown by it.
///
/// # Errors
/// Not found, forbidden.
pub async fn dependents(
    installation: &Installation,
    caller: &Caller,
    form: &str,
    version: i64,
) -> Result<(i64, Dependents), Refusal> {
    let workspace = caller.workspace_id();
    let designs = installation.designs.get(&installation.store, workspace).await?;
    let form = designs.form_to_administer(form, caller)?.row.id;
    let mut db = installation.store.read().await?;
    FlowVersion::offered(&mut db, workspace, form, version).await?.ok_or_else(Refusal::missing)?;
    let going = Instance::count_going(&mut db, workspace, form, (version, version + 1)).await?;
    let all = Instance::count_of_version(&mut db, workspace, form, version).await?;
    let mut items = Vec::new();
    if going > 0 {
        items.push(wire::Dependent { blocks: true, ..counted("running", Some(going)) });
    }
    if all > going {
        items.push(counted("ended", Some(all - going)));
    }
    Ok((version, Dependents { items }))
}

/// Puts a version of a flow into the bin. `seen` is the version that the caller means, or any.
///
/// # Errors
/// Not found, forbidden; stale; `flow_version_active` for what new requests go by, `flow_version_in_use` where requests go on
/// by it.
pub async fn delete_version(
    installation: &Installation,
    caller: &Caller,
    (form, version): (String, i64),
    seen: Option<i64>,
) -> Result<(), Refusal> {
    let actor = caller.clone();
    installation
        .write(move |tx| {
            Box::pin(async move {
                let workspace = actor.workspace_id();
                let designs = Designs::load(tx, workspace).await?;
                let design = designs.form_to_administer(&form, &actor)?;
                let form = design.row.id;
                let (flow, mut row) = lock(tx, workspace, form, version).await?;
                if row.deleted_at.is_some() {
                    return Err(Refusal::missing());
                }
                if seen.is_some_and(|seen| seen != version) {
                    return Err(Refusal::new(Cause::Stale, "stale"));
                }
                if flow.active == version {
                    return Err(Refusal::conflict("flow_version_active"));
                }
                let going = Instance::count_going(tx, workspace, form, (version, version + 1)).await?;
                if going > 0 {
                    return Err(Refusal::conflict("flow_version_in_use").arg("count", going));
                }
                row.deleted_at = Some(clock::now());
                row.update(tx).await?;
                let thing = of_form(design, BinKind::FlowVersion, version, None);
                bin::put(tx, &actor, thing).await?;
                note(tx, &actor, "flow.delete_version", design, Some(version)).await
            })
        })
        .await
}

/// A version with its flow, kept from others. Saves hold their form: none starts a request in the midst of it.
async fn lock(tx: &mut Tx, workspace: Id, form: Id, version: i64) -> Result<(FlowRow, FlowVersion), Refusal> {
    FormRow::lock(tx, workspace, form, false).await?;
    let flow = FlowRow::lock(tx, workspace, form).await?.ok_or_else(Refusal::missing)?;
    let row = FlowVersion::find(tx, workspace, form, version).await?.ok_or_else(Refusal::missing)?;
    Ok((flow, row))
}

/// Puts the draft of a flow into the bin: the draft is again what new requests go by, or empty where nothing was published.
///
/// # Errors
/// Not found, forbidden; stale; `draft_unchanged` where there is nothing to lose.
pub async fn delete_draft(
    installation: &Installation,
    caller: &Caller,
    form: String,
    seen: Option<i64>,
) -> Result<(), Refusal> {
    let actor = caller.clone();
    installation
        .write(move |tx| {
            Box::pin(async move {
                let designs = Designs::load(tx, actor.workspace_id()).await?;
                let design = designs.form_to_administer(&form, &actor)?;
                let row = FlowRow::lock(tx, actor.workspace_id(), design.row.id).await?;
                let row = row.ok_or_else(Refusal::missing)?;
                if seen.is_some_and(|seen| seen != row.draft_version) {
                    return Err(Refusal::new(Cause::Stale, "stale"));
                }
                let draft: FlowDocument = stored("flow", &row.draft)?;
                if !is_changed(design, &draft) {
                    return Err(Refusal::conflict("draft_unchanged"));
                }
                let (version, document) = (row.draft_version, Some(to_json(&draft)?));
                bin::put(tx, &actor, of_form(design, BinKind::FlowDraft, version, document)).await?;
                put(tx, &actor, design.row.id, Some(row), &in_force(design)).await?;
                note(tx, &actor, "flow.delete_draft", design, None).await
            })
        })
        .await
}

/// What a draft is that nobody has changed.
fn in_force(design: &FormDesign) -> FlowDocument {
    match &design.flow {
        Some((_, active)) => active.document().clone(),
        None => no_steps(design),
    }
}

fn of_form(design: &FormDesign, kind: BinKind, version: i64, document: Option<String>) -> Binning {
    Binning {
        kind,
        id: ids::next(),
        app: design.row.app,
        form: Some(design.row.id),
        key: design.row.key.clone(),
        label: label(&design.row.label),
        document,
        version,
    }
}

async fn note(
    tx: &mut Tx,
    caller: &Caller,
    action: &str,
    design: &FormDesign,
    version: Option<i64>,
) -> Result<(), Refusal> {
    let changes = version.map(|version| json!({ "version": version }));
    let note = Note { action, object: Some(design.row.id), label: Some(&design.row.key), changes };
    audit::note(tx, caller, note).await
}

/// Takes a version out of the bin, or a draft, which is then what is worked on.
///
/// # Errors
/// Not found where it is gone for good; `draft_changed` where a draft would take another one's place.
pub async fn restore_in(tx: &mut Tx, caller: &Caller, line: &BinLine) -> Result<(), Refusal> {
    let form = line.form.ok_or_else(Refusal::missing)?;
    if line.kind == BinKind::FlowVersion {
        let (_, mut row) = lock(tx, line.workspace, form, line.version).await?;
        row.deleted_at = None;
        row.update(tx).await?;
        return Ok(());
    }
    let designs = Designs::load(tx, line.workspace).await?;
    let design = designs.forms.get(&form).ok_or_else(Refusal::missing)?;
    let row = FlowRow::lock(tx, line.workspace, form).await?.ok_or_else(Refusal::missing)?;
    if is_changed(design, &stored("flow", &row.draft)?) {
        return Err(Refusal::conflict("draft_changed"));
    }
    let document: FlowDocument = stored("bin_line", line.document.as_deref().unwrap_or_default())?;
    put(tx, caller, form, Some(row), &document).await?;
    Ok(())
}
