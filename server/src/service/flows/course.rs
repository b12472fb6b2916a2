//! One command on one instance: decided by the engine, stored with its tasks and its log.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use engine::access::Operation;
use engine::condition::Reach;
use engine::flow::{
    Actor, Change, Command, Context, Event, Flow, InForm, OnRecord, Powers, RefusalCode, State, Status,
    StepKind, TaskState, apply,
};
use engine::record::Draft;
use engine::value::{Id, Timestamp};
use store::due::Due;
use store::flow::FlowVersion;
use store::instance::{Instance, InstanceState, LogEntry, Task, TaskKind};
use store::member::Member;
use store::record::Record;
use store::{Tx, ids};

use super::directory;
use super::notices::deliver;
use super::timeline;
use super::title::title_of;
use super::visits::store_visits;
use crate::service::apps::to_json;
use crate::service::designs::stored_flow;
use crate::service::live_events;
use crate::service::records::Order;
use crate::service::{Cause, Refusal};

/// Tasks that are read one by one; more of one instance, all at once.
const FEW: usize = 4;

/// What a command did to an instance.
#[derive(Clone, Debug)]
pub struct Moved {
    pub instance: Instance,
    pub flow: Arc<Flow>,
    pub before: State,
    pub state: State,
    pub events: Vec<Event>,
    /// The instance is new.
    pub is_new: bool,
}

/// What a flow reads of a record through links: a draft that it is asked about knows these records.
pub fn link_reads(order: &Order, flow: &Flow) -> Vec<Reach> {
    InForm { form: &order.compiled.form, catalogue: &*order.designs }.link_reads(flow)
}

/// Decides a command on the record as `draft` has it, which knows what the flow reads through links ([`link_reads`]).
///
/// # Errors
/// The flow's refusal.
pub fn decide(
    order: &Order,
    flow: &Arc<Flow>,
    instance: Instance,
    before: &State,
    command: &Command,
    actor: Actor,
    draft: &Draft,
) -> Result<Moved, Refusal> {
    let design = order.design()?;
    let people = directory(order, design);
    let source = draft.source(None);
    let record = OnRecord {
        form: &order.compiled.form,
        catalogue: &*order.designs,
        source: &source,
        context: &order.context,
    };
    let mut new_ids = std::iter::repeat_with(ids::next);
    let may = |operation| order.access.may_on(operation, &source, &order.context);
    let mut context = Context {
        now: order.now(),
        actor,
        powers: Powers {
            urge: order.is_administrator(),
            terminate: may(Operation::Terminate),
            reassign: may(Operation::ReassignTask),
            reactivate: may(Operation::Reactivate),
            migrate: order.is_administrator(),
        },
        people: &people,
        record: &record,
        calendar: &order.calendar(),
        ids: &mut new_ids,
    };
    let events = engine::flow::decide(flow, before, command, &mut context).map_err(refused)?;
    let mut state = before.clone();
    for event in &events {
        apply(&mut state, event);
    }
    let is_new = before.status == Status::Draft;
    Ok(Moved { instance, flow: flow.clone(), before: before.clone(), state, events, is_new })
}

impl Moved {
    /// What the assignees of tasks that came and went should hear, those too who have lost one, those whom a deadline
    /// reminds, and those who are let know of it.
    pub fn news(&self) -> Vec<live_events::Event> {
        let reminded: BTreeSet<Id> = self
            .events
            .iter()
            .filter_map(|event| match &event.change {
                Change::Reminded { tasks, .. } => Some(tasks),
                _ => None,
            })
            .flatten()
            .copied()
            .collect();
        let informed: BTreeSet<Id> = self
            .events
            .iter()
            .filter_map(|event| match &event.change {
                Change::Informed { members, .. } | Change::Copied { members, .. } => Some(members),
                _ => None,
            })
            .flatten()
            .copied()
            .collect();
        let told = informed.into_iter().map(|member| live_events::Event::Notice { member: Some(member) });
        let instance = self.instance.id;
        let of_tasks = self
            .with_before()
            .filter(|(task, before)| *before != Some(*task) || reminded.contains(&task.id))
            .flat_map(|(task, before)| {
                let lost = before.map(|before| before.assignee).filter(|lost| *lost != task.assignee);
                let concerned = std::iter::once(task.assignee).chain(lost);
                concerned.map(move |assignee| live_events::Event::Task { task: task.id, instance, assignee })
            });
        of_tasks.chain(told).collect()
    }

    /// The tasks, each with what it was before. Tasks are only ever added behind the others.
    fn with_before(&self) -> impl Iterator<Item = (&engine::flow::Task, Option<&engine::flow::Task>)> {
        let tasks = self.state.tasks.iter().enumerate();
        tasks.map(|(place, task)| (task, self.before.tasks.get(place)))
    }

    /// By when an open task waits to be decided; none for one that is not, or waits without an end.
    fn due(&self, state: &State, task: &engine::flow::Task) -> Option<Timestamp> {
        (task.state == TaskState::Open).then(|| self.flow.due(state, task.visit)).flatten().map(micros)
    }

    /// The tasks that are another than before, or due at another moment.
    fn changed_tasks(&self) -> impl Iterator<Item = &engine::flow::Task> {
        let is_moved =
            |task: &engine::flow::Task| self.due(&self.before, task) != self.due(&self.state, task);
        let changed =
            self.with_before().filter(move |(task, before)| *before != Some(*task) || is_moved(task));
        changed.map(|(task, _)| task)
    }

    /// The version of the flow that the instance runs from now on.
    fn version(&self) -> i64 {
        let moves = self.events.iter().rev().find_map(|event| match &event.change {
            Change::Migrated { version, .. } => Some(*version),
            _ => None,
        });
        moves.unwrap_or(self.instance.flow_version)
    }

    /// How the instance stands, as the answer to who started it.
    pub fn view(&self) -> wire::records::InstanceState {
        wire::records::InstanceState {
            id: self.instance.id,
            state: self.state.status.key().to_string(),
            steps: self.state.current_steps().into_iter().map(str::to_string).collect(),
        }
    }
}

/// Stores an instance with its tasks and its log, beside its record.
pub async fn store_moved(tx: &mut Tx, order: &Order, record: &Record, moved: &Moved) -> Result<(), Refusal> {
    let mut instance = moved.instance.clone();
    instance.marking = to_json(&moved.state)?;
    instance.state = match moved.state.status {
        Status::Draft | Status::Running => InstanceState::Running,
        Status::Withdrawn => InstanceState::Withdrawn,
        Status::Approved => InstanceState::Approved,
        Status::Rejected => InstanceState::Rejected,
        Status::Terminated => InstanceState::Terminated,
    };
    instance.title = title_of(tx, order, &moved.flow, record).await?;
    instance.flow_version = moved.version();
    // What is said afterwards does not make the end a later one.
    instance.ended_at =
        moved.state.status.is_ended().then(|| instance.ended_at.unwrap_or_else(|| order.now()));
    instance.version += 1;
    if moved.is_new {
        instance.insert(tx).await?;
    } else {
        instance.update(tx).await?;
    }
    store_tasks(tx, order, &instance, moved).await?;
    store_visits(tx, &instance, moved).await?;
    let due = moved.state.next_due();
    if due != moved.before.next_due() {
        Due::set(tx, instance.workspace, instance.id, due).await?;
    }
    let behalf: BTreeMap<Id, Id> =
        moved.state.tasks.iter().filter_map(|task| Some((task.id, task.on_behalf_of?))).collect();
    let first = match moved.is_new {
        true => 0,
        false => LogEntry::next_seq(tx, instance.workspace, instance.id).await?,
    };
    let mut entries = Vec::with_capacity(moved.events.len());
    for (seq, event) in (first..).zip(&moved.events) {
        let on_behalf_of = match &event.change {
            Change::Decided { task, .. } => behalf.get(task).copied(),
            _ => None,
        };
        entries.push(LogEntry {
            workspace: instance.workspace,
            instance: instance.id,
            seq,
            at: event.at,
            who: event.who,
            on_behalf_of,
            event: timeline::written(event, &moved.state)?,
            attached: None,
        });
    }
    LogEntry::insert_all(tx, &entries).await?;
    let count = i64::try_from(moved.events.len()).unwrap_or_default();
    if order.triggers && count > 0 {
        deliver::leave(tx, &instance, (first, first + count - 1), order.now()).await?;
    }
    Ok(())
}

/// Whoever gets a task stays until it is stored: a member who leaves at this moment either has it handed over with the others, or
/// is not asked any more.
async fn keep_there(tx: &mut Tx, order: &Order, instance: &Instance, moved: &Moved) -> Result<(), Refusal> {
    let given = moved.with_before().filter(|(task, before)| {
        let had = before.filter(|before| before.state == TaskState::Open).map(|before| before.assignee);
        task.state == TaskState::Open && had != Some(task.assignee)
    });
    let people = &order.caller.people;
    let given = given.filter_map(|(task, _)| task.assignee).filter(|member| people.is_active(*member));
    Ok(Member::hold_there(tx, instance.workspace, &given.collect()).await?)
}

async fn store_tasks(tx: &mut Tx, order: &Order, instance: &Instance, moved: &Moved) -> Result<(), Refusal> {
    keep_there(tx, order, instance, moved).await?;
    let changed: Vec<&engine::flow::Task> = moved.changed_tasks().collect();
    let is_old = |task: &engine::flow::Task| task.opened <= moved.before.turn;
    let at_once = changed.iter().filter(|task| is_old(task)).count() > FEW;
    let mut all: BTreeMap<Id, Task> = BTreeMap::new();
    if at_once {
        let found = Task::of_instance(tx, instance.workspace, instance.id).await?;
        all.extend(found.into_iter().map(|task| (task.id, task)));
    }
    let mut new = Vec::new();
    for task in changed {
        let known = match (is_old(task), at_once) {
            (true, true) => all.remove(&task.id),
            (true, false) => Task::find(tx, instance.workspace, task.id).await?,
            (false, _) => None,
        };
        let is_open = task.state == TaskState::Open;
        let is_known = known.is_some();
        // What is noted later about a decision does not make it a later one.
        let decided_at = known.as_ref().and_then(|known| known.decided_at);
        let row = Task {
            workspace: instance.workspace,
            id: task.id,
            instance: instance.id,
            form: instance.form,
            record: instance.record,
            step: task.step.clone(),
            // A step that another version does not have was what it was.
            kind: known.as_ref().map_or_else(|| kind_of(&moved.flow, &task.step), |known| known.kind),
            assignee: task.assignee,
            on_behalf_of: task.on_behalf_of,
            state: match task.state {
                TaskState::Open => store::instance::TaskState::Open,
                TaskState::Done => store::instance::TaskState::Done,
                TaskState::Cancelled => store::instance::TaskState::Cancelled,
            },
            decision: task
                .decision
                .map(|decision| to_json(&decision).map(|text| text.trim_matches('"').to_string()))
                .transpose()?,
            arrived_at: micros(task.arrived),
            // What was decided keeps the moment by which it had to be.
            due_at: match is_open {
                true => moved.due(&moved.state, task),
                false => known.as_ref().and_then(|known| known.due_at),
            },
            decided_at: (!is_open).then(|| decided_at.unwrap_or_else(|| order.now())),
            // What its assignee had put aside is used up or dropped with the decision, and is nobody else's to go on with.
            kept: known
                .filter(|known| is_open && known.assignee == task.assignee)
                .and_then(|known| known.kept),
        };
        if is_known {
            row.update(tx).await?;
        } else {
            new.push(row);
        }
    }
    rename_copies(tx, instance, moved).await?;
    for event in &moved.events {
        let (Change::Informed { step, members, .. } | Change::Copied { step, members }) = &event.change
        else {
            continue;
        };
        for member in members {
            new.push(Task {
                workspace: instance.workspace,
                id: ids::next(),
                instance: instance.id,
                form: instance.form,
                record: instance.record,
                step: step.clone(),
                kind: TaskKind::Cc,
                assignee: Some(*member),
                on_behalf_of: None,
                state: store::instance::TaskState::Open,
                decision: None,
                arrived_at: order.now(),
                due_at: None,
                decided_at: None,
                kept: None,
            });
        }
    }
    Ok(Task::insert_all(tx, &new).await?)
}

/// What people were told of goes by the key that its step has in the version with which the instance goes on: under the old
/// one another step may be found there, with other fields.
async fn rename_copies(tx: &mut Tx, instance: &Instance, moved: &Moved) -> Result<(), Refusal> {
    if !moved.events.iter().any(|event| matches!(event.change, Change::Migrated { .. })) {
        return Ok(());
    }
    for mut row in Task::of_instance(tx, instance.workspace, instance.id).await? {
        if row.kind != TaskKind::Cc {
            continue;
        }
        let stay = moved.before.numbered().filter(|(_, visit)| visit.step == row.step).last();
        let now = stay.and_then(|(id, _)| moved.state.visit(id)).map(|visit| visit.step.clone());
        if let Some(now) = now.filter(|now| *now != row.step) {
            row.step = now;
            row.update(tx).await?;
        }
    }
    Ok(())
}

fn micros(at: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(at.as_microsecond()).unwrap_or(at)
}

fn kind_of(flow: &Flow, step: &str) -> TaskKind {
    match flow.kind(step) {
        Some(StepKind::Start) => TaskKind::Start,
        Some(StepKind::Fill) => TaskKind::Fill,
        Some(StepKind::Cc) => TaskKind::Cc,
        Some(
            StepKind::Approve
            | StepKind::Branch
            | StepKind::Parallel
            | StepKind::Subflow
            | StepKind::Action
            | StepKind::Delay,
        )
        | None => TaskKind::Approve,
    }
}

/// A version of the form's flow: running instances stay on theirs.
pub async fn version(db: &mut store::Reader, order: &Order, version: i64) -> Result<Arc<Flow>, Refusal> {
    if let Some((active, flow)) = &order.design()?.flow
        && *active == version
    {
        return Ok(flow.clone());
    }
    let found = FlowVersion::find(db, order.caller.workspace_id(), order.form, version).await?;
    let found = found.ok_or_else(|| Refusal::internal(format!("flow version {version} is missing")))?;
    Ok(Arc::new(stored_flow(&found.document)?))
}

/// The flow's refusal as one of ours.
pub fn refused(refusal: engine::flow::Refusal) -> Refusal {
    let cause = match refusal.code {
        RefusalCode::NotYours
        | RefusalCode::NotSubmitter
        | RefusalCode::NotAllowed
        | RefusalCode::ActionOff
        | RefusalCode::WithdrawOff => Cause::Forbidden,
        RefusalCode::NoSuchTask => Cause::Missing,
        RefusalCode::AlreadyStarted
        | RefusalCode::NotStarted
        | RefusalCode::Ended
        | RefusalCode::TaskClosed
        | RefusalCode::WrongAction
        | RefusalCode::AlreadyAssigned
        | RefusalCode::OwnRequest
        | RefusalCode::Loop
        | RefusalCode::AlreadyWithdrawn
        | RefusalCode::AlreadyDecided
        | RefusalCode::TooLate
        | RefusalCode::NotDecided
        | RefusalCode::UrgedRecently
        | RefusalCode::NobodyWaiting
        | RefusalCode::WaitsForAdded
        | RefusalCode::AddedTask
        | RefusalCode::NotEnded
        | RefusalCode::Unmappable
        | RefusalCode::TimerClosed
        | RefusalCode::NotDue
        | RefusalCode::ChildClosed => Cause::Conflict,
        RefusalCode::OpinionRequired
        | RefusalCode::OpinionOff
        | RefusalCode::SignatureRequired
        | RefusalCode::SignatureOff
        | RefusalCode::UnknownStep
        | RefusalCode::TargetNotPassed
        | RefusalCode::TargetNotAllowed
        | RefusalCode::SelfTransfer
        | RefusalCode::PersonLeft
        | RefusalCode::CommentEmpty
        | RefusalCode::NotChoosable
        | RefusalCode::NobodyNamed
        | RefusalCode::TooManyChildren => Cause::Invalid,
        RefusalCode::Inconsistent => Cause::Internal,
    };
    Refusal { args: refusal.args, ..Refusal::new(cause, refusal.code.key()) }
}
