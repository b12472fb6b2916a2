//! Who members are at identity providers.

use engine::value::{Id, Timestamp};

use crate::connection::{Reader, Tx};
use crate::error::Result;
use crate::row::args;
use crate::stored::stored;

stored! {
    pub struct Identity in "identity" by (workspace: Id, issuer: String, subject: String) {
        pub member: Id,
        pub created_at: Timestamp,
    }
}

impl Identity {
    /// Those of a subject of a provider, of any workspace: who signs in names no workspace.
    pub async fn of_subject(db: &mut Reader, issuer: &str, subject: &str) -> Result<Vec<Identity>> {
        let tail = "WHERE issuer = ? AND subject = ? ORDER BY workspace";
        Identity::all(db, tail, args![issuer, subject]).await
    }

    /// Those of a member at a provider.
    pub async fn of_member(
        db: &mut Reader,
        workspace: Id,
        member: Id,
        issuer: &str,
    ) -> Result<Vec<Identity>> {
        let tail = "WHERE workspace = ? AND member = ? AND issuer = ?";
        Identity::all(db, tail, args![workspace, member, issuer]).await
    }

    /// Forgets all of a member.
    pub async fn end_all(tx: &mut Tx, workspace: Id, member: Id) -> Result<u64> {
        tx.execute("DELETE FROM identity WHERE workspace = ? AND member = ?", args![workspace, member]).await
    }
}
