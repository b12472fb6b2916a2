//! The lists of the inbox: what waits for a member, what they decided or were told of, and what they asked for.

use engine::value::{Id, Timestamp};
use sea_query::Value;

use super::{Instance, InstanceState, Task};
use crate::connection::{Reader, Sql};
use crate::error::Result;
use crate::row::{Bind, args};

/// That something is of the forms of an app.
const OF_APP: &str = " AND form IN (SELECT form.id FROM form WHERE workspace = ? AND app = ?)";

/// Which of a member's tasks are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskList {
    /// What waits for them.
    ToDo,
    /// What they decided.
    Handled,
    /// What they were told of, seen or not.
    Copies,
}

/// What the tasks of a list must be besides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TaskFilter {
    /// Of the forms of this app.
    pub app: Option<Id>,
    pub form: Option<Id>,
    /// Who asked.
    pub submitter: Option<Id>,
    /// Those that are due before this moment.
    pub due_before: Option<Timestamp>,
    /// Requests of their own that came back to be changed.
    pub returned: bool,
    /// Those that are still open: of copies, those that were not seen.
    pub open: bool,
}

/// A list of a member's tasks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TaskQuery {
    pub workspace: Id,
    pub member: Id,
    pub list: TaskList,
    pub filter: TaskFilter,
}

impl TaskQuery {
    fn condition(&self) -> (String, Vec<Value>) {
        let list = match self.list {
            TaskList::ToDo => "state = 'open' AND kind <> 'cc'",
            TaskList::Handled => "state = 'done' AND kind <> 'cc'",
            TaskList::Copies => "state <> 'cancelled' AND kind = 'cc'",
        };
        let mut sql = format!("WHERE workspace = ? AND assignee = ? AND {list}");
        let mut values = args![self.workspace, self.member];
        let filter = &self.filter;
        if let Some(app) = filter.app {
            sql.push_str(OF_APP);
            values.extend(args![self.workspace, app]);
        }
        if let Some(form) = filter.form {
            sql.push_str(" AND form = ?");
            values.push(form.bind());
        }
        if let Some(submitter) = filter.submitter {
            sql.push_str(
                " AND instance IN (SELECT instance.id FROM instance WHERE workspace = ? AND submitter = ?)",
            );
            values.extend(args![self.workspace, submitter]);
        }
        if let Some(moment) = filter.due_before {
            sql.push_str(" AND due_at < ?");
            values.push(moment.bind());
        }
        if filter.returned {
            sql.push_str(" AND kind = 'start'");
        }
        if filter.open {
            sql.push_str(" AND state = 'open'");
        }
        (sql, values)
    }

    /// Newest first, from before `before` on; what was handled goes by the moment of its decision, and its page starts
    /// before `moment` and `before`.
    pub async fn page(
        &self,
        db: &mut Reader,
        moment: Option<Timestamp>,
        before: Option<Id>,
        limit: i64,
    ) -> Result<Vec<Task>> {
        let (mut sql, mut values) = self.condition();
        let before = before.map_or(i64::MAX, Id::as_i64);
        match self.list {
            TaskList::ToDo | TaskList::Copies => {
                sql.push_str(" AND id < ? ORDER BY id DESC LIMIT ?");
                values.extend(args![before, limit]);
            }
            TaskList::Handled => {
                sql.push_str(" AND (decided_at, id) < (?, ?) ORDER BY decided_at DESC, id DESC LIMIT ?");
                let moment = moment.map_or(i64::MAX, |moment| moment.as_microsecond());
                values.extend(args![moment, before, limit]);
            }
        }
        Task::all(db, &sql, values).await
    }

    /// How many there are.
    pub async fn count(&self, db: &mut Reader) -> Result<i64> {
        let (condition, values) = self.condition();
        let sql = format!("SELECT count(*) FROM task {condition}");
        db.fetch_one(Sql::Template(sql), values).await?.get(0)
    }

    /// How many there are of each form.
    pub async fn count_by_form(&self, db: &mut Reader) -> Result<Vec<(Id, i64)>> {
        let (condition, values) = self.condition();
        let sql = format!("SELECT form, count(*) FROM task {condition} GROUP BY form ORDER BY form");
        let rows = db.fetch_all(Sql::Template(sql), values).await?;
        rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
    }
}

/// What a member has asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StartedQuery {
    pub workspace: Id,
    pub member: Id,
    /// Of the forms of this app.
    pub app: Option<Id>,
    pub form: Option<Id>,
    pub state: Option<InstanceState>,
}

impl StartedQuery {
    fn condition(&self) -> (String, Vec<Value>) {
        let mut sql = "WHERE workspace = ? AND submitter = ?".to_string();
        let mut values = args![self.workspace, self.member];
        if let Some(app) = self.app {
            sql.push_str(OF_APP);
            values.extend(args![self.workspace, app]);
        }
        if let Some(form) = self.form {
            sql.push_str(" AND form = ?");
            values.push(form.bind());
        }
        if let Some(state) = self.state {
            sql.push_str(" AND state = ?");
            values.push(state.bind());
            // By this those that are under way are found without reading all that have ended.
            if state == InstanceState::Running {
                sql.push_str(" AND ended_at IS NULL");
            }
        }
        (sql, values)
    }

    /// Newest first, from before `before` on.
    pub async fn page(&self, db: &mut Reader, before: Option<Id>, limit: i64) -> Result<Vec<Instance>> {
        let (mut sql, mut values) = self.condition();
        sql.push_str(" AND id < ? ORDER BY id DESC LIMIT ?");
        values.extend(args![before.map_or(i64::MAX, Id::as_i64), limit]);
        Instance::all(db, &sql, values).await
    }

    /// How many there are.
    pub async fn count(&self, db: &mut Reader) -> Result<i64> {
        let (condition, values) = self.condition();
        db.fetch_one(Sql::Template(format!("SELECT count(*) FROM instance {condition}")), values)
            .await?
            .get(0)
    }

    /// How many there are, and how many seconds ago they were begun on average; the latter of none is nothing.
    pub async fn count_with_age(&self, db: &mut Reader, now: Timestamp) -> Result<(i64, Option<i64>)> {
        let (condition, of_condition) = self.condition();
        let sql = format!(
            "SELECT CAST(count(*) AS BIGINT), CAST(sum((? - started_at) / 1000000) AS BIGINT) \
             FROM instance {condition}"
        );
        let mut values = args![now];
        values.extend(of_condition);
        let row = db.fetch_one(Sql::Template(sql), values).await?;
        let (count, seconds): (i64, Option<i64>) = (row.get(0)?, row.get(1)?);
        Ok((count, seconds.and_then(|seconds| seconds.checked_div(count))))
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{instance, task};
    use super::super::{TaskKind, TaskState};
    use super::*;
    use crate::testing::{at, on_both, ws};
    use crate::{Error, ids};

    fn of(member: Id, list: TaskList, filter: TaskFilter) -> TaskQuery {
        TaskQuery { workspace: ws(), member, list, filter }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_was_handled_is_read_by_the_moment_of_the_decision() {
        on_both(async |store| {
            let one = instance(InstanceState::Running);
            let who = ids::next();
            let decided = |moment: i64| Task {
                assignee: Some(who),
                decided_at: Some(at(moment)),
                ..task(&one, "first", TaskState::Done)
            };
            // Decided in another order than they came in; two of them at one moment.
            let tasks = [decided(7), decided(5), decided(9), decided(5)];
            let mut rows = tasks.to_vec();
            rows.push(Task { assignee: Some(who), ..task(&one, "second", TaskState::Open) });
            rows.push(Task { kind: TaskKind::Cc, ..decided(8) });
            rows.push(Task { assignee: Some(ids::next()), ..decided(8) });
            let done: Result<()> =
                store.write(move |tx| Box::pin(async move { Task::insert_all(tx, &rows).await })).await;
            assert_eq!(done, Ok::<(), Error>(()));
            let mut db = store.read().await.unwrap();
            let handled = of(who, TaskList::Handled, TaskFilter::default());
            let all = handled.page(&mut db, None, None, 9).await.unwrap();
            let [seven, five, nine, later_five] = tasks;
            assert_eq!(all, [nine, seven, later_five.clone(), five.clone()]);
            let page = handled.page(&mut db, Some(at(7)), Some(all[1].id), 1).await.unwrap();
            assert_eq!(page, std::slice::from_ref(&later_five));
            let rest = handled.page(&mut db, Some(at(5)), Some(later_five.id), 9).await.unwrap();
            assert_eq!(rest, [five]);
        })
        .await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn lists_are_narrowed_and_counted() {
        on_both(async |store| {
            let (me, asker) = (ids::next(), ids::next());
            let one = Instance { submitter: Some(asker), ..instance(InstanceState::Running) };
            let two = Instance { submitter: Some(me), ..instance(InstanceState::Withdrawn) };
            let mine = |of: &Instance, kind: TaskKind, due: Option<i64>| Task {
                assignee: Some(me),
                kind,
                due_at: due.map(at),
                ..task(of, "step", TaskState::Open)
            };
            let seen = Task { state: TaskState::Done, ..mine(&one, TaskKind::Cc, None) };
            let tasks = [
                mine(&one, TaskKind::Approve, Some(3)),
                mine(&one, TaskKind::Fill, Some(9)),
                mine(&two, TaskKind::Start, None),
                mine(&one, TaskKind::Cc, None),
                seen,
            ];
            let (instances, rows) = ([one.clone(), two.clone()], tasks.clone());
            let done: Result<()> = store
                .write(move |tx| {
                    Box::pin(async move {
                        Instance::insert_all(tx, &instances).await?;
                        Task::insert_all(tx, &rows).await
                    })
                })
                .await;
            assert_eq!(done, Ok::<(), Error>(()));
            let mut db = store.read().await.unwrap();
            let any = TaskFilter::default();
            let all = of(me, TaskList::ToDo, any);
            assert_eq!(all.count(&mut db).await.unwrap(), 3);
            let by_form = all.count_by_form(&mut db).await.unwrap();
            assert_eq!(
                by_form.into_iter().collect::<std::collections::BTreeMap<_, _>>(),
                [(one.form, 2), (two.form, 1)].into()
            );
            let narrowed = [
                (TaskFilter { form: Some(two.form), ..any }, vec![&tasks[2]]),
                (TaskFilter { submitter: Some(asker), ..any }, vec![&tasks[1], &tasks[0]]),
                (TaskFilter { due_before: Some(at(5)), ..any }, vec![&tasks[0]]),
                (TaskFilter { returned: true, ..any }, vec![&tasks[2]]),
            ];
            for (filter, expected) in narrowed {
                let found = of(me, TaskList::ToDo, filter).page(&mut db, None, None, 9).await.unwrap();
                assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{filter:?}");
            }
            assert_eq!(of(me, TaskList::Copies, any).count(&mut db).await.unwrap(), 2);
            let unseen = of(me, TaskList::Copies, TaskFilter { open: true, ..any });
            assert_eq!(unseen.page(&mut db, None, None, 9).await.unwrap(), [tasks[3].clone()]);
            let started = |state| StartedQuery { workspace: ws(), member: me, app: None, form: None, state };
            assert_eq!(started(Some(InstanceState::Running)).count(&mut db).await.unwrap(), 0);
            let withdrawn = started(Some(InstanceState::Withdrawn)).page(&mut db, None, 9).await.unwrap();
            assert_eq!(withdrawn, std::slice::from_ref(&two));

            // What was withdrawn waits for nobody.
            for (member, told) in [(asker, (1, Some(90))), (me, (0, None))] {
                let own = StartedQuery { member, ..started(Some(InstanceState::Running)) };
                assert_eq!(own.count_with_age(&mut db, at(90)).await.unwrap(), told);
            }
        })
        .await;
    }
}
