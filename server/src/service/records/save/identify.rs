//! First: which records it is about. Stored ones are locked, in the order of their ids; new ones get theirs.

use engine::record::{Draft, Linked};
use engine::value::{Id, Values};
use store::record::{Record, System};
use store::{Tx, ids};

use super::{Change, Create, Item};
use crate::service::records::Order;
use crate::service::records::live::system_values;
use crate::service::{Cause, Refusal};

pub async fn identify(
    tx: &mut Tx,
    order: &Order,
    changes: Vec<(String, Change)>,
) -> Result<Vec<Item>, Refusal> {
    let stored: Vec<Id> = changes.iter().filter_map(|(_, change)| id_of(change)).collect();
    let mut records = if stored.is_empty() {
        Default::default()
    } else {
        store::record::lock(tx, &order.access, order.table(), &stored).await?
    };
    let mut items = Vec::with_capacity(changes.len());
    for (place, change) in changes {
        let old = match id_of(&change) {
            None => None,
            Some(id) => Some(records.remove(&id).ok_or_else(|| at(&place, Refusal::missing()))?),
        };
        let item = item(tx, order, place, change, old).await?;
        items.push(item);
    }
    Ok(items)
}

/// A refusal of the record that a place of the request names.
pub fn at(place: &str, refusal: Refusal) -> Refusal {
    Refusal {
        faults: match place {
            "" => refusal.faults,
            _ => vec![engine::text::Fault::new(place, "not_an_id")],
        },
        ..refusal
    }
}

fn id_of(change: &Change) -> Option<Id> {
    match change {
        Change::Create(_) => None,
        Change::Update { id, .. }
        | Change::Submit { id, .. }
        | Change::Delete { id, .. }
        | Change::Restore { id }
        | Change::Unlink { id, .. } => Some(*id),
        Change::Act(act) => Some(act.record),
    }
}

async fn item(
    tx: &mut Tx,
    order: &Order,
    place: String,
    change: Change,
    old: Option<Record>,
) -> Result<Item, Refusal> {
    let (new, draft, linked) = match &old {
        None => {
            let new = new_record(order, &change);
            let mut draft = Draft::new(order.compiled.form.clone(), order.context.clone());
            draft.give(system_values(&new));
            (new, draft, Linked::default())
        }
        Some(old) => {
            let around = order.around(tx, std::slice::from_ref(old), &[]).await?;
            let draft = order.draft_of(old, &around);
            let linked = draft.linked().clone();
            (old.clone(), draft, linked)
        }
    };
    Ok(Item { place, change, old, new, draft, linked, may_leave: false, moved: None })
}

fn new_record(order: &Order, change: &Change) -> Record {
    let create = if let Change::Create(create) = change { create.clone() } else { Create::default() };
    let mut system = System::new(order.now(), Some(order.caller.id()));
    system.department = order.caller.people.departments_of(order.caller.id()).into_iter().next();
    if create.draft {
        system.flow_state = Some(store::record::DRAFT.to_string());
    } else {
        system.flow_state = create.flow_state;
    }
    Record {
        id: create.id.unwrap_or_else(ids::next),
        version: 1,
        values: Values::new(),
        system,
        row_counts: Default::default(),
    }
}

/// A write that started from another version is refused with the record as it is now. For records that the writer may
/// change: others are not there, whatever version was named.
pub async fn check_version(tx: &mut Tx, order: &Order, item: &Item) -> Result<(), Refusal> {
    let asked = match &item.change {
        Change::Update { version, .. } | Change::Submit { version, .. } | Change::Delete { version, .. } => {
            *version
        }
        Change::Create(_) | Change::Restore { .. } | Change::Act(_) | Change::Unlink { .. } => None,
    };
    let (Some(asked), Some(old)) = (asked, &item.old) else { return Ok(()) };
    // What lies in the bin is not there for a change, whatever its version.
    if asked == old.version || old.system.deleted_at.is_some() {
        return Ok(());
    }
    let access = &order.access;
    let visible = store::record::get(tx, access, order.table(), old.id, &order.context).await?;
    let visible = visible.ok_or_else(Refusal::missing)?;
    let current = serde_json::to_value(order.view(tx, &visible).await?).map_err(Refusal::internal)?;
    Err(Refusal::new(Cause::Stale, "stale").member("current", current))
}
