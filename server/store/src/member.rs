//! Members: the people of a workspace.

use engine::text::Language;
use engine::value::{Id, Timestamp};

use crate::connection::Reader;
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
        /// Who takes over their tasks when they leave.
        pub hand_over: Option<Id>,
        pub language: Option<Language>,
        pub zone: Option<String>,
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

    /// How many there are in the whole installation: none before it is set up.
    pub async fn count(db: &mut Reader) -> Result<i64> {
        db.fetch_one("SELECT count(*) FROM member", args![]).await?.get(0)
    }
}
