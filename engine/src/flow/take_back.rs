//! Taking back one's own decision: the marking from before it comes back, as long as nobody acted on it.

use super::command::{Actor, Context, Powers, Subject};
use super::course::Course;
use super::decide::{allowed, going};
use super::directory::Directory;
use super::document::{Action, START};
use super::event::{CancelReason, Change};
use super::path;
use super::published::Flow;
use super::refusal::{Refusal, RefusalCode};
use super::state::{State, Status, Task, TaskState, Visit, VisitId, VisitState};
use super::tally::{Tally, tally};
use crate::condition::Condition;
use crate::value::{Id, Timestamp, Value};

/// Whether a member may take their decision of a task back now.
///
/// # Errors
/// As [`decide`](super::decide()) would refuse it.
pub fn check_take_back(flow: &Flow, state: &State, member: Id, task: Id) -> Result<(), Refusal> {
    // Taking back asks nobody anew, reads no record and makes no task.
    let mut context = Context {
        now: Timestamp::UNIX_EPOCH,
        actor: Actor::Member(member),
        powers: Powers::default(),
        people: &Directory::default(),
        record: &NoRecord,
        ids: &mut std::iter::empty::<Id>(),
    };
    take_back(&mut Course::new(flow, state, &mut context), task)
}

/// Stands for the record where none is read.
struct NoRecord;

impl Subject for NoRecord {
    fn value(&self, _: &str) -> Value {
        Value::Empty
    }

    fn holds(&self, _: &Condition) -> bool {
        false
    }
}

pub(super) fn take_back(course: &mut Course<'_, '_>, task: Id) -> Result<(), Refusal> {
    let task = course.state.task(task).cloned().ok_or(RefusalCode::NoSuchTask)?;
    let by = course.actor().filter(|actor| task.assignee == Some(*actor)).ok_or(RefusalCode::NotYours)?;
    if task.step == START {
        return Err(RefusalCode::WrongAction.into());
    }
    let work = allowed(course.flow, &task, Action::Withdraw)?;
    going(&course.state)?;
    if course.state.status == Status::Withdrawn {
        return Err(RefusalCode::TooLate.into());
    }
    let (Some(decision), Some(turn), None) = (task.decision, task.closed, task.automatic) else {
        return Err(RefusalCode::NotDecided.into());
    };

    let plan = Plan::new(&course.state, &task, turn)?;
    course.emit(Change::TakenBack { task: task.id, step: task.step.clone(), by, decision });
    for visit in &plan.undone {
        course.cancel_tasks(*visit, CancelReason::TakenBack);
        course.leave(*visit, VisitState::Cancelled, None);
    }
    for task in &plan.asked_after {
        let change = Change::Cancelled {
            task: task.id,
            step: task.step.clone(),
            assignee: task.assignee,
            reason: CancelReason::TakenBack,
        };
        course.emit(change);
    }
    for visit in &plan.entered_again {
        let step = course.state.visit(*visit).map_or(String::new(), |visit| visit.step.clone());
        course.emit(Change::ClosedAgain { visit: *visit, step });
    }
    for visit in &plan.restored {
        let step = course.state.visit(*visit).map_or(String::new(), |visit| visit.step.clone());
        course.emit(Change::Resumed { visit: *visit, step });
    }
    for task in &plan.tasks {
        course.emit(Change::Restored { task: task.id, step: task.step.clone(), assignee: task.assignee });
    }
    // Somebody else's decision may have settled the step, or joined the arms, without this one.
    let is_settled = tally(work, &course.state, task.visit) != Tally::Pending;
    if is_settled || plan.restored.iter().any(|visit| course.is_joined(*visit)) {
        return Err(RefusalCode::TooLate.into());
    }
    Ok(())
}

/// What taking a decision back undoes and brings back.
struct Plan {
    /// Visits that came of it.
    undone: Vec<VisitId>,
    /// Open tasks of the step's next people in a sequence.
    asked_after: Vec<Task>,
    /// Blocks that a return had opened again.
    entered_again: Vec<VisitId>,
    /// Visits that it had left or cancelled, blocks before what is in them.
    restored: Vec<VisitId>,
    /// Tasks that were cancelled with them.
    tasks: Vec<Task>,
}

impl Plan {
    fn new(state: &State, task: &Task, turn: u32) -> Result<Plan, Refusal> {
        let left = left_around(state, task.visit)?;
        let own_turn = state.visit(task.visit).and_then(|visit| visit.closed);
        let is_returned = state.visit(task.visit).is_some_and(|visit| visit.state == VisitState::Returned);
        if is_returned && own_turn != Some(turn) {
            // Somebody else sent it back: that is not this decision's to undo.
            return Err(RefusalCode::TooLate.into());
        }

        let came_of_it = |id, visit| left.iter().any(|origin| came_of(state, (id, visit), *origin, turn));
        let mut undone: Vec<VisitId> = Vec::new();
        for (id, visit) in state.numbered() {
            if visit.state != VisitState::Cancelled && came_of_it(id, visit) {
                untouched(state, id, visit)?;
                undone.push(id);
            }
        }
        // The flow may have gone back and come along here again, or the submitter may have begun anew.
        let went_another_way = left.iter().any(|(id, turn)| {
            let place = state.visit(*id).map(|visit| &visit.within);
            state.numbered().any(|(other, visit)| {
                Some(&visit.within) == place
                    && visit.opened >= *turn
                    && visit.state != VisitState::Cancelled
                    && !undone.contains(&other)
            })
        });
        if went_another_way {
            return Err(RefusalCode::TooLate.into());
        }
        let asked_after: Vec<Task> = state
            .tasks_of(task.visit)
            .filter(|other| {
                other.opened >= turn && other.id != task.id && other.state != TaskState::Cancelled
            })
            .cloned()
            .collect();
        if asked_after.iter().any(|task| task.state == TaskState::Done && task.automatic.is_none()) {
            return Err(RefusalCode::TooLate.into());
        }
        let is_turn_of = |turn: Option<u32>| left.iter().any(|(_, closed)| Some(*closed) == turn);
        let entered_again = state
            .active()
            .filter(|(_, visit)| {
                visit.reopened.last().is_some_and(|reopening| Some(reopening.turn) == own_turn)
            })
            .map(|(id, _)| id)
            .collect();
        let restored: Vec<VisitId> = state
            .numbered()
            .filter(|(id, visit)| {
                let is_cancelled_by_it = visit.state == VisitState::Cancelled
                    && is_turn_of(visit.closed)
                    && !came_of_it(*id, visit);
                left.iter().any(|(left, _)| left == id) || is_cancelled_by_it
            })
            .map(|(id, _)| id)
            .collect();
        let tasks = state
            .tasks
            .iter()
            .filter(|other| {
                let closed = state.visit(other.visit).and_then(|visit| visit.closed);
                // At the step itself, not those whose turn in a sequence came only by this decision.
                let was_asked = other.visit != task.visit || other.opened < turn;
                other.state == TaskState::Cancelled
                    && restored.contains(&other.visit)
                    && other.closed == closed
                    && was_asked
            })
            .cloned()
            .collect();
        Ok(Plan { undone, asked_after, entered_again, restored, tasks })
    }
}

/// The visit of a task and the blocks around it, as far as they were left, each with the turn of that.
fn left_around(state: &State, id: VisitId) -> Result<Vec<(VisitId, u32)>, Refusal> {
    let too_late = || Refusal::from(RefusalCode::TooLate);
    let own_turn = state.visit(id).and_then(|visit| visit.closed);
    let around = path::arms_around(state, id).into_iter().map(|within| within.block);
    let mut left = Vec::new();
    for id in std::iter::once(id).chain(around) {
        let visit = state.visit(id).ok_or_else(too_late)?;
        match (visit.state, visit.closed) {
            (VisitState::Active, _) => {}
            (VisitState::Passed | VisitState::Rejected | VisitState::Returned, Some(turn)) => {
                left.push((id, turn));
            }
            // A block that this very decision cancelled, by sending the flow out of it.
            (VisitState::Cancelled, Some(turn)) if Some(turn) == own_turn && !left.is_empty() => {
                left.push((id, turn));
            }
            (VisitState::Cancelled, _) | (_, None) => return Err(too_late()),
        }
    }
    Ok(left)
}

/// Whether a visit came of leaving another one in a turn: by going on from it since the decision, or by going back. A
/// block that was opened again has been left more than once since then; what came of each time counts.
fn came_of(
    state: &State,
    (id, visit): (VisitId, &Visit),
    (origin, turn): (VisitId, u32),
    decided: u32,
) -> bool {
    let sent_back = state.visit(origin).is_some_and(|origin| match origin.state {
        VisitState::Rejected | VisitState::Returned | VisitState::Cancelled => true,
        VisitState::Active | VisitState::Passed => false,
    });
    if sent_back { visit.opened == turn } else { visit.opened >= decided && path::follows(state, id, origin) }
}

/// Refuses where a person has acted at a visit, or it was cancelled or sent back since it was entered.
fn untouched(state: &State, id: VisitId, visit: &Visit) -> Result<(), Refusal> {
    let is_decided = state.tasks_of(id).any(|task| task.state == TaskState::Done && task.automatic.is_none());
    let is_as_entered = visit.state == VisitState::Active || visit.closed == Some(visit.opened);
    if is_decided || !is_as_entered { Err(RefusalCode::TooLate.into()) } else { Ok(()) }
}
