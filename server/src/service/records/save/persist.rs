//! Storing: records, their history, what happened to their flows, the files they hold.

use std::collections::BTreeSet;

use engine::field::Reference;
use engine::text::Fault;
use engine::value::{Value, get};
use serde_json::{Map, Value as Json};
use store::Tx;
use store::file::File;
use store::history::HistoryEntry;
use store::record::{self, Record};

use super::prepare::{differs, may_be_named};
use super::{Change, Item, references};
use crate::service::Refusal;
use crate::service::faults::labelled;
use crate::service::flows;
use crate::service::records::Order;

pub async fn persist(tx: &mut Tx, order: &Order, items: &mut [Item]) -> Result<(), Refusal> {
    insert(tx, order, items).await?;
    update(tx, order, items).await?;
    for item in items.iter_mut() {
        if let Some(moved) = &item.moved {
            flows::store_moved(tx, order, &item.new, moved).await?;
        }
        attach_files(tx, order, item).await?;
    }
    Ok(())
}

/// Stores under the same version what has become of a record since it was stored as `before`.
pub async fn again(tx: &mut Tx, order: &Order, before: &Record, item: &Item) -> Result<(), Refusal> {
    let changes = [record::Change { old: before, new: &item.new }];
    match record::update(tx, &order.access, order.table(), &changes).await {
        Ok(()) => attach_files(tx, order, item).await,
        Err(error) => Err(clash(order, error, &[item])),
    }
}

/// The history of what was stored, once nothing is added to it.
pub async fn remember(tx: &mut Tx, order: &Order, items: &[Item]) -> Result<(), Refusal> {
    let history: Vec<HistoryEntry> = items.iter().filter_map(|item| version_of(order, item)).collect();
    Ok(HistoryEntry::insert_ahead(tx, &history).await?)
}

async fn insert(tx: &mut Tx, order: &Order, items: &[Item]) -> Result<(), Refusal> {
    let new: Vec<&Item> = items.iter().filter(|item| item.old.is_none()).collect();
    let records: Vec<&Record> = new.iter().map(|item| &item.new).collect();
    if records.is_empty() {
        return Ok(());
    }
    match record::insert(tx, &order.access, order.table(), &records).await {
        Ok(()) => Ok(()),
        Err(error) => Err(clash(order, error, &new)),
    }
}

async fn update(tx: &mut Tx, order: &Order, items: &[Item]) -> Result<(), Refusal> {
    let changed: Vec<&Item> = items.iter().filter(|item| item.is_changed()).collect();
    let changes: Vec<record::Change<'_>> = changed
        .iter()
        .filter_map(|item| Some(record::Change { old: item.old.as_ref()?, new: &item.new }))
        .collect();
    if changes.is_empty() {
        return Ok(());
    }
    match record::update(tx, &order.access, order.table(), &changes).await {
        Ok(()) => Ok(()),
        Err(error) => Err(clash(order, error, &changed)),
    }
}

impl Item {
    /// Whether it is stored in a new version.
    pub(super) fn is_changed(&self) -> bool {
        self.old.as_ref().is_some_and(|old| old.version != self.new.version)
    }
}

/// A write that a unique index refused, by the fields that it is about and the record that brought the value twice.
fn clash(order: &Order, error: store::Error, items: &[&Item]) -> Refusal {
    let store::Error::NotUnique { fields: paths } = error else { return error.into() };
    let place = match items {
        [one] => one.place.clone(),
        several => twice(several, &paths).unwrap_or_default(),
    };
    let faults = paths.iter().map(|path| Fault::new(format!("fields.{path}"), "not_unique").under(&place));
    let named = |path: &str| items.first().is_some_and(|item| may_be_named(order, item, path));
    let faults = labelled(&order.compiled.form, faults.collect(), &named);
    Refusal { faults, ..Refusal::conflict("not_unique") }
}

/// The place of the second of two records in one save that have the same values in these fields.
fn twice(items: &[&Item], paths: &[String]) -> Option<String> {
    let mut seen: Vec<Vec<&Value>> = Vec::new();
    for item in items {
        let values: Vec<&Value> = paths.iter().map(|path| get(&item.new.values, path)).collect();
        if values.iter().any(|value| value.is_empty()) {
            continue;
        }
        if seen.contains(&values) {
            return Some(item.place.clone());
        }
        seen.push(values);
    }
    None
}

/// Files that a record names for the first time belong to that field of it from now on. One file that is named twice, in
/// two fields or two records of this save, can't belong to both.
async fn attach_files(tx: &mut Tx, order: &Order, item: &Item) -> Result<(), Refusal> {
    let workspace = order.caller.workspace_id();
    for column in order.compiled.form.all_columns() {
        if column.field.kind.reference() != Some(Reference::File) {
            continue;
        }
        for (path, file) in references::fresh(item, column) {
            if !File::attach(tx, workspace, file, order.form, item.new.id, &column.path).await? {
                let fault = Fault::new(path, "file_taken").under("fields");
                return Err(item.refuse(order, Refusal::invalid(vec![fault])));
            }
        }
    }
    Ok(())
}

/// One version, with what was there before; none where nothing of the record changed.
fn version_of(order: &Order, item: &Item) -> Option<HistoryEntry> {
    if item.old.is_some() && !item.is_changed() {
        return None;
    }
    Some(HistoryEntry {
        workspace: order.caller.workspace_id(),
        form: order.form,
        record: item.new.id,
        version: item.new.version,
        at: order.now(),
        who: (!order.caller.is_product()).then(|| order.caller.id()),
        on_behalf_of: order.caller.is_product().then(|| order.caller.id()),
        path: order.path.name().to_string(),
        batch: order.batch,
        changes: item.old.as_ref().map(|old| former(order, old, &item.new).to_string()),
        reason: match &item.change {
            Change::Void { reason, .. } => Some(reason.clone()),
            _ => None,
        },
    })
}

/// The former values of what changed, in wire form.
fn former(order: &Order, old: &Record, new: &Record) -> Json {
    let form = &order.compiled.form;
    let changed: BTreeSet<&str> = form
        .fields()
        .map(|column| column.path.as_str())
        .filter(|path| differs(&old.values, &new.values, path))
        .collect();
    let include = |path: &str| changed.contains(path.split('.').next().unwrap_or(path));
    let mut former = engine::record::values_to_json(form, &old.values, &include);
    former.retain(|path, _| form.column(path).is_some_and(|column| !column.is_live()));
    let mut system = Map::new();
    for name in ["$owner", "$department", "$collaborators", "$flow_state", "$deleted_at", "$voided_at"] {
        let value = old.value(name);
        if value != new.value(name)
            && let Some(kind) = engine::form::system_kind(name)
        {
            system.insert(name.to_string(), kind.to_json(&value));
        }
    }
    former.extend(system);
    Json::Object(former)
}

/// What the audit calls this change.
pub fn verb(change: &Change) -> &'static str {
    match change {
        Change::Create(_) => "create",
        Change::Update { .. } | Change::Unlink { .. } => "update",
        Change::Submit { .. } => "submit",
        Change::Delete { .. } => "delete",
        Change::Restore { .. } => "restore",
        Change::Void { .. } => "void",
        Change::Act(_) => "act",
    }
}
