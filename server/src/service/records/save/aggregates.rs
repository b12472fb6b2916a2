//! Aggregate tables are kept by what this save adds and takes away; their constraints are checked on the outcome.
//!
//! Tables are taken in the order of their numbers and groups in the order of their keys, so that saves that meet in
//! them wait for each other and never in a circle.

use std::collections::BTreeSet;
use std::sync::Arc;

use engine::aggregate::{Aggregate, Contributions, add, delta};
use engine::condition::{Reach, Source};
use engine::form::LONGEST_INDEXED;
use engine::text::{Fault, Faults};
use engine::value::{Value, get};
use store::Tx;
use store::groups::{ChangedGroup, GroupTable};
use store::record::Record;

use super::breach::BrokenGroup;
use super::{Item, prepare};
use crate::service::Refusal;
use crate::service::designs::Designs;
use crate::service::records::{Order, Path};

/// Faults after which no further group is told of: each costs a look at what its records are called.
const ENOUGH: usize = 20;

/// The designs by which what counts records is kept, and what scripts look for: a table, a figure or a script that was made a
/// moment ago must not miss this save.
///
/// # Errors
/// When the database can't be read.
pub(super) async fn designs_in_force(tx: &mut Tx, order: &Order) -> Result<Arc<Designs>, Refusal> {
    match order.path {
        // Loaded in this very transaction.
        Path::Demo => Ok(order.designs.clone()),
        // Looked up in this transaction, while which nobody else writes.
        _ if !order.installation.store.is_shared() => Ok(order.designs.clone()),
        Path::Web
        | Path::PublicForm
        | Path::Hook
        | Path::Api
        | Path::Import
        | Path::BulkEdit
        | Path::Restore
        | Path::Task
        | Path::Flow
        | Path::Script
        | Path::Consequence => {
            let (designs, store) = (&order.installation.designs, &order.installation.store);
            designs.newest(store, tx, order.caller.workspace_id()).await
        }
    }
}

/// # Errors
/// The constraint that breaks, with a fault for every group of its table that the save would leave so, or as many as are
/// enough; what else is told of a group is told of the first. What stops the save otherwise.
pub(super) async fn keep(
    tx: &mut Tx,
    order: &Order,
    designs: &Designs,
    items: &[Item],
) -> Result<(), Refusal> {
    let workspace = order.caller.workspace_id();
    for design in designs.aggregates_of(order.form) {
        let aggregate = designs.aggregate(design)?;
        let mut deltas = Vec::with_capacity(items.len());
        for item in items {
            let old = item.old.as_ref().map(|old| contributions(&aggregate, order, old)).transpose()?;
            let new = contributions(&aggregate, order, &item.new)?;
            let change =
                delta(&old.unwrap_or_default(), &new).ok_or_else(|| item.refuse(order, too_large()))?;
            if change.keys().any(|key| new.get(key).is_some_and(|group| group.is_too_long(key))) {
                return Err(item.refuse(order, too_long(&aggregate, order, &item.new)));
            }
            deltas.push(change);
        }
        let mut all = Contributions::new();
        for change in &deltas {
            add(&mut all, change).ok_or_else(too_large)?;
        }
        if all.is_empty() {
            continue;
        }
        let table = GroupTable { workspace, number: design.row.number, aggregate: &aggregate };
        let mut refused: Option<Refusal> = None;
        for ChangedGroup { before, after: group } in table.add(tx, &all).await? {
            let measures = aggregate.measures(&group.figures, &group.group, &order.context);
            let Some(constraint) = aggregate.broken_constraint(&measures, &order.context) else { continue };
            let broken = BrokenGroup {
                design,
                aggregate: &aggregate,
                constraint,
                group: &group,
                before: &before,
                measures: &measures,
            };
            let refusal = broken.refusal(tx, order).await?;
            // The last record that touches the group is the one that could not be had.
            let item = items.iter().zip(&deltas).rfind(|(_, change)| change.contains_key(&group.key));
            let refusal = match item {
                Some((item, _)) => {
                    let cells = cells(&aggregate, order, item, &group.key);
                    item.refuse(order, at_cells(refusal, &cells))
                }
                None => refusal,
            };
            let told = refused.get_or_insert_with(|| Refusal { faults: Faults::new(), ..refusal.clone() });
            told.faults.extend(refusal.faults);
            if told.faults.len() >= ENOUGH {
                break;
            }
        }
        if let Some(refusal) = refused {
            return Err(refusal);
        }
    }
    Ok(())
}

/// Where the request says what breaks a limit on a group: the fields of the record, or the cells of its rows, that count for
/// the group. Nowhere in a request that says nothing of fields, and in what only follows from it.
fn cells(aggregate: &Aggregate, order: &Order, item: &Item, key: &str) -> Vec<String> {
    // Without fields there is no step whose rights would say which of them may be named.
    if !item.is_edit() || matches!(order.path, Path::Flow | Path::Script | Path::Consequence) {
        return Vec::new();
    }
    let form = &order.compiled.form;
    let shown = |path: &str| form.column(path).is_some() && prepare::may_be_named(order, item, path);
    let fillable =
        |path: &str| shown(path) && form.column(path).is_some_and(|column| column.field.is_input());
    let feeding = |record: &Record, fits: &dyn Fn(&str) -> bool| {
        let counts = record.system.is_live() && record.system.voided_at.is_none();
        let found = counts.then(|| aggregate.feeding(order.form, &Stored(record), key, &order.context, fits));
        found.unwrap_or_default()
    };
    // What a formula gives is named only where nothing that can be set is counted.
    let fed = feeding(&item.new, &fillable);
    let fed = if fed.is_empty() { feeding(&item.new, &shown) } else { fed };
    if !fed.is_empty() {
        return fed;
    }
    // What no longer counts was taken out of its field, or changed there.
    let gone = item.old.as_ref().map(|old| feeding(old, &fillable)).unwrap_or_default();
    let fields = gone.iter().filter_map(|path| path.split('.').next()).map(str::to_string);
    fields.collect::<BTreeSet<String>>().into_iter().collect()
}

/// The refusal, told at each of these paths.
fn at_cells(refusal: Refusal, cells: &[String]) -> Refusal {
    if cells.is_empty() {
        return refusal;
    }
    let mut faults = Faults::new();
    for path in cells {
        let path = format!("fields.{path}");
        faults.extend(refusal.faults.iter().map(|fault| Fault { path: path.clone(), ..fault.clone() }));
    }
    Refusal { faults, ..refusal }
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

/// A text by which the record is grouped, or which is told from others, is longer than an index takes.
fn too_long(aggregate: &Aggregate, order: &Order, record: &Record) -> Refusal {
    let path = aggregate.longest_text(order.form, &Stored(record)).unwrap_or_default();
    Refusal::invalid(vec![Fault::new(path, "too_long").arg("max", LONGEST_INDEXED).under("fields")])
}

/// A stored record as aggregates read it: its own values, without links.
pub struct Stored<'r>(pub &'r Record);

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
