//! Flow instances, their tasks and their logs.

use engine::value::{Id, Timestamp};

use crate::connection::{Reader, Tx};
use crate::error::Result;
use crate::row::args;
use crate::stored::{keyed, stored};

keyed! {
    pub enum InstanceState {
        Running = "running",
        Approved = "approved",
        Rejected = "rejected",
        Withdrawn = "withdrawn",
        Terminated = "terminated",
    }
}

stored! {
    pub struct Instance in "instance" by (workspace: Id, id: Id) {
        pub form: Id,
        pub record: Id,
        pub flow_version: i64,
        pub state: InstanceState,
        /// The engine's state as JSON.
        pub marking: String,
        pub title: String,
        pub submitter: Option<Id>,
        pub started_at: Timestamp,
        pub ended_at: Option<Timestamp>,
        pub version: i64,
    }
}

keyed! {
    pub enum TaskKind {
        /// To submit (again).
        Start = "start",
        Approve = "approve",
        Fill = "fill",
        /// To know of.
        Cc = "cc",
    }
}

keyed! {
    pub enum TaskState {
        Open = "open",
        Done = "done",
        Cancelled = "cancelled",
    }
}

stored! {
    pub struct Task in "task" by (workspace: Id, id: Id) {
        pub instance: Id,
        pub form: Id,
        pub record: Id,
        /// The key of the flow's step.
        pub step: String,
        pub kind: TaskKind,
        /// Nobody: held for an administrator.
        pub assignee: Option<Id>,
        pub on_behalf_of: Option<Id>,
        pub state: TaskState,
        pub decision: Option<String>,
        pub arrived_at: Timestamp,
        pub due_at: Option<Timestamp>,
        pub decided_at: Option<Timestamp>,
        /// Edits put aside by the assignee, as JSON.
        pub kept: Option<String>,
    }
}

stored! {
    /// One event of an instance; replaying them gives its state.
    pub struct LogEntry in "instance_log" by (workspace: Id, instance: Id, seq: i64) {
        pub at: Timestamp,
        pub who: Option<Id>,
        pub on_behalf_of: Option<Id>,
        /// The engine's event as JSON.
        pub event: String,
    }
}

impl Instance {
    /// As `find`, keeping others off it until the transaction ends.
    pub async fn lock(tx: &mut Tx, workspace: Id, id: Id) -> Result<Option<Instance>> {
        let tail = format!("WHERE workspace = ? AND id = ?{}", tx.dialect().row_lock(false));
        Instance::one(tx, &tail, args![workspace, id]).await
    }

    /// The instances of a record, newest first.
    pub async fn of_record(db: &mut Reader, workspace: Id, form: Id, record: Id) -> Result<Vec<Instance>> {
        let tail = "WHERE workspace = ? AND form = ? AND record = ? ORDER BY id DESC";
        Instance::all(db, tail, args![workspace, form, record]).await
    }

    /// What a member has started, newest first, from before `before` on.
    pub async fn started_by(
        db: &mut Reader,
        workspace: Id,
        member: Id,
        before: Option<Id>,
        limit: i64,
    ) -> Result<Vec<Instance>> {
        let tail = "WHERE workspace = ? AND submitter = ? AND id < ? ORDER BY id DESC LIMIT ?";
        let before = before.map_or(i64::MAX, Id::as_i64);
        Instance::all(db, tail, args![workspace, member, before, limit]).await
    }
}

impl Task {
    pub async fn of_instance(db: &mut Reader, workspace: Id, instance: Id) -> Result<Vec<Task>> {
        Task::all(db, "WHERE workspace = ? AND instance = ? ORDER BY id", args![workspace, instance]).await
    }

    /// The open tasks of several instances.
    pub async fn open_of_instance(db: &mut Reader, workspace: Id, instance: Id) -> Result<Vec<Task>> {
        let tail = "WHERE workspace = ? AND instance = ? AND state = 'open' ORDER BY id";
        Task::all(db, tail, args![workspace, instance]).await
    }

    /// A member's tasks in a state, newest first, from before `before` on; those to know of apart from the rest.
    pub async fn of_member(
        db: &mut Reader,
        workspace: Id,
        member: Id,
        state: TaskState,
        cc: bool,
        before: Option<Id>,
        limit: i64,
    ) -> Result<Vec<Task>> {
        let tail = if cc {
            "WHERE workspace = ? AND assignee = ? AND state = ? AND id < ? AND kind = 'cc' ORDER BY id DESC LIMIT ?"
        } else {
            "WHERE workspace = ? AND assignee = ? AND state = ? AND id < ? AND kind <> 'cc' ORDER BY id DESC LIMIT ?"
        };
        let before = before.map_or(i64::MAX, Id::as_i64);
        Task::all(db, tail, args![workspace, member, state, before, limit]).await
    }

    /// How many tasks wait for a member.
    pub async fn count_open(db: &mut Reader, workspace: Id, member: Id) -> Result<i64> {
        let sql = "SELECT count(*) FROM task WHERE workspace = ? AND assignee = ? AND state = 'open' \
                   AND kind <> 'cc'";
        db.fetch_one(sql, args![workspace, member]).await?.get(0)
    }

    /// Whether a member has or had a task of an instance, or was informed of it.
    pub async fn concerns(db: &mut Reader, workspace: Id, instance: Id, member: Id) -> Result<bool> {
        let sql = "SELECT 1 FROM task WHERE workspace = ? AND instance = ? AND assignee = ? LIMIT 1";
        Ok(db.fetch_optional(sql, args![workspace, instance, member]).await?.is_some())
    }
}

impl LogEntry {
    /// Oldest first.
    pub async fn of_instance(db: &mut Reader, workspace: Id, instance: Id) -> Result<Vec<LogEntry>> {
        LogEntry::all(db, "WHERE workspace = ? AND instance = ? ORDER BY seq", args![workspace, instance])
            .await
    }
}
