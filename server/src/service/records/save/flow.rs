//! What the save means for the record's flow: it starts one, moves it on, or ends it.

use std::sync::Arc;

use engine::access::Operation;
use engine::flow::{
    Actor, Chosen, Command, Flow, Note, OnRecord, Refusal as FlowRefusal, RefusalCode, State, Status,
};
use store::instance::{Instance, InstanceState};
use store::{Tx, ids};

use super::{Change, Create, Item};
use crate::service::Refusal;
use crate::service::designs::stored;
use crate::service::flows::{self, Moved};
use crate::service::records::{Eyes, Order, Path, edit_of};

/// Whether submitting this item starts the form's flow.
pub fn starts(order: &Order, item: &Item) -> bool {
    let has_flow = order.design().is_ok_and(|design| design.flow.is_some());
    match &item.change {
        Change::Create(create) => {
            has_flow
                && !create.draft
                && create.flow_state.is_none()
                && order.path.starts_flow(create.start_flow)
        }
        Change::Submit { .. } => has_flow,
        Change::Update { .. } => has_flow && restarts(order, item),
        Change::Delete { .. }
        | Change::Restore { .. }
        | Change::Void { .. }
        | Change::Act(_)
        | Change::Unlink { .. } => false,
    }
}

/// Whether somebody has changed what its flow was over for, and the form has the flow begin again then.
fn restarts(order: &Order, item: &Item) -> bool {
    let Some(old) = &item.old else { return false };
    let is_over = matches!(old.system.flow_state.as_deref(), Some("approved" | "rejected" | "terminated"));
    is_over
        && matches!(order.path, Path::Web | Path::Api)
        && order.compiled.form.sketch.document.settings.restart_on_edit
        && old.values != item.new.values
}

/// Whether the record is filled in as the form's flow begins: its flow starts now, or when the draft is submitted.
pub fn is_at_start(order: &Order, item: &Item) -> bool {
    let is_draft = match &item.change {
        Change::Create(create) => create.draft,
        Change::Update { .. } => item.old.as_ref().is_some_and(|old| old.system.is_draft()),
        Change::Submit { .. }
        | Change::Delete { .. }
        | Change::Restore { .. }
        | Change::Void { .. }
        | Change::Act(_)
        | Change::Unlink { .. } => false,
    };
    let will_start = is_draft && !order.path.is_beyond_groups();
    starts(order, item) || (will_start && order.design().is_ok_and(|design| design.flow.is_some()))
}

/// Whether the flow ends well in this save: what is said of it afterwards does not end it again.
pub fn is_approval(moved: &Moved) -> bool {
    moved.events.iter().any(|event| event.flow_state() == Some(Status::Approved))
}

/// Decides what happens to the flow, and sets the record's state by it.
pub async fn decide(tx: &mut Tx, order: &Order, item: &mut Item) -> Result<(), Refusal> {
    if let Some(flow) = deciding(order, item)? {
        learn(tx, order, item, &flow).await?;
        item.draft.name_rows(ids::next);
        check_step(order, item, &flow)?;
    }
    let starts = starts(order, item);
    if let Some(step) = chosen(&item.change).and_then(|chosen| chosen.keys().next()).filter(|_| !starts) {
        // Where no flow starts there is nobody to choose.
        return Err(flows::refused(FlowRefusal::from(RefusalCode::NotChoosable).arg("step", step)));
    }
    let moved = match &item.change {
        _ if starts => Some(start(order, item)?),
        Change::Act(act) => {
            let (instance, actor) = (act.instance.clone(), act.actor);
            Some(flows::decide(order, &act.flow, instance, &act.state, &act.command, actor, &item.draft)?)
        }
        Change::Delete { .. } | Change::Void { .. } => end(tx, order, item).await?,
        Change::Create(_)
        | Change::Update { .. }
        | Change::Submit { .. }
        | Change::Restore { .. }
        | Change::Unlink { .. } => None,
    };
    if let Some(moved) = moved.as_ref().filter(|moved| is_the_records(item, moved)) {
        item.new.system.flow_state = Some(moved.state.status.key().to_string());
        item.new.system.instance = Some(moved.instance.id);
    }
    item.moved = moved;
    Ok(())
}

/// Whether a record stands as this instance does: its newest, or one that begins or is opened again. What is said of one that was
/// over before says nothing of the record, which may be in another approval by then.
fn is_the_records(item: &Item, moved: &Moved) -> bool {
    let is_newest = item.new.system.instance == Some(moved.instance.id);
    is_newest || moved.events.iter().any(|event| event.flow_state().is_some())
}

/// Whom the submitter names for later steps.
fn chosen(change: &Change) -> Option<&Chosen> {
    match change {
        Change::Create(Create { chosen, .. }) | Change::Submit { chosen, .. } => Some(chosen),
        Change::Update { .. }
        | Change::Delete { .. }
        | Change::Restore { .. }
        | Change::Void { .. }
        | Change::Act(_)
        | Change::Unlink { .. } => None,
    }
}

/// The checks of a step hold for whoever completes it. Who sends it back or declines it need not have mended anything.
fn check_step(order: &Order, item: &Item, flow: &Flow) -> Result<(), Refusal> {
    let Change::Act(act) = &item.change else { return Ok(()) };
    let completes = matches!(act.command, Command::Approve { .. } | Command::Submit { .. });
    let Some(step) = act.step.as_deref().filter(|step| completes && !flow.checks(step).is_empty()) else {
        return Ok(());
    };
    let source = item.draft.source(None);
    let record = OnRecord {
        form: &order.compiled.form,
        catalogue: &*order.designs,
        source: &source,
        context: &order.context,
    };
    let faults = record.faults_at(flow, step);
    if faults.is_empty() {
        return Ok(());
    }
    Err(Refusal::invalid(faults.into_iter().map(|fault| fault.under("fields")).collect()))
}

/// The flow that looks at the record: the active version for a start, its own for a running instance. One that is ended
/// from outside asks the record nothing.
fn deciding(order: &Order, item: &Item) -> Result<Option<Arc<Flow>>, Refusal> {
    if starts(order, item) {
        return Ok(order.design()?.flow.as_ref().map(|(_, flow)| flow.clone()));
    }
    Ok(match &item.change {
        Change::Act(act) => Some(act.flow.clone()),
        Change::Create(_)
        | Change::Update { .. }
        | Change::Submit { .. }
        | Change::Delete { .. }
        | Change::Restore { .. }
        | Change::Void { .. }
        | Change::Unlink { .. } => None,
    })
}

/// Makes the records known to the draft that the flow reads through links.
async fn learn(tx: &mut Tx, order: &Order, item: &mut Item, flow: &Flow) -> Result<(), Refusal> {
    let reads = flows::link_reads(order, flow);
    if reads.is_empty() {
        return Ok(());
    }
    let values = item.draft.values().clone();
    let values = std::iter::once(&values);
    if order.load_reads(tx, values, &reads, &mut item.linked, Eyes::System).await? {
        item.draft.learn(item.linked.clone());
    }
    Ok(())
}

fn start(order: &Order, item: &Item) -> Result<Moved, Refusal> {
    let design = order.design()?;
    let (version, flow) = design.flow.clone().ok_or_else(Refusal::missing)?;
    let origin = if let Change::Create(create) = &item.change { create.origin } else { None };
    let instance = Instance {
        workspace: order.caller.workspace_id(),
        id: origin.map_or_else(ids::next, |origin| origin.instance),
        form: order.form,
        record: item.new.id,
        flow_version: version,
        state: InstanceState::Running,
        marking: String::new(),
        title: String::new(),
        submitter: Some(order.caller.id()),
        started_at: order.now(),
        ended_at: None,
        version: 0,
        parent: origin.map(|origin| origin.parent),
        hops: order.hops,
    };
    let command = Command::Start { chosen: chosen(&item.change).cloned().unwrap_or_default() };
    let actor = Actor::Member(order.caller.id());
    flows::decide(order, &flow, instance, &State::default(), &command, actor, &item.draft)
}

/// The flow that still goes on with a stored record, kept from others until the transaction ends.
async fn going(tx: &mut Tx, order: &Order, item: &Item) -> Result<Option<Going>, Refusal> {
    let workspace = order.caller.workspace_id();
    let Some(id) = item.old.as_ref().and_then(|old| old.system.instance) else { return Ok(None) };
    let Some(instance) = Instance::lock(tx, workspace, id).await? else { return Ok(None) };
    let state: State = stored("instance", &instance.marking)?;
    if state.status.is_ended() {
        return Ok(None);
    }
    let flow = flows::version(tx, order, instance.flow_version).await?;
    Ok(Some(Going { instance, state, flow }))
}

struct Going {
    instance: Instance,
    state: State,
    flow: Arc<Flow>,
}

/// What people change of a record itself while its flow goes on is told of in the flow's log (semantics.md 15), and moments
/// that its delays and deadlines follow are read again whoever changes them. Asked when it is known whether anything changed.
pub async fn tell(tx: &mut Tx, order: &Order, item: &mut Item) -> Result<(), Refusal> {
    let Some(old) = &item.old else { return Ok(()) };
    let (command, actor) = match &item.change {
        Change::Update { .. } if !order.caller.is_product() && order.path != Path::Consequence => {
            (Command::Edit, Actor::Member(order.caller.id()))
        }
        Change::Update { .. } | Change::Unlink { .. } => (Command::Reread, Actor::System),
        Change::Create(_)
        | Change::Submit { .. }
        | Change::Delete { .. }
        | Change::Restore { .. }
        | Change::Void { .. }
        | Change::Act(_) => return Ok(()),
    };
    if edit_of(&old.system) != Operation::EditRunning || old.version == item.new.version {
        return Ok(());
    }
    let Some(Going { instance, state, flow }) = going(tx, order, item).await? else { return Ok(()) };
    learn(tx, order, item, &flow).await?;
    let moved = flows::decide(order, &flow, instance, &state, &command, actor, &item.draft)?;
    item.moved = Some(moved).filter(|moved| !moved.events.is_empty());
    Ok(())
}

/// Deleting or voiding a record ends its running flow.
async fn end(tx: &mut Tx, order: &Order, item: &Item) -> Result<Option<Moved>, Refusal> {
    let Some(Going { instance, state, flow }) = going(tx, order, item).await? else { return Ok(None) };
    let command = Command::Terminate { note: Note::default() };
    let mut moved = flows::decide(order, &flow, instance, &state, &command, Actor::System, &item.draft)?;
    // It needs no right to end approvals, and the log says who did it all the same.
    moved.events.iter_mut().for_each(|event| event.who = Some(order.caller.id()));
    Ok(Some(moved))
}
