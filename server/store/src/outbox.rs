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
    /// Whether something waits to be taken.
    pub async fn is_due(db: &mut Reader, now: Timestamp) -> Result<bool> {
        let row = db.fetch_optional("SELECT 1 FROM outbox WHERE due_at <= ? LIMIT 1", args![now]).await?;
        Ok(row.is_some())
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

    /// Up to `limit` entries that are due, oldest first, passing over those that somebody else has: for who is done with
    /// them before the transaction ends.
    pub async fn due(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<Vec<OutboxEntry>> {
        let lock = tx.dialect().skip_locked();
        let tail = format!("WHERE due_at <= ? ORDER BY due_at, id LIMIT ?{lock}");
        OutboxEntry::all(tx, &tail, args![now, limit]).await
    }

    /// Takes up to `limit` entries that are due, oldest first, and puts them off until `until`: who took them removes
    /// them when they are done, and if that never happens they come again.
    pub async fn take(tx: &mut Tx, now: Timestamp, until: Timestamp, limit: i64) -> Result<Vec<OutboxEntry>> {
        let mut entries = OutboxEntry::due(tx, now, limit).await?;
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
