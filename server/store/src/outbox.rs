//! What is to be done after a commit, at least once: automations, hooks, mail, notices.

use engine::value::{Id, Timestamp};

use crate::connection::Tx;
use crate::error::Result;
use crate::row::args;
use crate::stored::stored;

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
    /// Takes up to `limit` entries that are due, oldest first, and puts them off until `until`: who took them removes
    /// them when they are done, and if that never happens they come again.
    pub async fn take(tx: &mut Tx, now: Timestamp, until: Timestamp, limit: i64) -> Result<Vec<OutboxEntry>> {
        let lock = tx.dialect().skip_locked();
        let tail = format!("WHERE due_at <= ? ORDER BY due_at, id LIMIT ?{lock}");
        let mut entries = OutboxEntry::all(tx, &tail, args![now, limit]).await?;
        for entry in &mut entries {
            entry.attempts += 1;
            entry.due_at = until;
            let sql = "UPDATE outbox SET due_at = ?, attempts = ? WHERE workspace = ? AND id = ?";
            tx.execute(sql, args![until, entry.attempts, entry.workspace, entry.id]).await?;
        }
        Ok(entries)
    }
}
