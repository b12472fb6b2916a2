//! The log as people read it: who did what, when, and what the product did by itself.

use super::document::START;
use super::event::{CancelReason, Change, Event, Note};
use super::state::{Automatic, Decision, Status, VisitState};
use crate::value::{Id, Timestamp};

/// One line of an instance's timeline.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// The command it belongs to: field changes are recorded by it.
    pub turn: u32,
    pub at: Timestamp,
    /// Who acted; nobody where the product did.
    pub who: Option<Id>,
    pub on_behalf_of: Option<Id>,
    pub step: Option<String>,
    pub action: Did,
    pub note: Note,
    /// Whom it concerns: the new assignee, those informed or reminded or mentioned.
    pub members: Vec<Id>,
    /// The step that it was returned to.
    pub to: Option<String>,
    pub automatic: Option<Automatic>,
    pub reason: Option<CancelReason>,
    /// The text of a comment.
    pub text: Option<String>,
    /// The state that the instance has from here on.
    pub status: Option<Status>,
}

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Did {
    Start,
    Submit,
    Approve,
    Reject,
    Return,
    Transfer,
    Reassign,
    Withdraw,
    Urge,
    Comment,
    Edit,
    Cc,
    Cancel,
    Terminate,
    End,
    AddSign,
    Delegate,
    /// A deadline was reached.
    Deadline,
    Remind,
    /// A delay begins.
    Wait,
    /// A flow of another record begins, ends.
    Subflow,
    SubflowEnd,
    /// An action step.
    Act,
    Fail,
    Reactivate,
    Migrate,
}

impl Did {
    /// The word in the API.
    pub fn key(self) -> &'static str {
        match self {
            Did::Start => "start",
            Did::Submit => "submit",
            Did::Approve => "approve",
            Did::Reject => "reject",
            Did::Return => "return",
            Did::Transfer => "transfer",
            Did::Reassign => "reassign",
            Did::Withdraw => "withdraw",
            Did::Urge => "urge",
            Did::Comment => "comment",
            Did::Edit => "edit",
            Did::Cc => "cc",
            Did::Cancel => "cancel",
            Did::Terminate => "terminate",
            Did::End => "end",
            Did::AddSign => "add_sign",
            Did::Delegate => "delegate",
            Did::Deadline => "deadline",
            Did::Remind => "remind",
            Did::Wait => "wait",
            Did::Subflow => "subflow",
            Did::SubflowEnd => "subflow_end",
            Did::Act => "act",
            Did::Fail => "fail",
            Did::Reactivate => "reactivate",
            Did::Migrate => "migrate",
        }
    }
}

impl Event {
    /// The line in the timeline; `None` for what only moves the marking.
    pub fn line(&self) -> Option<Line> {
        let line = |action: Did, step: Option<&str>| Line {
            turn: self.turn,
            at: self.at,
            who: self.who,
            on_behalf_of: None,
            step: step.map(str::to_string),
            action,
            note: Note::default(),
            members: Vec::new(),
            to: None,
            automatic: None,
            reason: None,
            text: None,
            status: self.flow_state(),
        };
        Some(match &self.change {
            Change::Started { .. } => line(Did::Start, Some(START)),
            Change::Decided { step, by, on_behalf_of, decision, automatic, to, note, .. } => Line {
                who: *by,
                on_behalf_of: *on_behalf_of,
                automatic: *automatic,
                to: to.clone(),
                note: note.clone(),
                ..line(
                    match decision {
                        Decision::Approved => Did::Approve,
                        Decision::Submitted => Did::Submit,
                        Decision::Rejected => Did::Reject,
                        Decision::Returned => Did::Return,
                    },
                    Some(step),
                )
            },
            // A step that found nobody passes without a decision.
            Change::Left { step, state: VisitState::Passed, automatic: Some(automatic), .. } => {
                Line { who: None, automatic: Some(*automatic), ..line(Did::Approve, Some(step)) }
            }
            Change::Informed { step, members, .. } => {
                Line { who: None, members: members.clone(), ..line(Did::Cc, Some(step)) }
            }
            Change::Copied { step, members } => {
                Line { members: members.clone(), ..line(Did::Cc, Some(step)) }
            }
            Change::Cancelled { step, assignee, reason, .. } => Line {
                who: None,
                members: assignee.iter().copied().collect(),
                reason: Some(*reason),
                ..line(Did::Cancel, Some(step))
            },
            Change::Transferred { step, to, note, .. } => {
                Line { members: vec![*to], note: note.clone(), ..line(Did::Transfer, Some(step)) }
            }
            Change::Reassigned { step, to, .. } => {
                Line { members: vec![*to], ..line(Did::Reassign, Some(step)) }
            }
            Change::Escalated { step, to, .. } => {
                Line { who: None, members: vec![*to], ..line(Did::Reassign, Some(step)) }
            }
            Change::Held { step, .. } => line(Did::Reassign, Some(step)),
            Change::Delegated { step, from, to, .. } => {
                Line { on_behalf_of: Some(*from), members: vec![*to], ..line(Did::Delegate, Some(step)) }
            }
            Change::SignAdded { step, members, note, .. } => Line {
                members: members.iter().map(|asked| asked.member).collect(),
                note: note.clone(),
                ..line(Did::AddSign, Some(step))
            },
            Change::Fired { step, rule: Some(_), .. } => {
                Line { who: None, ..line(Did::Deadline, Some(step)) }
            }
            Change::Reminded { step, members, .. } => {
                Line { who: None, members: members.clone(), ..line(Did::Remind, Some(step)) }
            }
            Change::Scheduled { step, rule: None, .. } => Line { who: None, ..line(Did::Wait, Some(step)) },
            Change::ChildStarted { step, .. } => Line { who: None, ..line(Did::Subflow, Some(step)) },
            Change::ChildEnded { step, status, .. } => {
                Line { who: None, text: Some(status.key().to_string()), ..line(Did::SubflowEnd, Some(step)) }
            }
            Change::Performing { step, members, .. } => {
                Line { who: None, members: members.clone(), ..line(Did::Act, Some(step)) }
            }
            Change::Failed { step, reason, .. } => {
                Line { who: None, text: Some(reason.clone()), ..line(Did::Fail, Some(step)) }
            }
            Change::Reactivated { step } => line(Did::Reactivate, Some(step)),
            Change::Migrated { version, .. } => {
                Line { text: Some(version.to_string()), ..line(Did::Migrate, None) }
            }
            Change::TakenBack { step, .. } => line(Did::Withdraw, Some(step)),
            Change::Withdrawn => line(Did::Withdraw, None),
            Change::Urged { members, .. } => Line { members: members.clone(), ..line(Did::Urge, None) },
            Change::Commented { text, mentions } => {
                Line { text: Some(text.clone()), members: mentions.clone(), ..line(Did::Comment, None) }
            }
            Change::Edited => line(Did::Edit, None),
            Change::Ended { status: Status::Terminated, note } => {
                Line { note: note.clone(), ..line(Did::Terminate, None) }
            }
            Change::Ended { .. } => Line { who: None, ..line(Did::End, None) },
            Change::Resubmitted
            | Change::Chose { .. }
            | Change::Entered { .. }
            | Change::Split { .. }
            | Change::ArmDone { .. }
            | Change::Opened { .. }
            | Change::Left { .. }
            | Change::Joined { .. }
            | Change::Detoured { .. }
            | Change::WentDirect { .. }
            | Change::Scheduled { .. }
            | Change::Rescheduled { .. }
            | Change::Fired { .. }
            | Change::Unscheduled { .. }
            | Change::ChildStopped { .. }
            | Change::Reopened { .. }
            | Change::Resumed { .. }
            | Change::ClosedAgain { .. }
            | Change::Restored { .. } => return None,
        })
    }
}
