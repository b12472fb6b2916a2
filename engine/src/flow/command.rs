//! What people can ask of an instance, and what the decision needs to know of the world.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::calendar::Calendar;
use super::event::Note;
use super::people::People;
use super::published::{Flow, StepKind};
use super::state::{AddMode, Status, VisitId};
use super::waiting::{TimerId, Waiting};
use crate::condition::Condition;
use crate::value::{Id, Timestamp, Value};

/// People named for later steps, by step key.
pub type Chosen = BTreeMap<String, Vec<Id>>;

/// Something that a person wants to happen.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// The record is submitted for the first time; the actor is the submitter.
    Start {
        chosen: Chosen,
    },
    /// Keeps edits with the task. Nothing happens to the flow; this asks whether it is allowed.
    Save {
        task: Id,
    },
    Approve {
        task: Id,
        note: Note,
        chosen: Chosen,
    },
    /// Of a fill step, or of the submitter's own step after a return or a withdrawal.
    Submit {
        task: Id,
        note: Note,
        chosen: Chosen,
    },
    Reject {
        task: Id,
        note: Note,
    },
    Return {
        task: Id,
        to: String,
        resume: Resume,
        note: Note,
    },
    Transfer {
        task: Id,
        to: Id,
        note: Note,
    },
    /// Takes back the actor's own decision on a task.
    TakeBack {
        task: Id,
    },
    /// Takes the whole request back, by its submitter.
    Withdraw,
    Urge,
    Terminate {
        note: Note,
    },
    Reassign {
        task: Id,
        to: Id,
    },
    Comment {
        text: String,
        mentions: Vec<Id>,
    },
    /// Lets others know of the request, by somebody who decides or has decided about it.
    Inform {
        task: Id,
        members: Vec<Id>,
    },
    /// Asks more people about one's own task.
    AddSign {
        task: Id,
        to: Vec<Id>,
        mode: AddMode,
        note: Note,
    },
    /// Opens a step of an ended instance again that it had passed.
    Reactivate {
        step: String,
    },
    /// Goes on with the version of the flow that this is decided with. See [`Command::migrate`].
    Migrate {
        version: i64,
        /// New keys of steps by the old ones, where they are other ones.
        steps: BTreeMap<String, String>,
        /// What the steps are in the version that it leaves.
        kinds: BTreeMap<String, StepKind>,
    },
    /// Gives the open tasks of a member to `to`; without it to who took over from them when they left. Where these can't have
    /// one, it goes to an administrator.
    HandOver {
        member: Id,
        to: Option<Id>,
    },
    /// Gives the open tasks of a member to who decides in their place now.
    PassOn {
        member: Id,
    },
    /// A timer is due.
    Fire {
        timer: TimerId,
    },
    /// A flow that this one started has ended.
    ChildEnded {
        instance: Id,
        status: Status,
    },
    /// An action step was carried out.
    Performed {
        visit: VisitId,
    },
    /// What a timer or the end of a child leads to was refused, for this reason.
    Failed {
        what: Waiting,
        reason: String,
    },
    /// The record changed in another way than by people: moments that its fields hold are read again.
    Reread,
    /// Somebody changed the record itself, without a task, while its flow goes on. Nothing happens to the flow; the log
    /// tells of it.
    Edit,
}

impl Command {
    /// Moves an instance that runs `old` to `version`; the new one is what it is decided with.
    pub fn migrate(old: &Flow, version: i64, steps: BTreeMap<String, String>) -> Command {
        Command::Migrate { version, steps, kinds: old.kinds() }
    }
}

/// How the flow goes on after the step that it was returned to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Resume {
    /// Everything after it again.
    #[default]
    Rerun,
    /// Straight back to the step that returned it.
    Direct,
}

/// Who gives a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    Member(Id),
    /// The product itself, for example because the record is deleted.
    System,
}

/// What the actor may do to any instance of this form, whoever it belongs to. Found by the access rules.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Powers {
    pub urge: bool,
    pub terminate: bool,
    pub reassign: bool,
    pub reactivate: bool,
    pub migrate: bool,
}

/// The record of an instance, as it is when the flow looks at it.
pub trait Subject {
    /// The value of a field (`owner`, `lines.inspector`, `$owner`); empty where there is none.
    fn value(&self, path: &str) -> Value;

    /// Whether a branch condition holds.
    fn holds(&self, when: &Condition) -> bool;
}

/// All that a decision depends on besides the flow, the state and the command.
pub struct Context<'c> {
    pub now: Timestamp,
    pub actor: Actor,
    pub powers: Powers,
    pub people: &'c dyn People,
    pub record: &'c dyn Subject,
    /// The zone and the working time of the workspace.
    pub calendar: &'c Calendar,
    /// New ids, for tasks, and for the records and instances of subflows. Never ends.
    pub ids: &'c mut dyn Iterator<Item = Id>,
}
