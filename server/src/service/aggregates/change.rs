//! Changing and removing aggregate tables.

use std::collections::BTreeSet;

use engine::aggregate::{Aggregate, AggregateDocument};
use engine::value::Id;
use serde_json::Value as Json;
use store::aggregate::AggregateRow;
use store::bin_line::BinKind;
use store::form::next_number;
use store::groups::{GroupTable, drop_table};
use store::{Reader, Tx};

use super::design::check;
use super::rebuild::{self, GroupFigures};
use crate::service::answer::Answer;
use crate::service::apps::to_json;
use crate::service::audit::{self, Note};
use crate::service::bin::{self, Binning};
use crate::service::cached::Snapshot;
use crate::service::designs::{AggregateDesign, Designs, InTheWay};
use crate::service::jobs::{self, Handle};
use crate::service::people::Caller;
use crate::service::{Cause, Installation, Refusal, strict};

/// Groups that are looked at in one go.
const PAGE: i64 = 1_000;

/// What a table is to be from now on.
#[derive(Clone)]
struct Wanted {
    id: Id,
    version: Option<i64>,
    document: AggregateDocument,
}

/// Puts another document in a table's place. Where it counts otherwise, its groups are built anew: at once, or by a job
/// where there are many records.
///
/// # Errors
/// Not found, forbidden; stale; every fault of the document; `constraint` where records break one; `aggregate_shown` where
/// a dashboard would not work any more, `aggregate_asked` where a form would not.
pub async fn replace(
    installation: &Installation,
    caller: &Caller,
    (id, version): (Id, Option<i64>),
    document: Json,
) -> Result<Answer, Refusal> {
    let document: AggregateDocument = strict::document(document)?;
    let wanted = Wanted { id, version, document };
    let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
    let design = to_change(&designs, caller, &wanted)?;
    let aggregate = check(&designs, caller, design.row.app, &wanted.document)?;
    let (parts, actor) = (installation.clone(), caller.clone());
    let counts_otherwise = !counts_alike(designs.aggregate(design).ok().as_deref(), &aggregate);
    if counts_otherwise && rebuild::is_large(installation, caller, &designs, &aggregate).await? {
        return jobs::start(installation, caller, None, "rebuild", move |handle| {
            Box::pin(async move {
                let (made, _) = run(&parts, &actor, wanted, Some(handle)).await?;
                serde_json::to_value(&made).map_err(Refusal::internal)
            })
        })
        .await;
    }
    let (made, version) = run(&parts, &actor, wanted, None).await?;
    Ok(Answer::done(&made)?.version(version))
}

async fn run(
    installation: &Installation,
    caller: &Caller,
    wanted: Wanted,
    job: Option<Handle>,
) -> Result<(wire::Made, i64), Refusal> {
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .write(move |tx| Box::pin(async move { replace_in(&parts, tx, &actor, &wanted, job.as_ref()).await }))
        .await
}

/// The table that is to be changed, for one who administers its app and knows its newest version.
fn to_change<'d>(
    designs: &'d Designs,
    caller: &Caller,
    wanted: &Wanted,
) -> Result<&'d AggregateDesign, Refusal> {
    let design = designs.aggregate_to_administer(wanted.id, caller)?;
    if wanted.version.is_some_and(|version| version != design.row.version) {
        return Err(Refusal::new(Cause::Stale, "stale"));
    }
    if wanted.document.key != design.row.key {
        return Err(Refusal::fault("/key", "key_is_fixed"));
    }
    Ok(design)
}

async fn replace_in(
    installation: &Installation,
    tx: &mut Tx,
    caller: &Caller,
    wanted: &Wanted,
    job: Option<&Handle>,
) -> Result<(wire::Made, i64), Refusal> {
    let workspace = caller.workspace_id();
    let was = Designs::load(tx, workspace).await?;
    let design = to_change(&was, caller, wanted)?;
    let former = was.aggregate(design).ok();
    let aggregate = check(&was, caller, design.row.app, &wanted.document)?;
    // No save in the midst counts by what was there before.
    let mut forms = rebuild::forms_of(&aggregate);
    forms.extend(former.iter().flat_map(|former| rebuild::forms_of(former)));
    rebuild::hold_forms(tx, workspace, forms).await?;
    let mut row = design.row.clone();
    row.document = to_json(&wanted.document)?;
    row.version += 1;
    if counts_alike(former.as_deref(), &aggregate) {
        let table = GroupTable { workspace, number: row.number, aggregate: &aggregate };
        let kept = kept_figures(tx, &table).await?;
        rebuild::check_constraints(&aggregate, kept.into_iter(), caller)?;
    } else {
        let groups = rebuild::from_records(installation, tx, caller, &aggregate, job).await?;
        rebuild::check_lengths(&groups)?;
        rebuild::check_constraints(&aggregate, rebuild::figures(&aggregate, &groups), caller)?;
        // Under a number of its own: what others have prepared against the former table does not meet another one.
        drop_table(tx, row.number).await?;
        row.number = next_number(tx, "aggregate").await?;
        let table = GroupTable { workspace, number: row.number, aggregate: &aggregate };
        table.create(tx).await?;
        table.replace(tx, &groups).await?;
    }
    row.update(tx).await?;
    installation.designs.changed(tx, workspace).await?;
    let after = Designs::load(tx, workspace).await?;
    keep_users((&was, &after), caller, &row.key)?;
    let changes = serde_json::from_str(&row.document).ok();
    let note = Note { action: "aggregate.update", object: Some(row.id), label: Some(&row.key), changes };
    audit::note(tx, caller, note).await?;
    Ok((wire::Made { id: row.id, key: row.key }, row.version))
}

/// Puts a table into the bin, with its limits; its groups are counted anew once it is back. The records that it counted stay.
///
/// # Errors
/// Not found, forbidden; stale; `aggregate_shown` where a dashboard would not work any more,
/// `aggregate_asked` where a form would not; `aggregate_scripted` where a script reads it.
pub async fn delete(
    installation: &Installation,
    caller: &Caller,
    id: Id,
    version: Option<i64>,
) -> Result<(), Refusal> {
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .write(move |tx| {
            Box::pin(async move {
                let workspace = actor.workspace_id();
                let was = parts.designs.held(&parts.store, tx, workspace).await?;
                let design = was.aggregate_to_administer(id, &actor)?;
                if version.is_some_and(|version| version != design.row.version) {
                    return Err(Refusal::new(Cause::Stale, "stale"));
                }
                let mut scripts = InTheWay::of(&was, &actor);
                for (app, key) in was.scripts_reading(id) {
                    scripts.script(*app, key);
                }
                scripts.none_or("aggregate_scripted")?;
                let row = design.row.clone();
                let former = was.aggregate(design).ok();
                let forms: BTreeSet<Id> =
                    former.iter().flat_map(|former| rebuild::forms_of(former)).collect();
                rebuild::hold_forms(tx, workspace, forms).await?;
                // Of two who delete it at once the second finds nothing.
                if !AggregateRow::delete(tx, workspace, id).await? {
                    return Err(Refusal::missing());
                }
                drop_table(tx, row.number).await?;
                parts.designs.changed(tx, workspace).await?;
                let after = Designs::load(tx, workspace).await?;
                keep_users((&was, &after), &actor, &row.key)?;
                let thing = Binning {
                    kind: BinKind::Aggregate,
                    id,
                    app: row.app,
                    form: None,
                    key: row.key.clone(),
                    label: design.document.label.clone(),
                    document: Some(row.document.clone()),
                    version: row.version,
                };
                bin::put(tx, &actor, thing).await?;
                let note = Note {
                    action: "aggregate.delete",
                    object: Some(id),
                    label: Some(&row.key),
                    changes: None,
                };
                audit::note(tx, &actor, note).await
            })
        })
        .await
}

/// Whether two definitions of a table keep the same groups: what differs is how it is called, who reads it, what is
/// computed from what is kept, and which limits hold.
fn counts_alike(former: Option<&Aggregate>, aggregate: &Aggregate) -> bool {
    let counted = |aggregate: &Aggregate| {
        let mut sources = aggregate.document.sources.clone();
        for measure in sources.iter_mut().flat_map(|source| source.measures.values_mut()) {
            measure.label = None;
        }
        let dimensions: Vec<String> = aggregate.dimensions.iter().map(|known| known.key.clone()).collect();
        (sources, dimensions)
    };
    former.is_some_and(|former| counted(former) == counted(aggregate))
}

async fn kept_figures(db: &mut Reader, table: &GroupTable<'_>) -> Result<Vec<GroupFigures>, Refusal> {
    let mut all = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let page = table.page(db, after.as_deref(), PAGE).await?;
        let Some(last) = page.last() else { return Ok(all) };
        after = Some(last.key.clone());
        all.extend(page.into_iter().map(|group| (group.group, group.figures)));
    }
}

/// Refuses a change after which something that worked would not: dashboards, then the lists and defaults of forms that ask the table.
fn keep_users((was, after): (&Designs, &Designs), caller: &Caller, key: &str) -> Result<(), Refusal> {
    let (mut showing, mut asking) = (InTheWay::of(was, caller), InTheWay::of(was, caller));
    for dashboard in was.dashboards_broken_in(after) {
        showing.dashboard(dashboard);
    }
    showing.none_or("aggregate_shown").map_err(|refusal| refusal.arg("aggregate", key))?;
    for form in was.forms_broken_in(after) {
        asking.form(form);
    }
    asking.none_or("aggregate_asked").map_err(|refusal| refusal.arg("aggregate", key))
}
