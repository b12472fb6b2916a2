//! What an event does to the state. Nothing is decided here.

use super::event::{Change, Event};
use super::state::{
    ArmRun, ArmState, Decision, Reopening, State, Status, Task, TaskState, Visit, VisitId, VisitState,
};
use crate::value::Id;

/// Carries one event of the log out on the state.
///
/// An event that does not fit the state (it can't come from [`decide`](super::decide())) leaves out what it
/// does not find.
pub fn apply(state: &mut State, event: &Event) {
    state.turn = event.turn;
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
            });
        }
        Change::Split { visit, arms, .. } => {
            if let Some(visit) = visit_mut(state, *visit) {
                visit.arms =
                    arms.iter().map(|arm| ArmRun { arm: arm.clone(), state: ArmState::Running }).collect();
            }
        }
        Change::ArmDone { visit, arm, .. } => set_arm(state, *visit, arm, ArmState::Done),
        Change::Opened { task, visit, step, assignee, on_behalf_of } => state.tasks.push(Task {
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
        }),
        Change::Decided { task, decision, automatic, .. } => {
            if let Some(task) = task_mut(state, *task) {
                task.state = TaskState::Done;
                task.decision = Some(*decision);
                task.automatic = *automatic;
                task.closed = Some(event.turn);
            }
            if matches!(decision, Decision::Returned) {
                state.returned = event.turn;
            }
        }
        Change::Cancelled { task, .. } => {
            if let Some(task) = task_mut(state, *task) {
                task.state = TaskState::Cancelled;
                task.closed = Some(event.turn);
            }
        }
        Change::Left { visit, state: left, .. } => {
            if matches!(left, VisitState::Rejected) {
                state.returned = event.turn;
            }
            if let Some(visit) = visit_mut(state, *visit) {
                visit.state = *left;
                if *left == VisitState::Passed {
                    end_arms(visit, ArmState::Cancelled);
                }
                visit.left_at = Some(event.at);
                visit.closed = Some(event.turn);
            }
        }
        Change::Transferred { task, to, .. } => {
            if let Some(task) = task_mut(state, *task) {
                task.before.extend(task.assignee.replace(*to));
                task.on_behalf_of = None;
                task.transfers += 1;
            }
        }
        Change::Reassigned { task, to, .. } => {
            if let Some(task) = task_mut(state, *task) {
                task.before.extend(task.assignee.replace(*to));
                task.on_behalf_of = None;
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
        Change::TakenBack { task, .. } | Change::Restored { task, .. } => {
            if let Some(task) = task_mut(state, *task) {
                task.state = TaskState::Open;
                task.decision = None;
                task.automatic = None;
                task.closed = None;
            }
        }
        Change::Withdrawn => {
            state.status = Status::Withdrawn;
            state.returned = event.turn;
        }
        Change::Urged { tasks, .. } => {
            for id in tasks {
                if let Some(task) = task_mut(state, *id) {
                    task.urged = Some(event.at);
                }
            }
        }
        Change::Ended { status, .. } => state.status = *status,
        Change::Informed { .. } | Change::Copied { .. } | Change::Commented { .. } | Change::Edited => {}
    }
}

/// Makes a visit active that had been left, and the arm that it lies in run.
fn activate(state: &mut State, id: VisitId) {
    let Some(visit) = visit_mut(state, id) else { return };
    visit.state = VisitState::Active;
    visit.left_at = None;
    visit.closed = None;
    if let Some(within) = visit.within.clone() {
        set_arm(state, within.block, &within.arm, ArmState::Running);
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

fn visit_mut(state: &mut State, id: VisitId) -> Option<&mut Visit> {
    state.visits.get_mut(id.0 as usize)
}

fn task_mut(state: &mut State, id: Id) -> Option<&mut Task> {
    state.tasks.iter_mut().find(|task| task.id == id)
}
