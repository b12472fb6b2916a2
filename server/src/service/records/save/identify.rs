//! First: which records it is about. Stored ones are locked, in the order of their ids; new ones get theirs.

use engine::record::{Draft, Linked};
use engine::value::{Id, Values};
use store::record::{Hold, Record, System, hold};
use store::{Tx, ids};

use super::{Change, Item};
use crate::service::records::Order;
use crate::service::records::live::{Around, system_values};
use crate::service::{Cause, Refusal};

/// What the records of a save begin with, made once for all of them.
struct Start<'s> {
    /// What the stored ones read beyond themselves.
    around: Around,
    /// Records that new ones link to, as far as they are known.
    linked: &'s Linked,
    /// A new record with its defaults, where there are several.
    fresh: Option<Draft>,
}

impl Start<'_> {
    fn fresh(&self, order: &Order) -> Draft {
        match &self.fresh {
            Some(draft) => draft.clone(),
            None => fresh(order, self.linked),
        }
    }
}

fn fresh(order: &Order, linked: &Linked) -> Draft {
    Draft::new_with(order.compiled.form.clone(), order.context.clone(), linked.clone())
}

/// `linked` are records that new ones link to, as far as they are known.
pub async fn identify(
    tx: &mut Tx,
    order: &Order,
    changes: Vec<(String, Change)>,
    linked: &Linked,
) -> Result<Vec<Item>, Refusal> {
    let stored: Vec<Id> = changes.iter().filter_map(|(_, change)| id_of(change)).collect();
    are_free(order, &stored)?;
    are_known(tx, order, &changes).await?;
    let goes = |(_, change): &(String, Change)| match change {
        Change::Delete { id, .. } => Some(*id),
        _ => None,
    };
    let gone: Vec<Id> = changes.iter().filter_map(goes).collect();
    if !gone.is_empty() {
        // Nobody links to what goes while it is looked for who does.
        hold(tx, order.table(), &gone, Hold::Goes).await?;
    }
    let mut records = if stored.is_empty() {
        Default::default()
    } else {
        store::record::lock(tx, &order.access, order.table(), &stored).await?
    };
    let old: Vec<Record> = records.values().cloned().collect();
    let around = if old.is_empty() { Around::default() } else { order.around(tx, &old, &[]).await? };
    let new = changes.iter().filter(|(_, change)| id_of(change).is_none()).count();
    let start = Start { around, linked, fresh: (new > 1).then(|| fresh(order, linked)) };
    let mut items = Vec::with_capacity(changes.len());
    for (place, change) in changes {
        let old = match id_of(&change) {
            None => None,
            Some(id) => Some(records.remove(&id).ok_or_else(|| at(&place, Refusal::missing()))?),
        };
        items.push(item(order, &start, place, change, old));
    }
    Ok(items)
}

/// Records that are just being saved are changed by what their scripts set in them, and not behind their save's back: neither by
/// what a script writes, nor by what follows from that.
fn are_free(order: &Order, stored: &[Id]) -> Result<(), Refusal> {
    let Some(script) = &order.script else { return Ok(()) };
    match stored.iter().any(|id| script.saving.contains(&(order.form, *id))) {
        true => Err(Refusal::conflict("script_own_record")),
        false => Ok(()),
    }
}

/// Before anything of them is locked or read: what the writer may not see is refused as what is not there, whatever else stands in the
/// request, and by as many questions.
async fn are_known(tx: &mut Tx, order: &Order, changes: &[(String, Change)]) -> Result<(), Refusal> {
    let named = |(place, change): &(String, Change)| match change {
        // Rights were looked at with the task, or are nobody's to ask for.
        Change::Act(_) | Change::Unlink { .. } => None,
        _ => Some((place.clone(), id_of(change)?)),
    };
    let named: Vec<(String, Id)> = changes.iter().filter_map(named).collect();
    let ids: Vec<Id> = named.iter().map(|(_, id)| *id).collect();
    match first_unknown(tx, order, &ids).await? {
        Some(unknown) => {
            let place = named.iter().find(|(_, id)| *id == unknown).map(|(place, _)| place.as_str());
            Err(at(place.unwrap_or_default(), Refusal::missing()))
        }
        None => Ok(()),
    }
}

/// Whether the writer may know of a record: asked first by whoever looks at it for more than the save does.
///
/// # Errors
/// Not found, also for what there is.
pub async fn is_known(tx: &mut Tx, order: &Order, id: Id) -> Result<(), Refusal> {
    match first_unknown(tx, order, &[id]).await? {
        Some(_) => Err(Refusal::missing()),
        None => Ok(()),
    }
}

/// The first of these records that the writer may not know of. Administrators, and what asks for nobody's rights, know all.
async fn first_unknown(tx: &mut Tx, order: &Order, ids: &[Id]) -> Result<Option<Id>, Refusal> {
    if ids.is_empty() || order.path.is_beyond_groups() || order.is_administrator() {
        return Ok(None);
    }
    let who = (order.caller.id(), &order.context);
    let known = store::record::known_to(tx, &order.access, order.table(), ids, who).await?;
    Ok(ids.iter().find(|id| !known.contains(*id)).copied())
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
        | Change::Void { id, .. }
        | Change::Unlink { id, .. } => Some(*id),
        Change::Act(act) => Some(act.record),
    }
}

fn item(order: &Order, start: &Start, place: String, change: Change, old: Option<Record>) -> Item {
    let (new, draft) = match &old {
        None => {
            let new = new_record(order, &change);
            let mut draft = start.fresh(order);
            draft.give(system_values(&new));
            (new, draft)
        }
        Some(old) => (old.clone(), order.draft_of(old, &start.around)),
    };
    let linked = draft.linked().clone();
    Item { place, change, old, new, draft, linked, seen: Default::default(), may_leave: false, moved: None }
}

fn new_record(order: &Order, change: &Change) -> Record {
    let create = if let Change::Create(create) = change { Some(create) } else { None };
    let mut system = System::new(order.now(), Some(order.caller.id()));
    if order.caller.is_outside() {
        // It waits for somebody to take it.
        system.owner = None;
    }
    system.department = order.caller.people.department_of(order.caller.id());
    system.flow_state = create.and_then(|create| match create.draft {
        true => Some(store::record::DRAFT.to_string()),
        false => create.flow_state.clone(),
    });
    let kept = order.compiled.form.fields().filter(|column| column.kept.is_some());
    Record {
        id: create.and_then(|create| create.id).unwrap_or_else(ids::next),
        version: 1,
        values: Values::new(),
        system,
        // Nothing links to what is not there yet.
        figures: kept.filter_map(|column| Some((column.path.clone(), column.over_nothing()?))).collect(),
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
        Change::Create(_)
        | Change::Restore { .. }
        | Change::Void { .. }
        | Change::Act(_)
        | Change::Unlink { .. } => None,
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
