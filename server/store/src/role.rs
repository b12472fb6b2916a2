//! Roles: who does what, independent of departments.

use engine::value::Id;

use crate::connection::{Reader, Tx};
use crate::error::Result;
use crate::row::args;
use crate::stored::stored;

stored! {
    pub struct Role in "role" by (workspace: Id, id: Id) {
        pub key: String,
        pub name: String,
        /// The group that it lies in.
        pub role_group: Option<Id>,
        pub version: i64,
    }
}

impl Role {
    pub async fn list(db: &mut Reader, workspace: Id) -> Result<Vec<Role>> {
        Role::all(db, "WHERE workspace = ? ORDER BY id", args![workspace]).await
    }

    pub async fn by_key(db: &mut Reader, workspace: Id, key: &str) -> Result<Option<Role>> {
        Role::one(db, "WHERE workspace = ? AND key = ?", args![workspace, key]).await
    }

    /// Who has which role: `(role, member)`.
    pub async fn memberships(db: &mut Reader, workspace: Id) -> Result<Vec<(Id, Id)>> {
        let sql = "SELECT role, member FROM role_member WHERE workspace = ? ORDER BY role, member";
        let rows = db.fetch_all(sql, args![workspace]).await?;
        rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
    }

    /// The roles of a member.
    pub async fn of_member(db: &mut Reader, workspace: Id, member: Id) -> Result<Vec<Id>> {
        let sql = "SELECT role FROM role_member WHERE workspace = ? AND member = ? ORDER BY role";
        db.fetch_all(sql, args![workspace, member]).await?.iter().map(|row| row.get(0)).collect()
    }

    /// Gives the role to `members`, and to nobody else.
    pub async fn set_members(tx: &mut Tx, workspace: Id, role: Id, members: &[Id]) -> Result<()> {
        tx.execute("DELETE FROM role_member WHERE workspace = ? AND role = ?", args![workspace, role])
            .await?;
        for member in members {
            add(tx, workspace, role, *member).await?;
        }
        Ok(())
    }

    /// Gives `roles` to a member, and no others.
    pub async fn set_of_member(tx: &mut Tx, workspace: Id, member: Id, roles: &[Id]) -> Result<()> {
        tx.execute("DELETE FROM role_member WHERE workspace = ? AND member = ?", args![workspace, member])
            .await?;
        for role in roles {
            add(tx, workspace, *role, member).await?;
        }
        Ok(())
    }
}

async fn add(tx: &mut Tx, workspace: Id, role: Id, member: Id) -> Result<()> {
    let sql = "INSERT INTO role_member (workspace, role, member) VALUES (?, ?, ?) ON CONFLICT DO NOTHING";
    tx.execute(sql, args![workspace, role, member]).await.map(drop)
}
