//! Walking a flow without doing anything: what would happen, who would be asked, what comes next.
//!
//! There is no second set of rules here: the walk gives commands to [`decide`] and applies what comes out.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::calendar::Calendar;
use super::command::{Actor, Chosen, Command, Context, Powers, Resume, Subject};
use super::course::Course;
use super::document::{BranchMode, Demand, Step};
use super::event::{Change, Event, Note};
use super::fallback::Fallback;
use super::people::People;
use super::published::{Flow, Work};
use super::refusal::Refusal;
use super::state::{Asked, State, Status, Task, Visit, VisitId, VisitState};
use super::timers::pending_actions;
use super::who::Who;
use super::{apply, decide, outcome};
use crate::condition::{Condition, Operand};
use crate::value::{Id, Timestamp};

/// Longest walk. Only answers that send the request back again and again get there.
const MAX_COMMANDS: usize = 1000;

/// How many tasks are looked at on a walk, over all commands: where thousands are asked at one step it ends before the last
/// of them has answered.
const MAX_LOOKED_AT: usize = 300_000;

/// What somebody who is asked does.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Approves, or submits where there are fields to fill.
    #[default]
    Approve,
    Reject,
    /// Returns it to this step.
    Return(String),
}

/// What the people at each step answer, one task after another; whoever has no answer here approves.
pub type Answers = BTreeMap<String, Vec<Answer>>;

/// The world that a walk takes place in.
pub struct Setting<'s> {
    pub now: Timestamp,
    pub people: &'s dyn People,
    pub record: &'s dyn Subject,
    pub calendar: &'s Calendar,
}

/// Where a walk went.
#[derive(Clone, Debug, PartialEq)]
pub struct Walk {
    /// The stays at steps, in the order they were entered, without those that were cancelled.
    pub stops: Vec<Stop>,
    /// How it ended; still running where it could not go on.
    pub status: Status,
    pub state: State,
    pub log: Vec<Event>,
}

/// One stay at a step.
#[derive(Clone, Debug, PartialEq)]
pub struct Stop {
    pub visit: VisitId,
    pub step: String,
    /// Those who are asked or informed, or get a message.
    pub people: Vec<Asked>,
    /// The arms that a block took.
    pub arms: Vec<String>,
    /// What a branch that the walk came to asked of the record, arm by arm; none of the default arm.
    pub asked: Vec<ArmAsked>,
    /// What was amiss with the people of the step.
    pub fallback: Fallback,
    /// The paths of the record that it went by here, to an arm or to people, and where there was nothing.
    pub unset: Vec<String>,
    pub state: VisitState,
}

/// The condition of an arm when its branch was reached: how subflows ended is settled in it.
#[derive(Clone, Debug, PartialEq)]
pub struct ArmAsked {
    pub arm: String,
    pub when: Condition,
    pub holds: bool,
}

/// Walks a flow from its start.
///
/// # Errors
/// The first answer that is not possible.
pub fn simulate(
    flow: &Flow,
    submitter: Id,
    chosen: Chosen,
    answers: Answers,
    setting: &Setting<'_>,
) -> Result<Walk, Refusal> {
    let mut walker = Walker::new(flow, State::default(), answers, setting);
    walker.give(Actor::Member(submitter), &Command::Start { chosen })?;
    walker.finish()
}

/// What is still to come in a running instance if everybody approves; the steps that wait now come first.
///
/// # Errors
/// A state that does not fit the flow.
pub fn what_comes_next(flow: &Flow, state: &State, setting: &Setting<'_>) -> Result<Vec<Stop>, Refusal> {
    let known = state.visits.len();
    let walk = Walker::new(flow, state.clone(), Answers::new(), setting).finish()?;
    let is_ahead = |stop: &Stop| {
        stop.visit.0 as usize >= known
            || state.visit(stop.visit).is_some_and(|visit| visit.state == VisitState::Active)
    };
    Ok(walk.stops.into_iter().filter(is_ahead).collect())
}

/// Whom the messages of a walk go to, by the stays at their steps.
fn receivers(log: &[Event]) -> BTreeMap<VisitId, Vec<Asked>> {
    let told = log.iter().filter_map(|event| match &event.change {
        Change::Performing { visit, members, .. } => {
            let asked = members.iter().map(|member| Asked { member: *member, on_behalf_of: None });
            Some((*visit, asked.collect()))
        }
        _ => None,
    });
    told.collect()
}

struct Walker<'w> {
    flow: &'w Flow,
    state: State,
    answers: Answers,
    setting: &'w Setting<'w>,
    log: Vec<Event>,
    /// Ids count down from the highest, where no stored id is.
    last_id: i64,
    /// Moves on where the walk waits for a time.
    now: Timestamp,
    seen: BTreeMap<VisitId, Seen>,
}

/// What was looked at when a stay began, besides the state.
#[derive(Default)]
struct Seen {
    asked: Vec<ArmAsked>,
    fallback: Fallback,
    unset: Vec<String>,
}

impl<'w> Walker<'w> {
    fn new(flow: &'w Flow, state: State, answers: Answers, setting: &'w Setting<'w>) -> Walker<'w> {
        let (log, seen) = (Vec::new(), BTreeMap::new());
        Walker { flow, state, answers, setting, log, last_id: i64::MAX, now: setting.now, seen }
    }

    fn finish(mut self) -> Result<Walk, Refusal> {
        let (mut commands, mut looked_at) = (0, 0);
        loop {
            let is_long = commands == MAX_COMMANDS || looked_at > MAX_LOOKED_AT;
            looked_at += self.state.tasks.len();
            let goes_on = match self.next_task() {
                _ if is_long || self.state.status.is_ended() => false,
                Some(task) => self.answer(&task)?,
                None => self.wait()?,
            };
            if !goes_on {
                break;
            }
            commands += 1;
        }
        let mut seen = self.seen;
        let told = receivers(&self.log);
        let stops = self
            .state
            .numbered()
            .filter(|(_, visit)| visit.state != VisitState::Cancelled)
            .map(|(id, visit)| {
                let Seen { asked, fallback, unset } = seen.remove(&id).unwrap_or_default();
                Stop {
                    visit: id,
                    step: visit.step.clone(),
                    people: told.get(&id).unwrap_or(&visit.people).clone(),
                    arms: visit.arms.iter().map(|run| run.arm.clone()).collect(),
                    asked,
                    fallback,
                    unset,
                    state: visit.state,
                }
            })
            .collect();
        Ok(Walk { stops, status: self.state.status, state: self.state, log: self.log })
    }

    /// The first open task that waits for nobody who was asked besides.
    fn next_task(&self) -> Option<Task> {
        self.state.open_tasks().find(|task| !self.state.waits_for_added(task.id)).cloned()
    }

    /// Does what the person with a task answers; false where there is no person.
    fn answer(&mut self, task: &Task) -> Result<bool, Refusal> {
        let Some(assignee) = task.assignee else { return self.assign(task) };
        let answer = self.next_answer(&task.step);
        let work = self.flow.work(&task.step);
        let (id, note) = (task.id, work.map_or_else(Note::default, |work| self.demanded(work)));
        let is_approve = work.is_some_and(Work::is_approve);
        let command = match answer {
            Answer::Approve if is_approve => Command::Approve { task: id, note, chosen: Chosen::new() },
            Answer::Approve => Command::Submit { task: id, note, chosen: Chosen::new() },
            Answer::Reject => Command::Reject { task: id, note },
            Answer::Return(to) => Command::Return { task: id, to, resume: Resume::Rerun, note },
        };
        self.give(Actor::Member(assignee), &command)?;
        Ok(true)
    }

    /// Lets the time pass that a delay waits for, or a flow that was started end; false where nothing is waited for.
    fn wait(&mut self) -> Result<bool, Refusal> {
        let child = self.state.waited_children().next().cloned();
        if let Some(child) = child {
            let status = match self.next_answer(&child.step) {
                Answer::Approve => Status::Approved,
                Answer::Reject | Answer::Return(_) => Status::Rejected,
            };
            let command = Command::ChildEnded { instance: child.instance, status };
            self.give(Actor::System, &command)?;
            return Ok(true);
        }
        let due = self.state.waiting_timers().filter_map(|(id, timer)| Some((timer.due?, id))).min();
        let Some((due, timer)) = due else { return Ok(false) };
        self.now = self.now.max(due);
        self.give(Actor::System, &Command::Fire { timer })?;
        Ok(true)
    }

    fn next_answer(&mut self, step: &str) -> Answer {
        match self.answers.get_mut(step) {
            Some(answers) if !answers.is_empty() => answers.remove(0),
            Some(_) | None => Answer::default(),
        }
    }

    /// An opinion and a signature where the step demands them.
    fn demanded(&self, work: &Work) -> Note {
        Note {
            opinion: (work.opinion == Demand::Required).then(|| "…".to_string()),
            signature: (work.signature == Demand::Required).then_some(()).and(Id::from_i64(self.last_id)),
        }
    }

    /// Assigns a held task to an administrator or the submitter, so that the walk can show what follows; false where none of
    /// them may have it.
    fn assign(&mut self, task: &Task) -> Result<bool, Refusal> {
        let admins = self.setting.people.admins();
        for to in admins.into_iter().chain(self.state.submitter).collect::<Vec<_>>() {
            if self.give(Actor::System, &Command::Reassign { task: task.id, to }).is_ok() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Gives a command, and says of actions that they are carried out: a walk changes nothing.
    fn give(&mut self, actor: Actor, command: &Command) -> Result<(), Refusal> {
        self.give_one(actor, command)?;
        while let Some(visit) = pending_actions(self.flow, &self.state).into_iter().next() {
            self.give_one(Actor::System, &Command::Performed { visit })?;
        }
        Ok(())
    }

    fn give_one(&mut self, actor: Actor, command: &Command) -> Result<(), Refusal> {
        let last_id = &mut self.last_id;
        let mut ids = std::iter::from_fn(|| {
            *last_id -= 1;
            Id::from_i64(*last_id)
        });
        let mut context = Context {
            now: self.now,
            actor,
            powers: Powers::default(),
            people: self.setting.people,
            record: self.setting.record,
            calendar: self.setting.calendar,
            ids: &mut ids,
        };
        let known = self.state.visits.len();
        let events = decide(self.flow, &self.state, command, &mut context)?;
        for event in &events {
            apply(&mut self.state, event);
        }
        self.log.extend(events);
        self.weigh(known);
        Ok(())
    }

    /// Keeps what was looked at when the stays began that are new since then.
    fn weigh(&mut self, known: usize) {
        let reached: Vec<(VisitId, &Visit)> = self.state.numbered().skip(known).collect();
        if reached.is_empty() {
            return;
        }
        let Setting { people, record, calendar, .. } = *self.setting;
        let (now, actor, powers, mut ids) =
            (self.now, Actor::System, Powers::default(), std::iter::empty::<Id>());
        let mut context = Context { now, actor, powers, people, record, calendar, ids: &mut ids };
        let course = Course::new(self.flow, &self.state, &mut context);
        for (id, visit) in reached {
            let asked = self.asked_at(visit);
            let unset = self.unset_at(visit, &asked);
            self.seen.insert(id, Seen { asked, unset, fallback: course.fallback_at(visit) });
        }
    }

    /// What a branch asks of the record, arm by arm.
    fn asked_at(&self, visit: &Visit) -> Vec<ArmAsked> {
        if visit.arms.is_empty() {
            return Vec::new();
        }
        let arms = self.flow.arm_conditions(&visit.step).map(|(arm, when)| {
            let when = outcome::settled(when, &self.state);
            let holds = self.setting.record.holds(&when);
            ArmAsked { arm: arm.to_string(), when, holds }
        });
        arms.collect()
    }

    /// The paths without a value that decide which arm is taken, or whom a step finds.
    fn unset_at(&self, visit: &Visit, asked: &[ArmAsked]) -> Vec<String> {
        let takes_first = matches!(
            self.flow.step(&visit.step),
            Some(Step::Branch(branch)) if branch.mode == BranchMode::Exclusive
        );
        // Behind the first arm that holds nothing is asked where one alone is taken.
        let last = asked.iter().position(|arm| takes_first && arm.holds).unwrap_or(asked.len());
        let of_arms =
            asked.iter().take(last.saturating_add(1)).flat_map(|arm| arm.when.tests()).flat_map(|test| {
                let other = match &test.value {
                    Some(Operand::Field(path)) => Some(path.as_str()),
                    _ => None,
                };
                std::iter::once(test.field.as_str()).chain(other)
            });
        let of_people = self.flow.who(&visit.step).iter().filter_map(|who| match who {
            Who::Field(path) | Who::HeadOfField(path) => Some(path.as_str()),
            Who::Members(_)
            | Who::Departments { .. }
            | Who::Roles(_)
            | Who::Submitter
            | Who::Manager(_)
            | Who::ManagersUpTo(_)
            | Who::ChosenBy(_)
            | Who::HeadOfPrevious => None,
        });
        let mut unset: Vec<String> = Vec::new();
        for path in of_arms.chain(of_people) {
            if !unset.iter().any(|known| known == path) && self.setting.record.value(path).is_empty() {
                unset.push(path.to_string());
            }
        }
        unset
    }
}
