//! Designing a flow: its draft, and the versions that are published from it.

use engine::condition::Reach;
use engine::flow::document::{FORMAT, ReadPart};
use engine::flow::{Flow, FlowDocument, InForm};
use engine::form::Form;
use engine::text::{Fault, Faults};
use engine::value::Id;
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};
use store::Tx;
use store::flow::{FlowRow, FlowVersion};

use super::people::directory_of;
use super::reach;
use crate::service::answer::Answer;
use crate::service::apps::to_json;
use crate::service::audit::{self, Note};
use crate::service::cached::Snapshot;
use crate::service::calls::Calls;
use crate::service::designs::{Designs, FormDesign, pattern_reads, stored};
use crate::service::once::Key;
use crate::service::people::Caller;
use crate::service::{Cause, Installation, Refusal, clock, strict};

/// A flow that is being designed.
pub struct Draft {
    pub version: i64,
    pub document: FlowDocument,
    /// Whether it differs from what is published.
    pub is_changed: bool,
}

/// The draft with its version; a form without one has an empty flow of version 0.
///
/// # Errors
/// Not found, forbidden.
pub async fn read(installation: &Installation, caller: &Caller, form: &str) -> Result<Draft, Refusal> {
    let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
    let design = designs.form_to_administer(form, caller)?;
    let mut db = installation.store.read().await?;
    let Some(row) = FlowRow::find(&mut db, caller.workspace_id(), design.row.id).await? else {
        return Ok(Draft { version: 0, document: no_steps(design), is_changed: false });
    };
    let document = stored("flow", &row.draft)?;
    let is_changed = is_changed(design, &document);
    Ok(Draft { version: row.draft_version, document, is_changed })
}

/// The flow that a form has before anybody works on one.
pub(super) fn no_steps(design: &FormDesign) -> FlowDocument {
    FlowDocument {
        format: FORMAT,
        label: crate::service::apps::label(&design.row.label),
        title: None,
        start: Default::default(),
        auto_pass: Default::default(),
        self_approval: Default::default(),
        nobody: Default::default(),
        steps: Vec::new(),
    }
}

/// Whether there is something to publish: a draft that is again as what new instances run is no change.
pub(super) fn is_changed(design: &FormDesign, draft: &FlowDocument) -> bool {
    match &design.flow {
        Some((_, active)) => active.document() != draft,
        None => *draft != no_steps(design),
    }
}

/// Reads the parts of a flow as every other document is read.
struct Strictly;

impl ReadPart for Strictly {
    fn read<T: DeserializeOwned>(&self, json: Json) -> Result<T, Faults> {
        strict::document(json).map_err(|refusal| refusal.faults)
    }
}

/// Replaces the draft. The first one needs no version.
///
/// # Errors
/// Not found, forbidden; stale; faults of the document's shape.
pub async fn replace(
    installation: &Installation,
    caller: &Caller,
    form: String,
    version: Option<Option<i64>>,
    document: Json,
) -> Result<Answer, Refusal> {
    let document = FlowDocument::read_by(document, &Strictly).map_err(Refusal::invalid)?;
    let actor = caller.clone();
    installation
        .act(caller, None, move |tx| {
            Box::pin(async move {
                let designs = Designs::load(tx, actor.workspace_id()).await?;
                let design = designs.form_to_administer(&form, &actor)?;
                write_draft(tx, &actor, design, version, &document).await
            })
        })
        .await
}

/// As [`replace`], inside a transaction, for who may.
pub(super) async fn write_draft(
    tx: &mut Tx,
    caller: &Caller,
    design: &FormDesign,
    version: Option<Option<i64>>,
    document: &FlowDocument,
) -> Result<Answer, Refusal> {
    // Of two who start from one version, the second sees what the first has left.
    let known = FlowRow::lock(tx, caller.workspace_id(), design.row.id).await?;
    let now = known.as_ref().map_or(0, |row| row.draft_version);
    match version {
        None if known.is_some() => return Err(Refusal::new(Cause::VersionMissing, "if_match_required")),
        Some(Some(version)) if version != now => return Err(Refusal::new(Cause::Stale, "stale")),
        None | Some(_) => {}
    }
    let row = put(tx, caller, design.row.id, known, document).await?;
    let answer = Answer::done(document)?.version(row.draft_version);
    Ok(answer.unpublished(is_changed(design, document)))
}

/// Stores a draft, inside a transaction.
pub async fn put(
    tx: &mut Tx,
    caller: &Caller,
    form: Id,
    known: Option<FlowRow>,
    document: &FlowDocument,
) -> Result<FlowRow, Refusal> {
    let draft = to_json(document)?;
    let row = match known {
        Some(row) => FlowRow { draft, draft_version: row.draft_version + 1, ..row },
        None => FlowRow { workspace: caller.workspace_id(), form, active: 0, draft, draft_version: 1 },
    };
    if row.draft_version == 1 {
        match row.insert(tx).await {
            // Somebody else began one at the same time.
            Err(store::Error::Conflict { .. }) => {
                return Err(Refusal::new(Cause::VersionMissing, "if_match_required"));
            }
            other => other?,
        }
    } else {
        row.update(tx).await?;
    }
    let note = Note { action: "flow.edit", object: Some(form), label: None, changes: None };
    audit::note(tx, caller, note).await?;
    Ok(row)
}

/// Publishes the draft: new instances run it.
///
/// # Errors
/// Not found, forbidden; every fault of the draft, with JSON pointers.
pub async fn publish(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    form: String,
) -> Result<Answer, Refusal> {
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .act(caller, key, move |tx| {
            Box::pin(async move {
                let workspace = actor.workspace_id();
                let designs = Designs::load(tx, workspace).await?;
                let form = designs.form_to_administer(&form, &actor)?.row.id;
                // One after another: each version has a number of its own.
                let row = FlowRow::lock(tx, workspace, form).await?.ok_or_else(Refusal::missing)?;
                let version = publish_row(&parts, tx, &actor, &designs, row).await?;
                Answer::done(&wire::Published { version })
            })
        })
        .await
}

/// As [`publish`], inside a transaction.
pub async fn publish_row(
    installation: &Installation,
    tx: &mut Tx,
    caller: &Caller,
    designs: &Designs,
    mut row: FlowRow,
) -> Result<i64, Refusal> {
    let design = designs.published(row.form)?;
    check(&installation.calls, caller, designs, design, stored("flow", &row.draft)?)?;
    let newest =
        FlowVersion::every(tx, row.workspace, row.form).await?.first().map_or(0, |newest| newest.version);
    let version = newest + 1;
    let published = FlowVersion {
        workspace: row.workspace,
        form: row.form,
        version,
        document: row.draft.clone(),
        published_at: clock::now(),
        published_by: Some(caller.id()),
        deleted_at: None,
    };
    published.insert(tx).await?;
    row.active = version;
    row.update(tx).await?;
    let changes = Some(json!({ "version": version }));
    let note = Note { action: "flow.publish", object: Some(row.form), label: Some(&design.row.key), changes };
    audit::note(tx, caller, note).await?;
    installation.designs.changed(tx, row.workspace).await?;
    Ok(version)
}

fn check(
    calls: &Calls,
    caller: &Caller,
    designs: &Designs,
    design: &FormDesign,
    document: FlowDocument,
) -> Result<(), Refusal> {
    let compiled = designs.compiled(design)?;
    let people = directory_of(caller, designs.app_of(design), None);
    let about = InForm { form: &compiled.form, catalogue: designs };
    let unreadable = reach::unreadable(&document, &Strictly);
    let flow = Flow::publish(document, &about, &people).map_err(|faults| {
        // An action that can't be read is told at the member that is wrong.
        let is_told = |path: &str| unreadable.iter().any(|fault| fault.path.starts_with(path));
        let is_left = |fault: &Fault| !(fault.code == "malformed" && is_told(&fault.path));
        let left: Faults = faults.into_iter().filter(is_left).collect();
        Refusal::invalid(left.into_iter().chain(unreadable).collect())
    })?;
    reach::check(calls, designs, &compiled.form, flow.document())?;
    if caller.is_administrator() {
        return Ok(());
    }
    let before = design.flow.as_ref().map(|(_, active)| active.document());
    reach::may_write(caller, designs, &compiled.form, flow.document(), before)?;
    let read_by = |flow: &Flow| read_by(designs, &compiled.form, flow);
    let known = design.flow.as_ref().map(|(_, active)| read_by(active)).unwrap_or_default();
    let new: Vec<_> = read_by(&flow).into_iter().filter(|reach| !known.contains(reach)).collect();
    designs.may_decide_behind(caller, &new)
}

/// The paths through links that a flow of a form goes by.
pub fn read_by(designs: &Designs, form: &Form, flow: &Flow) -> Vec<Reach> {
    let about = InForm { form, catalogue: designs };
    // A request has one name, whoever looks at it.
    let names = [flow.document().title.as_deref(), form.sketch.document.title.as_deref()];
    let names = names.into_iter().flat_map(|name| pattern_reads(name, form, designs));
    let steps = reach::read_by(designs, form, flow.document());
    about.link_reads(flow).into_iter().chain(names).chain(steps).collect()
}
