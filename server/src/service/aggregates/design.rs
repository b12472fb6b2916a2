//! Making aggregate tables.

use std::sync::Arc;

use engine::aggregate::{Aggregate, AggregateDocument};
use engine::text::Fault;
use engine::value::Id;
use serde_json::Value as Json;
use store::aggregate::AggregateRow;
use store::bin_line::BinLine;
use store::form::next_number;
use store::groups::GroupTable;
use store::{Tx, ids};

use super::read::document_view;
use super::rebuild;
use crate::service::answer::Answer;
use crate::service::apps::{is_key, to_json};
use crate::service::audit::{self, Note};
use crate::service::bin;
use crate::service::cached::Snapshot;
use crate::service::designs::{Designs, administers, stored};
use crate::service::once::Key;
use crate::service::people::Caller;
use crate::service::{Installation, Refusal, strict};

/// The aggregate tables of an app that the caller may read.
///
/// # Errors
/// Not found where the caller may use nothing in the app.
pub fn list(designs: &Designs, app: &str, caller: &Caller) -> Result<Vec<wire::Aggregate>, Refusal> {
    let app = designs.app(app).filter(|app| designs.is_visible(app, caller)).ok_or_else(Refusal::missing)?;
    let tables = designs.aggregates.values().filter(|design| {
        design.row.app == app.id && designs.may_read(app.id, design.document.read.as_ref(), caller)
    });
    tables.map(document_view).collect()
}

/// Makes an aggregate table and fills it from the records that are there.
///
/// # Errors
/// Not found, forbidden; every fault of the document, such as a source that the caller does not administer;
/// `aggregate_taken`; `constraint` where records break one.
pub async fn create(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    app: String,
    document: Json,
) -> Result<Answer, Refusal> {
    let document: AggregateDocument = strict::document(document)?;
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .act(caller, key, move |tx| {
            Box::pin(async move {
                let designs = Designs::load(tx, actor.workspace_id()).await?;
                let app = designs.app_to_administer(&app, &actor)?.id;
                let row = insert(&parts, tx, &actor, &designs, app, &document).await?;
                Ok(Answer::created(&wire::Made { id: row.id, key: row.key })?.version(row.version))
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
    document: &AggregateDocument,
) -> Result<AggregateRow, Refusal> {
    let row = fill(installation, tx, caller, designs, app, (ids::next(), 1), document).await?;
    let changes = serde_json::from_str(&row.document).ok();
    let note = Note { action: "aggregate.create", object: Some(row.id), label: Some(&row.key), changes };
    audit::note(tx, caller, note).await?;
    Ok(row)
}

/// Takes a table out of the bin, under a key, and counts the records that are there now.
///
/// # Errors
/// `key_taken`; `aggregate_broken` where it no longer fits its forms, or the caller does not administer one of them;
/// `constraint` where records break one.
pub async fn restore_in(
    installation: &Installation,
    tx: &mut Tx,
    caller: &Caller,
    line: &BinLine,
    key: &str,
) -> Result<(), Refusal> {
    let document: AggregateDocument = stored("bin_line", &bin::with_key(line, key)?)?;
    let designs = Designs::load(tx, line.workspace).await?;
    check(&designs, caller, line.app, &document).map_err(|refusal| {
        let broken = Refusal::conflict("aggregate_broken").arg("aggregate", key);
        Refusal { faults: refusal.faults, ..broken }
    })?;
    let named = (line.id, line.version + 1);
    let filled = fill(installation, tx, caller, &designs, line.app, named, &document).await;
    match filled {
        Err(refusal) if refusal.code == "aggregate_taken" => Err(bin::key_taken()),
        other => other.map(drop),
    }
}

/// Stores a table under an id and a version, with the groups of the records that are there.
async fn fill(
    installation: &Installation,
    tx: &mut Tx,
    caller: &Caller,
    designs: &Designs,
    app: Id,
    (id, version): (Id, i64),
    document: &AggregateDocument,
) -> Result<AggregateRow, Refusal> {
    if !is_key(&document.key) {
        return Err(Refusal::fault("/key", "invalid_key"));
    }
    let aggregate = check(designs, caller, app, document)?;
    let workspace = caller.workspace_id();
    let taken = || {
        let faults = vec![Fault::new("/key", "not_unique")];
        Refusal { faults, ..Refusal::conflict("aggregate_taken") }
    };
    if AggregateRow::by_key(tx, workspace, app, &document.key).await?.is_some() {
        return Err(taken());
    }
    let row = AggregateRow {
        workspace,
        id,
        app,
        key: document.key.clone(),
        number: next_number(tx, "aggregate").await?,
        document: to_json(document)?,
        version,
    };
    match row.insert(tx).await {
        Err(store::Error::Conflict { .. }) => return Err(taken()),
        other => other?,
    }
    // Known from here on: saves that come after this one count in it.
    installation.designs.changed(tx, workspace).await?;
    rebuild::hold_forms(tx, workspace, rebuild::forms_of(&aggregate)).await?;
    let groups = rebuild::from_records(installation, tx, caller, &aggregate, None).await?;
    rebuild::check_lengths(&groups)?;
    rebuild::check_constraints(&aggregate, rebuild::figures(&aggregate, &groups), caller)?;
    let table = GroupTable { workspace, number: row.number, aggregate: &aggregate };
    table.create(tx).await?;
    table.replace(tx, &groups).await?;
    Ok(row)
}

/// The table of a document, over forms that the caller administers: it adds up every record of its sources for its
/// readers, and its constraints stop other people's saves. Any other form is one that does not exist.
pub fn check(
    designs: &Designs,
    caller: &Caller,
    app: Id,
    document: &AggregateDocument,
) -> Result<Arc<Aggregate>, Refusal> {
    let administered = |name: &str| {
        let form = designs.form_in(app, name)?;
        let owner = designs.app_of(designs.forms.get(&form.id())?)?;
        administers(caller, owner).then_some(form)
    };
    Aggregate::publish(document.clone(), &administered, designs).map(Arc::new).map_err(Refusal::invalid)
}
