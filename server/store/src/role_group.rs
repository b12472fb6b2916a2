//! Groups of roles: where a role is looked for.

use engine::value::Id;

use crate::connection::{Reader, Tx};
use crate::error::Result;
use crate::row::args;
use crate::stored::stored;

stored! {
    pub struct RoleGroup in "role_group" by (workspace: Id, id: Id) {
        pub name: String,
        pub version: i64,
    }
}

impl RoleGroup {
    pub async fn list(db: &mut Reader, workspace: Id) -> Result<Vec<RoleGroup>> {
        RoleGroup::all(db, "WHERE workspace = ? ORDER BY id", args![workspace]).await
    }

    /// Leaves the roles of a group without one.
    pub async fn empty(tx: &mut Tx, workspace: Id, group: Id) -> Result<()> {
        let sql = "UPDATE role SET role_group = NULL WHERE workspace = ? AND role_group = ?";
        tx.execute(sql, args![workspace, group]).await.map(drop)
    }
}
