//! Workspaces: who shares data with whom. An installation has one unless more are made on purpose.

use engine::text::Language;
use engine::value::{Id, Timestamp};

use crate::connection::{Reader, Tx};
use crate::error::{Error, Result};
use crate::row::{Row, args};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workspace {
    pub id: Id,
    pub name: String,
    /// What plain labels are written in, and what people get who chose nothing.
    pub language: Language,
    /// IANA name of the zone in which dates are counted.
    pub zone: String,
    /// ISO 4217 code of the base currency.
    pub currency: String,
    pub created_at: Timestamp,
}

const COLUMNS: &str = "SELECT id, name, language, zone, currency, created_at FROM workspace";

fn read(row: &Row) -> Result<Workspace> {
    Ok(Workspace {
        id: row.get(0)?,
        name: row.get(1)?,
        language: language(&row.get::<String>(2)?),
        zone: row.get(3)?,
        currency: row.get(4)?,
        created_at: row.get(5)?,
    })
}

/// A stored language tag; one that is not known any more reads as the product's first language.
pub(crate) fn language(tag: &str) -> Language {
    Language::from_tag(tag).unwrap_or_default()
}

pub async fn insert(tx: &mut Tx, workspace: &Workspace) -> Result<()> {
    let sql =
        "INSERT INTO workspace (id, name, language, zone, currency, created_at) VALUES (?, ?, ?, ?, ?, ?)";
    let values = args![
        workspace.id,
        &workspace.name,
        workspace.language.tag(),
        &workspace.zone,
        &workspace.currency,
        workspace.created_at,
    ];
    tx.execute(sql, values).await.map(drop)
}

pub async fn find(db: &mut Reader, id: Id) -> Result<Option<Workspace>> {
    let row = db.fetch_optional(format!("{COLUMNS} WHERE id = {}", id.as_i64()), args![]).await?;
    row.as_ref().map(read).transpose()
}

/// All workspaces, oldest first.
pub async fn list(db: &mut Reader) -> Result<Vec<Workspace>> {
    let rows = db.fetch_all(format!("{COLUMNS} ORDER BY id"), args![]).await?;
    rows.iter().map(read).collect()
}

/// # Errors
/// [`Error::NotFound`] when there is no such workspace.
pub async fn update(tx: &mut Tx, workspace: &Workspace) -> Result<()> {
    let sql = "UPDATE workspace SET name = ?, language = ?, zone = ?, currency = ? WHERE id = ?";
    let values =
        args![&workspace.name, workspace.language.tag(), &workspace.zone, &workspace.currency, workspace.id];
    match tx.execute(sql, values).await? {
        0 => Err(Error::NotFound { what: "workspace" }),
        _ => Ok(()),
    }
}
