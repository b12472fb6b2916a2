//! Instances: how one stands, what happened, and what can be done to it as a whole.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use engine::access::{Access, Operation};
use engine::flow::{
    Actor, Asked, Command, Flow, Note, OnRecord, Setting, State, ballots, lets_comment, lets_end,
    lets_reassign, reactivation_targets, what_comes_next,
};
use engine::record::Draft;
use engine::text::Label;
use engine::value::{Id, format_timestamp};
use store::instance::{Instance, InstanceState, Task, TaskKind};
use store::record::Record;
use store::{Reader, Tx};
use wire::flows::{Ballot, Instance as View, InstanceInput, InstanceTask, NextStep, Voter};

use super::attached::Attached;
use super::drawing::{drawing, reasons};
use super::tasks::{named_actions, offered, order_of};
use super::timeline;
use super::title::seen_title;
use super::waits::waits;
use super::words::{check_mentions, check_said};
use crate::service::answer::Answer;
use crate::service::apps::to_json;
use crate::service::designs::stored;
use crate::service::once::Key;
use crate::service::people::Caller;
use crate::service::records::history::visible;
use crate::service::records::save::{Act, Change, Saved, save};
use crate::service::records::{Order, read};
use crate::service::{Cause, Installation, Refusal, flows};

/// # Errors
/// Not found for who neither takes part nor may view the record.
pub async fn read_one(
    installation: &Installation,
    caller: &Caller,
    id: Id,
    log_before: Option<i64>,
) -> Result<(i64, View), Refusal> {
    let mut db = installation.store.read().await?;
    let instance = Instance::find(&mut db, caller.workspace_id(), id).await?.ok_or_else(Refusal::missing)?;
    let order = order_of(installation, caller, instance.form).await?;
    check_visible(&mut db, &order, &instance).await?;
    Ok((instance.version, view_from(&mut db, &order, &instance, log_before).await?))
}

/// Whether the caller may know of the instance: by a part in it, or by a group that shows its record.
///
/// # Errors
/// Not found.
pub async fn check_visible(db: &mut Reader, order: &Order, instance: &Instance) -> Result<(), Refusal> {
    if takes_part(db, order, instance).await? {
        return Ok(());
    }
    if !order.access.may(Operation::View) {
        return Err(Refusal::missing());
    }
    let record = read::find(db, order, instance.record).await?;
    record.map(drop).ok_or_else(Refusal::missing)
}

/// Whether the caller has or had a part in the instance: submitted it, is or was asked, or was told of it.
pub async fn takes_part(db: &mut Reader, order: &Order, instance: &Instance) -> Result<bool, Refusal> {
    let me = order.caller.id();
    Ok(instance.submitter == Some(me)
        || Task::concerns(db, order.caller.workspace_id(), instance.id, me).await?
        || !once_asked_at(instance, me)?.is_empty())
}

/// The steps at which a task was somebody's before it was handed on.
pub fn once_asked_at(instance: &Instance, member: Id) -> Result<Vec<String>, Refusal> {
    let state: State = stored("instance", &instance.marking)?;
    let theirs = state.tasks.into_iter().filter(|task| task.before.contains(&member));
    Ok(theirs.map(|task| task.step).collect())
}

/// How an instance stands, with the newest lines of its log.
pub async fn view(db: &mut Reader, order: &Order, instance: &Instance) -> Result<View, Refusal> {
    view_from(db, order, instance, None).await
}

/// As [`view`], with the lines of its log before one.
async fn view_from(
    db: &mut Reader,
    order: &Order,
    instance: &Instance,
    log_before: Option<i64>,
) -> Result<View, Refusal> {
    let workspace = order.caller.workspace_id();
    let state: State = stored("instance", &instance.marking)?;
    let flow = flows::version(db, order, instance.flow_version).await?;
    let tasks: Vec<Task> = Task::of_instance(db, workspace, instance.id)
        .await?
        .into_iter()
        .filter(|task| task.kind != TaskKind::Cc)
        .collect();
    let mut actions: Vec<String> = Vec::new();
    if engine::flow::check_withdrawal(&flow, &state, order.caller.id()).is_ok() {
        actions.push("withdraw".to_string());
    }
    let readable = readable(db, order, instance).await?;
    let title = seen_title(db, order, &flow, instance, &readable).await?;
    let due = tasks.iter().filter_map(|task| Some((task.id, task.due_at?))).collect();
    let (log, log_earlier) =
        timeline::page(db, order, instance, (&flow, &state, &due), &readable, log_before).await?;
    let mut next = Vec::new();
    if !state.status.is_ended() {
        let (steps, possible) = ahead(db, order, instance, &flow, &state).await?;
        next = steps;
        actions.extend(possible);
    }
    let reactivate_to = match state.status.is_ended() {
        true => reopened_at(db, order, instance, &flow, &state).await?,
        false => Vec::new(),
    };
    if !reactivate_to.is_empty() {
        actions.push("reactivate".to_string());
    }
    let newest = order.design()?.flow.as_ref().map_or(0, |(active, _)| *active);
    if order.is_administrator() && !state.status.is_ended() && instance.flow_version < newest {
        actions.push("migrate".to_string());
    }
    // Whoever sees it may say something about it.
    if lets_comment(&flow, &state) {
        actions.push("comment".to_string());
    }
    let mut mentioned: BTreeSet<Id> = tasks.iter().filter_map(|task| task.assignee).collect();
    mentioned.extend(instance.submitter);
    for line in &log {
        mentioned.extend(line.who.into_iter().chain(line.on_behalf_of).chain(line.members.iter().copied()));
        mentioned.extend(line.mentions.iter().copied());
    }
    mentioned.extend(tasks.iter().filter_map(|task| task.on_behalf_of));
    mentioned.extend(next.iter().flat_map(|step| step.people.iter().chain(step.on_behalf_of.values())));
    let people = &order.caller.people;
    let drawing = drawing(flow.document(), &state);
    let drawn = drawing.iter().flat_map(|step| &step.people);
    mentioned.extend(drawn.flat_map(|person| [person.member].into_iter().chain(person.on_behalf_of)));
    let ballots = votes(&flow, &state)?;
    let voters = ballots.iter().flat_map(|ballot| &ballot.voters);
    mentioned.extend(voters.flat_map(|voter| [voter.member].into_iter().chain(voter.on_behalf_of)));
    let labels = drawing.iter().map(|step| (step.key.clone(), step.label.clone())).collect();
    let changed = log.iter().flat_map(|line| line.changes.keys().chain(&line.marks));
    let label = |key: &String| Some((key.clone(), order.compiled.form.column(key)?.field.label.clone()));
    let field_labels = changed.filter_map(label).collect();
    Ok(View {
        id: instance.id,
        form: instance.form,
        record: instance.record,
        title,
        state: instance.state.key().to_string(),
        steps: state.current_steps().into_iter().map(str::to_string).collect(),
        submitter: instance.submitter,
        tasks: tasks
            .into_iter()
            .map(|task| InstanceTask {
                actions: offered(&flow, &state, task.id, order.caller.id()),
                id: task.id,
                step: task.step,
                assignee: task.assignee,
                state: task.state.key().to_string(),
                decision: task.decision,
                on_behalf_of: task.on_behalf_of,
                arrived: format_timestamp(task.arrived_at),
                due: task.due_at.map(format_timestamp),
            })
            .collect(),
        action_labels: named_at(&flow, &state, &actions, &reactivate_to),
        actions,
        reactivate_to,
        waits: waits(db, order, &state).await?,
        parent: instance.parent,
        log,
        log_earlier,
        flow_version: instance.flow_version,
        next,
        ballots,
        labels,
        field_labels,
        drawing,
        names: mentioned.into_iter().map(|id| (id.to_string(), people.name(id).to_string())).collect(),
    })
}

/// How the votes stand where several people decide.
fn votes(flow: &Flow, state: &State) -> Result<Vec<Ballot>, Refusal> {
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let mut told = Vec::new();
    for ballot in ballots(flow, state) {
        let mut voters = Vec::with_capacity(ballot.voters.len());
        for voter in ballot.voters {
            let vote = voter.vote.map(|vote| to_json(&vote)).transpose()?;
            voters.push(Voter {
                member: voter.asked.member,
                on_behalf_of: voter.asked.on_behalf_of,
                vote: vote.map(|vote| vote.trim_matches('"').to_string()),
                is_asked: voter.is_asked,
            });
        }
        let (needed, agreed) = (count(ballot.needed), count(ballot.agreed));
        told.push(Ballot { step: ballot.step, needed, agreed, voters });
    }
    Ok(told)
}

/// What the steps at which it waits, or can be opened again, call what is done to it as a whole; the first that has a name of its own
/// says it. To take it back is what its flow says, and no step.
fn named_at(flow: &Flow, state: &State, actions: &[String], again: &[String]) -> BTreeMap<String, Label> {
    let of_steps: Vec<String> = actions.iter().filter(|action| *action != "withdraw").cloned().collect();
    let reopens = ["reactivate".to_string()];
    let waiting = state.current_steps().into_iter().flat_map(|step| named_actions(flow, step, &of_steps));
    let over = again.iter().flat_map(|step| named_actions(flow, step, &reopens));
    let mut named = BTreeMap::new();
    for (action, label) in waiting.chain(over) {
        named.entry(action).or_insert(label);
    }
    named
}

/// The fields and columns that the caller may read on the instance's record, by groups or by their steps.
pub async fn readable(
    db: &mut Reader,
    order: &Order,
    instance: &Instance,
) -> Result<BTreeSet<String>, Refusal> {
    match read::visible_paths(db, order, instance.record).await {
        Ok((_, paths)) => Ok(paths),
        Err(refusal) if refusal.cause == Cause::Missing => Ok(BTreeSet::new()),
        Err(refusal) => Err(refusal),
    }
}

/// The steps that are still to come if everybody approves, and what the caller may do to a running instance besides
/// taking it back.
async fn ahead(
    db: &mut Reader,
    order: &Order,
    instance: &Instance,
    flow: &Arc<Flow>,
    state: &State,
) -> Result<(Vec<NextStep>, Vec<String>), Refusal> {
    let Ok(record) = record_of(db, order, instance.record).await else { return Ok(Default::default()) };
    let draft = draft_of(db, order, flow, &record).await?;
    let people = flows::directory(order, order.design()?);
    let source = draft.source(None);
    let subject = OnRecord {
        form: &order.compiled.form,
        catalogue: &*order.designs,
        source: &source,
        context: &order.context,
    };
    let calendar = order.calendar();
    let setting = Setting { now: order.now(), people: &people, record: &subject, calendar: &calendar };
    let stops = what_comes_next(flow, state, &setting).unwrap_or_default();
    // Where somebody works already is not still to come.
    let now = state.current_steps();
    let with_people =
        stops.into_iter().filter(|stop| !stop.people.is_empty() && !now.contains(&stop.step.as_str()));
    let mut because = reasons(flow.document());
    let next = with_people
        .map(|stop| NextStep {
            because: because.remove(&stop.step),
            step: stop.step,
            on_behalf_of: stood_in_for(&stop.people),
            people: stop.people.into_iter().map(|asked| asked.member).collect(),
        })
        .collect();
    let may = |operation| order.access.may_on(operation, &source, &order.context);
    let actor = Actor::Member(order.caller.id());
    let urges = flows::decide(order, flow, instance.clone(), state, &Command::Urge, actor, &draft).is_ok();
    let possible = [
        ("urge", urges),
        ("terminate", may(Operation::Terminate) && lets_end(flow, state)),
        ("reassign", may(Operation::ReassignTask) && lets_reassign(flow, state)),
    ];
    let possible = possible.into_iter().filter(|(_, may)| *may).map(|(action, _)| action.to_string());
    Ok((next, possible.collect()))
}

/// For whom some of these stand in, by their ids.
pub(super) fn stood_in_for(people: &[Asked]) -> BTreeMap<String, Id> {
    people.iter().filter_map(|asked| Some((asked.member.to_string(), asked.on_behalf_of?))).collect()
}

/// The steps at which the caller may open an instance again that is over, the nearest first.
async fn reopened_at(
    db: &mut Reader,
    order: &Order,
    instance: &Instance,
    flow: &Arc<Flow>,
    state: &State,
) -> Result<Vec<String>, Refusal> {
    let Ok(record) = record_of(db, order, instance.record).await else { return Ok(Vec::new()) };
    if may_go_on(db, order, instance, &record).await.is_err() {
        return Ok(Vec::new());
    }
    let draft = draft_of(db, order, flow, &record).await?;
    let may = order.access.may_on(Operation::Reactivate, &draft.source(None), &order.context);
    let steps = reactivation_targets(flow, state).into_iter().filter(|_| may);
    Ok(steps.map(str::to_string).collect())
}

/// Whether an instance that is over could go on: its record is there, and in no other approval.
///
/// # Errors
/// `record_deleted`; `already_running` where the record is in another one.
async fn may_go_on(
    db: &mut Reader,
    order: &Order,
    instance: &Instance,
    record: &Record,
) -> Result<(), Refusal> {
    if record.system.deleted_at.is_some() || record.system.voided_at.is_some() {
        return Err(Refusal::conflict("record_deleted"));
    }
    let newest = record.system.instance.filter(|newest| *newest != instance.id);
    let states = Instance::states(db, order.caller.workspace_id(), newest.as_slice()).await?;
    let goes = |state: &InstanceState| matches!(state, InstanceState::Running | InstanceState::Withdrawn);
    if states.values().any(goes) { Err(Refusal::conflict("already_running")) } else { Ok(()) }
}

/// A record for work that looks at it whoever asks.
pub async fn record_of(db: &mut Reader, order: &Order, id: Id) -> Result<Record, Refusal> {
    let access = Access::system("the record of a flow's instance");
    let record = store::record::get(db, &access, order.table(), id, &order.context).await?;
    record.ok_or_else(Refusal::missing)
}

/// The record as its flow reads it.
async fn draft_of(db: &mut Reader, order: &Order, flow: &Flow, record: &Record) -> Result<Draft, Refusal> {
    let reads = flows::link_reads(order, flow);
    let around = order.around(db, std::slice::from_ref(record), &reads).await?;
    Ok(order.draft_of(record, &around))
}

/// Whether the flow would refuse an action, before anything is read from its fields: that a task is somebody else's is
/// said before what is wrong with the fields.
pub async fn dry_run(db: &mut Reader, order: &Order, act: &Act) -> Result<(), Refusal> {
    let record = record_of(db, order, act.record).await?;
    let draft = draft_of(db, order, &act.flow, &record).await?;
    let instance = act.instance.clone();
    flows::decide(order, &act.flow, instance, &act.state, &act.command, act.actor, &draft).map(drop)
}

/// The instance as it was stored by a save.
pub async fn reread(tx: &mut Tx, caller: &Caller, saved: Vec<Saved>) -> Result<Instance, Refusal> {
    let moved = saved.into_iter().next().and_then(|saved| saved.moved).ok_or_else(Refusal::missing)?;
    Instance::find(tx, caller.workspace_id(), moved.instance.id).await?.ok_or_else(Refusal::missing)
}

/// The first answer to a request about an instance, for who sends it again: what they may still read of it.
///
/// # Errors
/// Not found for who may no longer know of the instance.
pub async fn told_again(
    installation: &Installation,
    tx: &mut Tx,
    caller: &Caller,
    first: Answer,
) -> Result<Answer, Refusal> {
    let mut view: View = serde_json::from_str(&first.body).map_err(Refusal::internal)?;
    let instance = Instance::find(tx, caller.workspace_id(), view.id).await?.ok_or_else(Refusal::missing)?;
    let order = order_of(installation, caller, instance.form).await?;
    check_visible(tx, &order, &instance).await?;
    let readable = readable(tx, &order, &instance).await?;
    let flow = flows::version(tx, &order, instance.flow_version).await?;
    view.title = seen_title(tx, &order, &flow, &instance, &readable).await?;
    for line in &mut view.log {
        line.changes = visible(std::mem::take(&mut line.changes), &readable);
        line.marks.retain(|path| readable.contains(path));
    }
    view.field_labels.retain(|path, _| path.starts_with('$') || readable.contains(path));
    let body = serde_json::to_string(&view).map_err(Refusal::internal)?;
    Ok(Answer { body, ..first })
}

/// Carries out an action on the instance as a whole. To go on with another version is a job.
///
/// # Errors
/// Not found for an instance that the caller can't see; the flow's refusals.
pub async fn act(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    (id, action): (Id, String),
    input: InstanceInput,
) -> Result<Answer, Refusal> {
    if action == "migrate" {
        return super::migrate::one(installation, caller, key, id, input).await;
    }
    let (parts, actor) = (installation.clone(), caller.clone());
    let (there, asking) = (installation.clone(), caller.clone());
    installation
        .act_or_tell(
            caller,
            key,
            move |tx| {
                Box::pin(async move {
                    let actor = actor.informed(&parts, tx).await?;
                    let workspace = actor.workspace_id();
                    let instance = Instance::find(tx, workspace, id).await?.ok_or_else(Refusal::missing)?;
                    let order = order_of(&parts, &actor, instance.form).await?.newest(tx).await?;
                    store::record::lock(tx, &order.access, order.table(), &[instance.record]).await?;
                    let instance = Instance::lock(tx, workspace, id).await?.ok_or_else(Refusal::missing)?;
                    check_visible(tx, &order, &instance).await?;
                    check_said(input.opinion.as_deref(), "opinion")?;
                    check_said(input.text.as_deref(), "text")?;
                    check_mentions(&actor, &input.mentions)?;
                    let attached = Attached { files: input.files.clone(), ..Attached::default() };
                    let command = command(&action, input)?;
                    if !matches!(command, Command::Comment { .. }) {
                        attached.refuse()?;
                    }
                    if matches!(command, Command::Reactivate { .. }) {
                        let record = record_of(tx, &order, instance.record).await?;
                        may_go_on(tx, &order, &instance, &record).await?;
                    }
                    attached.hold(tx, &actor, instance.form, instance.record).await?;
                    let act = Act {
                        record: instance.record,
                        step: None,
                        fields: Default::default(),
                        maps: false,
                        actor: Actor::Member(actor.id()),
                        state: stored("instance", &instance.marking)?,
                        flow: flows::version(tx, &order, instance.flow_version).await?,
                        instance,
                        command,
                    };
                    let saved = save(tx, &order, vec![Change::Act(Box::new(act))]).await?;
                    let instance = reread(tx, &actor, saved).await?;
                    attached.lay(tx, &actor, &instance).await?;
                    Ok(Answer::done(&view(tx, &order, &instance).await?)?.version(instance.version))
                })
            },
            move |tx, first| Box::pin(async move { told_again(&there, tx, &asking, first).await }),
        )
        .await
}

fn command(action: &str, input: InstanceInput) -> Result<Command, Refusal> {
    let required =
        |member: Option<Id>, name: &'static str| member.ok_or_else(|| Refusal::fault(name, "required"));
    Ok(match action {
        "withdraw" => Command::Withdraw,
        "urge" => Command::Urge,
        "terminate" => Command::Terminate { note: Note { opinion: input.opinion, signature: None } },
        "reassign" => {
            Command::Reassign { task: required(input.task, "task")?, to: required(input.to, "to")? }
        }
        "comment" => Command::Comment { text: input.text.unwrap_or_default(), mentions: input.mentions },
        "reactivate" => {
            let step = input.step.ok_or_else(|| Refusal::fault("step", "required"))?;
            Command::Reactivate { step }
        }
        _ => return Err(Refusal::missing()),
    })
}
