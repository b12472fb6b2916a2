//! Long work that people wait for: imports, exports, installs.

use engine::value::{Id, Timestamp};

use crate::connection::{Reader, Tx};
use crate::error::Result;
use crate::row::args;
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
    }
}

impl Job {
    /// Takes the oldest job that nobody works on.
    pub async fn take(tx: &mut Tx, now: Timestamp, until: Timestamp) -> Result<Option<Job>> {
        let lock = tx.dialect().skip_locked();
        let tail = format!(
            "WHERE (state = 'queued' OR (state = 'running' AND leased_until < ?)) ORDER BY id LIMIT 1{lock}"
        );
        let Some(mut job) = Job::one(tx, &tail, args![now]).await? else { return Ok(None) };
        job.state = JobState::Running;
        job.leased_until = Some(until);
        job.updated_at = now;
        job.update(tx).await?;
        Ok(Some(job))
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

    /// Ends the jobs that nobody works on any more, with this problem, but for those of the kinds in `spared`, which
    /// somebody goes on with. Where several servers share the database, only those whose lease has run out.
    pub async fn abandon(
        tx: &mut Tx,
        now: Timestamp,
        shared: bool,
        spared: &[&str],
        problem: &str,
    ) -> Result<u64> {
        let lease = if shared { " AND (leased_until IS NULL OR leased_until < ?)" } else { "" };
        let others =
            if spared.is_empty() { String::new() } else { format!(" AND kind NOT IN ({})", marks(spared)) };
        let sql = format!(
            "UPDATE job SET state = 'failed', problem = ?, updated_at = ? \
             WHERE state IN ('queued', 'running'){lease}{others}"
        );
        let mut values = args![problem, now];
        if shared {
            values.extend(args![now]);
        }
        values.extend(spared.iter().flat_map(|kind| args![*kind]));
        tx.execute(crate::connection::Sql::Template(sql), values).await
    }

    /// Takes over the jobs of these kinds that nobody works on any more, the oldest first. Where several servers share the
    /// database, only those whose lease has run out, and each is taken by one server alone.
    pub async fn take_over(
        tx: &mut Tx,
        now: Timestamp,
        until: Timestamp,
        shared: bool,
        kinds: &[&str],
    ) -> Result<Vec<Job>> {
        if kinds.is_empty() {
            return Ok(Vec::new());
        }
        let lease = if shared { " AND (leased_until IS NULL OR leased_until < ?)" } else { "" };
        let (kind, lock) = (marks(kinds), tx.dialect().skip_locked());
        let tail =
            format!("WHERE state IN ('queued', 'running') AND kind IN ({kind}){lease} ORDER BY id{lock}");
        let mut values: Vec<sea_query::Value> = kinds.iter().flat_map(|kind| args![*kind]).collect();
        if shared {
            values.extend(args![now]);
        }
        let mut jobs = Job::all(tx, &tail, values).await?;
        for job in &mut jobs {
            (job.state, job.leased_until, job.updated_at) = (JobState::Running, Some(until), now);
            job.update(tx).await?;
        }
        Ok(jobs)
    }

    /// How many jobs of a kind a member has under way.
    pub async fn open_of_member(db: &mut Reader, workspace: Id, member: Id, kind: &str) -> Result<i64> {
        let sql = "SELECT CAST(count(*) AS BIGINT) FROM job WHERE state IN ('queued', 'running') \
                   AND workspace = ? AND created_by = ? AND kind = ?";
        db.fetch_one(sql, args![workspace, member, kind]).await?.get(0)
    }
}

/// A question mark for each.
fn marks(values: &[&str]) -> String {
    vec!["?"; values.len()].join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Error;
    use crate::testing::{at, on_both, queued_job, ws};

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_job_is_taken_by_one_server_at_a_time() {
        on_both(async |store| {
            let states: Result<Vec<bool>, Error> = store
                .write(|tx| {
                    Box::pin(async move {
                        let job = queued_job();
                        job.insert(tx).await?;
                        let first = Job::take(tx, at(1), at(10)).await?;
                        let second = Job::take(tx, at(2), at(10)).await?;
                        let stop = job.progress(tx, at(3), at(12)).await?;
                        Job::cancel(tx, ws(), job.id).await?;
                        let stop_later = job.progress(tx, at(4), at(12)).await?;
                        let after_a_crash = Job::take(tx, at(13), at(20)).await?;
                        Ok(vec![first.is_some(), second.is_some(), stop, stop_later, after_a_crash.is_some()])
                    })
                })
                .await;
            assert_eq!(states, Ok(vec![true, false, false, true, true]));
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
                        let given_up = Job::abandon(tx, at(9), true, &["import"], "{}").await?;
                        let early = Job::take_over(tx, at(4), at(20), true, &["import"]).await?;
                        let taken = Job::take_over(tx, at(9), at(20), true, &["import", "export"]).await?;
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
