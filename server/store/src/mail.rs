//! Letters that wait to be sent.

use engine::value::{Id, Timestamp};

use crate::connection::{Reader, Tx};
use crate::error::Result;
use crate::row::args;
use crate::stored::stored;

stored! {
    pub struct Mail in "mail" by (workspace: Id, id: Id) {
        /// Sealed by who stores it: letters carry links that open something.
        pub sealed: String,
        /// When to try (again).
        pub due_at: Timestamp,
        /// When it is no use any more.
        pub expires_at: Timestamp,
        pub attempts: i64,
    }
}

impl Mail {
    /// Whether one is to be sent now.
    pub async fn is_due(db: &mut Reader, now: Timestamp) -> Result<bool> {
        let row = db.fetch_optional("SELECT 1 FROM mail WHERE due_at <= ? LIMIT 1", args![now]).await?;
        Ok(row.is_some())
    }

    /// Takes up to `limit` letters that are due, and puts them off until `until`: who took one removes it when it is sent,
    /// and if that never happens it comes again.
    pub async fn take(tx: &mut Tx, now: Timestamp, until: Timestamp, limit: i64) -> Result<Vec<Mail>> {
        let lock = tx.dialect().skip_locked();
        let tail = format!("WHERE due_at <= ? ORDER BY due_at, id LIMIT ?{lock}");
        let mut taken = Mail::all(tx, &tail, args![now, limit]).await?;
        for mail in &mut taken {
            mail.due_at = until;
            mail.attempts += 1;
            mail.update(tx).await?;
        }
        Ok(taken)
    }

    /// All letters, of all workspaces.
    pub async fn everywhere(db: &mut Reader) -> Result<Vec<Mail>> {
        Mail::all(db, "ORDER BY workspace, id", args![]).await
    }

    /// Removes all letters.
    pub async fn forget_everywhere(tx: &mut Tx) -> Result<u64> {
        tx.execute("DELETE FROM mail", args![]).await
    }

    /// Removes what is no use any more.
    pub async fn purge(tx: &mut Tx, now: Timestamp) -> Result<u64> {
        tx.execute("DELETE FROM mail WHERE expires_at <= ?", args![now]).await
    }
}
