//! What a save leaves behind: the audit entry, the outbox for what follows after the commit, and the news for those
//! who look on.

use engine::value::Id;
use serde::Serialize;
use serde_json::json;
use store::outbox::{self, OutboxEntry};
use store::{Tx, ids};

use super::persist::verb;
use super::{Change, Item};
use crate::service::Refusal;
use crate::service::audit::{self, Note};
use crate::service::live_events::{self, Event};
use crate::service::records::{Order, Path};

pub async fn leave(tx: &mut Tx, order: &Order, items: &[Item]) -> Result<(), Refusal> {
    let changed: Vec<&Item> = items
        .iter()
        .filter(|item| item.old.as_ref().is_none_or(|old| old.version != item.new.version))
        .collect();
    if changed.is_empty() && items.iter().all(|item| item.moved.is_none()) {
        return Ok(());
    }
    write_audit(tx, order, items).await?;
    if order.triggers {
        let follows = changed.iter().map(|item| outbox_entry(order, item));
        let follows = follows.collect::<Result<Vec<OutboxEntry>, Refusal>>()?;
        OutboxEntry::insert_ahead(tx, &follows).await?;
    }
    let live = order.installation.live.clone();
    let workspace = order.caller.workspace_id();
    let mut events = news(order, &changed);
    events.extend(items.iter().filter_map(|item| item.moved.as_ref()).flat_map(|moved| moved.news()));
    tx.on_commit(move || events.into_iter().for_each(|event| live.send(workspace, event)));
    Ok(())
}

/// What those who look on are told of records: of each, or of many that there are.
fn news(order: &Order, changed: &[&Item]) -> Vec<Event> {
    // An import is one work, however many records a slice of it has.
    if order.path == Path::Import && !changed.is_empty() {
        let records = changed.iter().map(|item| item.new.id).collect();
        return vec![Event::Records { form: order.form, records }];
    }
    let each = changed.iter().map(|item| Event::Record {
        form: order.form,
        record: item.new.id,
        version: item.new.version,
        what: verb(&item.change).into(),
    });
    live_events::together(each.collect())
}

/// One entry for one record; one for all records of a larger change, whose histories carry its batch.
async fn write_audit(tx: &mut Tx, order: &Order, items: &[Item]) -> Result<(), Refusal> {
    let form = &order.design()?.row.key;
    let (action, object, changes) = match items {
        [item] => (
            format!("record.{}", verb(&item.change)),
            Some(item.new.id),
            match &item.change {
                Change::Void { reason, .. } => json!({
                    "form": order.form,
                    "version": item.new.version,
                    "path": order.path.name(),
                    "reason": reason,
                }),
                _ => json!({"form": order.form, "version": item.new.version, "path": order.path.name()}),
            },
        ),
        several => (
            "record.bulk".to_string(),
            None,
            json!({"form": order.form, "count": several.len(), "batch": order.batch, "path": order.path.name()}),
        ),
    };
    let note = Note { action: &action, object, label: Some(form), changes: Some(changes) };
    audit::note(tx, &order.caller, note).await
}

/// What is told of a record to those who follow.
#[derive(Serialize)]
struct News {
    form: Id,
    record: Id,
    version: i64,
    event: &'static str,
    by: Id,
}

fn outbox_entry(order: &Order, item: &Item) -> Result<OutboxEntry, Refusal> {
    let now = order.now();
    let news = News {
        form: order.form,
        record: item.new.id,
        version: item.new.version,
        event: verb(&item.change),
        by: order.caller.id(),
    };
    Ok(OutboxEntry {
        workspace: order.caller.workspace_id(),
        id: ids::next(),
        kind: outbox::RECORD.to_string(),
        payload: serde_json::to_string(&news).map_err(Refusal::internal)?,
        created_at: now,
        due_at: now,
        attempts: 0,
    })
}
