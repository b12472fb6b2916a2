//! What the installation itself remembers: its set-up code, its secrets.

use crate::connection::{Reader, Sql, Tx};
use crate::error::Result;
use crate::row::args;

/// The value stored under `name`.
pub async fn get(db: &mut Reader, name: &str) -> Result<Option<String>> {
    let row = db.fetch_optional("SELECT value FROM setting WHERE name = ?", args![name]).await?;
    row.map(|row| row.get(0)).transpose()
}

/// Keeps what is stored under `name` from being changed by others until this transaction ends.
pub async fn hold(tx: &mut Tx, name: &str) -> Result<()> {
    // Where one alone writes, nobody else does.
    let lock = tx.dialect().row_lock(false);
    if lock.is_empty() {
        return Ok(());
    }
    let sql = format!("SELECT value FROM setting WHERE name = ?{lock}");
    tx.fetch_optional(Sql::Template(sql), args![name]).await.map(drop)
}

pub async fn set(tx: &mut Tx, name: &str, value: &str) -> Result<()> {
    tx.note_changed_setting();
    let sql = "INSERT INTO setting (name, value) VALUES (?, ?) \
               ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    tx.execute(sql, args![name, value]).await.map(drop)
}

/// Stores `value` under `name` unless something is stored there; gives what is stored then.
pub async fn claim(tx: &mut Tx, name: &str, value: &str) -> Result<String> {
    tx.note_changed_setting();
    let sql = "INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING";
    tx.execute(sql, args![name, value]).await?;
    // Who came second has waited for the first, and sees what they stored.
    Ok(get(tx, name).await?.unwrap_or_else(|| value.to_string()))
}

/// Whether there was one to remove.
pub async fn remove(tx: &mut Tx, name: &str) -> Result<bool> {
    tx.note_changed_setting();
    Ok(tx.execute("DELETE FROM setting WHERE name = ?", args![name]).await? > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Error;
    use crate::testing::on_both;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn settings_are_kept() {
        on_both(async |store| {
            let done: Result<bool, Error> = store
                .write(|tx| {
                    Box::pin(async move {
                        set(tx, "setup", "1").await?;
                        set(tx, "setup", "2").await?;
                        assert_eq!(claim(tx, "setup", "3").await?, "2");
                        assert_eq!(claim(tx, "claimed", "1").await?, "1");
                        remove(tx, "nothing").await
                    })
                })
                .await;
            assert_eq!(done, Ok(false));
            let mut db = store.read().await.unwrap();
            assert_eq!(get(&mut db, "setup").await.unwrap().as_deref(), Some("2"));
        })
        .await;
    }
}
