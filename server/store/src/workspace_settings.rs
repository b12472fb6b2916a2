//! What a workspace has said for everybody in it, beside what every workspace has.

use engine::value::Id;

use crate::connection::Tx;
use crate::error::Result;
use crate::row::args;
use crate::stored::stored;

stored! {
    pub struct WorkspaceSettings in "workspace_settings" by (workspace: Id) {
        /// The languages that people can choose: a JSON array.
        pub languages: String,
        /// Days and hours of work: JSON.
        pub calendar: String,
        /// Characters of a password at least.
        pub password_length: i64,
        /// A session ends when it was not used for so many minutes,
        pub session_minutes: i64,
        /// and after so many days in any case.
        pub session_days: i64,
        /// With how many browsers a member may be signed in.
        pub sessions: i64,
        /// Who makes apps: `everybody` or `administrators`.
        pub app_makers: String,
        /// Whether whoever comes to sign in reads what it is called.
        pub named_at_sign_in: bool,
        pub version: i64,
    }
}

impl WorkspaceSettings {
    /// Stores it, whether there was a row or not.
    pub async fn save(&self, tx: &mut Tx) -> Result<()> {
        WorkspaceSettings::delete(tx, self.workspace).await?;
        self.insert(tx).await
    }

    /// Has no session of a workspace last longer than it may now: `idle` and `longest` are microseconds.
    pub async fn shorten_sessions(tx: &mut Tx, workspace: Id, idle: i64, longest: i64) -> Result<()> {
        let sql =
            "UPDATE session SET expires_at = seen_at + ? WHERE workspace = ? AND expires_at > seen_at + ?";
        tx.execute(sql, args![idle, workspace, idle]).await?;
        let sql = "UPDATE session SET expires_at = created_at + ? \
                   WHERE workspace = ? AND expires_at > created_at + ?";
        tx.execute(sql, args![longest, workspace, longest]).await.map(drop)
    }
}
