//! What happened: the log of an instance. Replaying it gives the [`State`].

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::state::{AddMode, Added, Asked, Automatic, Decision, State, Status, VisitId, VisitState, Within};
use super::waiting::{TimerId, Waiting};
use crate::value::{Id, Timestamp};

/// One line of an instance's log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// The command that it belongs to, counted from 1.
    pub turn: u32,
    pub at: Timestamp,
    /// Who gave the command; nobody for what the product does by itself.
    pub who: Option<Id>,
    pub change: Change,
}

/// One change of the state.
///
/// The members name the step besides its visit so that a reader of the log needs no state.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// The record was submitted for the first time.
    Started {
        submitter: Id,
    },
    /// It was submitted again after a return or a withdrawal.
    Resubmitted,
    /// Somebody named the people of a later step.
    Chose {
        step: String,
        members: Vec<Id>,
    },
    Entered {
        visit: VisitId,
        step: String,
        within: Option<Within>,
        after: Option<VisitId>,
        people: Vec<Asked>,
    },
    /// A branch or parallel block opened these arms.
    Split {
        visit: VisitId,
        step: String,
        arms: Vec<String>,
    },
    /// The last step of an arm is through.
    ArmDone {
        visit: VisitId,
        step: String,
        arm: String,
    },
    /// A task was opened. Without assignee it waits for an administrator.
    Opened {
        task: Id,
        visit: VisitId,
        step: String,
        assignee: Option<Id>,
        on_behalf_of: Option<Id>,
        /// The task whose decision it is a part of.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        added: Option<Added>,
    },
    /// People were informed.
    Informed {
        visit: VisitId,
        step: String,
        members: Vec<Id>,
    },
    /// Somebody let others know of it, from their own step.
    Copied {
        step: String,
        members: Vec<Id>,
    },
    Decided {
        task: Id,
        step: String,
        by: Option<Id>,
        on_behalf_of: Option<Id>,
        decision: Decision,
        automatic: Option<Automatic>,
        /// Where a return goes.
        to: Option<String>,
        note: Note,
    },
    Cancelled {
        task: Id,
        step: String,
        assignee: Option<Id>,
        reason: CancelReason,
    },
    Left {
        visit: VisitId,
        step: String,
        state: VisitState,
        automatic: Option<Automatic>,
    },
    Transferred {
        task: Id,
        step: String,
        from: Id,
        to: Id,
        note: Note,
    },
    Reassigned {
        task: Id,
        step: String,
        from: Option<Id>,
        to: Id,
    },
    /// A deadline gave a task to the manager of who had it.
    Escalated {
        task: Id,
        step: String,
        from: Id,
        to: Id,
    },
    /// Nobody takes over the task of somebody who has left: it waits for an administrator.
    Held {
        task: Id,
        step: String,
        from: Option<Id>,
    },
    /// An open task went to who decides in the place of its assignee.
    Delegated {
        task: Id,
        step: String,
        from: Id,
        to: Id,
    },
    /// Somebody added people to their task.
    SignAdded {
        task: Id,
        step: String,
        mode: AddMode,
        members: Vec<Asked>,
        note: Note,
    },
    /// People came to those who are asked at a visit, from a place in their order on. `members` are those who are new.
    Joined {
        visit: VisitId,
        step: String,
        place: u32,
        people: Vec<Asked>,
        members: Vec<Id>,
    },
    /// From this visit the flow is to go straight back to the one that returned.
    Detoured {
        visit: VisitId,
        step: String,
        from: VisitId,
        reads: String,
    },
    /// It has gone straight back.
    WentDirect {
        visit: VisitId,
        step: String,
        to: VisitId,
    },
    /// An administrator opened an ended instance again.
    Reactivated {
        step: String,
    },
    /// The instance runs another version of its flow.
    Migrated {
        version: i64,
        /// New keys by the old ones.
        steps: BTreeMap<String, String>,
        /// The visits whose key is another one.
        visits: Vec<(VisitId, String)>,
    },
    /// A delay or a deadline waits for a moment.
    Scheduled {
        timer: TimerId,
        visit: VisitId,
        step: String,
        rule: Option<u32>,
        due: Option<Timestamp>,
    },
    /// The field that a timer follows has changed.
    Rescheduled {
        timer: TimerId,
        step: String,
        due: Option<Timestamp>,
    },
    Fired {
        timer: TimerId,
        step: String,
        rule: Option<u32>,
    },
    /// A deadline that the instance's version does not have any more.
    Unscheduled {
        timer: TimerId,
        step: String,
    },
    /// A deadline reminded people.
    Reminded {
        tasks: Vec<Id>,
        step: String,
        members: Vec<Id>,
    },
    /// A flow of another record begins. Whoever carries the events out creates the record and starts its flow.
    ChildStarted {
        instance: Id,
        record: Id,
        visit: VisitId,
        step: String,
        form: String,
        row: Option<Id>,
        waited: bool,
    },
    ChildEnded {
        instance: Id,
        step: String,
        status: Status,
    },
    /// The parent no longer waits for a child; whoever carries the events out terminates it.
    ChildStopped {
        instance: Id,
        step: String,
    },
    /// An action is to be carried out; [`Command::Performed`](super::Command::Performed) says that it is.
    Performing {
        visit: VisitId,
        step: String,
        /// Whom a message of it goes to.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        members: Vec<Id>,
    },
    /// What a timer or the end of a child leads to was refused.
    Failed {
        what: Waiting,
        step: String,
        reason: String,
        retry: Timestamp,
    },
    /// A block that was left is active again, because the flow goes back into it.
    Reopened {
        visit: VisitId,
        step: String,
    },
    /// A visit that was left is active again, because the decision that left it was taken back.
    Resumed {
        visit: VisitId,
        step: String,
    },
    /// A block that a return had opened again is left as before, because the return was taken back.
    ClosedAgain {
        visit: VisitId,
        step: String,
    },
    /// Somebody took their own decision back; the task is open again.
    TakenBack {
        task: Id,
        step: String,
        by: Id,
        decision: Decision,
    },
    /// A cancelled task is open again, because the decision that cancelled it was taken back.
    Restored {
        task: Id,
        step: String,
        assignee: Option<Id>,
    },
    /// The submitter took the request back.
    Withdrawn,
    Urged {
        tasks: Vec<Id>,
        members: Vec<Id>,
    },
    Commented {
        text: String,
        mentions: Vec<Id>,
    },
    /// Somebody changed the record itself; which fields, its history tells.
    Edited,
    Ended {
        status: Status,
        note: Note,
    },
}

/// What a person says with an action.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opinion: Option<String>,
    /// The file with the signature.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<Id>,
}

/// Why a task need not be done any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CancelReason {
    /// The step was decided by others.
    StepDecided,
    /// Enough arms of the block were through.
    Joined,
    /// The flow went back.
    Returned,
    Rejected,
    Withdrawn,
    Terminated,
    /// The decision that led here was taken back.
    TakenBack,
    /// Somebody who was added to the task has rejected.
    AddedRejected,
}

impl CancelReason {
    /// The word in the API.
    pub fn key(self) -> &'static str {
        match self {
            CancelReason::StepDecided => "step_decided",
            CancelReason::Joined => "joined",
            CancelReason::Returned => "returned",
            CancelReason::Rejected => "rejected",
            CancelReason::Withdrawn => "withdrawn",
            CancelReason::Terminated => "terminated",
            CancelReason::TakenBack => "taken_back",
            CancelReason::AddedRejected => "added_rejected",
        }
    }
}

impl Event {
    /// The state of the instance from here on, where this event changes it.
    pub fn flow_state(&self) -> Option<Status> {
        match &self.change {
            Change::Started { .. } | Change::Resubmitted | Change::Reactivated { .. } => {
                Some(Status::Running)
            }
            Change::Withdrawn => Some(Status::Withdrawn),
            Change::Ended { status, .. } => Some(*status),
            Change::Chose { .. }
            | Change::Entered { .. }
            | Change::Split { .. }
            | Change::ArmDone { .. }
            | Change::Opened { .. }
            | Change::Informed { .. }
            | Change::Copied { .. }
            | Change::Decided { .. }
            | Change::Cancelled { .. }
            | Change::Left { .. }
            | Change::Transferred { .. }
            | Change::Reassigned { .. }
            | Change::Escalated { .. }
            | Change::Held { .. }
            | Change::Delegated { .. }
            | Change::SignAdded { .. }
            | Change::Joined { .. }
            | Change::Detoured { .. }
            | Change::WentDirect { .. }
            | Change::Migrated { .. }
            | Change::Scheduled { .. }
            | Change::Rescheduled { .. }
            | Change::Fired { .. }
            | Change::Unscheduled { .. }
            | Change::Reminded { .. }
            | Change::ChildStarted { .. }
            | Change::ChildEnded { .. }
            | Change::ChildStopped { .. }
            | Change::Performing { .. }
            | Change::Failed { .. }
            | Change::Reopened { .. }
            | Change::Resumed { .. }
            | Change::ClosedAgain { .. }
            | Change::TakenBack { .. }
            | Change::Restored { .. }
            | Change::Urged { .. }
            | Change::Commented { .. }
            | Change::Edited => None,
        }
    }
}

/// The state after a whole log.
pub fn replay<'e>(events: impl IntoIterator<Item = &'e Event>) -> State {
    let mut state = State::default();
    for event in events {
        super::apply(&mut state, event);
    }
    state
}
