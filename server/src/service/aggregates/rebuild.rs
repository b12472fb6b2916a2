//! An aggregate table from its sources: to fill a new one, and to verify a kept one.

use std::collections::BTreeSet;
use std::sync::Arc;

use engine::access::Access;
use engine::aggregate::{Aggregate, Contributions, delta};
use engine::condition::Checked;
use engine::text::Fault;
use engine::value::Id;
use serde_json::json;
use store::Reader;
use store::form::FormRow;
use store::groups::GroupTable;
use store::query::{Cursor, From, Query, Shelf};

use super::group_view;
use crate::service::cached::Snapshot;
use crate::service::designs::{AggregateDesign, Designs, context};
use crate::service::people::Caller;
use crate::service::records::save::aggregates::contributions;
use crate::service::records::{Order, Path};
use crate::service::{Installation, Refusal, clock};

/// Records that are read at once.
const PAGE: u32 = 500;

/// What all records together contribute. With `hold`, nobody changes records of the sources until the transaction ends.
pub async fn from_records(
    installation: &Installation,
    tx: &mut store::Tx,
    caller: &Caller,
    designs: &Designs,
    aggregate: &Arc<Aggregate>,
    hold: bool,
) -> Result<Contributions, Refusal> {
    let forms: BTreeSet<Id> = aggregate.sources.iter().map(|source| source.form).collect();
    let designs = Arc::new(Designs::load(tx, designs.workspace).await?);
    let mut all = Contributions::new();
    for form in forms {
        if hold {
            FormRow::lock(tx, caller.workspace_id(), form, false).await?;
        }
        let order = Order::known(installation, caller, designs.clone(), form, Path::Consequence)?;
        add_form(tx, &order, aggregate, &mut all).await?;
    }
    Ok(all)
}

async fn add_form(
    db: &mut Reader,
    order: &Order,
    aggregate: &Aggregate,
    all: &mut Contributions,
) -> Result<(), Refusal> {
    let access = Access::system("aggregate tables are over all records");
    let mut after: Option<Cursor> = None;
    loop {
        let query = Query {
            shelf: Shelf::Live,
            filter: Checked::always(),
            sort: Vec::new(),
            limit: PAGE,
            from: after.take().map_or(From::Start, From::After),
            fields: Some(Vec::new()),
        };
        let page = store::query::page(db, &access, order.table(), &query, &order.context).await?;
        let ids: Vec<Id> = page.records.iter().map(|record| record.id).collect();
        // A list has but the first rows of sub-forms.
        let whole = store::record::get_many(db, &access, order.table(), &ids, &order.context).await?;
        for record in whole.values() {
            let more = contributions(aggregate, order, record)?;
            let less = delta(&more, &Contributions::new()).ok_or_else(too_large)?;
            *all = delta(&less, all).ok_or_else(too_large)?;
        }
        match page.next {
            Some(next) => after = Some(next),
            None => return Ok(()),
        }
    }
}

fn too_large() -> Refusal {
    Refusal::fault("", "out_of_range")
}

/// Existing records may break a constraint that comes later: then it can't come.
pub fn check_constraints(
    aggregate: &Aggregate,
    groups: &Contributions,
    caller: &Caller,
) -> Result<(), Refusal> {
    const MOST: usize = 100;
    let context = context(caller, clock::now());
    let mut broken = Vec::new();
    for group in groups.values() {
        let measures = aggregate.measures(&group.sums, &group.group, &context);
        if let Some(constraint) = aggregate.broken_constraint(&measures, &context) {
            broken.push((constraint, group_view(aggregate, &group.group)));
        }
    }
    let Some((first, _)) = broken.first() else { return Ok(()) };
    let fault = Fault::new("/constraints", "constraint").arg("constraint", &first.key);
    let groups: Vec<_> = broken.iter().take(MOST).map(|(_, group)| group).collect();
    Err(Refusal {
        faults: vec![fault.message(first.message.clone())],
        ..Refusal::conflict("constraint")
            .member("constraint", json!(first.key))
            .member("groups", json!(groups))
    })
}

/// Compares the kept groups with a rebuild.
///
/// # Errors
/// Not found, forbidden.
pub async fn verify(
    installation: &Installation,
    caller: &Caller,
    id: Id,
) -> Result<wire::AggregateVerified, Refusal> {
    let (parts, actor) = (installation.clone(), caller.clone());
    // In one transaction that writes nothing: a save in the midst would look like a difference.
    installation
        .write(move |tx| {
            Box::pin(async move {
                let designs = parts.designs.get(&parts.store, actor.workspace_id()).await?;
                let design = designs.aggregates.get(&id).ok_or_else(Refusal::missing)?;
                if !designs.may_read(design.row.app, design.document.read.as_ref(), &actor) {
                    return Err(Refusal::missing());
                }
                designs.app_to_administer(&design.row.app.to_string(), &actor)?;
                compared(&parts, tx, &actor, &designs, design).await
            })
        })
        .await
}

/// As [`verify`], for the operator, who may look at every table: its key, and what came of the comparison, or why it no
/// longer fits its forms.
///
/// # Errors
/// Not found; when the database can't be read.
pub async fn compare(
    installation: &Installation,
    caller: &Caller,
    id: Id,
) -> Result<(String, Result<wire::AggregateVerified, Refusal>), Refusal> {
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .write(move |tx| {
            Box::pin(async move {
                let designs = Designs::load(tx, actor.workspace_id()).await?;
                let design = designs.aggregates.get(&id).ok_or_else(Refusal::missing)?;
                let compared = match designs.aggregate(design) {
                    Ok(_) => Ok(compared(&parts, tx, &actor, &designs, design).await?),
                    Err(refusal) => Err(refusal),
                };
                Ok((design.row.key.clone(), compared))
            })
        })
        .await
}

async fn compared(
    installation: &Installation,
    tx: &mut store::Tx,
    caller: &Caller,
    designs: &Designs,
    design: &AggregateDesign,
) -> Result<wire::AggregateVerified, Refusal> {
    let aggregate = designs.aggregate(design)?;
    let table = GroupTable { workspace: designs.workspace, number: design.row.number, aggregate: &aggregate };
    let rebuilt = from_records(installation, tx, caller, designs, &aggregate, true).await?;
    let kept = table.all(tx).await?;
    let difference = delta(&kept, &rebuilt).ok_or_else(too_large)?;
    let differences = difference.values().map(|group| group_view(&aggregate, &group.group)).collect();
    Ok(wire::AggregateVerified { groups: kept.len() as u64, right: difference.is_empty(), differences })
}
