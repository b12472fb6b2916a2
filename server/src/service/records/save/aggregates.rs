//! Aggregate tables are kept by what this save adds and takes away; their constraints are checked on the outcome.
//!
//! Tables are taken in the order of their numbers and groups in the order of their keys, so that saves that meet in
//! them wait for each other and never in a circle.

use engine::aggregate::{Aggregate, Contributions, delta};
use engine::condition::{Reach, Source};
use engine::value::{Value, get};
use store::Tx;
use store::groups::GroupTable;
use store::record::Record;

use super::Item;
use super::breach::BrokenGroup;
use crate::service::Refusal;
use crate::service::records::{Order, Path};

pub(super) async fn keep(tx: &mut Tx, order: &Order, items: &[Item]) -> Result<(), Refusal> {
    // A table that was made a moment ago must not miss this save.
    let workspace = order.caller.workspace_id();
    let designs = match order.path {
        // Loaded in this very transaction.
        Path::Demo => order.designs.clone(),
        // Looked up in this transaction, while which nobody else writes.
        _ if !order.installation.store.is_shared() => order.designs.clone(),
        Path::Web | Path::Api | Path::Import | Path::Task | Path::Consequence => {
            order.installation.designs.newest(&order.installation.store, tx, workspace).await?
        }
    };
    for design in designs.aggregates_of(order.form) {
        let aggregate = designs.aggregate(design)?;
        let mut deltas = Vec::with_capacity(items.len());
        for item in items {
            let old = item.old.as_ref().map(|old| contributions(&aggregate, order, old)).transpose()?;
            let new = contributions(&aggregate, order, &item.new)?;
            let change =
                delta(&old.unwrap_or_default(), &new).ok_or_else(|| item.refuse(order, too_large()))?;
            deltas.push(change);
        }
        let mut all = Contributions::new();
        for change in &deltas {
            let less = delta(change, &Contributions::new()).ok_or_else(too_large)?;
            all = delta(&less, &all).ok_or_else(too_large)?;
        }
        if all.is_empty() {
            continue;
        }
        let table = GroupTable { workspace, number: design.row.number, aggregate: &aggregate };
        for group in table.add(tx, &all).await? {
            let measures = aggregate.measures(&group.sums, &group.group, &order.context);
            let Some(constraint) = aggregate.broken_constraint(&measures, &order.context) else { continue };
            let broken = BrokenGroup {
                design,
                aggregate: &aggregate,
                constraint,
                group: &group,
                measures: &measures,
                change: all.get(&group.key),
            };
            let refusal = broken.refusal(tx, order).await?;
            // The last record that touches the group is the one that could not be had.
            let item = items.iter().zip(&deltas).rfind(|(_, change)| change.contains_key(&group.key));
            return Err(match item {
                Some((item, _)) => item.refuse(order, refusal),
                None => refusal,
            });
        }
    }
    Ok(())
}

/// What a record counts for: nothing as a draft, in the bin, or void.
pub fn contributions(
    aggregate: &Aggregate,
    order: &Order,
    record: &Record,
) -> Result<Contributions, Refusal> {
    if !record.system.is_live() || record.system.voided_at.is_some() {
        return Ok(Contributions::new());
    }
    aggregate.contributions(order.form, &Stored(record), &order.context).ok_or_else(too_large)
}

fn too_large() -> Refusal {
    Refusal::fault("", "out_of_range")
}

/// A stored record as aggregates read it: its own values, without links.
struct Stored<'r>(&'r Record);

impl Source for Stored<'_> {
    fn value(&self, reach: &Reach) -> Value {
        if reach.hops.is_empty() { self.0.value(&reach.field) } else { Value::Empty }
    }

    fn row_values(&self, reach: &Reach) -> Vec<Value> {
        let Some(rows) = &reach.rows else { return Vec::new() };
        let rows = get(&self.0.values, rows).rows();
        rows.iter().map(|row| get(&row.values, &reach.field).clone()).collect()
    }
}
