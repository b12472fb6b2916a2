//! Who is to be told of what happened, wherever they are (approvals.md, "Task actions": urge, comment; "Structure": cc).
//!
//! Nobody is told of what they have done themselves, nor of a task that waits for them no more when they would be told.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::document::START;
use super::event::{Change, Event};
use super::state::{State, Status, TaskState};
use super::waiting::{Waiting, retry_at};
use crate::value::{Id, Timestamp};

/// Why somebody is told of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// Something waits for their decision.
    Task,
    /// Their own request came back to them.
    Returned,
    /// Somebody, or a deadline, reminds them.
    Reminder,
    /// Somebody named them.
    Mention,
    /// Somebody said something about what they asked for, or what waits for them.
    Comment,
    /// They were let know of a request.
    Copy,
    /// Their own request is over.
    Outcome,
    /// A step of the flow has a message for them.
    Message,
    /// A request that they administer can't go on by itself: what was due is refused, and tried again.
    Failed,
    /// A call of a request that they administer was given up: the other system took it at none of its tries.
    Undelivered,
}

impl NoticeKind {
    pub const ALL: [NoticeKind; 10] = [
        NoticeKind::Task,
        NoticeKind::Returned,
        NoticeKind::Reminder,
        NoticeKind::Mention,
        NoticeKind::Comment,
        NoticeKind::Copy,
        NoticeKind::Outcome,
        NoticeKind::Message,
        NoticeKind::Failed,
        NoticeKind::Undelivered,
    ];

    /// The word in the API.
    pub fn key(self) -> &'static str {
        match self {
            NoticeKind::Task => "task",
            NoticeKind::Returned => "returned",
            NoticeKind::Reminder => "reminder",
            NoticeKind::Mention => "mention",
            NoticeKind::Comment => "comment",
            NoticeKind::Copy => "copy",
            NoticeKind::Outcome => "outcome",
            NoticeKind::Message => "message",
            NoticeKind::Failed => "failed",
            NoticeKind::Undelivered => "undelivered",
        }
    }

    pub fn from_key(key: &str) -> Option<NoticeKind> {
        NoticeKind::ALL.into_iter().find(|kind| kind.key() == key)
    }

    /// Whether it is about a task: once that is done there is nothing more to be told.
    pub fn is_of_task(self) -> bool {
        match self {
            NoticeKind::Task | NoticeKind::Returned | NoticeKind::Reminder => true,
            NoticeKind::Mention
            | NoticeKind::Comment
            | NoticeKind::Copy
            | NoticeKind::Outcome
            | NoticeKind::Message
            | NoticeKind::Failed
            | NoticeKind::Undelivered => false,
        }
    }
}

/// Something that one member is told of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub kind: NoticeKind,
    pub member: Id,
    /// The task of theirs that it is about.
    pub task: Option<Id>,
    pub step: Option<String>,
    /// Who did it; nobody where the product did.
    pub by: Option<Id>,
    pub at: Timestamp,
    /// How the request ended.
    pub outcome: Option<Status>,
}

/// Who is to be told of `events`, each once of each thing, as the instance stands `now`, which may be later. What waits for
/// nobody is told to the administrators, who give it to somebody; and what can't go on by itself, at its first refusal.
pub fn notices(events: &[Event], now: &State, admins: &[Id]) -> Vec<Notice> {
    let mut told = Vec::new();
    let mut known = BTreeSet::new();
    for event in events {
        for notice in of_event(event, now, admins) {
            if event.who != Some(notice.member) && known.insert((notice.member, notice.kind, notice.task)) {
                told.push(notice);
            }
        }
    }
    told
}

fn of_event(event: &Event, now: &State, admins: &[Id]) -> Vec<Notice> {
    let notice = |kind: NoticeKind, member: Id, task: Option<Id>, step: Option<&String>| Notice {
        kind,
        member,
        task,
        step: step.cloned(),
        by: event.who,
        at: event.at,
        outcome: None,
    };
    // The task, where it still waits for whom it was given to.
    let waits = |task: Id, member: Id| {
        let known = now.task(task);
        known.is_some_and(|known| known.state == TaskState::Open && known.assignee == Some(member))
    };
    let work = |task: Id, member: Id, step: &String| -> Vec<Notice> {
        let kind = if step == START { NoticeKind::Returned } else { NoticeKind::Task };
        let is_theirs = waits(task, member);
        is_theirs.then(|| notice(kind, member, Some(task), Some(step))).into_iter().collect()
    };
    let held = |task: Id, step: &String| -> Vec<Notice> {
        let waits = is_unassigned(now, task);
        let told = admins.iter().filter(|_| waits);
        told.map(|admin| notice(NoticeKind::Task, *admin, Some(task), Some(step))).collect()
    };
    let reminders = |tasks: &[Id], members: &[Id], step: Option<&String>| -> Vec<Notice> {
        let of = |member: &Id| {
            let task = tasks.iter().copied().find(|task| waits(*task, *member));
            let step = step.or_else(|| Some(&now.task(task?)?.step));
            notice(NoticeKind::Reminder, *member, task, step)
        };
        members.iter().map(of).collect()
    };
    match &event.change {
        Change::Opened { task, step, assignee: Some(member), .. }
        | Change::Restored { task, step, assignee: Some(member) } => work(*task, *member, step),
        Change::Opened { task, step, assignee: None, .. }
        | Change::Restored { task, step, assignee: None }
        | Change::Held { task, step, .. } => held(*task, step),
        Change::Transferred { task, step, to, .. }
        | Change::Reassigned { task, step, to, .. }
        | Change::Escalated { task, step, to, .. }
        | Change::Delegated { task, step, to, .. } => work(*task, *to, step),
        Change::Informed { step, members, .. } | Change::Copied { step, members } => {
            members.iter().map(|member| notice(NoticeKind::Copy, *member, None, Some(step))).collect()
        }
        Change::Reminded { tasks, step, members } => reminders(tasks, members, Some(step)),
        Change::Urged { tasks, members } => reminders(tasks, members, None),
        Change::Commented { mentions, .. } => {
            let named = mentions.iter().map(|member| notice(NoticeKind::Mention, *member, None, None));
            let waiting = now.open_tasks().filter_map(|task| task.assignee);
            let follows: BTreeSet<Id> = now
                .submitter
                .into_iter()
                .chain(waiting)
                .filter(|member| !mentions.contains(member))
                .collect();
            let others = follows.into_iter().map(|member| notice(NoticeKind::Comment, member, None, None));
            named.chain(others).collect()
        }
        Change::Ended { status, .. } => {
            let told =
                |member| Notice { outcome: Some(*status), ..notice(NoticeKind::Outcome, member, None, None) };
            // What was opened again since is not over.
            now.submitter.filter(|_| now.status == *status).map(told).into_iter().collect()
        }
        Change::Failed { what, step, retry, .. } => {
            let told = admins.iter().filter(|_| fails_first(event.at, *what, *retry, now));
            told.map(|admin| notice(NoticeKind::Failed, *admin, None, Some(step))).collect()
        }
        _ => Vec::new(),
    }
}

/// Whether something in `events` is the administrators' to see to `now`: it waits for nobody, or can't go on by itself.
pub fn concerns_admins(events: &[Event], now: &State) -> bool {
    events.iter().any(|event| match &event.change {
        Change::Failed { what, retry, .. } => fails_first(event.at, *what, *retry, now),
        Change::Opened { task, assignee: None, .. }
        | Change::Restored { task, assignee: None, .. }
        | Change::Held { task, .. } => is_unassigned(now, *task),
        _ => false,
    })
}

/// Whether what a timer or a child leads to was refused for the first time, and still is.
fn fails_first(at: Timestamp, what: Waiting, retry: Timestamp, now: &State) -> bool {
    let is_refused = match what {
        Waiting::Timer(id) => {
            now.waiting_timers().any(|(known, timer)| known == id && timer.failed.is_some())
        }
        Waiting::Child(id) => {
            now.waited_children().any(|child| child.instance == id && child.failed.is_some())
        }
    };
    // The first pause is the shortest.
    is_refused && retry == retry_at(at, 1)
}

fn is_unassigned(now: &State, task: Id) -> bool {
    now.task(task).is_some_and(|known| known.state == TaskState::Open && known.assignee.is_none())
}

/// The tasks of which nobody need be told any more because of `events`; with the one whom it still concerns, where it only
/// went to somebody else.
pub fn settled(events: &[Event], now: &State) -> Vec<(Id, Option<Id>)> {
    let of = |event: &Event| match &event.change {
        Change::Decided { task, .. }
        | Change::Cancelled { task, .. }
        | Change::Transferred { task, .. }
        | Change::Reassigned { task, .. }
        | Change::Escalated { task, .. }
        | Change::Delegated { task, .. }
        | Change::Held { task, .. } => Some(*task),
        _ => None,
    };
    let tasks: BTreeSet<Id> = events.iter().filter_map(of).collect();
    let still = |task: Id| {
        let known = now.task(task).filter(|known| known.state == TaskState::Open);
        (task, known.and_then(|known| known.assignee))
    };
    tasks.into_iter().map(still).collect()
}
