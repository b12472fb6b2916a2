//! Taking back one's own decision: the marking from before it comes back, as long as nobody acted on it.

use jiff::tz::TimeZone;

use super::calendar::Calendar;
use super::command::{Actor, Context, Powers, Subject};
use super::course::Course;
use super::decide::{allowed, going};
use super::directory::Directory;
use super::document::{Action, Policy, START};
use super::event::{CancelReason, Change};
use super::path;
use super::published::{Flow, StepKind};
use super::refusal::{Refusal, RefusalCode};
use super::state::{AddMode, Automatic, State, Status, Task, TaskState, Visit, VisitId, VisitState};
use super::tally::{Tally, tally};
use super::waiting::{Child, ChildState};
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
        calendar: &Calendar::in_zone(TimeZone::UTC),
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

    if turn <= course.state.settled {
        return Err(RefusalCode::TooLate.into());
    }

    let plan = Plan::new(&course.state, &task, turn, work.policy == Policy::Sequential)?;
    if plan.undone.iter().any(|visit| has_fired(course, *visit)) || plan.stopped_children(&course.state) {
        return Err(RefusalCode::TooLate.into());
    }
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
        let has_left = task.assignee.is_some_and(|assignee| !course.context.people.is_active(assignee));
        if has_left {
            course.hand_over(task.id, None)?;
        }
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
    /// Whether flows that were waited for at a visit to be restored were stopped with it: they can't be waited for again.
    fn stopped_children(&self, state: &State) -> bool {
        let is_stopped =
            |child: &Child| child.state == ChildState::Stopped && self.restored.contains(&child.visit);
        state.children.iter().any(is_stopped)
    }

    fn new(state: &State, task: &Task, turn: u32, is_sequence: bool) -> Result<Plan, Refusal> {
        adder_has_not_decided(state, task)?;
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
        let opened_since =
            |other: &Task| other.opened >= turn && other.id != task.id && other.state != TaskState::Cancelled;
        // The next in the sequence with those whom they added, and those who come after this task. Others whom somebody
        // added meanwhile are asked for reasons of their own.
        let came_by_it = |other: &Task| match other.added {
            None => is_sequence,
            Some(added) if added.to == task.id => added.mode == AddMode::After,
            Some(added) => is_sequence && state.task(added.to).is_some_and(opened_since),
        };
        let asked_after: Vec<Task> = state
            .tasks_of(task.visit)
            .filter(|other| opened_since(other) && came_by_it(other))
            .cloned()
            .collect();
        if asked_after.iter().any(was_acted) {
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
                let was_asked = other.visit != task.visit || other.opened < turn || !came_by_it(other);
                // A rejection by somebody who was added closes the adder's task while the step goes on.
                let is_closed_here = other.visit == task.visit && other.closed == Some(turn);
                let is_closed_with_visit = restored.contains(&other.visit) && other.closed == closed;
                other.state == TaskState::Cancelled && was_asked && (is_closed_here || is_closed_with_visit)
            })
            .cloned()
            .collect();
        Ok(Plan { undone, asked_after, entered_again, restored, tasks })
    }
}

/// Refuses where the one who added the assignee of a task before their own has decided since, knowing of the decision.
fn adder_has_not_decided(state: &State, task: &Task) -> Result<(), Refusal> {
    let Some(added) = task.added else { return Ok(()) };
    let has_decided = state.task(added.to).is_some_and(|adder| adder.state == TaskState::Done);
    if added.mode == AddMode::Before && has_decided { Err(RefusalCode::TooLate.into()) } else { Ok(()) }
}

/// Whether a flow or an action has begun at a visit.
fn has_fired(course: &Course<'_, '_>, visit: VisitId) -> bool {
    let kind = course.state.visit(visit).and_then(|visit| course.flow.kind(&visit.step));
    let has_children = course.state.children_of(visit).next().is_some();
    has_children || kind == Some(StepKind::Action)
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
    let is_decided = state.tasks_of(id).any(was_acted);
    let is_as_entered = visit.state == VisitState::Active || visit.closed == Some(visit.opened);
    if is_decided || !is_as_entered { Err(RefusalCode::TooLate.into()) } else { Ok(()) }
}

/// Whether a person, or in their place a deadline, has decided a task.
fn was_acted(task: &Task) -> bool {
    let is_acted = match task.automatic {
        None | Some(Automatic::Deadline) => true,
        Some(Automatic::Nobody | Automatic::SelfApproval | Automatic::ApprovedBefore) => false,
    };
    task.state == TaskState::Done && is_acted
}
