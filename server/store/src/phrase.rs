//! Phrases of members' own, for what they say again and again.

use engine::value::Id;

use crate::connection::Reader;
use crate::error::Result;
use crate::row::args;
use crate::stored::stored;

stored! {
    pub struct Phrase in "phrase" by (workspace: Id, id: Id) {
        pub member: Id,
        pub text: String,
    }
}

impl Phrase {
    /// Those of a member, oldest first.
    pub async fn of_member(db: &mut Reader, workspace: Id, member: Id) -> Result<Vec<Phrase>> {
        Phrase::all(db, "WHERE workspace = ? AND member = ? ORDER BY id", args![workspace, member]).await
    }
}
