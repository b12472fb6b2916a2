//! What an event does to the state. Nothing is decided here.

use std::collections::BTreeMap;

use super::event::{Change, Event};
use super::state::{
    AddMode, ArmRun, ArmState, Automatic, Decision, Detour, Reopening, State, Status, Task, TaskState,
    Unattended, Visit, VisitId, VisitState,
};
use super::waiting::{Child, ChildState, Failure, Timer, TimerId, TimerState, Waiting};
use crate::value::Id;

/// Carries one event of the log out on the state.
///
/// An event that does not fit the state (it can't come from [`decide`](super::decide())) leaves out what it
/// does not find.
pub fn apply(state: &mut State, event: &Event) {
    state.turn = event.turn;
    attend(state, event);
    match &event.change {
        Change::Started { submitter } => {
            state.status = Status::Running;
            state.submitter = Some(*submitter);
            state.submitted = event.turn;
        }
        Change::Resubmitted => {
            state.status = Status::Running;
            state.submitted = event.turn;
        }
        Change::Chose { step, members } => {
            state.chosen.insert(step.clone(), members.clone());
        }
        Change::Entered { visit: _, step, within, after, people } => {
            if let Some(within) = within {
                set_arm(state, within.block, &within.arm, ArmState::Running);
            }
            state.visits.push(Visit {
                step: step.clone(),
                within: within.clone(),
                after: *after,
                people: people.clone(),
                arms: Vec::new(),
                state: VisitState::Active,
                entered_at: event.at,
                left_at: None,
                opened: event.turn,
                reopened: Vec::new(),
                closed: None,
                joined: Vec::new(),
                detour: None,
                aside: false,
            });
        }
        Change::Split { visit, arms, .. } => {
            if let Some(visit) = visit_mut(state, *visit) {
                visit.arms =
                    arms.iter().map(|arm| ArmRun { arm: arm.clone(), state: ArmState::Running }).collect();
            }
        }
        Change::ArmDone { visit, arm, .. } => set_arm(state, *visit, arm, ArmState::Done),
        Change::Opened { task, visit, step, assignee, on_behalf_of, added } => state.tasks.push(Task {
            id: *task,
            visit: *visit,
            step: step.clone(),
            assignee: *assignee,
            on_behalf_of: *on_behalf_of,
            state: TaskState::Open,
            decision: None,
            automatic: None,
            arrived: event.at,
            opened: event.turn,
            closed: None,
            transfers: 0,
            before: Vec::new(),
            urged: None,
            added: *added,
            to_add: Vec::new(),
        }),
        Change::Decided { task, decision, automatic, .. } => {
            if let Some(task) = task_mut(state, *task) {
                task.state = TaskState::Done;
                task.decision = Some(*decision);
                task.automatic = *automatic;
                task.closed = Some(event.turn);
            }
            if matches!(decision, Decision::Returned) {
                note_return(state, event.turn);
            }
        }
        Change::Cancelled { task, .. } => {
            if let Some(task) = task_mut(state, *task) {
                task.state = TaskState::Cancelled;
                task.closed = Some(event.turn);
            }
        }
        Change::Left { visit, state: left, .. } => {
            // A deadline returns without a decision of anybody's.
            if matches!(left, VisitState::Rejected | VisitState::Returned) {
                note_return(state, event.turn);
            }
            if let Some(visit) = visit_mut(state, *visit) {
                visit.state = *left;
                if *left == VisitState::Passed {
                    end_arms(visit, ArmState::Cancelled);
                }
                visit.left_at = Some(event.at);
                visit.closed = Some(event.turn);
            }
            // Nothing waits for a time at a step that is over.
            for timer in state.timers.iter_mut().filter(|timer| timer.visit == *visit) {
                if timer.state == TimerState::Waiting {
                    timer.state = TimerState::Cancelled;
                    timer.closed = Some(event.turn);
                }
            }
        }
        Change::Transferred { task, to, .. } => {
            if let Some(task) = task_mut(state, *task) {
                task.before.extend(task.assignee.replace(*to));
                task.on_behalf_of = None;
                task.transfers += 1;
            }
        }
        Change::Reassigned { task, to, .. } | Change::Escalated { task, to, .. } => {
            if let Some(task) = task_mut(state, *task) {
                task.before.extend(task.assignee.replace(*to));
                task.on_behalf_of = None;
            }
        }
        Change::Held { task, .. } => {
            if let Some(task) = task_mut(state, *task) {
                task.before.extend(task.assignee.take());
                task.on_behalf_of = None;
            }
        }
        Change::Delegated { task, from, to, .. } => {
            if let Some(task) = task_mut(state, *task) {
                task.before.extend(task.assignee.replace(*to));
                task.on_behalf_of = Some(*from);
            }
        }
        Change::SignAdded { task, mode, members, .. } => {
            if let (AddMode::After, Some(task)) = (mode, task_mut(state, *task)) {
                task.to_add.extend(members.iter().copied());
            }
        }
        Change::Joined { visit, place, people, members, .. } => {
            if let Some(visit) = visit_mut(state, *visit) {
                let place = (*place as usize).min(visit.people.len());
                drop(visit.people.splice(place..place, people.iter().copied()));
                visit.joined.extend(members.iter().copied());
            }
        }
        Change::Detoured { visit, from, reads, .. } => {
            if let Some(visit) = visit_mut(state, *visit) {
                visit.detour = Some(Detour { from: *from, reads: reads.clone() });
            }
        }
        Change::WentDirect { visit, .. } => {
            state.settled = event.turn;
            if let Some(visit) = visit_mut(state, *visit) {
                visit.aside = true;
            }
        }
        Change::Reactivated { .. } => {
            state.status = Status::Running;
            note_return(state, event.turn);
            state.settled = event.turn;
        }
        Change::Migrated { steps, visits, .. } => {
            state.settled = event.turn;
            state.visits.iter_mut().for_each(|visit| visit.detour = None);
            rename(state, steps, visits);
        }
        Change::Scheduled { visit, step, rule, due, .. } => state.timers.push(Timer {
            visit: *visit,
            step: step.clone(),
            rule: *rule,
            due: *due,
            state: TimerState::Waiting,
            closed: None,
            failed: None,
        }),
        Change::Rescheduled { timer, due, .. } => {
            if let Some(timer) = timer_mut(state, *timer) {
                timer.due = *due;
                timer.failed = None;
            }
        }
        Change::Fired { timer, .. } => close_timer(state, *timer, TimerState::Fired, event.turn),
        Change::Unscheduled { timer, .. } => close_timer(state, *timer, TimerState::Cancelled, event.turn),
        Change::ChildStarted { instance, record, visit, step, row, waited, .. } => {
            state.children.push(Child {
                instance: *instance,
                record: *record,
                visit: *visit,
                step: step.clone(),
                row: *row,
                waited: *waited,
                state: ChildState::Running,
                outcome: None,
                closed: None,
                failed: None,
            })
        }
        Change::ChildEnded { instance, status, .. } => {
            if let Some(child) = child_mut(state, *instance) {
                child.state = ChildState::Ended;
                child.outcome = Some(*status);
                child.closed = Some(event.turn);
                child.failed = None;
            }
        }
        Change::ChildStopped { instance, .. } => {
            if let Some(child) = child_mut(state, *instance) {
                child.state = ChildState::Stopped;
                child.closed = Some(event.turn);
                child.failed = None;
            }
        }
        Change::Failed { what, reason, retry, .. } => {
            let failed = match what {
                Waiting::Timer(id) => timer_mut(state, *id).map(|timer| &mut timer.failed),
                Waiting::Child(id) => child_mut(state, *id).map(|child| &mut child.failed),
            };
            if let Some(failed) = failed {
                let attempts = failed.as_ref().map_or(0, |failed| failed.attempts) + 1;
                *failed = Some(Failure { reason: reason.clone(), attempts, retry: *retry });
            }
        }
        Change::Reopened { visit, .. } => {
            if let Some(visit) = visit_mut(state, *visit) {
                visit.reopened.push(Reopening { turn: event.turn, closed: visit.closed });
            }
            activate(state, *visit);
        }
        Change::Resumed { visit, .. } => activate(state, *visit),
        Change::ClosedAgain { visit, .. } => {
            if let Some(visit) = visit_mut(state, *visit) {
                end_arms(visit, ArmState::Done);
                visit.state = VisitState::Passed;
                visit.left_at = Some(event.at);
                visit.closed = visit.reopened.pop().and_then(|reopening| reopening.closed);
            }
        }
        Change::TakenBack { task, .. } => {
            forget_return(state, *task);
            open_again(state, *task);
        }
        Change::Restored { task, .. } => open_again(state, *task),
        Change::Withdrawn => {
            state.status = Status::Withdrawn;
            note_return(state, event.turn);
        }
        Change::Urged { tasks, .. } => {
            for id in tasks {
                if let Some(task) = task_mut(state, *id) {
                    task.urged = Some(event.at);
                }
            }
        }
        Change::Ended { status, .. } => state.status = *status,
        Change::Copied { members, .. } => {
            for member in members {
                if !state.copied.contains(member) {
                    state.copied.push(*member);
                }
            }
        }
        Change::Informed { .. }
        | Change::Reminded { .. }
        | Change::Performing { .. }
        | Change::Commented { .. }
        | Change::Edited => {}
    }
}

/// It was sent back in this turn.
fn note_return(state: &mut State, turn: u32) {
    if state.returned != turn {
        state.returned_before = state.returned;
        state.returned = turn;
    }
}

/// What was approved before counts again where what is taken back had sent it back last.
fn forget_return(state: &mut State, task: Id) {
    let visit = state.task(task).and_then(|task| state.visit(task.visit));
    let sent_back = visit.filter(|visit| matches!(visit.state, VisitState::Rejected | VisitState::Returned));
    if sent_back.and_then(|visit| visit.closed) == Some(state.returned) {
        state.returned = state.returned_before;
    }
}

fn open_again(state: &mut State, task: Id) {
    if let Some(task) = task_mut(state, task) {
        task.state = TaskState::Open;
        task.decision = None;
        task.automatic = None;
        task.closed = None;
    }
}

/// Counts what deadlines decide between two acts of people.
fn attend(state: &mut State, event: &Event) {
    if event.who.is_some() {
        state.unattended = Unattended::default();
        return;
    }
    let is_by_deadline = match &event.change {
        Change::Decided { automatic, .. } => *automatic == Some(Automatic::Deadline),
        Change::Left { state, .. } => *state == VisitState::Returned,
        _ => false,
    };
    if is_by_deadline && state.unattended.turn != event.turn {
        state.unattended = Unattended { decisions: state.unattended.decisions + 1, turn: event.turn };
    }
}

/// Makes a visit active that had been left, and the arm that it lies in run.
fn activate(state: &mut State, id: VisitId) {
    let Some(visit) = visit_mut(state, id) else { return };
    visit.state = VisitState::Active;
    visit.left_at = None;
    let closed = visit.closed.take();
    if let Some(within) = visit.within.clone() {
        set_arm(state, within.block, &within.arm, ArmState::Running);
    }
    for timer in state.timers.iter_mut().filter(|timer| timer.visit == id) {
        if timer.state == TimerState::Cancelled && timer.closed == closed {
            timer.state = TimerState::Waiting;
            timer.closed = None;
        }
    }
}

/// What becomes of the arms that still run when their block is left.
fn end_arms(visit: &mut Visit, to: ArmState) {
    for arm in visit.arms.iter_mut().filter(|arm| arm.state == ArmState::Running) {
        arm.state = to;
    }
}

fn set_arm(state: &mut State, block: VisitId, key: &str, to: ArmState) {
    let arms = visit_mut(state, block).map(|visit| &mut visit.arms);
    if let Some(arm) = arms.and_then(|arms| arms.iter_mut().find(|arm| arm.arm == key)) {
        arm.state = to;
    }
}

/// Gives visits, and what belongs to them, the keys that their steps have in another version.
fn rename(state: &mut State, steps: &BTreeMap<String, String>, visits: &[(VisitId, String)]) {
    for (id, key) in visits {
        if let Some(visit) = visit_mut(state, *id) {
            visit.step.clone_from(key);
        }
        let tasks = state.tasks.iter_mut().filter(|task| task.visit == *id).map(|task| &mut task.step);
        let timers = state.timers.iter_mut().filter(|timer| timer.visit == *id).map(|timer| &mut timer.step);
        let children =
            state.children.iter_mut().filter(|child| child.visit == *id).map(|child| &mut child.step);
        tasks.chain(timers).chain(children).for_each(|step| step.clone_from(key));
    }
    let chosen = std::mem::take(&mut state.chosen);
    let renamed = |step: String| steps.get(&step).cloned().unwrap_or(step);
    state.chosen = chosen.into_iter().map(|(step, members)| (renamed(step), members)).collect();
}

fn close_timer(state: &mut State, id: TimerId, to: TimerState, turn: u32) {
    if let Some(timer) = timer_mut(state, id) {
        timer.state = to;
        timer.closed = Some(turn);
        timer.failed = None;
    }
}

fn timer_mut(state: &mut State, id: TimerId) -> Option<&mut Timer> {
    state.timers.get_mut(id.0 as usize)
}

fn child_mut(state: &mut State, instance: Id) -> Option<&mut Child> {
    state.children.iter_mut().find(|child| child.instance == instance)
}

fn visit_mut(state: &mut State, id: VisitId) -> Option<&mut Visit> {
    state.visits.get_mut(id.0 as usize)
}

fn task_mut(state: &mut State, id: Id) -> Option<&mut Task> {
    state.tasks.iter_mut().find(|task| task.id == id)
}
