//! What is to be done after a commit, at least once: automations, hooks, mail, notices.

use engine::value::{Id, Timestamp};

use crate::connection::{Reader, Sql, Tx};
use crate::error::Result;
use crate::row::args;
use crate::stored::{MOST_ROWS, stored};

stored! {
    pub struct OutboxEntry in "outbox" by (workspace: Id, id: Id) {
        pub kind: String,
        /// JSON of its kind.
        pub payload: String,
        pub created_at: Timestamp,
        /// When to try (again).
        pub due_at: Timestamp,
        pub attempts: i64,
    }
}

impl OutboxEntry {
    /// Whether something of a kind waits to be taken.
    pub async fn is_due(db: &mut Reader, kind: &str, now: Timestamp) -> Result<bool> {
        // The order has PostgreSQL look at the oldest of this kind, however many of another are due.
        let sql = "SELECT 1 FROM outbox WHERE due_at <= ? AND kind = ? ORDER BY due_at LIMIT 1";
        Ok(db.fetch_optional(sql, args![now, kind]).await?.is_some())
    }

    /// Removes up to `limit` entries that are due and that nobody wants, oldest first; answers how many.
    pub async fn drop_due(tx: &mut Tx, kind: &str, now: Timestamp, limit: i64) -> Result<u64> {
        let lock = tx.dialect().skip_locked();
        let sql = format!(
            "DELETE FROM outbox WHERE (workspace, id) IN \
             (SELECT workspace, id FROM outbox WHERE due_at <= ? AND kind = ? ORDER BY due_at, id LIMIT ?{lock})"
        );
        tx.execute(Sql::Template(sql), args![now, kind, limit]).await
    }

    /// Removes what is done.
    pub async fn delete_all(tx: &mut Tx, done: &[OutboxEntry]) -> Result<()> {
        for entries in done.chunks(MOST_ROWS) {
            let marks = vec!["(?, ?)"; entries.len()].join(", ");
            let sql = format!("DELETE FROM outbox WHERE (workspace, id) IN (VALUES {marks})");
            let values = entries.iter().flat_map(|entry| args![entry.workspace, entry.id]).collect();
            tx.execute(Sql::Template(sql), values).await?;
        }
        Ok(())
    }

    /// Up to `limit` entries of a kind that are due, oldest first, passing over those that somebody else has: for who is done
    /// with them before the transaction ends.
    pub async fn due(tx: &mut Tx, kind: &str, now: Timestamp, limit: i64) -> Result<Vec<OutboxEntry>> {
        let lock = tx.dialect().skip_locked();
        let tail = format!("WHERE due_at <= ? AND kind = ? ORDER BY due_at, id LIMIT ?{lock}");
        OutboxEntry::all(tx, &tail, args![now, kind, limit]).await
    }

    /// Takes up to `limit` entries of a kind that are due, oldest first, and puts them off until `until`: who took them
    /// removes them when they are done, and if that never happens they come again.
    pub async fn take(
        tx: &mut Tx,
        kind: &str,
        now: Timestamp,
        until: Timestamp,
        limit: i64,
    ) -> Result<Vec<OutboxEntry>> {
        let mut entries = OutboxEntry::due(tx, kind, now, limit).await?;
        for entry in &mut entries {
            entry.attempts += 1;
            entry.due_at = until;
        }
        for taken in entries.chunks(MOST_ROWS) {
            let marks = vec!["(?, ?)"; taken.len()].join(", ");
            let sql = format!(
                "UPDATE outbox SET due_at = ?, attempts = attempts + 1 WHERE (workspace, id) IN (VALUES {marks})"
            );
            let keys = taken.iter().flat_map(|entry| args![entry.workspace, entry.id]);
            tx.execute(Sql::Template(sql), args![until].into_iter().chain(keys).collect()).await?;
        }
        Ok(entries)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{at, on_both, ws};
    use crate::{Error, ids};

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_is_taken_from_the_outbox_comes_again_unless_it_is_done() {
        on_both(async |store| {
            let taken: Result<Vec<usize>, Error> = store
                .write(|tx| {
                    Box::pin(async move {
                        let entry = |number| OutboxEntry {
                            workspace: ws(),
                            id: ids::next(),
                            kind: "hook".into(),
                            payload: "{}".into(),
                            created_at: at(0),
                            due_at: at(number),
                            attempts: 0,
                        };
                        OutboxEntry::insert_all(tx, &[0, 1, 2].map(entry)).await?;
                        assert!(OutboxEntry::is_due(tx, "hook", at(0)).await?);
                        assert!(!OutboxEntry::is_due(tx, "flow", at(0)).await?);
                        assert!(OutboxEntry::take(tx, "flow", at(1), at(60), 10).await?.is_empty());
                        let first = OutboxEntry::take(tx, "hook", at(1), at(60), 10).await?;
                        let again = OutboxEntry::take(tx, "hook", at(1), at(60), 10).await?;
                        OutboxEntry::delete_all(tx, &first[..1]).await?;
                        let late = OutboxEntry::take(tx, "hook", at(61), at(90), 10).await?;
                        assert_eq!(late.iter().map(|entry| entry.attempts).sum::<i64>(), 3);
                        Ok(vec![first.len(), again.len(), late.len()])
                    })
                })
                .await;
            assert_eq!(taken, Ok(vec![2, 0, 2]));
        })
        .await;
    }
}
