//! What happened to a record, version by version.

use std::collections::{BTreeMap, BTreeSet};

use engine::access::Access;
use engine::record::values_to_json;
use engine::value::{Id, Timestamp, format_timestamp};
use serde_json::{Map, Value as Json};
use store::Reader;
use store::history::HistoryEntry;
use store::record::Record;
use wire::List;
use wire::records::{Change, Fields, HistoryEntry as View};

use super::reused::Reused;
use super::save::former::fields_before;
use super::{Order, read};
use crate::service::people::Caller;
use crate::service::{Installation, Refusal};

/// Entries that are read for one answer at most: later ones are needed to know what came after earlier ones.
const MOST: i64 = 10_000;

/// Entries that are read at once where one looks for what was changed at certain moments.
const CHUNK: usize = 500;

/// # Errors
/// Not found for a record that the caller may not see.
pub async fn history(
    installation: &Installation,
    caller: &Caller,
    (form, id): (&str, Id),
    before: Option<i64>,
    limit: Option<u32>,
) -> Result<List<View>, Refusal> {
    let limit = super::query::checked_limit(limit)? as usize;
    let order = Order::to_follow(installation, caller, form).await?;
    let mut db = order.reader().await?;
    let (record, readable) = read::visible_paths(&mut db, &order, id).await?;
    let reused = Reused::closed_to_caller(&mut db, &order).await?;
    let workspace = caller.workspace_id();
    let entries = HistoryEntry::of_record(&mut db, workspace, order.form, id, None, MOST).await?;

    let mut after = as_it_is(&order, &record);
    let mut items = Vec::new();
    let mut next = None;
    for entry in entries {
        let changes = changes(&order, &entry, &mut after);
        if before.is_some_and(|before| entry.version >= before) {
            continue;
        }
        if items.len() == limit {
            next = items.last().map(|last: &View| last.version.to_string());
            break;
        }
        items.push(View {
            version: entry.version,
            at: format_timestamp(entry.at),
            who: entry.who,
            on_behalf_of: entry.on_behalf_of,
            path: entry.path,
            batch: entry.batch,
            changes: visible(changes, &reused.same_of(&readable, entry.at)),
            reason: entry.reason,
        });
    }
    Ok(List { items, next })
}

/// The fields of a record as they were once a version was saved, whatever groups say of them; `None` where there was no such
/// version.
///
/// # Errors
/// When the database can't be read.
pub async fn fields_at(
    db: &mut Reader,
    order: &Order,
    record: &Record,
    version: i64,
) -> Result<Option<Fields>, Refusal> {
    let workspace = order.caller.workspace_id();
    let entries = HistoryEntry::of_record(db, workspace, order.form, record.id, None, MOST).await?;
    if !entries.iter().any(|entry| entry.version == version) {
        return Ok(None);
    }
    let reused = Reused::of(db, order).await?;
    let later = entries.iter().filter(|entry| entry.version > version);
    Ok(Some(fields_before(&order.compiled.form, &record.values, later, reused)))
}

/// What was changed in a record at each of these moments, in the fields and columns that are readable. Versions of one moment
/// were saved in one transaction: a decision's with what followed from it.
///
/// # Errors
/// When the database can't be read.
pub async fn changes_at(
    db: &mut Reader,
    order: &Order,
    id: Id,
    moments: &BTreeSet<Timestamp>,
    readable: &BTreeSet<String>,
) -> Result<BTreeMap<Timestamp, BTreeMap<String, Change>>, Refusal> {
    let access = Access::system("the timeline of a flow");
    let record = store::record::get(db, &access, order.table(), id, &order.context).await?;
    let (Some(record), Some(earliest)) = (record, moments.first()) else { return Ok(BTreeMap::new()) };
    let reused = Reused::closed_to_caller(db, order).await?;
    let workspace = order.caller.workspace_id();
    let mut after = as_it_is(order, &record);
    let mut found: BTreeMap<Timestamp, BTreeMap<String, Change>> = BTreeMap::new();
    let (mut before, mut read) = (None, 0);
    while read < MOST {
        let limit = i64::try_from(CHUNK).unwrap_or(MOST);
        let entries = HistoryEntry::of_record(db, workspace, order.form, id, before, limit).await?;
        for entry in entries.iter().filter(|entry| entry.changes.is_some()) {
            // What came later is gone through as well: it says what an earlier version has left.
            let made = changes(order, entry, &mut after);
            if moments.contains(&entry.at) {
                put_before(found.entry(entry.at).or_default(), made);
            }
        }
        read += limit;
        let further = entries.last().filter(|last| entries.len() == CHUNK && last.at >= *earliest);
        let Some(last) = further else { break };
        before = Some(last.version);
    }
    let told = |(at, changes)| (at, visible(changes, &reused.same_of(readable, at)));
    Ok(found.into_iter().map(told).collect())
}

/// Puts what a version changed before what the later ones of its moment did: a field was what it was before all of them.
fn put_before(later: &mut BTreeMap<String, Change>, earlier: BTreeMap<String, Change>) {
    for (path, change) in earlier {
        match later.get_mut(&path) {
            Some(known) => known.old = change.old,
            None => drop(later.insert(path, change)),
        }
    }
}

/// A record as it is now, with what is told of its state, its owner and the like.
fn as_it_is(order: &Order, record: &Record) -> Map<String, Json> {
    let mut members = values_to_json(&order.compiled.form, &record.values, &|_| true);
    for name in ["$owner", "$department", "$collaborators", "$flow_state", "$deleted_at", "$voided_at"] {
        if let Some(kind) = engine::form::system_kind(name) {
            members.insert(name.to_string(), kind.to_json(&record.value(name)));
        }
    }
    members
}

/// Changes as far as they are readable: rows of a sub-form with their readable columns.
pub fn visible(changes: BTreeMap<String, Change>, readable: &BTreeSet<String>) -> BTreeMap<String, Change> {
    let open = changes.into_iter().filter(|(path, _)| path.starts_with('$') || readable.contains(path));
    let cut = open.map(|(path, Change { old, new })| {
        let change = Change { old: rows(old, &path, readable), new: rows(new, &path, readable) };
        (path, change)
    });
    // What is left of a change in hidden columns alone is none.
    cut.filter(|(_, change)| change.old != change.new).collect()
}

/// A value as far as it is readable: of rows, the readable columns.
pub fn rows(value: Json, subform: &str, readable: &BTreeSet<String>) -> Json {
    let Json::Array(rows) = value else { return value };
    let cut = |row: Json| match row {
        Json::Object(mut members) => {
            members.retain(|key, _| key == "id" || readable.contains(&format!("{subform}.{key}")));
            Json::Object(members)
        }
        other => other,
    };
    Json::Array(rows.into_iter().map(cut).collect())
}

/// What an entry changed; `after` goes one version back.
fn changes(order: &Order, entry: &HistoryEntry, after: &mut Map<String, Json>) -> BTreeMap<String, Change> {
    let former: Option<Map<String, Json>> =
        entry.changes.as_deref().and_then(|changes| serde_json::from_str(changes).ok());
    match former {
        Some(former) => former
            .into_iter()
            .map(|(path, old)| {
                let new = after.insert(path.clone(), old.clone()).unwrap_or_default();
                (path, Change { old, new })
            })
            .collect(),
        // The first version: everything that was there then.
        None => after
            .iter()
            .filter(|(path, value)| {
                let stored = order.compiled.form.column(path).is_none_or(|column| !column.is_live());
                stored && !value.is_null() && **value != Json::Array(Vec::new())
            })
            .map(|(path, value)| (path.clone(), Change { old: Json::Null, new: value.clone() }))
            .collect(),
    }
}
