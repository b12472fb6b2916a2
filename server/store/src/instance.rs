//! Flow instances, their tasks and their logs.

pub mod figure;
mod inbox;
mod visit;

use std::collections::BTreeMap;

use engine::value::{Id, Timestamp};
use sea_query::Value;

use crate::connection::{Reader, Sql, Tx};
use crate::error::Result;
use crate::row::{Bind, args};
use crate::stored::{keyed, stored};

pub use inbox::{StartedQuery, TaskFilter, TaskList, TaskQuery};
pub use visit::{StepVisit, VisitState};

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
        /// The instance whose step has started it.
        pub parent: Option<Id>,
        /// Calls to other systems that have led here, one by the answer to another.
        pub hops: i64,
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
        /// What the assignee put aside, as JSON.
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
        /// What was given with the words of the event, as JSON.
        pub attached: Option<String>,
    }
}

/// Ids of one statement at most.
const CHUNK: usize = 500;

/// The values of a statement that asks about several ids in a workspace, and their question marks.
fn among(workspace: Id, ids: &[Id]) -> (String, Vec<Value>) {
    let marks = vec!["?"; ids.len()].join(", ");
    (marks, std::iter::once(workspace).chain(ids.iter().copied()).map(Bind::bind).collect())
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

    /// All instances of a workspace, in the order of their ids after `after`.
    pub async fn of_workspace(
        db: &mut Reader,
        workspace: Id,
        after: Option<Id>,
        limit: i64,
    ) -> Result<Vec<Instance>> {
        let after = after.map_or(0, Id::as_i64);
        let tail = "WHERE workspace = ? AND id > ? ORDER BY id LIMIT ?";
        Instance::all(db, tail, args![workspace, after, limit]).await
    }

    /// Instances of a form that go on and run one of the versions from the first of `versions` to before the second, in the
    /// order of their ids after `after`.
    pub async fn going(
        db: &mut Reader,
        workspace: Id,
        form: Id,
        versions: (i64, i64),
        after: Option<Id>,
        limit: i64,
    ) -> Result<Vec<Instance>> {
        let tail = "WHERE workspace = ? AND form = ? AND ended_at IS NULL AND flow_version >= ? \
                    AND flow_version < ? AND id > ? ORDER BY id LIMIT ?";
        let after = after.map_or(0, Id::as_i64);
        Instance::all(db, tail, args![workspace, form, versions.0, versions.1, after, limit]).await
    }

    /// How many there are of them.
    pub async fn count_going(db: &mut Reader, workspace: Id, form: Id, versions: (i64, i64)) -> Result<i64> {
        let sql = "SELECT count(*) FROM instance WHERE workspace = ? AND form = ? AND ended_at IS NULL \
                   AND flow_version >= ? AND flow_version < ?";
        db.fetch_one(sql, args![workspace, form, versions.0, versions.1]).await?.get(0)
    }

    /// How many of a form go or went by a version of its flow.
    pub async fn count_of_version(db: &mut Reader, workspace: Id, form: Id, version: i64) -> Result<i64> {
        let sql = "SELECT count(*) FROM instance WHERE workspace = ? AND form = ? AND flow_version = ?";
        db.fetch_one(sql, args![workspace, form, version]).await?.get(0)
    }

    /// Those of these records of a form that go on and were started by others: their parents, and they.
    pub async fn with_parents(
        db: &mut Reader,
        workspace: Id,
        form: Id,
        records: &[Id],
    ) -> Result<Vec<(Id, Id)>> {
        let mut found = Vec::new();
        for chunk in records.chunks(CHUNK) {
            let marks = vec!["?"; chunk.len()].join(", ");
            let sql = format!(
                "SELECT parent, id FROM instance WHERE workspace = ? AND form = ? AND record IN ({marks}) \
                 AND parent IS NOT NULL AND ended_at IS NULL ORDER BY id"
            );
            let values = [workspace, form].into_iter().chain(chunk.iter().copied()).map(Bind::bind).collect();
            for row in db.fetch_all(Sql::Template(sql), values).await? {
                found.push((row.get(0)?, row.get(1)?));
            }
        }
        Ok(found)
    }

    /// How those of `ids` stand that exist.
    pub async fn states(db: &mut Reader, workspace: Id, ids: &[Id]) -> Result<BTreeMap<Id, InstanceState>> {
        let mut states = BTreeMap::new();
        for chunk in ids.chunks(CHUNK) {
            let (marks, values) = among(workspace, chunk);
            let sql = format!("SELECT id, state FROM instance WHERE workspace = ? AND id IN ({marks})");
            for row in db.fetch_all(Sql::Template(sql), values).await? {
                states.insert(row.get(0)?, row.get(1)?);
            }
        }
        Ok(states)
    }
}

impl Task {
    pub async fn of_instance(db: &mut Reader, workspace: Id, instance: Id) -> Result<Vec<Task>> {
        Task::all(db, "WHERE workspace = ? AND instance = ? ORDER BY id", args![workspace, instance]).await
    }

    /// The tasks that a member has or had, or somebody in their place, in all instances of a record, oldest first.
    pub async fn of_member_at(
        db: &mut Reader,
        workspace: Id,
        (form, record): (Id, Id),
        member: Id,
    ) -> Result<Vec<Task>> {
        let tail = "WHERE workspace = ? AND instance IN \
                    (SELECT id FROM instance WHERE workspace = ? AND form = ? AND record = ?) \
                    AND (assignee = ? OR on_behalf_of = ?) ORDER BY id";
        Task::all(db, tail, args![workspace, workspace, form, record, member, member]).await
    }

    /// The open tasks of an instance.
    pub async fn open_of_instance(db: &mut Reader, workspace: Id, instance: Id) -> Result<Vec<Task>> {
        let tail = "WHERE workspace = ? AND instance = ? AND state = 'open' ORDER BY id";
        Task::all(db, tail, args![workspace, instance]).await
    }

    /// The open tasks of several instances, oldest first for each.
    pub async fn open_of_instances(
        db: &mut Reader,
        workspace: Id,
        instances: &[Id],
    ) -> Result<BTreeMap<Id, Vec<Task>>> {
        let mut open: BTreeMap<Id, Vec<Task>> = BTreeMap::new();
        for chunk in instances.chunks(CHUNK) {
            let (marks, values) = among(workspace, chunk);
            let tail =
                format!("WHERE workspace = ? AND instance IN ({marks}) AND state = 'open' ORDER BY id");
            for task in Task::all(db, &tail, values).await? {
                open.entry(task.instance).or_default().push(task);
            }
        }
        Ok(open)
    }

    /// Whether a member has or had a task of an instance, was informed of it, or somebody decides there in their place.
    pub async fn concerns(db: &mut Reader, workspace: Id, instance: Id, member: Id) -> Result<bool> {
        let sql = "SELECT 1 FROM task WHERE workspace = ? AND instance = ? \
                   AND (assignee = ? OR on_behalf_of = ?) LIMIT 1";
        Ok(db.fetch_optional(sql, args![workspace, instance, member, member]).await?.is_some())
    }

    /// How many tasks a member still has to do.
    pub async fn count_waiting_for(db: &mut Reader, workspace: Id, member: Id) -> Result<i64> {
        let sql = "SELECT count(*) FROM task \
                   WHERE workspace = ? AND assignee = ? AND state = 'open' AND kind <> 'cc'";
        db.fetch_one(sql, args![workspace, member]).await?.get(0)
    }

    /// The instances, each with its form, in which something waits for a member, in the order of their ids after `after`.
    pub async fn instances_waiting_for(
        db: &mut Reader,
        workspace: Id,
        member: Id,
        after: Option<Id>,
        limit: i64,
    ) -> Result<Vec<(Id, Id)>> {
        let sql = "SELECT DISTINCT instance, form FROM task WHERE workspace = ? AND assignee = ? \
                   AND state = 'open' AND kind <> 'cc' AND instance > ? ORDER BY instance LIMIT ?";
        let after = after.map_or(0, Id::as_i64);
        let rows = db.fetch_all(sql, args![workspace, member, after, limit]).await?;
        rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
    }

    /// How many those are.
    pub async fn count_instances_waiting_for(db: &mut Reader, workspace: Id, member: Id) -> Result<i64> {
        let sql = "SELECT count(DISTINCT instance) FROM task WHERE workspace = ? AND assignee = ? \
                   AND state = 'open' AND kind <> 'cc'";
        db.fetch_one(sql, args![workspace, member]).await?.get(0)
    }
}

impl LogEntry {
    /// Oldest first.
    pub async fn of_instance(db: &mut Reader, workspace: Id, instance: Id) -> Result<Vec<LogEntry>> {
        LogEntry::all(db, "WHERE workspace = ? AND instance = ? ORDER BY seq", args![workspace, instance])
            .await
    }

    /// The newest lines, or those just before the line `before`: `limit` at most, oldest first.
    pub async fn newest(
        db: &mut Reader,
        workspace: Id,
        instance: Id,
        before: Option<i64>,
        limit: i64,
    ) -> Result<Vec<LogEntry>> {
        let tail = "WHERE workspace = ? AND instance = ? AND seq < ? ORDER BY seq DESC LIMIT ?";
        let before = before.unwrap_or(i64::MAX);
        let mut found = LogEntry::all(db, tail, args![workspace, instance, before, limit]).await?;
        found.reverse();
        Ok(found)
    }

    /// The lines from `first` to `last`, oldest first.
    pub async fn between(
        db: &mut Reader,
        workspace: Id,
        instance: Id,
        first: i64,
        last: i64,
    ) -> Result<Vec<LogEntry>> {
        let tail = "WHERE workspace = ? AND instance = ? AND seq BETWEEN ? AND ? ORDER BY seq";
        LogEntry::all(db, tail, args![workspace, instance, first, last]).await
    }

    /// The number of the line that comes next.
    pub async fn next_seq(db: &mut Reader, workspace: Id, instance: Id) -> Result<i64> {
        let sql = "SELECT coalesce(max(seq), -1) + 1 FROM instance_log WHERE workspace = ? AND instance = ?";
        db.fetch_one(sql, args![workspace, instance]).await?.get(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{at, on_both, ws};
    use crate::{Error, ids};

    pub(super) fn instance(state: InstanceState) -> Instance {
        Instance {
            workspace: ws(),
            id: ids::next(),
            form: ids::next(),
            record: ids::next(),
            flow_version: 1,
            state,
            marking: "{}".into(),
            title: "t".into(),
            submitter: None,
            started_at: at(0),
            ended_at: None,
            version: 1,
            parent: None,
            hops: 0,
        }
    }

    pub(super) fn task(instance: &Instance, step: &str, state: TaskState) -> Task {
        Task {
            workspace: ws(),
            id: ids::next(),
            instance: instance.id,
            form: instance.form,
            record: instance.record,
            step: step.into(),
            kind: TaskKind::Approve,
            assignee: None,
            on_behalf_of: None,
            state,
            decision: None,
            arrived_at: at(0),
            due_at: None,
            decided_at: None,
            kept: None,
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn several_instances_and_their_open_tasks_are_read_at_once() {
        on_both(async |store| {
            let (one, two) = (instance(InstanceState::Running), instance(InstanceState::Approved));
            let tasks = [
                task(&one, "first", TaskState::Done),
                task(&one, "second", TaskState::Open),
                task(&one, "third", TaskState::Open),
                task(&two, "first", TaskState::Done),
            ];
            let (instances, stored) = ([one.clone(), two.clone()], tasks.clone());
            let done: Result<()> = store
                .write(move |tx| {
                    Box::pin(async move {
                        Instance::insert_all(tx, &instances).await?;
                        Task::insert_all(tx, &stored).await
                    })
                })
                .await;
            assert_eq!(done, Ok::<(), Error>(()));
            let mut db = store.read().await.unwrap();
            let asked = [one.id, two.id, ids::next()];
            let states = Instance::states(&mut db, ws(), &asked).await.unwrap();
            let expected = [(one.id, InstanceState::Running), (two.id, InstanceState::Approved)];
            assert_eq!(states, BTreeMap::from(expected));
            let open = Task::open_of_instances(&mut db, ws(), &asked).await.unwrap();
            assert_eq!(open, BTreeMap::from([(one.id, vec![tasks[1].clone(), tasks[2].clone()])]));
            assert!(Instance::states(&mut db, ws(), &[]).await.unwrap().is_empty());
        })
        .await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_goes_on_is_found_by_its_version_and_by_whom_it_waits_for() {
        on_both(async |store| {
            let (form, who) = (ids::next(), ids::next());
            let of = |state, flow_version, ended: bool| Instance {
                form,
                flow_version,
                ended_at: ended.then(|| at(3)),
                ..instance(state)
            };
            let instances = [
                of(InstanceState::Running, 1, false),
                of(InstanceState::Withdrawn, 2, false),
                of(InstanceState::Approved, 1, true),
                of(InstanceState::Running, 3, false),
            ];
            let [old, withdrawn, _, new] = &instances;
            let mine = |of: &Instance, state| Task { assignee: Some(who), ..task(of, "step", state) };
            let mut rows = vec![
                mine(old, TaskState::Open),
                mine(old, TaskState::Open),
                mine(withdrawn, TaskState::Done),
                mine(new, TaskState::Open),
                Task { kind: TaskKind::Cc, ..mine(withdrawn, TaskState::Open) },
            ];
            let giver = ids::next();
            rows.push(Task { on_behalf_of: Some(giver), ..mine(withdrawn, TaskState::Cancelled) });
            let stored = instances.clone();
            let done: Result<i64> = store
                .write(move |tx| {
                    Box::pin(async move {
                        Instance::insert_all(tx, &stored).await?;
                        Task::insert_all(tx, &rows).await?;
                        LogEntry::next_seq(tx, ws(), who).await
                    })
                })
                .await;
            assert_eq!(done, Ok::<i64, Error>(0));
            let mut db = store.read().await.unwrap();
            let going = Instance::going(&mut db, ws(), form, (0, 3), None, 9).await.unwrap();
            assert_eq!(going, [old.clone(), withdrawn.clone()]);
            let rest = Instance::going(&mut db, ws(), form, (0, 3), Some(old.id), 9).await.unwrap();
            assert_eq!(rest, std::slice::from_ref(withdrawn));
            assert_eq!(Instance::count_going(&mut db, ws(), form, (1, 2)).await.unwrap(), 1);
            let waiting = Task::instances_waiting_for(&mut db, ws(), who, None, 9).await.unwrap();
            assert_eq!(waiting, [(old.id, form), (new.id, form)]);
            let rest = Task::instances_waiting_for(&mut db, ws(), who, Some(old.id), 9).await.unwrap();
            assert_eq!(rest, [(new.id, form)]);
            assert_eq!(Task::count_instances_waiting_for(&mut db, ws(), who).await.unwrap(), 2);
            assert_eq!(Task::count_waiting_for(&mut db, ws(), who).await.unwrap(), 3);
            assert!(Task::concerns(&mut db, ws(), withdrawn.id, giver).await.unwrap());
            assert!(!Task::concerns(&mut db, ws(), old.id, giver).await.unwrap());
        })
        .await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn edits_that_were_put_aside_by_an_older_program_are_still_there() {
        on_both(async |store| {
            let one = instance(InstanceState::Running);
            let mut aside = task(&one, "first", TaskState::Open);
            aside.kept = Some(r#"{"amount":4}"#.into());
            let other = task(&one, "second", TaskState::Open);
            let rows = [aside.clone(), other.clone()];
            let done: Result<()> = store
                .write(move |tx| {
                    Box::pin(async move {
                        Task::insert_all(tx, &rows).await?;
                        tx.batch(include_str!("../migrations/0007_put_aside.sql")).await
                    })
                })
                .await;
            assert_eq!(done, Ok::<(), Error>(()));
            let mut db = store.read().await.unwrap();
            let aside = Task::find(&mut db, ws(), aside.id).await.unwrap().unwrap();
            assert_eq!(aside.kept.as_deref(), Some(r#"{"fields":{"amount":4}}"#));
            assert_eq!(Task::find(&mut db, ws(), other.id).await.unwrap(), Some(other));
        })
        .await;
    }
}
