//! Delays, deadlines, actions and subflows: what an instance waits for besides people.

use super::course::{Course, Entry};
use super::decide::going;
use super::document::{Deadline, Delay, FieldMoment, Reaction, ReturnsTo, START, Subflow};
use super::event::{Change, Note};
use super::published::{Node, NodeKind, Work};
use super::refusal::{Refusal, RefusalCode};
use super::state::{Automatic, Decision, State, Status, Task, TaskState, VisitId, VisitState};
use super::waiting::{ChildState, Timer, TimerId, TimerState, Waiting, retry_at};
use super::who::Who;
use crate::value::{Id, Timestamp, Value};

/// How many flows one subflow step starts.
const MAX_CHILDREN: usize = 200;

/// How often deadlines decide about an instance before a person has to act again; from then on they remind.
const MAX_UNATTENDED: u32 = 50;

impl Course<'_, '_> {
    /// A delay that is over already, or whose field is empty, does not wait.
    pub fn enter_delay(&mut self, node: &Node, delay: &Delay, entry: Entry) {
        let due = self.delay_due(delay, self.context.now);
        let visit = self.open_visit(&node.key, entry.within, entry.after, Vec::new());
        if due <= self.context.now {
            self.leave(visit, VisitState::Passed, None);
            self.advance(visit);
        } else {
            self.schedule(visit, None, Some(due));
        }
    }

    /// When a delay that began at `from` is over; now where nothing says when.
    fn delay_due(&self, delay: &Delay, from: Timestamp) -> Timestamp {
        let due = match (&delay.duration, &delay.until) {
            (Some(duration), _) => self.context.calendar.after(from, duration, false),
            (None, Some(moment)) => self.moment(moment),
            (None, None) => None,
        };
        due.unwrap_or(self.context.now)
    }

    fn moment(&self, moment: &FieldMoment) -> Option<Timestamp> {
        self.context.calendar.moment(&self.context.record.value(&moment.field), moment)
    }

    fn schedule(&mut self, visit: VisitId, rule: Option<u32>, due: Option<Timestamp>) {
        let Some(step) = self.state.visit(visit).map(|visit| visit.step.clone()) else { return };
        let timer = TimerId(u32::try_from(self.state.timers.len()).unwrap_or(u32::MAX));
        self.emit(Change::Scheduled { timer, visit, step, rule, due });
    }

    /// Sets the deadlines of a visit at which somebody is still asked.
    pub fn set_deadlines(&mut self, visit: VisitId, work: &Work) {
        let arrived = match self.state.visit(visit) {
            Some(found) if found.state == VisitState::Active => found.entered_at,
            Some(_) | None => return,
        };
        for (place, rule) in (0..).zip(&work.deadlines) {
            // The other version that an instance was moved to may have one that has fired already.
            let mut timers = self.state.timers.iter().filter(|timer| timer.visit == visit);
            if timers.any(|timer| timer.rule == Some(place) && timer.state == TimerState::Fired) {
                continue;
            }
            let due = self.deadline_due(rule, arrived);
            self.schedule(visit, Some(place), due);
        }
    }

    fn deadline_due(&self, rule: &Deadline, arrived: Timestamp) -> Option<Timestamp> {
        match (&rule.after, &rule.at) {
            (Some(after), _) => self.context.calendar.after(arrived, after, rule.working_time),
            (None, Some(moment)) => self.moment(moment),
            (None, None) => None,
        }
    }

    /// Reads the moments again that timers follow in fields of the record.
    pub fn reread(&mut self) {
        let waiting: Vec<(TimerId, Timer)> =
            self.state.waiting_timers().map(|(id, timer)| (id, timer.clone())).collect();
        for (id, timer) in waiting {
            let due = match (self.flow.find(&timer.step).map(|(_, node)| &node.kind), timer.rule) {
                (Some(NodeKind::Delay(delay)), None) if delay.until.is_some() => {
                    // Where the field is empty now, nothing is left to wait for.
                    delay.until.as_ref().and_then(|moment| self.moment(moment)).or(Some(self.context.now))
                }
                (Some(NodeKind::Work(work)), Some(rule)) => match work.deadlines.get(rule as usize) {
                    Some(rule) if rule.at.is_some() => self.deadline_due(rule, self.context.now),
                    Some(_) | None => continue,
                },
                _ => continue,
            };
            let is_over = timer.due.is_some_and(|due| due <= self.context.now);
            let still_over = is_over && due.is_some_and(|due| due <= self.context.now);
            if due != timer.due && !still_over {
                self.emit(Change::Rescheduled { timer: id, step: timer.step, due });
            }
        }
    }

    /// Starts the flows of a subflow step.
    pub fn enter_subflow(&mut self, node: &Node, subflow: &Subflow, entry: Entry) -> Result<(), Refusal> {
        let rows = match &subflow.for_each {
            None => vec![None],
            Some(field) => match self.context.record.value(field) {
                Value::Rows(rows) => rows.into_iter().map(|row| row.id).collect(),
                _ => Vec::new(),
            },
        };
        if rows.len() > MAX_CHILDREN {
            return Err(Refusal::from(RefusalCode::TooManyChildren).arg("max", MAX_CHILDREN));
        }
        let visit = self.open_visit(&node.key, entry.within, entry.after, Vec::new());
        for row in &rows {
            let record = self.context.ids.next().ok_or(RefusalCode::Inconsistent)?;
            let instance = self.context.ids.next().ok_or(RefusalCode::Inconsistent)?;
            self.emit(Change::ChildStarted {
                instance,
                record,
                visit,
                step: node.key.clone(),
                form: subflow.form.clone(),
                row: *row,
                waited: subflow.wait,
            });
        }
        if !subflow.wait || rows.is_empty() {
            self.leave(visit, VisitState::Passed, None);
            self.advance(visit);
        }
        Ok(())
    }

    /// Stops the children that were waited for at a visit. Those that were not go on by themselves.
    pub fn stop_children(&mut self, visit: VisitId) {
        let running = self.state.waited_children().filter(|child| child.visit == visit);
        for child in running.cloned().collect::<Vec<_>>() {
            self.emit(Change::ChildStopped { instance: child.instance, step: child.step });
        }
    }

    /// Decides every open task of a visit, until it is left.
    fn decide_all(&mut self, visit: VisitId, decision: Decision) -> Result<(), Refusal> {
        loop {
            let is_active = self.state.visit(visit).is_some_and(|visit| visit.state == VisitState::Active);
            let open = self.state.tasks_of(visit).find(|task| task.state == TaskState::Open).cloned();
            let (true, Some(task)) = (is_active, open) else { return Ok(()) };
            self.emit(Change::Decided {
                task: task.id,
                step: task.step.clone(),
                by: None,
                on_behalf_of: None,
                decision,
                automatic: Some(Automatic::Deadline),
                to: None,
                note: Note::default(),
            });
            self.after_decision(&task, decision)?;
            self.settle(visit)?;
        }
    }

    fn react(&mut self, visit: VisitId, work: &Work, reaction: &Reaction) -> Result<(), Refusal> {
        match reaction {
            // Deadlines that lead to each other would go round for ever: a person has to look.
            Reaction::AutoApprove | Reaction::AutoReject | Reaction::AutoReturn(_)
                if self.state.unattended.decisions >= MAX_UNATTENDED =>
            {
                self.remind(visit, &[])
            }
            Reaction::Remind(others) => self.remind(visit, others),
            Reaction::AutoApprove => {
                let decision = if work.is_approve() { Decision::Approved } else { Decision::Submitted };
                self.decide_all(visit, decision)
            }
            Reaction::AutoReject => self.decide_all(visit, Decision::Rejected),
            Reaction::AutoReturn(to) => {
                let target = match to {
                    ReturnsTo::Start => START.to_string(),
                    ReturnsTo::Previous => self.step_before(visit),
                };
                self.leave_and_go_back(visit, &target, None)
            }
            Reaction::Escalate => {
                for task in self.open_at(visit) {
                    let above = task.assignee.and_then(|assignee| self.context.people.manager(assignee));
                    let above = above.into_iter().flat_map(|manager| self.present(manager)).collect();
                    self.give(&task, above)?;
                }
                Ok(())
            }
            Reaction::Transfer(who) => {
                let people = self.people_at(visit, std::slice::from_ref(who))?;
                for task in self.open_at(visit) {
                    self.give(&task, people.clone())?;
                }
                Ok(())
            }
        }
    }

    fn open_at(&self, visit: VisitId) -> Vec<Task> {
        self.state.tasks_of(visit).filter(|task| task.state == TaskState::Open).cloned().collect()
    }

    /// Those whom sources of people find at a visit.
    fn people_at(&self, visit: VisitId, who: &[Who]) -> Result<Vec<Id>, Refusal> {
        let found = self.state.visit(visit).ok_or(RefusalCode::Inconsistent)?;
        self.search(&found.step, found.within.as_ref(), found.after, |search| search.informed(who))
    }

    fn remind(&mut self, visit: VisitId, others: &[Who]) -> Result<(), Refusal> {
        let step = self.step_of(visit)?;
        let (tasks, mut members): (Vec<Id>, Vec<Id>) =
            self.open_at(visit).iter().filter_map(|task| Some((task.id, task.assignee?))).unzip();
        members.extend(self.people_at(visit, others)?);
        members.sort();
        members.dedup();
        self.emit(Change::Reminded { tasks, step, members });
        Ok(())
    }

    /// Gives a task to the first of these who may have it, or to who stands in for them; where nobody may, it stays with whom
    /// it is.
    fn give(&mut self, task: &Task, candidates: Vec<Id>) -> Result<(), Refusal> {
        let to = candidates.into_iter().find(|to| self.takes(task, *to));
        let Some(to) = to else { return Ok(()) };
        let (task, step) = (task.id, task.step.clone());
        let had = self.state.task(task).and_then(|task| task.assignee);
        match had {
            Some(from) => self.emit(Change::Escalated { task, step, from, to }),
            None => self.emit(Change::Reassigned { task, step, from: None, to }),
        }
        self.pass_to_stand_in(task, had)
    }
}

/// A timer is due: a delay is over, a deadline is reached. It fires once.
pub(super) fn fire(course: &mut Course<'_, '_>, id: TimerId) -> Result<(), Refusal> {
    course.only_the_product()?;
    going(&course.state)?;
    let timer = course.state.timer(id).cloned().ok_or(RefusalCode::TimerClosed)?;
    if timer.state != TimerState::Waiting {
        return Err(RefusalCode::TimerClosed.into());
    }
    if timer.due.is_none_or(|due| due > course.context.now) {
        return Err(RefusalCode::NotDue.into());
    }
    course.emit(Change::Fired { timer: id, step: timer.step.clone(), rule: timer.rule });
    let Some(rule) = timer.rule else {
        course.leave(timer.visit, VisitState::Passed, None);
        course.advance(timer.visit);
        return course.run();
    };
    let flow = course.flow;
    let work = flow.work(&timer.step).ok_or(RefusalCode::Inconsistent)?;
    let rule = work.deadlines.get(rule as usize).ok_or(RefusalCode::Inconsistent)?;
    course.react(timer.visit, work, &rule.reaction)?;
    course.run()
}

/// A flow that was started has ended; where it was the last that a step waits for, the flow goes on whatever its outcome.
pub(super) fn child_ended(course: &mut Course<'_, '_>, instance: Id, status: Status) -> Result<(), Refusal> {
    course.only_the_product()?;
    going(&course.state)?;
    let child = course.state.child(instance).cloned().ok_or(RefusalCode::ChildClosed)?;
    if child.state != ChildState::Running || !status.is_ended() {
        return Err(RefusalCode::ChildClosed.into());
    }
    course.emit(Change::ChildEnded { instance, step: child.step, status });
    let is_last = child.waited && course.state.waited_children().all(|other| other.visit != child.visit);
    if is_last {
        course.leave(child.visit, VisitState::Passed, None);
        course.advance(child.visit);
    }
    course.run()
}

/// An action step was carried out.
pub(super) fn performed(course: &mut Course<'_, '_>, visit: VisitId) -> Result<(), Refusal> {
    course.only_the_product()?;
    going(&course.state)?;
    let is_waiting = is_performing(course, visit);
    if !is_waiting {
        return Err(RefusalCode::TaskClosed.into());
    }
    course.leave(visit, VisitState::Passed, None);
    course.advance(visit);
    course.run()
}

fn is_performing(course: &Course<'_, '_>, visit: VisitId) -> bool {
    let Some(found) = course.state.visit(visit) else { return false };
    let node = course.flow.find(&found.step).map(|(_, node)| &node.kind);
    found.state == VisitState::Active && matches!(node, Some(NodeKind::Action(_)))
}

/// What a timer or the end of a child leads to was refused: it stays, and is tried again later.
pub(super) fn failed(course: &mut Course<'_, '_>, what: Waiting, reason: &str) -> Result<(), Refusal> {
    course.only_the_product()?;
    going(&course.state)?;
    let (step, attempts) = match what {
        Waiting::Timer(id) => {
            let timer = course.state.timer(id).filter(|timer| timer.state == TimerState::Waiting);
            let timer = timer.ok_or(RefusalCode::TimerClosed)?;
            (timer.step.clone(), timer.failed.as_ref().map_or(0, |failed| failed.attempts))
        }
        Waiting::Child(id) => {
            let child = course.state.child(id).filter(|child| child.state == ChildState::Running);
            let child = child.ok_or(RefusalCode::ChildClosed)?;
            (child.step.clone(), child.failed.as_ref().map_or(0, |failed| failed.attempts))
        }
    };
    let retry = retry_at(course.context.now, attempts + 1);
    course.emit(Change::Failed { what, step, reason: reason.to_string(), retry });
    Ok(())
}

impl super::Flow {
    /// By when a visit waits for its people: the first of its deadlines that does more than remind, or, where there is
    /// none, the first reminder. It stays when it has passed.
    pub fn due(&self, state: &State, visit: VisitId) -> Option<Timestamp> {
        let work = self.work(&state.visit(visit)?.step)?;
        let set = state.timers.iter().filter(|timer| timer.visit == visit);
        let moments = set.filter(|timer| timer.state != TimerState::Cancelled).filter_map(|timer| {
            let rule = work.deadlines.get(timer.rule? as usize)?;
            Some((matches!(rule.reaction, Reaction::Remind(_)), timer.due?))
        });
        moments.min().map(|(_, due)| due)
    }
}

/// The visits whose actions are to be carried out, in the order in which they were entered.
pub fn pending_actions(flow: &super::Flow, state: &State) -> Vec<VisitId> {
    let is_action = |step: &str| matches!(flow.kind(step), Some(super::StepKind::Action));
    state.active().filter(|(_, visit)| is_action(&visit.step)).map(|(id, _)| id).collect()
}
