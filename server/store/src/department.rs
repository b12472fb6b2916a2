//! Departments: a tree, with members in any of its nodes.

use engine::value::Id;

use crate::connection::{Reader, Tx};
use crate::error::Result;
use crate::row::args;
use crate::stored::stored;

stored! {
    pub struct Department in "department" by (workspace: Id, id: Id) {
        pub name: String,
        pub parent: Option<Id>,
        pub head: Option<Id>,
        pub version: i64,
    }
}

impl Department {
    pub async fn list(db: &mut Reader, workspace: Id) -> Result<Vec<Department>> {
        Department::all(db, "WHERE workspace = ? ORDER BY id", args![workspace]).await
    }

    /// Who is in which department: `(department, member)`.
    pub async fn memberships(db: &mut Reader, workspace: Id) -> Result<Vec<(Id, Id)>> {
        let sql = "SELECT department, member FROM department_member WHERE workspace = ? \
                   ORDER BY department, member";
        let rows = db.fetch_all(sql, args![workspace]).await?;
        rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
    }

    /// The departments that a member is in, without those above or below.
    pub async fn of_member(db: &mut Reader, workspace: Id, member: Id) -> Result<Vec<Id>> {
        let sql = "SELECT department FROM department_member WHERE workspace = ? AND member = ? \
                   ORDER BY department";
        db.fetch_all(sql, args![workspace, member]).await?.iter().map(|row| row.get(0)).collect()
    }

    /// Makes `members` the members of a department, and nobody else.
    pub async fn set_members(tx: &mut Tx, workspace: Id, department: Id, members: &[Id]) -> Result<()> {
        let sql = "DELETE FROM department_member WHERE workspace = ? AND department = ?";
        tx.execute(sql, args![workspace, department]).await?;
        for member in members {
            add(tx, workspace, department, *member).await?;
        }
        Ok(())
    }

    /// Makes `departments` the ones that a member is in, and no others.
    pub async fn set_of_member(tx: &mut Tx, workspace: Id, member: Id, departments: &[Id]) -> Result<()> {
        let sql = "DELETE FROM department_member WHERE workspace = ? AND member = ?";
        tx.execute(sql, args![workspace, member]).await?;
        for department in departments {
            add(tx, workspace, *department, member).await?;
        }
        Ok(())
    }
}

async fn add(tx: &mut Tx, workspace: Id, department: Id, member: Id) -> Result<()> {
    let sql = "INSERT INTO department_member (workspace, department, member) VALUES (?, ?, ?) \
               ON CONFLICT DO NOTHING";
    tx.execute(sql, args![workspace, department, member]).await.map(drop)
}
