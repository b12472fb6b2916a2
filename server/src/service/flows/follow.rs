//! What flows have to carry out because of a save, in its transaction: actions, flows that they start and stop, and parents
//! that go on when the flows that they wait for have ended (docs/decisions/0037).

use std::collections::VecDeque;

use engine::flow::{ChildState, Command, Effect, Note, State, Status, VisitState, Waiting, effects};
use engine::value::Id;
use futures::future::BoxFuture;
use store::Tx;
use store::instance::Instance;

use super::found::Found;
use super::instances::record_of;
use super::{children, perform};
use crate::service::designs::stored;
use crate::service::records::Order;
use crate::service::records::save::Saved;
use crate::service::{Cause, Refusal};

/// How far flows may start each other in one transaction, how often one of them goes on because another has ended, and how
/// much follows from a save at most: of one record, and for each thing that is to be done where it is a save of many.
const DEEPEST: u32 = 8;
const MOST_ENDS: u32 = 24;
const MOST: usize = 1_000;
const MOST_FOR_EACH: usize = 50;

/// Something that is to be done.
pub struct Todo {
    what: What,
    depth: u32,
}

enum What {
    /// Of an instance.
    Effect { instance: Id, effect: Effect },
    /// A flow has ended that another one has started.
    Ended { parent: Id, child: Id },
}

impl Todo {
    /// What a save leaves to be done, `depth` flows after the first.
    pub fn of(saved: &[Saved], depth: u32) -> impl Iterator<Item = Todo> {
        saved.iter().filter_map(|saved| saved.moved.as_ref()).flat_map(move |moved| {
            let (instance, parent) = (moved.instance.id, moved.instance.parent);
            let has_ended = moved.state.status.is_ended() && !moved.before.status.is_ended();
            let end = parent.filter(|_| has_ended).map(|parent| What::Ended { parent, child: instance });
            let effects = effects(&moved.events).into_iter();
            let all = effects.map(move |effect| What::Effect { instance, effect }).chain(end);
            all.map(move |what| Todo { what, depth })
        })
    }
}

/// Carries out what follows from saves of `order`, and makes what was saved known as it is then.
///
/// # Errors
/// What an action or a flow that is started refuses: then all of it is refused.
pub async fn follow(tx: &mut Tx, order: &Order, saved: &mut [Saved]) -> Result<(), Refusal> {
    let todo: VecDeque<Todo> = Todo::of(saved, 0).collect();
    if todo.is_empty() {
        return Ok(());
    }
    run(tx, order, todo, 0).await?;
    for one in saved {
        let Some(moved) = &mut one.moved else { continue };
        if let Some(instance) = Instance::find(tx, moved.instance.workspace, moved.instance.id).await? {
            moved.state = stored("instance", &instance.marking)?;
            moved.instance = instance;
        }
        one.record = record_of(tx, order, one.record.id).await?;
    }
    Ok(())
}

/// Does everything that is to be done, and what follows from it, on behalf of whoever `order` is for. `ends` flows have gone
/// on before, each because of the one before it.
///
/// # Errors
/// As [`follow`]; `flow_chain_too_long` where flows go on starting each other.
pub fn run<'t>(
    tx: &'t mut Tx,
    order: &'t Order,
    mut todo: VecDeque<Todo>,
    ends: u32,
) -> BoxFuture<'t, Result<(), Refusal>> {
    Box::pin(async move {
        let (mut done, most) = (0, MOST.max(todo.len() * MOST_FOR_EACH));
        while let Some(Todo { what, depth }) = todo.pop_front() {
            done += 1;
            if done > most || depth > DEEPEST {
                return Err(Refusal::conflict("flow_chain_too_long"));
            }
            match what {
                What::Effect { instance, effect } => {
                    let step = step_of(&effect);
                    let further = carry_out(tx, order, instance, effect, depth).await;
                    todo.extend(further.map_err(|refusal| at_step(step, refusal))?);
                }
                What::Ended { parent, child } => {
                    // A parent stands where it stood before it has started the other.
                    go_on(tx, order, (parent, child), depth.saturating_sub(1), ends + 1).await?;
                }
            }
        }
        Ok(())
    })
}

fn step_of(effect: &Effect) -> Option<String> {
    match effect {
        Effect::Perform { step, .. } | Effect::StartChild { step, .. } => Some(step.clone()),
        Effect::StopChild { .. } => None,
    }
}

/// A refusal of what a step of the flow does, for whoever has led there.
fn at_step(step: Option<String>, refusal: Refusal) -> Refusal {
    let Some(step) = step else { return refusal };
    let place = format!("steps.{step}");
    let faults = refusal.faults.into_iter().map(|fault| fault.under(&place)).collect();
    // What is gone is another form or record than the one that they asked for.
    let (cause, code) = match refusal.cause {
        Cause::Missing => (Cause::Conflict, "step_target_gone"),
        cause => (cause, refusal.code),
    };
    Refusal { faults, cause, code, ..refusal }.arg("step", &step).member("step", step.into())
}

async fn carry_out(
    tx: &mut Tx,
    order: &Order,
    instance: Id,
    effect: Effect,
    depth: u32,
) -> Result<Vec<Todo>, Refusal> {
    let me = order.caller.id();
    match effect {
        Effect::Perform { visit, step, members } => {
            let Some(found) = Found::lock(tx, order, instance, Some(me)).await? else {
                return Ok(Vec::new());
            };
            // Another arm may have been enough meanwhile.
            let is_active =
                |state: &State| state.visit(visit).is_some_and(|visit| visit.state == VisitState::Active);
            if !is_active(&found.state) {
                return Ok(Vec::new());
            }
            let made = perform::perform(tx, &found, (visit, &step), &members).await?;
            let Some(found) = Found::lock(tx, order, instance, Some(me)).await? else {
                return Ok(Vec::new());
            };
            let performed = found.give(tx, Command::Performed { visit }, Default::default()).await?;
            Ok(Todo::of(&made, depth + 1).chain(Todo::of(&performed, depth)).collect())
        }
        Effect::StartChild { step, record, instance: child, row, .. } => {
            // Whoever has asked for the parent asks for its children too.
            let Some(found) = Found::lock(tx, order, instance, None).await? else { return Ok(Vec::new()) };
            let started = children::start(tx, &found, &step, (record, child), row).await?;
            Ok(Todo::of(&started, depth + 1).collect())
        }
        Effect::StopChild { instance: child } => {
            let found = match Found::lock(tx, order, child, Some(me)).await {
                // A flow of a form that is gone goes on no more.
                Err(refusal) if refusal.cause == Cause::Missing => None,
                found => found?,
            };
            let going = |found: &Found| {
                let status = found.state.status;
                !status.is_ended() && status != Status::Draft
            };
            let Some(found) = found.filter(going) else { return Ok(Vec::new()) };
            let command = Command::Terminate { note: Note::default() };
            let stopped = found.give(tx, command, Default::default()).await?;
            Ok(Todo::of(&stopped, depth).collect())
        }
    }
}

/// Has a parent go on, where it waits for a flow that has ended. What that leads to may be refused; then the end stays as it
/// is, and it is tried again later.
///
/// # Errors
/// When it is nobody's fault.
pub async fn go_on(
    tx: &mut Tx,
    order: &Order,
    (parent, child): (Id, Id),
    depth: u32,
    ends: u32,
) -> Result<(), Refusal> {
    let found = match Found::lock(tx, order, parent, None).await {
        Err(refusal) if refusal.cause == Cause::Missing => None,
        found => found?,
    };
    let waits = |found: &Found| {
        let known = found.state.child(child);
        let is_waited = known.is_some_and(|known| known.waited && known.state == ChildState::Running);
        is_waited && !found.state.status.is_ended()
    };
    let Some(found) = found.filter(waits) else { return Ok(()) };
    let status = match Instance::find(tx, order.caller.workspace_id(), child).await? {
        Some(instance) => stored::<State>("instance", &instance.marking)?.status,
        // Its record was removed for good.
        None => Status::Terminated,
    };
    let there = found.order.clone();
    let outcome = tx
        .nested(move |tx| {
            Box::pin(async move {
                let order = found.order.clone();
                let fields = children::given_back(tx, &found, child).await?;
                let command = Command::ChildEnded { instance: child, status };
                if ends > MOST_ENDS {
                    // It goes on at another time, from there.
                    return Err(Refusal::conflict("flow_chain_too_long"));
                }
                let saved = found.give(tx, command, fields).await?;
                run(tx, &order, Todo::of(&saved, depth).collect(), ends).await
            })
        })
        .await?;
    or_later(tx, &there, parent, Waiting::Child(child), outcome).await
}

/// Notes what was refused, to be tried again later and shown to administrators.
///
/// # Errors
/// When it is nobody's fault.
pub async fn or_later(
    tx: &mut Tx,
    order: &Order,
    instance: Id,
    what: Waiting,
    outcome: Result<(), Refusal>,
) -> Result<(), Refusal> {
    let refusal = match outcome {
        Ok(()) => return Ok(()),
        Err(refusal) if matches!(refusal.cause, Cause::Internal | Cause::Busy | Cause::DiskFull) => {
            return Err(refusal);
        }
        Err(refusal) => refusal,
    };
    tracing::info!(%instance, ?what, %refusal, "a flow can't go on yet");
    let Some(found) = Found::lock(tx, order, instance, None).await? else { return Ok(()) };
    let document = refusal.document(order.caller.workspace.language);
    let reason = document.get("detail").and_then(|detail| detail.as_str()).unwrap_or(refusal.code);
    let command = Command::Failed { what, reason: reason.to_string() };
    found.give(tx, command, Default::default()).await.map(drop)
}
