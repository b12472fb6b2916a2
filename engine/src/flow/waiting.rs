//! What an instance waits for besides people: times, and flows that it started.

use serde::{Deserialize, Serialize};

use super::state::{State, Status, VisitId};
use crate::value::{Id, Timestamp};

/// The place of a timer in [`State::timers`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TimerId(pub u32);

/// A delay, or a deadline of a step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Timer {
    pub visit: VisitId,
    pub step: String,
    /// Which of the step's deadlines; none for a delay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<u32>,
    /// None while the field that it waits for is empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
    pub state: TimerState,
    /// The turn in which it fired or was cancelled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<Failure>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimerState {
    Waiting,
    Fired,
    Cancelled,
}

/// A flow of another record that this one started.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Child {
    pub instance: Id,
    pub record: Id,
    pub visit: VisitId,
    pub step: String,
    /// The row of the sub-form that it was started for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<Id>,
    /// Whether the flow goes on only when it has ended.
    pub waited: bool,
    pub state: ChildState,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Status>,
    /// The turn in which it ended or was stopped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<Failure>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChildState {
    Running,
    Ended,
    /// Its parent no longer waits for it.
    Stopped,
}

/// A continuation that was refused: it is tried again, and shown to administrators until then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    pub reason: String,
    /// How often it was refused.
    pub attempts: u32,
    pub retry: Timestamp,
}

/// What is tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Waiting {
    Timer(TimerId),
    /// By the instance of the child.
    Child(Id),
}

/// The first pause after a refusal, and the longest, in seconds.
const PAUSE_SECONDS: i64 = 60;
const LONGEST_PAUSE_SECONDS: i64 = 6 * 3600;

/// When to try again after the attempt with this number: after a minute, then twice as long each time.
pub(super) fn retry_at(now: Timestamp, attempts: u32) -> Timestamp {
    let doubled = PAUSE_SECONDS.saturating_mul(1 << attempts.saturating_sub(1).min(16));
    let pause = doubled.min(LONGEST_PAUSE_SECONDS);
    Timestamp::from_second(now.as_second().saturating_add(pause)).unwrap_or(now)
}

impl State {
    pub fn timer(&self, id: TimerId) -> Option<&Timer> {
        self.timers.get(id.0 as usize)
    }

    pub fn child(&self, instance: Id) -> Option<&Child> {
        self.children.iter().find(|child| child.instance == instance)
    }

    /// The timers that have not fired, with their ids.
    pub fn waiting_timers(&self) -> impl Iterator<Item = (TimerId, &Timer)> {
        let numbered = (0..).map(TimerId).zip(&self.timers);
        numbered.filter(|(_, timer)| timer.state == TimerState::Waiting)
    }

    /// The children that have not ended and that this instance waits for.
    pub fn waited_children(&self) -> impl Iterator<Item = &Child> {
        self.children.iter().filter(|child| child.waited && child.state == ChildState::Running)
    }

    pub fn children_of(&self, visit: VisitId) -> impl Iterator<Item = &Child> {
        self.children.iter().filter(move |child| child.visit == visit)
    }

    /// The next moment at which a timer is to be fired, or something that was refused is to be tried again.
    pub fn next_due(&self) -> Option<Timestamp> {
        self.moments().map(|(moment, _)| moment).min()
    }

    /// What is to be tried at a moment, in the order in which it fell due.
    pub fn due(&self, now: Timestamp) -> Vec<Waiting> {
        let mut due: Vec<(Timestamp, Waiting)> =
            self.moments().filter(|(moment, _)| *moment <= now).collect();
        due.sort_by_key(|(moment, _)| *moment);
        due.into_iter().map(|(_, what)| what).collect()
    }

    /// What waits for a moment, with it: timers, and children whose end could not be followed yet.
    fn moments(&self) -> impl Iterator<Item = (Timestamp, Waiting)> {
        let moment = |timer: &Timer| timer.failed.as_ref().map(|failed| failed.retry).or(timer.due);
        let timers =
            self.waiting_timers().filter_map(move |(id, timer)| Some((moment(timer)?, Waiting::Timer(id))));
        let children = self.waited_children().filter_map(|child| {
            let failed = child.failed.as_ref()?;
            Some((failed.retry, Waiting::Child(child.instance)))
        });
        timers.chain(children)
    }

    /// How the flows that a step started have ended: approved where all were (also where there was none), else as
    /// the first that was not. None before the step is passed.
    pub fn outcome(&self, step: &str) -> Option<Status> {
        let stay = self.numbered().filter(|(_, visit)| visit.step == step).last()?;
        if stay.1.state != super::state::VisitState::Passed {
            return None;
        }
        let mut outcomes = self.children_of(stay.0).filter(|child| child.waited).map(|child| child.outcome);
        let first_other = outcomes.find(|outcome| *outcome != Some(Status::Approved));
        first_other.unwrap_or(Some(Status::Approved))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_up_to_some_hours() {
        let now = Timestamp::from_second(1_700_000_000).unwrap();
        let pause = |attempts| retry_at(now, attempts).as_second() - now.as_second();
        assert_eq!([pause(1), pause(2), pause(3), pause(20)], [60, 120, 240, 6 * 3600]);
    }
}
