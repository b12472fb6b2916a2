//! What the installation itself remembers: its set-up code, its secrets.

use crate::connection::{Reader, Tx};
use crate::error::Result;
use crate::row::args;

/// The value stored under `name`.
pub async fn get(db: &mut Reader, name: &str) -> Result<Option<String>> {
    let row = db.fetch_optional("SELECT value FROM setting WHERE name = ?", args![name]).await?;
    row.map(|row| row.get(0)).transpose()
}

pub async fn set(tx: &mut Tx, name: &str, value: &str) -> Result<()> {
    let sql = "INSERT INTO setting (name, value) VALUES (?, ?) \
               ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    tx.execute(sql, args![name, value]).await.map(drop)
}

/// Whether there was one to remove.
pub async fn remove(tx: &mut Tx, name: &str) -> Result<bool> {
    Ok(tx.execute("DELETE FROM setting WHERE name = ?", args![name]).await? > 0)
}
