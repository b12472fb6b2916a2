//! Action steps: what they do to records, in the transaction of whoever has led there, and what they leave there to be sent after
//! it (approvals.md, "Structure").

use engine::access::Access;
use engine::flow::document::Step;
use engine::flow::{ActionKind, IfNone, Meant, OnRecord, RecordAction, Sending, VisitId};
use engine::text::Fault;
use engine::value::Id;
use store::Tx;
use store::query::{From, Query, Shelf};
use store::record::Record;
use wire::records::Fields;

use super::found::Found;
use super::instances::record_of;
use super::messages;
use crate::service::records::save::{Change, Create, Saved, save_alone};
use crate::service::records::{Around, Order};
use crate::service::{Refusal, calls};

/// Records that one action changes at most.
const MOST: usize = 500;

/// Carries out the action of a step on the record as it is now, or leaves what it sends to `members` or to another system. No
/// rights are asked: the product acts on behalf of whoever has led the flow there.
///
/// # Errors
/// Everything that the saves refuse; `nothing_found`, `action_too_large`; not found where the form is gone.
pub async fn perform(
    tx: &mut Tx,
    found: &Found,
    (visit, step): (VisitId, &str),
    members: &[Id],
) -> Result<Vec<Saved>, Refusal> {
    let order = &found.order;
    let Some(Step::Action(document)) = found.flow.step(step) else {
        return Err(Refusal::internal("this step is no action"));
    };
    let refused = |fault: Fault| Refusal::invalid(vec![fault]);
    if let Some(sending) = Sending::read(&document.action) {
        send(tx, found, (visit, step), &sending.map_err(refused)?, members).await?;
        return Ok(Vec::new());
    }
    let action = match RecordAction::read(&document.action) {
        Some(action) => action.map_err(refused)?,
        None => return Err(Refusal::internal("this action can't be carried out")),
    };
    let form = &order.compiled.form;
    let target = action.target(form, &*order.designs).map_err(|_| Refusal::missing())?;
    let there = match target.is_own {
        true => order.clone(),
        false => order.of_product(tx, order.caller.id(), target.form).await?,
    };
    let there = Order { triggers: there.triggers && action.trigger, ..there };
    let (fields, meant) = worked_out(tx, found, &action, &there).await?;
    let ids = match meant {
        Meant::Own => vec![found.instance.record],
        Meant::Nothing => Vec::new(),
        Meant::Records(ids) => there_are(tx, &there, &ids).await?,
        Meant::Where(filter) => matching(tx, &there, filter).await?,
    };
    let update = |id: Id| Change::Update { id, version: None, fields: fields.clone(), system: None };
    let mut changes: Vec<Change> = match action.kind {
        ActionKind::Set | ActionKind::Update | ActionKind::Upsert => ids.into_iter().map(update).collect(),
        ActionKind::Delete => ids.into_iter().map(|id| Change::Delete { id, version: None }).collect(),
        ActionKind::Create => Vec::new(),
    };
    let creates = match (action.kind, action.if_none) {
        (ActionKind::Create, _) => true,
        (ActionKind::Upsert, _) | (ActionKind::Update, IfNone::Create) => changes.is_empty(),
        (ActionKind::Update | ActionKind::Delete, IfNone::Fail) if changes.is_empty() => {
            return Err(Refusal::conflict("nothing_found"));
        }
        (ActionKind::Set | ActionKind::Update | ActionKind::Delete, _) => false,
    };
    if creates {
        let start_flow = Some(action.start_flow);
        changes.push(Change::Create(Create { fields, start_flow, ..Create::default() }));
    }
    let mut saved = Vec::new();
    // One after another, so that each sees what the one before has done.
    for change in changes {
        saved.extend(save_alone(tx, &there, change).await?);
    }
    Ok(saved)
}

/// Leaves what a step sends; nothing where whoever saves wants that nothing follows.
async fn send(
    tx: &mut Tx,
    found: &Found,
    (visit, step): (VisitId, &str),
    sending: &Sending,
    members: &[Id],
) -> Result<(), Refusal> {
    let order = &found.order;
    if !order.triggers {
        return Ok(());
    }
    let record = record_of(tx, order, found.instance.record).await?;
    let reads = sending.link_reads(&order.compiled.form, &*order.designs);
    let around = order.around(tx, std::slice::from_ref(&record), &reads).await?;
    match sending {
        Sending::Message(message) => {
            let at = (found.instance.id, step);
            let written =
                on_record(order, &record, &around, |read| messages::written(order, at, message, read))?;
            messages::leave(tx, &written, message, members).await
        }
        Sending::Call(call) => {
            let request = on_record(order, &record, &around, |read| call.request(read));
            calls::leave(tx, (order, &found.instance), (visit, step), call, request).await
        }
    }
}

/// Asks about a record as its flow reads it.
fn on_record<T>(order: &Order, record: &Record, around: &Around, ask: impl FnOnce(&OnRecord<'_>) -> T) -> T {
    let draft = order.draft_of(record, around);
    let source = draft.source(None);
    ask(&OnRecord {
        form: &order.compiled.form,
        catalogue: &*order.designs,
        source: &source,
        context: &order.context,
    })
}

/// What it sets, and in which records.
async fn worked_out(
    tx: &mut Tx,
    found: &Found,
    action: &RecordAction,
    there: &Order,
) -> Result<(Fields, Meant), Refusal> {
    let order = &found.order;
    let record = record_of(tx, order, found.instance.record).await?;
    let reads = action.link_reads(&order.compiled.form, &*order.designs);
    let around = order.around(tx, std::slice::from_ref(&record), &reads).await?;
    let draft = order.draft_of(&record, &around);
    let source = draft.source(None);
    let read = OnRecord {
        form: &order.compiled.form,
        catalogue: &*order.designs,
        source: &source,
        context: &order.context,
    };
    let target = &there.compiled.form;
    let under = |faults: Vec<Fault>| {
        Refusal::invalid(faults.into_iter().map(|fault| fault.under("fields")).collect())
    };
    let fields = action.fields(&read, target).map_err(under)?;
    let meant = action.meant(&read, target, &fields).map_err(Refusal::invalid)?;
    Ok((fields, meant))
}

/// Those of the records that count: neither drafts nor in the recycle bin.
async fn there_are(tx: &mut Tx, order: &Order, ids: &[Id]) -> Result<Vec<Id>, Refusal> {
    let access = Access::system("the records that an action of a flow is about");
    let found = store::record::get_many(tx, &access, order.table(), ids, &order.context).await?;
    Ok(found.into_values().filter(|record| record.system.is_live()).map(|record| record.id).collect())
}

async fn matching(
    tx: &mut Tx,
    order: &Order,
    filter: engine::condition::Checked,
) -> Result<Vec<Id>, Refusal> {
    let access = Access::system("the records that an action of a flow is about");
    let query = Query {
        shelf: Shelf::Live,
        filter,
        sort: Vec::new(),
        limit: u32::try_from(MOST + 1).unwrap_or(u32::MAX),
        from: From::Start,
        fields: Some(Vec::new()),
    };
    let page = store::query::page(tx, &access, order.table(), &query, &order.context).await?;
    if page.records.len() > MOST {
        return Err(Refusal::conflict("action_too_large").arg("max", MOST));
    }
    Ok(page.records.into_iter().map(|record| record.id).collect())
}
