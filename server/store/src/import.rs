//! Imports on their way: how far each is, and what it could not take.

use engine::value::Id;

use crate::connection::{Reader, Tx};
use crate::error::Result;
use crate::row::args;
use crate::stored::stored;

stored! {
    /// How far an import is, or the undoing of one.
    pub struct ImportRun in "import_run" by (workspace: Id, job: Id) {
        pub form: Id,
        /// What all its records carry in their history; of an undoing, the batch that is undone.
        pub batch: Id,
        /// Of an import the rows of the file that are done, of an undoing the last record that is.
        pub position: i64,
        /// The counts so far: JSON.
        pub counts: String,
        /// The job that undoes it.
        pub undone_by: Option<Id>,
    }
}

impl ImportRun {
    /// Goes on from one position to the next. False where somebody else has gone on from there already: then nothing of
    /// this transaction may stay.
    pub async fn advance(
        tx: &mut Tx,
        (workspace, job): (Id, Id),
        (from, to): (i64, i64),
        counts: &str,
    ) -> Result<bool> {
        let sql = "UPDATE import_run SET position = ?, counts = ? \
                   WHERE workspace = ? AND job = ? AND position = ?";
        Ok(tx.execute(sql, args![to, counts, workspace, job, from]).await? > 0)
    }

    /// Notes the job that undoes the import, in place of the one that was to do so before. False where it is another by now.
    pub async fn undo(tx: &mut Tx, workspace: Id, job: Id, before: Option<Id>, by: Id) -> Result<bool> {
        let sql = "UPDATE import_run SET undone_by = ? WHERE workspace = ? AND job = ? \
                   AND coalesce(undone_by, 0) = ?";
        let before = before.map_or(0, Id::as_i64);
        Ok(tx.execute(sql, args![by, workspace, job, before]).await? > 0)
    }
}

stored! {
    /// A record of a file that an import could not take.
    pub struct ImportFault in "import_fault" by (workspace: Id, job: Id, position: i64) {
        /// JSON.
        pub faults: String,
    }
}

impl ImportFault {
    /// Those behind a position, in the order of the file.
    pub async fn after(
        db: &mut Reader,
        (workspace, job): (Id, Id),
        position: i64,
        limit: i64,
    ) -> Result<Vec<ImportFault>> {
        let tail = "WHERE workspace = ? AND job = ? AND position > ? ORDER BY position LIMIT ?";
        ImportFault::all(db, tail, args![workspace, job, position, limit]).await
    }

    /// Removes all of a job.
    pub async fn forget(tx: &mut Tx, workspace: Id, job: Id) -> Result<u64> {
        let sql = "DELETE FROM import_fault WHERE workspace = ? AND job = ?";
        tx.execute(sql, args![workspace, job]).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{on_both, ws};
    use crate::{Error, ids};

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn only_one_goes_on_from_a_position() {
        on_both(async |store| {
            let job = ids::next();
            let run = ImportRun {
                workspace: ws(),
                job,
                form: ids::next(),
                batch: ids::next(),
                position: 0,
                counts: "{}".into(),
                undone_by: None,
            };
            let steps: Result<Vec<bool>, Error> = store
                .write(move |tx| {
                    Box::pin(async move {
                        run.insert(tx).await?;
                        let first = ImportRun::advance(tx, (ws(), job), (0, 20), "{}").await?;
                        let late = ImportRun::advance(tx, (ws(), job), (0, 30), "{}").await?;
                        let next = ImportRun::advance(tx, (ws(), job), (20, 30), "{}").await?;
                        let (by, other) = (ids::next(), ids::next());
                        let undone = ImportRun::undo(tx, ws(), job, None, by).await?;
                        let twice = ImportRun::undo(tx, ws(), job, None, other).await?;
                        let gone_on = ImportRun::undo(tx, ws(), job, Some(by), other).await?;
                        Ok(vec![first, late, next, undone, twice, gone_on])
                    })
                })
                .await;
            assert_eq!(steps, Ok(vec![true, false, true, true, false, true]));
        })
        .await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn faults_come_in_the_order_of_the_file_and_go_with_their_job() {
        on_both(async |store| {
            let (job, other) = (ids::next(), ids::next());
            let fault =
                |job: Id, position: i64| ImportFault { workspace: ws(), job, position, faults: "[]".into() };
            let rows = [fault(job, 30), fault(job, 10), fault(other, 20), fault(job, 20)];
            let found: Result<(Vec<i64>, u64), Error> = store
                .write(move |tx| {
                    Box::pin(async move {
                        ImportFault::insert_all(tx, &rows).await?;
                        let faults = ImportFault::after(tx, (ws(), job), 10, 10).await?;
                        let positions = faults.iter().map(|fault| fault.position).collect();
                        Ok((positions, ImportFault::forget(tx, ws(), job).await?))
                    })
                })
                .await;
            assert_eq!(found, Ok((vec![20, 30], 3)));
        })
        .await;
    }
}
