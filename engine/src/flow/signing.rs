//! Adding people to a task (加签): before it, after it, or beside it.

use super::course::Course;
use super::decide::{allowed, assignable, own_open_task, said};
use super::document::{Action, Policy};
use super::event::{CancelReason, Change, Note};
use super::refusal::{Refusal, RefusalCode};
use super::state::{AddMode, Added, Asked, Decision, State, Task, TaskState, Visit};
use super::tally::votes;
use crate::value::Id;

/// Whether a task is that of somebody who was added, to another task or to the voters of its step: whoever has it now, and whose
/// ever it was before.
pub fn is_added(state: &State, task: &Task) -> bool {
    task.added.is_some() || state.visit(task.visit).is_some_and(|visit| has_joined(state, visit, task))
}

/// Whether the place of a vote among those of its visit is that of somebody who joined them. Who was asked there before, and
/// joined once theirs was handed on, comes twice: joining puts them behind.
fn has_joined(state: &State, visit: &Visit, task: &Task) -> bool {
    if visit.joined.is_empty() {
        return false;
    }
    let Some(place) = votes(state, task.visit).position(|vote| vote.id == task.id) else { return false };
    let mut from_there = visit.people.iter().skip(place).map(|asked| asked.member).peekable();
    let Some(meant) = from_there.peek().copied() else { return false };
    let joined = visit.joined.iter().filter(|member| **member == meant).count();
    from_there.filter(|member| *member == meant).count() <= joined
}

pub(super) fn add_sign(
    course: &mut Course<'_, '_>,
    task: Id,
    to: &[Id],
    mode: AddMode,
    note: &Note,
) -> Result<(), Refusal> {
    let task = own_open_task(course, task)?;
    let work = allowed(course.flow, &task, Action::AddSign)?;
    if is_added(&course.state, &task) {
        return Err(RefusalCode::AddedTask.into());
    }
    said(work, note)?;
    if to.is_empty() {
        return Err(RefusalCode::NobodyNamed.into());
    }
    for (place, member) in to.iter().enumerate() {
        assignable(course, &task, *member)?;
        if to.iter().take(place).any(|earlier| earlier == member) {
            let name = course.context.people.name(*member);
            return Err(Refusal::from(RefusalCode::AlreadyAssigned).arg("name", name));
        }
    }
    let submitter = course.submitter()?;
    // Whoever is asked already is not asked again in the place of somebody else.
    let members: Vec<Asked> = course
        .bare_search(submitter)
        .with_delegates(to)
        .into_iter()
        .map(|asked| match asked.on_behalf_of {
            Some(member) if assignable(course, &task, asked.member).is_err() => {
                Asked { member, on_behalf_of: None }
            }
            Some(_) | None => asked,
        })
        .collect();
    let step = task.step.clone();
    course.emit(Change::SignAdded {
        task: task.id,
        step: step.clone(),
        mode,
        members: members.clone(),
        note: note.clone(),
    });
    match mode {
        AddMode::Before => {
            for asked in members {
                let added = Added { to: task.id, mode };
                course.ask(task.visit, &step, Some(asked), Some(added))?;
            }
            Ok(())
        }
        AddMode::After => Ok(()),
        AddMode::Parallel => join(course, &task, members, work.policy),
    }
}

/// Makes people voters of the step. In a sequence they come next.
fn join(
    course: &mut Course<'_, '_>,
    task: &Task,
    members: Vec<Asked>,
    policy: Policy,
) -> Result<(), Refusal> {
    let known = course.state.visit(task.visit).map_or(0, |visit| visit.people.len());
    // Behind all who are asked already: their votes are counted by their places.
    let place = votes(&course.state, task.visit).count().min(known);
    // A step that held for an administrator has a task and no people.
    let first = (known == 0).then_some(task.assignee).flatten();
    let first = first.map(|member| Asked { member, on_behalf_of: task.on_behalf_of });
    course.emit(Change::Joined {
        visit: task.visit,
        step: task.step.clone(),
        place: u32::try_from(place).unwrap_or(u32::MAX),
        people: first.into_iter().chain(members.iter().copied()).collect(),
        members: members.iter().map(|asked| asked.member).collect(),
    });
    if policy != Policy::Sequential {
        for asked in members {
            course.ask(task.visit, &task.step, Some(asked), None)?;
        }
    }
    Ok(())
}

impl Course<'_, '_> {
    /// What a decision means for those who were added: after an approval they are asked who come after it; a rejection by
    /// one who was added counts as that of the adder, who need not decide any more.
    pub fn after_decision(&mut self, task: &Task, decision: Decision) -> Result<(), Refusal> {
        match (decision, task.added) {
            (Decision::Approved | Decision::Submitted, _) => {
                let to_add = self.state.task(task.id).map(|task| task.to_add.clone()).unwrap_or_default();
                let added = Added { to: task.id, mode: AddMode::After };
                for asked in to_add {
                    let turn = self.in_turn(&task.step, asked, |member| self.has_task(task, member))?;
                    if let Some(asked) = turn {
                        self.ask(task.visit, &task.step, Some(asked), Some(added))?;
                    }
                }
                Ok(())
            }
            (Decision::Rejected, Some(added)) => {
                let is_meant = |other: &&Task| {
                    let beside = other.added.is_some_and(|beside| beside.to == added.to);
                    other.state == TaskState::Open && (other.id == added.to || beside)
                };
                let open = self.state.tasks_of(task.visit).filter(is_meant).cloned();
                for other in open.collect::<Vec<_>>() {
                    self.emit(Change::Cancelled {
                        task: other.id,
                        step: other.step,
                        assignee: other.assignee,
                        reason: CancelReason::AddedRejected,
                    });
                }
                Ok(())
            }
            (Decision::Rejected, None) | (Decision::Returned, _) => Ok(()),
        }
    }

    /// Whether a member has a task at the visit of `task`.
    fn has_task(&self, task: &Task, member: Id) -> bool {
        let mut tasks = self.state.tasks_of(task.visit).filter(|task| task.state != TaskState::Cancelled);
        tasks.any(|task| task.assignee == Some(member))
    }
}
