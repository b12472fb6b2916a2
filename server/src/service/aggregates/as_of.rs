//! The groups of an aggregate table as they were at a past instant: every record is read as it was then, from itself and
//! its history backwards, and counted by today's definition of the table.
//!
//! What a record was at an instant that has passed does not change any more, so nothing is held and nobody waits: each
//! record is read whenever its turn comes.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::access::Access;
use engine::aggregate::{Aggregate, Contributions, add};
use engine::form::system_kind;
use engine::record::read_values;
use engine::text::Fault;
use engine::value::{Id, Timestamp, Value, format_timestamp, parse_timestamp};
use serde_json::{Map, Value as Json};
use store::history::HistoryEntry;
use store::record::{Record, System};
use wire::{AggregateAsOf, AggregateAsOfInput, AggregateGroup};

use super::labels::label;
use super::read::{Dimensions, Part, Seen, opened, readable, rows_filter, view};
use super::rebuild::{PAGE, forms_of, is_large, too_large};
use crate::service::answer::Answer;
use crate::service::designs::{Designs, context};
use crate::service::jobs::{self, Handle};
use crate::service::once::Key;
use crate::service::people::Caller;
use crate::service::records::query::checked_limit;
use crate::service::records::save::aggregates::contributions;
use crate::service::records::{Order, Path};
use crate::service::{Cause, Installation, Refusal, clock};

/// Groups that the result of a job holds at most.
const MOST: usize = 5_000;

/// The groups that the caller may read, as they were at an instant, in the order of their keys.
///
/// # Errors
/// Not found for who may not read the table; `needs_job` where there are too many records for one request; faults of the
/// instant, the limit and the cursor.
pub async fn rows_as_of(
    installation: &Installation,
    caller: &Caller,
    id: Id,
    as_of: &str,
    part: Part<'_>,
) -> Result<wire::List<AggregateGroup>, Refusal> {
    let limit = checked_limit(part.limit)? as usize;
    let at = instant("as_of", as_of)?;
    let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
    let (_, aggregate) = readable(&designs, id, caller)?;
    let bound = format!("aggregate {id} {at} {}", caller.id());
    let after = opened(installation, part.cursor, &bound)?;
    if is_large(installation, caller, &designs, &aggregate).await? {
        return Err(Refusal::new(Cause::Invalid, "needs_job"));
    }
    let groups = contributions_at(installation, caller, &designs, &aggregate, at, None).await?;
    let mut all = visible(&designs, caller, id, &groups)?;
    if let Some(after) = after {
        all.retain(|seen| seen.key > after);
    }
    let next = match all.get(limit - 1) {
        Some(last) if all.len() > limit => Some(installation.seal.close(&last.key, &bound)?),
        Some(_) | None => None,
    };
    all.truncate(limit);
    if part.labels {
        let mut db = installation.store.read().await?;
        label(installation, &mut db, caller, &designs, &aggregate, &mut all).await?;
    }
    Ok(wire::List { items: all.into_iter().map(|seen| seen.view).collect(), next })
}

/// Begins the same as a job, however many records there are; its result is an `AggregateAsOf`.
///
/// # Errors
/// Not found for who may not read the table; faults of the instant.
pub async fn start_as_of(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    id: Id,
    input: AggregateAsOfInput,
) -> Result<Answer, Refusal> {
    let at = instant("at", &input.at)?;
    let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
    readable(&designs, id, caller)?;
    let (parts, actor) = (installation.clone(), caller.clone());
    jobs::start(installation, caller, key, "as_of", move |handle| {
        Box::pin(async move {
            let designs = parts.designs.get(&parts.store, actor.workspace_id()).await?;
            let (_, aggregate) = readable(&designs, id, &actor)?;
            let groups = contributions_at(&parts, &actor, &designs, &aggregate, at, Some(&handle)).await?;
            // It takes long, and tells what its reader may see when it is done.
            let actor = jobs::of_this_moment(&parts, &actor).await?;
            let mut all = visible(&designs, &actor, id, &groups)?;
            let total = all.len() as u64;
            all.truncate(MOST);
            let mut db = parts.store.read().await?;
            label(&parts, &mut db, &actor, &designs, &aggregate, &mut all).await?;
            let items = all.into_iter().map(|seen| seen.view).collect();
            let found = AggregateAsOf { at: format_timestamp(at), items, total };
            serde_json::to_value(&found).map_err(Refusal::internal)
        })
    })
    .await
}

/// An instant that has passed.
fn instant(path: &str, text: &str) -> Result<Timestamp, Refusal> {
    let at = parse_timestamp(text).ok_or_else(|| Refusal::fault(path, "not_a_moment"))?;
    let now = clock::now();
    if at > now {
        let fault = Fault::new(path, "too_large").arg("max", format_timestamp(now));
        return Err(Refusal::invalid(vec![fault]));
    }
    Ok(at)
}

/// The groups that the caller may read, in the order of their keys.
fn visible(designs: &Designs, caller: &Caller, id: Id, groups: &Contributions) -> Result<Vec<Seen>, Refusal> {
    let (design, aggregate) = readable(designs, id, caller)?;
    let rows = rows_filter(designs, design.row.app, &aggregate, caller)?;
    let context = context(caller, clock::now());
    let seen = groups.iter().filter(|(_, group)| rows.holds(&Dimensions(&aggregate, &group.group), &context));
    let views = seen.map(|(key, group)| Seen {
        key: key.clone(),
        group: group.group.clone(),
        view: view(&aggregate, &aggregate.figures(group), &group.group, &context),
    });
    Ok(views.collect())
}

/// What all records together contributed at an instant.
async fn contributions_at(
    installation: &Installation,
    caller: &Caller,
    designs: &Arc<Designs>,
    aggregate: &Aggregate,
    at: Timestamp,
    job: Option<&Handle>,
) -> Result<Contributions, Refusal> {
    let access = Access::system("aggregate tables are over all records");
    let mut all = Contributions::new();
    for form in forms_of(aggregate) {
        let order = Order::known(installation, caller, designs.clone(), form, Path::Consequence)?;
        let mut after: Option<Id> = None;
        loop {
            // Given back after each page: this may take long.
            let mut db = order.reader().await?;
            let page = store::record::walk(&mut db, &access, order.table(), after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.id);
            let count = page.len();
            for record in as_they_were(&mut db, &order, page, at).await? {
                add(&mut all, &contributions(aggregate, &order, &record)?).ok_or_else(too_large)?;
            }
            drop(db);
            if let Some(job) = job {
                job.advance(count)?;
            }
        }
    }
    Ok(all)
}

/// Those of the records that were there at an instant, as they were.
async fn as_they_were(
    db: &mut store::Reader,
    order: &Order,
    mut records: Vec<Record>,
    at: Timestamp,
) -> Result<Vec<Record>, Refusal> {
    records.retain(|record| record.system.created_at <= at);
    let changed: Vec<Id> =
        records.iter().filter(|record| record.system.updated_at > at).map(|record| record.id).collect();
    let workspace = order.caller.workspace_id();
    let mut history = match changed.is_empty() {
        true => BTreeMap::new(),
        false => HistoryEntry::of_records(db, workspace, order.form, &changed).await?,
    };
    let then = records.into_iter().filter_map(|record| match history.remove(&record.id) {
        Some(entries) => back(order, record, &entries, at),
        None => Some(record),
    });
    Ok(then.collect())
}

/// A record as it was at an instant: what was before each later version is put back, the newest first. `None` where it
/// was made later.
fn back(order: &Order, mut record: Record, entries: &[HistoryEntry], at: Timestamp) -> Option<Record> {
    let mut former: Map<String, Json> = Map::new();
    // What came after the record was read is not in it.
    for entry in entries.iter().filter(|entry| entry.version <= record.version) {
        if entry.at <= at {
            record.system.updated_at = entry.at;
            record.system.updated_by = entry.who;
            record.version = entry.version;
            break;
        }
        let changes = entry.changes.as_deref()?;
        former.extend(serde_json::from_str::<Map<String, Json>>(changes).unwrap_or_default());
    }
    let mut values = read_values(&order.compiled.form, &former);
    for (path, json) in &former {
        if path.starts_with('$') {
            put_back(&mut record.system, path, json);
        } else {
            match values.remove(path) {
                Some(value) => record.values.insert(path.clone(), value),
                None => record.values.remove(path),
            };
        }
    }
    Some(record)
}

/// Puts a system field back.
fn put_back(system: &mut System, name: &str, json: &Json) {
    let value = system_kind(name).map(|kind| kind.read(json)).unwrap_or_default();
    let moment = || if let Value::DateTime(moment) = value { Some(moment) } else { None };
    match name {
        "$owner" => system.owner = value.as_ref_id(),
        "$department" => system.department = value.as_ref_id(),
        "$collaborators" => {
            system.collaborators = value.items().iter().filter_map(Value::as_ref_id).collect();
        }
        "$flow_state" => system.flow_state = value.as_text().map(str::to_string),
        "$voided_at" => system.voided_at = moment(),
        "$deleted_at" => system.deleted_at = moment(),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use engine::value::parse_timestamp;
    use serde_json::json;

    use super::*;

    #[test]
    fn system_fields_go_back_to_what_they_were() {
        let at = parse_timestamp("2026-11-22T08:00:00Z").unwrap();
        let mut system = System::new(at, Id::from_i64(7));
        system.flow_state = Some("approved".into());
        system.deleted_at = Some(at);
        for (name, before) in [
            ("$flow_state", json!("running")),
            ("$deleted_at", Json::Null),
            ("$voided_at", json!("2026-11-22T08:00:00Z")),
            ("$owner", Json::Null),
            ("$collaborators", json!([])),
            ("$unknown", json!(1)),
        ] {
            put_back(&mut system, name, &before);
        }
        assert_eq!(system.flow_state.as_deref(), Some("running"));
        assert_eq!((system.deleted_at, system.voided_at, system.owner), (None, Some(at), None));
        put_back(&mut system, "$flow_state", &Json::Null);
        assert_eq!(system.flow_state, None);
    }
}
