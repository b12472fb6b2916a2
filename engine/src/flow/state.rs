//! Where an instance stands: the visits of its steps, and the tasks people have in them.
//!
//! A *visit* is one stay at a step; a step that is returned to gets another one. Blocks (branch, parallel) have
//! visits too, with the steps inside as their children, so that the visits form the same tree as the flow. A
//! *turn* is one accepted command; what a command did can be told by its turn.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::event::{Event, replay};
use super::waiting::{Child, Timer};
use crate::value::{Id, Timestamp};

/// One running or ended flow of one record. The default has not been started.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct State {
    pub status: Status,
    pub submitter: Option<Id>,
    /// The number of the last accepted command.
    pub turn: u32,
    /// In the order they were entered: a [`VisitId`] is the place in here.
    pub visits: Vec<Visit>,
    /// In the order they were opened.
    pub tasks: Vec<Task>,
    /// People that somebody named for a later step, by its key.
    pub chosen: BTreeMap<String, Vec<Id>>,
    /// The turn in which the submitter last submitted.
    pub submitted: u32,
    /// The turn of the last return, rejection to an earlier step, or withdrawal. Approvals from before do not
    /// count for passing a step automatically.
    pub returned: u32,
    /// The one before, for when that is taken back.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub returned_before: u32,
    /// Decisions up to this turn stay: the flow has since been sent straight back, moved to another version, or opened
    /// again.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub settled: u32,
    /// Delays and deadlines in the order they were set: a [`TimerId`](super::TimerId) is the place in here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub timers: Vec<Timer>,
    /// The flows that it started.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<Child>,
    /// Those whom deciders let know of it, each once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub copied: Vec<Id>,
    /// What deadlines have decided since a person last acted.
    #[serde(default, skip_serializing_if = "Unattended::is_none")]
    pub unattended: Unattended,
}

/// How often deadlines have decided in a row, without anybody doing anything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unattended {
    pub decisions: u32,
    /// The turn of the last one: the tasks that one deadline decides together count once.
    pub turn: u32,
}

impl Unattended {
    fn is_none(&self) -> bool {
        *self == Unattended::default()
    }
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// The state of an instance, and of its record as `$flow_state`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Not submitted yet.
    #[default]
    Draft,
    Running,
    /// Taken back by the submitter, who has it open at `start`. Not an end.
    Withdrawn,
    Approved,
    Rejected,
    Terminated,
}

impl Status {
    /// The text in the API and in `$flow_state`.
    pub fn key(self) -> &'static str {
        match self {
            Status::Draft => "draft",
            Status::Running => "running",
            Status::Withdrawn => "withdrawn",
            Status::Approved => "approved",
            Status::Rejected => "rejected",
            Status::Terminated => "terminated",
        }
    }

    pub fn is_ended(self) -> bool {
        match self {
            Status::Approved | Status::Rejected | Status::Terminated => true,
            Status::Draft | Status::Running | Status::Withdrawn => false,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct VisitId(pub u32);

/// One stay at a step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Visit {
    pub step: String,
    /// The block around it; none at the top of the flow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<Within>,
    /// The visit that the flow came from, in the same arm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<VisitId>,
    /// Who decides here, in order; for a cc step who was informed. Several tasks may have gone to others since.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<Asked>,
    /// Of a block: the arms that were entered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub arms: Vec<ArmRun>,
    pub state: VisitState,
    pub entered_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_at: Option<Timestamp>,
    /// The turn in which it was entered.
    pub opened: u32,
    /// The returns that opened it again, as far as they were not taken back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reopened: Vec<Reopening>,
    /// The turn in which it was last left; none while active.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<u32>,
    /// Those who were added to its voters.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub joined: Vec<Id>,
    /// Where the flow goes from here, if it was returned here to go straight back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detour: Option<Detour>,
    /// The flow has gone straight back from here, so that this stay is not on the way of what follows.
    #[serde(default, skip_serializing_if = "is_false")]
    pub aside: bool,
}

/// The way straight back to the step that returned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detour {
    pub from: VisitId,
    /// A sum of what the branches read at the return: where it is another one, everything runs again.
    pub reads: String,
}

fn is_false(flag: &bool) -> bool {
    !*flag
}

/// The opening again of a block that had been left, by a return into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reopening {
    pub turn: u32,
    /// The turn in which it had been left.
    pub closed: Option<u32>,
}

/// The arm of a block's visit that something lies in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Within {
    pub block: VisitId,
    pub arm: String,
}

/// Somebody who is asked, perhaps in the place of somebody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    pub member: Id,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<Id>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArmRun {
    pub arm: String,
    pub state: ArmState,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ArmState {
    Running,
    Done,
    /// Enough other arms were through before it.
    Cancelled,
}

impl ArmRun {
    pub fn is_done(&self) -> bool {
        self.state == ArmState::Done
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VisitState {
    Active,
    Passed,
    Rejected,
    Returned,
    Cancelled,
}

/// What one person has to do at a visit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Task {
    pub id: Id,
    pub visit: VisitId,
    pub step: String,
    /// Nobody, where a step holds until an administrator assigns it.
    pub assignee: Option<Id>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<Id>,
    pub state: TaskState,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub automatic: Option<Automatic>,
    pub arrived: Timestamp,
    /// The turn in which it was opened.
    pub opened: u32,
    /// The turn in which it was decided or cancelled; none while open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<u32>,
    /// How often it was transferred.
    #[serde(default)]
    pub transfers: u32,
    /// Who had it before, the first one first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub before: Vec<Id>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub urged: Option<Timestamp>,
    /// The task whose decision it is a part of, where somebody was added before or after that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub added: Option<Added>,
    /// Who is asked after it was approved.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub to_add: Vec<Asked>,
}

/// To which task somebody was added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Added {
    pub to: Id,
    pub mode: AddMode,
}

/// How people are added to a task (加签).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AddMode {
    /// The task waits until they have decided.
    Before,
    /// They decide after it was approved.
    After,
    /// They vote beside it.
    Parallel,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskState {
    Open,
    Done,
    Cancelled,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    Approved,
    Submitted,
    Rejected,
    Returned,
}

/// Why something was decided without a person doing it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Automatic {
    /// `nobody: auto_approve`
    Nobody,
    /// `self_approval: auto_approve`
    SelfApproval,
    /// `auto_pass`
    ApprovedBefore,
    /// A deadline was reached.
    Deadline,
}

impl State {
    pub fn visit(&self, id: VisitId) -> Option<&Visit> {
        self.visits.get(id.0 as usize)
    }

    /// The id that the next visit will have.
    pub(super) fn next_visit(&self) -> VisitId {
        VisitId(u32::try_from(self.visits.len()).unwrap_or(u32::MAX))
    }

    pub fn task(&self, id: Id) -> Option<&Task> {
        self.tasks.iter().find(|task| task.id == id)
    }

    /// The visits with their ids, in the order they were entered.
    pub fn numbered(&self) -> impl Iterator<Item = (VisitId, &Visit)> {
        (0..).map(VisitId).zip(&self.visits)
    }

    pub fn active(&self) -> impl Iterator<Item = (VisitId, &Visit)> {
        self.numbered().filter(|(_, visit)| visit.state == VisitState::Active)
    }

    pub fn open_tasks(&self) -> impl Iterator<Item = &Task> {
        self.tasks.iter().filter(|task| task.state == TaskState::Open)
    }

    /// Whether a task waits for people who were added before it.
    pub fn waits_for_added(&self, task: Id) -> bool {
        self.open_tasks()
            .filter_map(|other| other.added)
            .any(|added| added.to == task && added.mode == AddMode::Before)
    }

    pub fn tasks_of(&self, visit: VisitId) -> impl Iterator<Item = &Task> {
        self.tasks.iter().filter(move |task| task.visit == visit)
    }

    /// The keys of the steps where somebody has something to do, each once, in the order they were entered.
    pub fn current_steps(&self) -> Vec<&str> {
        let mut steps: Vec<&str> = Vec::new();
        for task in self.open_tasks() {
            if !steps.contains(&task.step.as_str()) {
                steps.push(&task.step);
            }
        }
        steps
    }

    /// Whether replaying a log has given this state. What later versions of the product have begun to remember beside it is left
    /// out: states that were stored before then do not know it, and are as right as they were.
    pub fn is_given_by(&self, log: &[Event]) -> bool {
        let known = |state: State| State {
            returned_before: 0,
            settled: 0,
            unattended: Unattended::default(),
            ..state
        };
        known(replay(log)) == known(self.clone())
    }

    /// Everybody who was ever asked or informed here. They and the submitter may follow the instance.
    pub fn involved(&self) -> BTreeSet<Id> {
        let asked = self.visits.iter().flat_map(|visit| &visit.people).map(|asked| asked.member);
        let assigned = self.tasks.iter().filter_map(|task| task.assignee);
        let copied = self.copied.iter().copied();
        self.submitter.into_iter().chain(asked).chain(assigned).chain(copied).collect()
    }
}
