//! Long work that people wait for: imports, exports, installs.

use engine::value::{Id, Timestamp};

use sea_query::Value;

use crate::connection::{Reader, Tx};
use crate::error::Result;
use crate::row::{Bind, args};
use crate::stored::{keyed, stored};

keyed! {
    pub enum JobState {
        Queued = "queued",
        Running = "running",
        Done = "done",
        Failed = "failed",
        Cancelled = "cancelled",
    }
}

stored! {
    pub struct Job in "job" by (workspace: Id, id: Id) {
        pub kind: String,
        pub state: JobState,
        pub done: i64,
        /// Unknown until the work was looked over.
        pub total: Option<i64>,
        pub errors: i64,
        /// What it works on: JSON of its kind.
        pub input: String,
        pub result: Option<String>,
        /// A problem as the API writes it.
        pub problem: Option<String>,
        pub created_by: Option<Id>,
        pub created_at: Timestamp,
        pub updated_at: Timestamp,
        /// Until when a server has it; afterwards another may take it over.
        pub leased_until: Option<Timestamp>,
        /// Somebody asked it to stop.
        pub cancelled: bool,
        /// How far it is, where it goes on after its server stopped: JSON of its kind.
        pub place: Option<String>,
        /// Raised each time that is noted: where two servers go on with it, one of them finds out.
        pub step: i64,
        /// What its saves carry in the history.
        pub batch: Option<Id>,
        /// The job that took back what it did.
        pub undone_by: Option<Id>,
    }
}

impl Job {
    /// Takes the jobs of these kinds that nobody works on any more, oldest first. Where several servers share the
    /// database, those whose lease has run out; else all, since who asks has just begun.
    pub async fn take_over(
        tx: &mut Tx,
        kinds: &[&str],
        now: Timestamp,
        until: Timestamp,
        shared: bool,
    ) -> Result<Vec<Job>> {
        let (lock, lease, marks) = (tx.dialect().skip_locked(), lease(shared), marks(kinds));
        let tail =
            format!("WHERE state IN ('queued', 'running') AND kind IN ({marks}){lease} ORDER BY id{lock}");
        let mut values: Vec<Value> = kinds.iter().map(|kind| kind.bind()).collect();
        if shared {
            values.extend(args![now]);
        }
        let mut jobs = Job::all(tx, &tail, values).await?;
        for job in &mut jobs {
            job.state = JobState::Running;
            job.leased_until = Some(until);
            job.updated_at = now;
            job.update(tx).await?;
        }
        Ok(jobs)
    }

    /// Notes, in the transaction of a piece of work, that it is done and where the next one begins. False where another
    /// server goes on with the job, or it has ended: nothing of this transaction may stay then.
    pub async fn reach(tx: &mut Tx, workspace: Id, id: Id, step: i64, place: &str) -> Result<bool> {
        let sql = "UPDATE job SET place = ?, step = step + 1 \
                   WHERE workspace = ? AND id = ? AND step = ? AND state IN ('queued', 'running')";
        Ok(tx.execute(sql, args![place, workspace, id, step]).await? > 0)
    }

    /// Notes how it ended. What else is known of it stays: where it was belongs to who works on it.
    pub async fn finish(&self, tx: &mut Tx) -> Result<()> {
        let sql = "UPDATE job SET state = ?, done = ?, total = ?, errors = ?, result = ?, problem = ?, \
                   updated_at = ?, leased_until = NULL WHERE workspace = ? AND id = ?";
        let values = args![
            self.state,
            self.done,
            self.total,
            self.errors,
            &self.result,
            &self.problem,
            self.updated_at,
            self.workspace,
            self.id
        ];
        tx.execute_one("job", sql, values).await
    }

    /// Notes the job that takes it back, in place of the one that was to do so before. False where it is another by now.
    pub async fn undone(tx: &mut Tx, workspace: Id, id: Id, before: Option<Id>, by: Id) -> Result<bool> {
        let sql = "UPDATE job SET undone_by = ? WHERE workspace = ? AND id = ? \
                   AND coalesce(undone_by, 0) = ?";
        let before = before.map_or(0, Id::as_i64);
        Ok(tx.execute(sql, args![by, workspace, id, before]).await? > 0)
    }

    /// Notes how far it is and keeps it for longer; answers whether it has to stop: somebody asked for it, or it was
    /// given up already because its server was silent for too long.
    pub async fn progress(&self, tx: &mut Tx, now: Timestamp, until: Timestamp) -> Result<bool> {
        let sql = "UPDATE job SET done = ?, total = ?, errors = ?, updated_at = ?, leased_until = ? \
                   WHERE workspace = ? AND id = ? AND state IN ('queued', 'running') RETURNING cancelled";
        let values = args![self.done, self.total, self.errors, now, until, self.workspace, self.id];
        tx.fetch_optional(sql, values).await?.map_or(Ok(true), |row| row.get(0))
    }

    /// Asks it to stop; whether it was still open.
    pub async fn cancel(tx: &mut Tx, workspace: Id, id: Id) -> Result<bool> {
        let sql = "UPDATE job SET cancelled = 1 WHERE workspace = ? AND id = ? \
                   AND state IN ('queued', 'running')";
        Ok(tx.execute(sql, args![workspace, id]).await? > 0)
    }

    /// The newest jobs that a member started.
    pub async fn of_member(db: &mut Reader, workspace: Id, member: Id, limit: i64) -> Result<Vec<Job>> {
        let tail = "WHERE workspace = ? AND created_by = ? ORDER BY id DESC LIMIT ?";
        Job::all(db, tail, args![workspace, member, limit]).await
    }

    /// The jobs that a member has under way, the newest first.
    pub async fn under_way(db: &mut Reader, workspace: Id, member: Id) -> Result<Vec<Job>> {
        // In no order: what is under way anywhere is little, and has an index of its own.
        let tail = "WHERE state IN ('queued', 'running') AND workspace = ? AND created_by = ?";
        let mut jobs = Job::all(db, tail, args![workspace, member]).await?;
        jobs.sort_by_key(|job| std::cmp::Reverse(job.id));
        Ok(jobs)
    }

    /// The job of a member whose result names a file.
    pub async fn that_made(db: &mut Reader, workspace: Id, member: Id, file: Id) -> Result<Option<Job>> {
        let tail = "WHERE workspace = ? AND created_by = ? AND result LIKE ? ORDER BY id DESC LIMIT 1";
        let named = format!("%\"{file}\"%");
        Ok(Job::all(db, tail, args![workspace, member, named]).await?.into_iter().next())
    }

    /// Ends the jobs that nobody works on any more, with this problem, but for those of kinds that go on. Where several
    /// servers share the database, only those whose lease has run out.
    pub async fn abandon(
        tx: &mut Tx,
        but: &[&str],
        now: Timestamp,
        shared: bool,
        problem: &str,
    ) -> Result<u64> {
        let (lease, marks) = (lease(shared), marks(but));
        let sql = format!(
            "UPDATE job SET state = 'failed', problem = ?, updated_at = ? \
             WHERE state IN ('queued', 'running') AND kind NOT IN ({marks}){lease}"
        );
        let mut values = args![problem, now];
        values.extend(but.iter().map(|kind| kind.bind()));
        if shared {
            values.extend(args![now]);
        }
        tx.execute(crate::connection::Sql::Template(sql), values).await
    }

    /// How many jobs of a kind a member has under way.
    pub async fn open_of_member(db: &mut Reader, workspace: Id, member: Id, kind: &str) -> Result<i64> {
        let sql = "SELECT CAST(count(*) AS BIGINT) FROM job WHERE state IN ('queued', 'running') \
                   AND workspace = ? AND created_by = ? AND kind = ?";
        db.fetch_one(sql, args![workspace, member, kind]).await?.get(0)
    }
}

/// The condition that no server has a job, where there may be several.
fn lease(shared: bool) -> &'static str {
    if shared { " AND (leased_until IS NULL OR leased_until < ?)" } else { "" }
}

/// A question mark for each kind.
fn marks(kinds: &[&str]) -> String {
    vec!["?"; kinds.len()].join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Error;
    use crate::testing::{at, on_both, queued_job, ws};

    const GOES_ON: &[&str] = &["bulk_edit"];

    async fn inserted(store: &crate::Store) -> Job {
        let job = Job { kind: "bulk_edit".into(), ..queued_job() };
        let row = job.clone();
        let done: Result<(), Error> =
            store.write(move |tx| Box::pin(async move { row.insert(tx).await })).await;
        done.unwrap();
        job
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_job_is_taken_over_by_one_server_at_a_time() {
        on_both(async |store| {
            let job = inserted(store).await;
            let states: Result<Vec<bool>, Error> = store
                .write(move |tx| {
                    Box::pin(async move {
                        queued_job().insert(tx).await?;
                        let first = Job::take_over(tx, GOES_ON, at(1), at(10), true).await?;
                        let second = Job::take_over(tx, GOES_ON, at(2), at(10), true).await?;
                        let stop = job.progress(tx, at(3), at(12)).await?;
                        Job::cancel(tx, ws(), job.id).await?;
                        let stop_later = job.progress(tx, at(4), at(12)).await?;
                        let after_a_crash = Job::take_over(tx, GOES_ON, at(13), at(20), true).await?;
                        let at_start = Job::take_over(tx, GOES_ON, at(14), at(30), false).await?;
                        Ok(vec![
                            first.len() == 1,
                            second.is_empty(),
                            stop,
                            stop_later,
                            after_a_crash.len() == 1,
                            at_start.len() == 1,
                        ])
                    })
                })
                .await;
            assert_eq!(states, Ok(vec![true, true, false, true, true, true]));
        })
        .await;
    }

    /// The clock of one server is an hour ahead, until it is set back.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn k7_whatever_clocks_say_a_piece_of_a_job_is_done_once_and_no_job_is_left_behind() {
        on_both(async |store| {
            let job = inserted(store).await;
            let found: Result<Vec<bool>, Error> = store
                .write(move |tx| {
                    Box::pin(async move {
                        let first = Job::take_over(tx, GOES_ON, at(0), at(30), true).await?;
                        let ahead = Job::take_over(tx, GOES_ON, at(3_600), at(3_630), true).await?;
                        let theirs = Job::reach(tx, ws(), job.id, 0, "{\"after\":1}").await?;
                        let late = Job::reach(tx, ws(), job.id, 0, "{}").await?;
                        // Nobody takes it before the hour is over, but its server says by each beat how long it has it.
                        let early = Job::take_over(tx, GOES_ON, at(40), at(70), true).await?;
                        let stop = job.progress(tx, at(40), at(70)).await?;
                        let again = Job::take_over(tx, GOES_ON, at(71), at(101), true).await?;
                        Ok(vec![
                            first.len() == 1,
                            ahead.len() == 1,
                            theirs,
                            !late,
                            early.is_empty(),
                            !stop,
                            again.len() == 1,
                        ])
                    })
                })
                .await;
            assert_eq!(found, Ok(vec![true; 7]));
        })
        .await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn who_goes_on_with_a_job_takes_it_from_who_had_it() {
        on_both(async |store| {
            let (job, by) = (inserted(store).await, crate::ids::next());
            let done: Result<Vec<bool>, Error> = store
                .write(move |tx| {
                    Box::pin(async move {
                        let first = Job::reach(tx, ws(), job.id, 0, "{\"after\":1}").await?;
                        let late = Job::reach(tx, ws(), job.id, 0, "{}").await?;
                        let abandoned = Job::abandon(tx, GOES_ON, at(5), false, "{}").await?;
                        let ended = Job { state: JobState::Done, done: 7, ..job.clone() };
                        ended.finish(tx).await?;
                        let over = Job::reach(tx, ws(), job.id, 1, "{}").await?;
                        let undone = Job::undone(tx, ws(), job.id, None, by).await?;
                        let again = Job::undone(tx, ws(), job.id, None, job.id).await?;
                        let found = Job::find(tx, ws(), job.id).await?;
                        let found = found.ok_or(Error::NotFound { what: "job" })?;
                        let kept = found.place.as_deref() == Some("{\"after\":1}") && found.done == 7;
                        Ok(vec![first, !late, abandoned == 0, !over, undone, !again, kept, found.step == 1])
                    })
                })
                .await;
            assert_eq!(done, Ok(vec![true; 8]));
        })
        .await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_can_be_gone_on_with_is_taken_over_and_the_rest_is_given_up() {
        on_both(async |store| {
            let found: Result<(i64, u64, usize, usize, i64), Error> = store
                .write(|tx| {
                    Box::pin(async move {
                        let (import, other) = (queued_job(), queued_job());
                        let member = import.created_by.unwrap_or(import.id);
                        let running = |job: Job, kind: &str| Job {
                            kind: kind.into(),
                            state: JobState::Running,
                            created_by: Some(member),
                            leased_until: Some(at(5)),
                            ..job
                        };
                        running(import, "import").insert(tx).await?;
                        running(other, "install").insert(tx).await?;
                        let open = Job::open_of_member(tx, ws(), member, "import").await?;
                        let given_up = Job::abandon(tx, &["import"], at(9), true, "{}").await?;
                        let early = Job::take_over(tx, &["import"], at(4), at(20), true).await?;
                        let taken = Job::take_over(tx, &["import", "export"], at(9), at(20), true).await?;
                        let still = Job::open_of_member(tx, ws(), member, "install").await?;
                        Ok((open, given_up, early.len(), taken.len(), still))
                    })
                })
                .await;
            assert_eq!(found, Ok((1, 1, 0, 1, 0)));
        })
        .await;
    }
}
