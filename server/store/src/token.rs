//! API tokens, known by their hashes alone.

use engine::value::{Id, Timestamp};

use crate::connection::{Reader, Tx};
use crate::error::Result;
use crate::row::args;
use crate::stored::stored;

stored! {
    pub struct Token in "token" by (workspace: Id, id: Id) {
        pub hash: String,
        /// Its owner: it may do nothing that they may not.
        pub member: Id,
        pub name: String,
        /// A JSON array of scopes; empty for all.
        pub scopes: String,
        pub created_at: Timestamp,
        pub expires_at: Option<Timestamp>,
        pub seen_at: Option<Timestamp>,
    }
}

impl Token {
    pub async fn by_hash(db: &mut Reader, hash: &str) -> Result<Option<Token>> {
        Token::one(db, "WHERE hash = ?", args![hash]).await
    }

    pub async fn list(db: &mut Reader, workspace: Id, member: Id) -> Result<Vec<Token>> {
        Token::all(db, "WHERE workspace = ? AND member = ? ORDER BY id", args![workspace, member]).await
    }

    /// Ends all tokens of a member.
    pub async fn end_all(tx: &mut Tx, workspace: Id, member: Id) -> Result<u64> {
        tx.execute("DELETE FROM token WHERE workspace = ? AND member = ?", args![workspace, member]).await
    }

    /// Notes that it was used.
    pub async fn touch(tx: &mut Tx, workspace: Id, id: Id, seen_at: Timestamp) -> Result<()> {
        let sql = "UPDATE token SET seen_at = ? WHERE workspace = ? AND id = ?";
        tx.execute(sql, args![seen_at, workspace, id]).await.map(drop)
    }
}
