//! Links that let somebody choose a new password, known by their hashes alone.

use engine::value::{Id, Timestamp};

use crate::connection::Tx;
use crate::error::Result;
use crate::row::args;
use crate::stored::stored;

stored! {
    pub struct PasswordReset in "password_reset" by (hash: String) {
        pub workspace: Id,
        pub member: Id,
        pub expires_at: Timestamp,
    }
}

impl PasswordReset {
    /// Ends all links of a member.
    pub async fn end_all(tx: &mut Tx, workspace: Id, member: Id) -> Result<u64> {
        tx.execute("DELETE FROM password_reset WHERE workspace = ? AND member = ?", args![workspace, member])
            .await
    }

    /// Removes what has expired.
    pub async fn purge(tx: &mut Tx, now: Timestamp) -> Result<u64> {
        tx.execute("DELETE FROM password_reset WHERE expires_at <= ?", args![now]).await
    }
}
