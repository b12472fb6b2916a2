//! Members: the people of a workspace.

use std::collections::BTreeSet;

use engine::text::Language;
use engine::value::{Id, Timestamp};

use crate::connection::{Reader, Sql, Tx};
use crate::error::Result;
use crate::row::args;
use crate::stored::{keyed, stored};

keyed! {
    /// Whether a member may sign in.
    pub enum MemberState {
        Active = "active",
        /// Has no password yet.
        Invited = "invited",
        /// Has left; what they did stays.
        Disabled = "disabled",
    }
}

stored! {
    pub struct Member in "member" by (workspace: Id, id: Id) {
        /// In lower case: addresses are compared as they are stored.
        pub email: String,
        pub name: String,
        /// Argon2id in PHC form; absent until the first password is set.
        pub password_hash: Option<String>,
        pub state: MemberState,
        /// Whether they may do everything in the workspace.
        pub administrator: bool,
        pub manager: Option<Id>,
        pub language: Option<Language>,
        pub zone: Option<String>,
        /// What they do here, in words.
        pub title: Option<String>,
        pub phone: Option<String>,
        /// Who took over from them when they left.
        pub successor: Option<Id>,
        pub created_at: Timestamp,
        pub version: i64,
    }
}

impl Member {
    /// Everybody, by id.
    pub async fn list(db: &mut Reader, workspace: Id) -> Result<Vec<Member>> {
        Member::all(db, "WHERE workspace = ? ORDER BY id", args![workspace]).await
    }

    /// Those with this address, of any workspace: who signs in names no workspace.
    pub async fn by_email(db: &mut Reader, email: &str) -> Result<Vec<Member>> {
        Member::all(db, "WHERE email = ? ORDER BY workspace", args![email.to_lowercase()]).await
    }

    /// Those who report to `manager` directly.
    pub async fn reporting_to(db: &mut Reader, workspace: Id, manager: Id) -> Result<Vec<Member>> {
        let tail = "WHERE workspace = ? AND manager = ? ORDER BY id";
        Member::all(db, tail, args![workspace, manager]).await
    }

    /// Stores a password under another hash, unless it has been changed meanwhile.
    pub async fn set_hash(tx: &mut Tx, workspace: Id, id: Id, before: &str, after: &str) -> Result<bool> {
        let sql = "UPDATE member SET password_hash = ? WHERE workspace = ? AND id = ? AND password_hash = ?";
        Ok(tx.execute(sql, args![after, workspace, id, before]).await? > 0)
    }

    /// Keeps members from leaving until the transaction ends: what it gives to them is there for whoever hands over what they
    /// have. Nothing to do where one alone writes.
    ///
    /// # Errors
    /// [`crate::Error::Busy`] where one has left since they were looked up: the transaction runs again.
    pub async fn hold_there(tx: &mut Tx, workspace: Id, ids: &BTreeSet<Id>) -> Result<()> {
        let lock = tx.dialect().row_lock(true);
        if lock.is_empty() || ids.is_empty() {
            return Ok(());
        }
        let marks = vec!["?"; ids.len()].join(", ");
        let sql =
            format!("SELECT state FROM member WHERE workspace = ? AND id IN ({marks}) ORDER BY id{lock}");
        let mut values = args![workspace];
        values.extend(ids.iter().flat_map(|id| args![*id]));
        let rows = tx.fetch_all(Sql::Template(sql), values).await?;
        for row in &rows {
            let state: MemberState = row.get(0)?;
            if state == MemberState::Disabled {
                return Err(tx.run_again());
            }
        }
        Ok(())
    }

    /// How many there are in the whole installation: none before it is set up.
    pub async fn count(db: &mut Reader) -> Result<i64> {
        db.fetch_one("SELECT count(*) FROM member", args![]).await?.get(0)
    }
}
