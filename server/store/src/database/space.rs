//! The room that removed data leaves.
//!
//! SQLite keeps it in the file for what comes next, until somebody asks for it to be cut off; that is done here, in steps that
//! no save waits long for. PostgreSQL's autovacuum makes it free for new rows by itself, and says in its own view whether it
//! is on.

use super::{Inner, Store};
use crate::connection::Tx;
use crate::error::Result;
use crate::row::args;

/// Pages that stay in the file for what comes next: 1 MiB.
const KEPT: i64 = 256;
/// Pages of one transaction: other saves wait no longer than moving them takes.
const STEP: i64 = 128;

impl Store {
    /// Gives the disk back what removed data has left in SQLite's file, but for a little that new data takes; answers how
    /// many pages. The file is shorter once the log was copied into it. PostgreSQL does this by itself.
    ///
    /// # Errors
    /// When the database can't be written.
    pub async fn give_back(&self) -> Result<i64> {
        let mut given = 0;
        while let Inner::Sqlite(_) = &*self.inner {
            let step: Result<i64> = self.write(|tx| Box::pin(async move { tx.cut_off(STEP).await })).await;
            let step = step?;
            given += step;
            if step < STEP {
                break;
            }
        }
        Ok(given)
    }

    /// Whether the database makes the room of removed data free again: SQLite where its file was made so, PostgreSQL where
    /// autovacuum is on.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn frees_space(&self) -> Result<bool> {
        let mut db = self.read().await?;
        Ok(match &*self.inner {
            // 2 is incremental: pages are cut off when that is asked for.
            Inner::Sqlite(_) => db.fetch_one("PRAGMA auto_vacuum", args![]).await?.get::<i64>(0)? == 2,
            Inner::Postgres(_) => {
                let sql = "SELECT setting FROM pg_settings WHERE name = 'autovacuum'";
                db.fetch_one(sql, args![]).await?.get::<String>(0)? == "on"
            }
        })
    }
}

impl Tx {
    /// Cuts up to `most` free pages off SQLite's file; answers how many.
    async fn cut_off(&mut self, most: i64) -> Result<i64> {
        let free: i64 = self.fetch_one("PRAGMA freelist_count", args![]).await?.get(0)?;
        let step = (free - KEPT).clamp(0, most);
        if step > 0 {
            self.batch(format!("PRAGMA incremental_vacuum({step})")).await?;
        }
        Ok(step)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use engine::access::Access;
    use serde_json::json;

    use crate::testing::{TestForms, insert, new_folder, on_both};
    use crate::{Database, Error, Settings, Store};

    /// Five hundred records of ten kilobytes come and go, and the file is as short as before.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn the_file_is_shorter_when_data_is_gone() {
        let folder = new_folder();
        let path = folder.join("formwork.db");
        let store = Store::open(&Settings::new(Database::Sqlite(path.clone()))).await.unwrap();
        let mut forms = TestForms::new();
        let note = json!({"key": "note", "label": "n", "kind": "long_text"});
        forms.publish(&store, json!({"key": "notes", "label": "n", "fields": [note]})).await;
        let form = forms.form_ref("notes");
        let long = "a note that is kept for a while ".repeat(320);
        let records: Vec<_> = (0..500).map(|_| forms.record("notes", json!({"note": long}))).collect();
        insert(&store, form, &records).await.unwrap();
        let ids: Vec<_> = records.iter().map(|record| record.id).collect();
        let removed: Result<u64, Error> = store
            .write(move |tx| {
                let ids = ids.clone();
                Box::pin(async move { crate::record::purge(tx, &Access::system("test"), form, &ids).await })
            })
            .await;
        assert_eq!(removed, Ok(500));
        assert!(store.give_back().await.unwrap() > 500);
        assert_eq!(store.give_back().await.unwrap(), 0, "what little is left stays for new data");
        assert!(store.frees_space().await.unwrap());
        let length = || std::fs::metadata(&path).unwrap().len();
        for attempt in 0.. {
            // The log is copied a moment later.
            if length() < 3 << 20 {
                break;
            }
            assert!(attempt < 200, "the file has {} bytes", length());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert!(store.damage().await.unwrap().is_empty());
        store.close().await;
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_database_as_it_is_made_frees_its_space() {
        on_both(async |store| assert!(store.frees_space().await.unwrap())).await;
    }
}
