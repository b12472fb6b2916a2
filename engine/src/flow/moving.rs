//! What administrators and the product do to instances: opening again, moving to another version, handing over.

use std::collections::BTreeMap;

use super::course::Course;
use super::decide::{assignable, going, may};
use super::document::{Action, START};
use super::event::Change;
use super::path;
use super::published::{Flow, NodeKind, StepKind};
use super::refusal::{Refusal, RefusalCode};
use super::state::{State, Status, Task, TaskState, VisitId, VisitState};
use crate::value::Id;

/// The steps at which an ended instance can be opened again: those it had passed, the nearest first, and the one at which
/// it ended where that was not passed.
pub fn reactivation_targets<'s>(flow: &Flow, state: &'s State) -> Vec<&'s str> {
    let mut steps: Vec<&str> = Vec::new();
    for id in openable(flow, state) {
        if let Some(visit) = state.visit(id)
            && !steps.contains(&visit.step.as_str())
        {
            steps.push(&visit.step);
        }
    }
    steps
}

fn openable(flow: &Flow, state: &State) -> Vec<VisitId> {
    if !state.status.is_ended() {
        return Vec::new();
    }
    let top = state.numbered().filter(|(_, visit)| visit.within.is_none());
    let Some((last, _)) = top.max_by_key(|(id, visit)| (visit.closed, *id)) else { return Vec::new() };
    let takes_tasks = |id: &VisitId| {
        let opens = |step: &str| flow.work(step).is_some_and(|work| work.allows(Action::Reactivate));
        state.visit(*id).is_some_and(|visit| visit.step == START || opens(&visit.step))
    };
    path::up_to(state, last).into_iter().filter(takes_tasks).collect()
}

pub(super) fn reactivate(course: &mut Course<'_, '_>, step: &str) -> Result<(), Refusal> {
    may(course, course.context.powers.reactivate)?;
    match course.state.status {
        Status::Draft => return Err(RefusalCode::NotStarted.into()),
        Status::Running | Status::Withdrawn => return Err(RefusalCode::NotEnded.into()),
        Status::Approved | Status::Rejected | Status::Terminated => {}
    }
    if step != START && course.flow.find(step).is_none() {
        return Err(Refusal::from(RefusalCode::UnknownStep).arg("step", step));
    }
    let is_step = |id: &VisitId| course.state.visit(*id).is_some_and(|visit| visit.step == step);
    let target = openable(course.flow, &course.state).into_iter().find(is_step);
    let target = target.ok_or_else(|| Refusal::from(RefusalCode::TargetNotPassed).arg("step", step))?;
    course.emit(Change::Reactivated { step: step.to_string() });
    let around = path::arms_around(&course.state, target);
    for within in around.into_iter().rev() {
        let step = course.step_of(within.block)?;
        course.emit(Change::Reopened { visit: within.block, step });
    }
    course.enter_again(target, None)?;
    course.run()
}

/// Moves an instance to the version that this is decided with. Where it stands there must be the same kinds of steps in
/// the same arms; of what lies behind it, stays that have no place in the other version can't be returned to any more.
pub(super) fn migrate(
    course: &mut Course<'_, '_>,
    version: i64,
    steps: &BTreeMap<String, String>,
    kinds: &BTreeMap<String, StepKind>,
) -> Result<(), Refusal> {
    may(course, course.context.powers.migrate)?;
    going(&course.state)?;
    for (old, new) in steps {
        // The start is the start in every version: everything can go back to it.
        let is_known = kinds.contains_key(old) && (old != START || new == START);
        let unknown =
            if is_known { Some(new).filter(|new| course.flow.kind(new).is_none()) } else { Some(old) };
        if let Some(step) = unknown {
            return Err(Refusal::from(RefusalCode::UnknownStep).arg("step", step));
        }
    }
    let mut keys: Vec<String> = Vec::new();
    for (id, visit) in course.state.numbered() {
        let new = steps.get(&visit.step).unwrap_or(&visit.step);
        if fits(course, id, new, kinds, &keys) {
            keys.push(new.clone());
        } else if visit.state == VisitState::Active {
            return Err(Refusal::from(RefusalCode::Unmappable).arg("step", &visit.step));
        } else if visit.step.starts_with(GONE) {
            keys.push(visit.step.clone());
        } else {
            keys.push(format!("{GONE}{}", visit.step));
        }
    }
    let renamed = course.state.numbered().zip(keys).filter(|((_, visit), key)| visit.step != *key);
    let visits = renamed.map(|((id, _), key)| (id, key)).collect();
    course.emit(Change::Migrated { version, steps: steps.clone(), visits });
    settle_all(course)?;
    course.run()
}

/// Stands before the key of a step that the version of an instance does not have; no step of a document has it.
const GONE: char = '~';

/// Whether the step `new` of the version that is moved to lies where a visit does, and is of its kind. `keys` are the new
/// keys of the visits before it.
fn fits(
    course: &Course<'_, '_>,
    id: VisitId,
    new: &str,
    kinds: &BTreeMap<String, StepKind>,
    keys: &[String],
) -> bool {
    let Some(visit) = course.state.visit(id) else { return false };
    let kind = kinds.get(&visit.step);
    if kind.is_none() || course.flow.kind(new) != kind.copied() {
        return false;
    }
    let around = path::arms_around(&course.state, id);
    let there = course.flow.around(new);
    let is_same = |(within, (block, arm)): (&super::Within, &(String, String))| {
        keys.get(within.block.0 as usize) == Some(block) && within.arm == *arm
    };
    let has_arms = visit.arms.iter().all(|run| course.flow.has_arm(new, &run.arm));
    has_arms && around.len() == there.len() && around.iter().zip(&there).all(is_same)
}

/// Applies what the new version says to the steps that are active: their policies, deadlines and joins.
fn settle_all(course: &mut Course<'_, '_>) -> Result<(), Refusal> {
    let flow = course.flow;
    let active: Vec<(VisitId, String)> =
        course.state.active().map(|(id, visit)| (id, visit.step.clone())).collect();
    for (visit, step) in &active {
        let Some(work) = flow.work(step) else { continue };
        if !is_active(course, *visit) {
            continue;
        }
        let old = course.state.waiting_timers().filter(|(_, timer)| timer.visit == *visit);
        for timer in old.map(|(id, _)| id).collect::<Vec<_>>() {
            course.emit(Change::Unscheduled { timer, step: step.clone() });
        }
        course.settle(*visit)?;
        course.set_deadlines(*visit, work);
    }
    for (visit, step) in active.iter().rev() {
        let is_block = matches!(
            flow.find(step).map(|(_, node)| &node.kind),
            Some(NodeKind::Branch { .. } | NodeKind::Parallel { .. })
        );
        if is_block && is_active(course, *visit) {
            course.join(*visit);
        }
    }
    Ok(())
}

fn is_active(course: &Course<'_, '_>, visit: VisitId) -> bool {
    course.state.visit(visit).is_some_and(|visit| visit.state == VisitState::Active)
}

pub(super) fn hand_over(course: &mut Course<'_, '_>, member: Id, to: Option<Id>) -> Result<(), Refusal> {
    may(course, course.context.powers.reassign)?;
    going(&course.state)?;
    for task in open_of(course, member) {
        course.hand_over(task.id, to)?;
    }
    Ok(())
}

pub(super) fn pass_on(course: &mut Course<'_, '_>, member: Id) -> Result<(), Refusal> {
    let is_own = course.actor() == Some(member);
    may(course, is_own || course.context.powers.reassign)?;
    going(&course.state)?;
    for task in open_of(course, member) {
        course.pass_to_stand_in(task.id, None)?;
    }
    Ok(())
}

fn open_of(course: &Course<'_, '_>, member: Id) -> Vec<Task> {
    course.state.open_tasks().filter(|task| task.assignee == Some(member)).cloned().collect()
}

impl Course<'_, '_> {
    /// Gives an open task to `named`, or to who took over from its assignee, else to an administrator, or to who stands in for
    /// that one; where nobody can have it, it waits for one.
    pub fn hand_over(&mut self, task: Id, named: Option<Id>) -> Result<(), Refusal> {
        let task = self.state.task(task).cloned().ok_or(RefusalCode::NoSuchTask)?;
        let Some(from) = task.assignee.filter(|_| task.state == TaskState::Open) else { return Ok(()) };
        // Whoever was named takes over, also from somebody who has not left yet.
        let named = named.or_else(|| self.context.people.hand_over(from));
        let named = named.into_iter().flat_map(|to| self.present(to));
        let others = named.chain(self.present(from)).chain(self.context.people.admins());
        let others: Vec<Id> = others.filter(|other| *other != from).collect();
        let to = others.into_iter().find(|to| self.takes(&task, *to));
        let id = task.id;
        match to {
            Some(to) => {
                self.emit(Change::Reassigned { task: id, step: task.step, from: Some(from), to });
                self.pass_to_stand_in(id, None)
            }
            None => {
                self.emit(Change::Held { task: id, step: task.step, from: Some(from) });
                Ok(())
            }
        }
    }

    /// Whether a task can go to somebody without their deciding twice there: themselves, or by who stands in for them.
    pub fn takes(&self, task: &Task, to: Id) -> bool {
        let others = self.state.tasks_of(task.visit).filter(|other| other.id != task.id);
        let mut others = others.filter(|other| other.state != TaskState::Cancelled);
        others.all(|other| other.on_behalf_of != Some(to)) && assignable(self, task, to).is_ok()
    }

    /// Has who stands in for its assignee decide a task. What somebody does for another is not passed on again, nor is anything
    /// passed back to `had`, who had it before; and the submitter's own step stays theirs.
    pub fn pass_to_stand_in(&mut self, task: Id, had: Option<Id>) -> Result<(), Refusal> {
        let task = self.state.task(task).cloned().ok_or(RefusalCode::NoSuchTask)?;
        let is_own = task.on_behalf_of.is_none() && task.step != START;
        let Some(from) = task.assignee.filter(|_| is_own) else { return Ok(()) };
        let asked = self.bare_search(self.submitter()?).with_delegates(&[from]);
        let to = asked.first().filter(|asked| asked.on_behalf_of.is_some()).map(|asked| asked.member);
        let to = to.filter(|to| Some(*to) != had && assignable(self, &task, *to).is_ok());
        if let Some(to) = to {
            self.emit(Change::Delegated { task: task.id, step: task.step, from, to });
        }
        Ok(())
    }

    /// Those who take over from a member who may have left.
    pub fn present(&self, member: Id) -> Vec<Id> {
        match self.submitter() {
            Ok(submitter) => self.bare_search(submitter).present(member),
            Err(_) => Vec::new(),
        }
    }

    /// Refuses everybody but the product itself.
    pub fn only_the_product(&self) -> Result<(), Refusal> {
        may(self, false)
    }
}
