//! Approval flows: a state machine without clock, database or people of its own (approvals.md).
//!
//! [`FlowDocument`] is the design; [`Flow::publish`] makes it a [`Flow`], which is a tree of steps and so has
//! no dead ends. [`decide()`] turns a [`Command`] into [`Event`]s, [`apply()`] carries them out on the
//! [`State`]; [`replay`] of the log gives the state again.
//!
//! # One more of something
//! - a step: its members in `document.rs`, its kind in `published.rs`; the compiler names the rest
//! - a task action: a [`Command`], its branch in `decide.rs`, its [`Change`]s in `event.rs` and `apply.rs`
//! - a reason to refuse: a line in `refusal.rs` and its sentence in `texts/*/flow.ftl`

mod address;
mod analyse;
mod apply;
mod auto_pass;
mod calendar;
mod call;
mod choosing;
mod command;
mod course;
mod cover;
mod coverage;
mod decide;
mod delegation;
mod detour;
mod directory;
pub mod document;
mod effects;
mod event;
mod fallback;
mod fitting;
mod going_back;
mod in_form;
mod log;
mod message;
mod moving;
mod notice;
mod outcome;
mod path;
mod people;
mod permission;
mod published;
mod record_action;
mod refusal;
mod sending;
mod signing;
mod simulate;
mod state;
mod take_back;
mod tally;
mod timers;
mod turn;
mod unreadable;
mod uses;
mod waiting;
pub mod who;

pub use address::Place;
pub use analyse::{ChildForm, FormInfo, Holds};
pub use apply::apply;
pub use calendar::Calendar;
pub use call::{Call, CallMethod, CallRequest, is_header_of_secrets};
pub use command::{Actor, Chosen, Command, Context, Powers, Resume, Subject};
pub use coverage::Coverage;
pub use decide::{actions, check_withdrawal, decide, lets_comment, lets_end, lets_reassign, return_targets};
pub use delegation::Delegation;
pub use directory::{Department, Directory, Person, Role};
pub use document::FlowDocument;
pub use effects::{Effect, effects};
pub use event::{CancelReason, Change, Event, Note, replay};
pub use fallback::Fallback;
pub use fitting::{Names, Needs, fits};
pub use in_form::{InForm, OnRecord};
pub use log::{Did, Line};
pub use message::{Channel, Message};
pub use moving::reactivation_targets;
pub use notice::{Notice, NoticeKind, concerns_admins, notices, settled};
pub use outcome::of_record;
pub use people::People;
pub use permission::StepFields;
pub use published::{DEFAULT_ARM, Flow, StepKind};
pub use record_action::{ActionKind, IfNone, Meant, RecordAction, Target};
pub use refusal::{Refusal, RefusalCode};
pub use sending::Sending;
pub use signing::is_added;
pub use simulate::{Answer, Answers, ArmAsked, Setting, Stop, Walk, simulate, what_comes_next};
pub use state::{
    AddMode, Added, ArmRun, ArmState, Asked, Automatic, Decision, Detour, Reopening, State, Status, Task,
    TaskState, Unattended, Visit, VisitId, VisitState, Within,
};
pub use take_back::check_take_back;
pub use tally::{Ballot, Voter, ballots};
pub use timers::pending_actions;
pub use unreadable::unreadable;
pub use waiting::{Child, ChildState, Failure, Timer, TimerId, TimerState, Waiting};

#[cfg(test)]
mod tests;
