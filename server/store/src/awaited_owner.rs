//! Demo records that wait for their owner: nobody was in the role that they are for when they came.

use engine::value::Id;

use crate::connection::Reader;
use crate::error::Result;
use crate::row::args;
use crate::stored::stored;

stored! {
    pub struct AwaitedOwner in "awaited_owner" by (workspace: Id, role: String, record: Id) {
        pub form: Id,
    }
}

impl AwaitedOwner {
    /// The roles in which somebody is awaited, each with its workspace.
    pub async fn roles(db: &mut Reader) -> Result<Vec<(Id, String)>> {
        let sql = "SELECT DISTINCT workspace, role FROM awaited_owner ORDER BY workspace, role";
        db.fetch_all(sql, args![]).await?.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
    }

    /// The first of the records that wait for a role, in the order in which they were made.
    pub async fn of_role(
        db: &mut Reader,
        workspace: Id,
        role: &str,
        limit: i64,
    ) -> Result<Vec<AwaitedOwner>> {
        let tail = "WHERE workspace = ? AND role = ? ORDER BY record LIMIT ?";
        AwaitedOwner::all(db, tail, args![workspace, role, limit]).await
    }
}
