//! Files that people attached. Their bytes lie outside the database, under their hash.

use std::collections::BTreeMap;

use engine::value::{Id, Timestamp};

use crate::connection::{Reader, Sql, Tx};
use crate::error::Result;
use crate::file_room::FileRoom;
use crate::row::args;
use crate::stored::stored;

stored! {
    pub struct File in "file" by (workspace: Id, id: Id) {
        pub name: String,
        pub size: i64,

        pub media_type: String,
        /// Of its bytes, in hexadecimal.
        pub sha256: String,
        pub created_at: Timestamp,
        pub created_by: Option<Id>,
        /// The record that holds it, once one does: who may see that field of it may see the file.
        pub form: Option<Id>,
        pub record: Option<Id>,
        pub field: Option<String>,
    }
}

impl File {
    /// Those of `ids` that exist, in no order.
    pub async fn find_all(db: &mut Reader, workspace: Id, ids: &[Id]) -> Result<Vec<File>> {
        let mut found = Vec::with_capacity(ids.len());
        for id in ids {
            found.extend(File::find(db, workspace, *id).await?);
        }
        Ok(found)
    }

    /// Stores a new file with the room that it takes, and gives how many bytes its workspace has then; nothing where that would
    /// be more than `most`. Whatever comes in comes in by this.
    pub async fn take_in(&self, tx: &mut Tx, most: i64) -> Result<Option<i64>> {
        let taken = FileRoom::take(tx, self.workspace, self.size, most).await?;
        if taken.is_some() {
            self.insert(tx).await?;
        }
        Ok(taken)
    }

    /// The same bytes as another file, for `who` to [take in](File::take_in); no record holds it yet. The first one stays until the
    /// transaction ends, and so do its bytes; nothing where it has gone meanwhile.
    pub async fn copy(tx: &mut Tx, file: &File, who: Id, now: Timestamp) -> Result<Option<File>> {
        let lock = tx.dialect().row_lock(true);
        let sql = format!("SELECT 1 FROM file WHERE workspace = ? AND id = ?{lock}");
        if tx.fetch_optional(Sql::Template(sql), args![file.workspace, file.id]).await?.is_none() {
            return Ok(None);
        }
        Ok(Some(File {
            id: crate::ids::next(),
            created_at: now,
            created_by: Some(who),
            form: None,
            record: None,
            field: None,
            ..file.clone()
        }))
    }

    /// Notes the record and the field that hold a file. False where another record or another field holds it already.
    pub async fn attach(
        tx: &mut Tx,
        workspace: Id,
        id: Id,
        form: Id,
        record: Id,
        field: &str,
    ) -> Result<bool> {
        let sql = "UPDATE file SET form = ?, record = ?, field = ? \
                   WHERE workspace = ? AND id = ? \
                   AND (record IS NULL OR (form = ? AND record = ? AND field = ?))";
        let values = args![form, record, field, workspace, id, form, record, field];
        Ok(tx.execute(sql, values).await? > 0)
    }

    /// What a record holds at a place is an upload again, which is forgotten in its time.
    pub async fn let_go(tx: &mut Tx, workspace: Id, id: Id, record: Id, field: &str) -> Result<bool> {
        let sql = "UPDATE file SET form = NULL, record = NULL, field = NULL \
                   WHERE workspace = ? AND id = ? AND record = ? AND field = ?";
        Ok(tx.execute(sql, args![workspace, id, record, field]).await? > 0)
    }

    /// How many bytes the uploads of a member have that no record holds, as far as each has no more than `largest`.
    pub async fn untaken_bytes(db: &mut Reader, workspace: Id, member: Id, largest: i64) -> Result<i64> {
        let sql = "SELECT CAST(coalesce(sum(size), 0) AS BIGINT) FROM file \
                   WHERE workspace = ? AND created_by = ? AND record IS NULL AND size <= ?";
        db.fetch_one(sql, args![workspace, member, largest]).await?.get(0)
    }

    /// Removes up to `limit` uploads from before `before` that no record holds, the oldest first, of one `place` where it says
    /// one; gives the hashes of their bytes.
    pub async fn forget_untaken(
        tx: &mut Tx,
        before: Timestamp,
        place: Option<&str>,
        limit: i64,
    ) -> Result<Vec<String>> {
        let of_place = if place.is_some() { "AND field = ?" } else { "" };
        let sql = format!(
            "DELETE FROM file WHERE record IS NULL AND (workspace, id) IN \
             (SELECT workspace, id FROM file WHERE record IS NULL AND created_at < ? {of_place} \
              ORDER BY created_at LIMIT ?) RETURNING sha256, workspace, size"
        );
        let mut values = args![before];
        values.extend(place.into_iter().flat_map(|place| args![place]));
        values.extend(args![limit]);
        let (mut hashes, mut freed) = (Vec::new(), BTreeMap::<Id, i64>::new());
        for row in tx.fetch_all(Sql::Template(sql), values).await? {
            hashes.push(row.get(0)?);
            *freed.entry(row.get(1)?).or_default() += row.get::<i64>(2)?;
        }
        // In the order of their ids: two who remove wait for each other, and not crosswise.
        for (workspace, bytes) in freed {
            FileRoom::give_back(tx, workspace, bytes).await?;
        }
        Ok(hashes)
    }

    /// Whether bytes with this hash are still needed.
    pub async fn is_used(db: &mut Reader, sha256: &str) -> Result<bool> {
        let row = db.fetch_optional("SELECT 1 FROM file WHERE sha256 = ? LIMIT 1", args![sha256]).await?;
        Ok(row.is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{at, on_both, ws};
    use crate::{Error, ids};

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn uploads_that_no_record_took_are_counted_and_forgotten() {
        on_both(async |store| {
            let (member, other) = (ids::next(), ids::next());
            let file = |sha256: &str, minute: i64, who: Id, record: Option<Id>| File {
                workspace: ws(),
                id: ids::next(),
                name: "a.txt".into(),
                size: 10,
                media_type: "text/plain".into(),
                sha256: sha256.into(),
                created_at: at(minute),
                created_by: Some(who),
                form: record,
                record,
                field: record.map(|_| "proof".into()),
            };
            let files = [
                file("aa", 1, member, None),
                file("bb", 2, other, None),
                file("cc", 3, member, Some(ids::next())),
                file("dd", 9, member, None),
            ];
            let found: Result<(i64, Vec<String>, Vec<String>, i64), Error> = store
                .write(move |tx| {
                    Box::pin(async move {
                        File::insert_all(tx, &files).await?;
                        let before = File::untaken_bytes(tx, ws(), member, 10).await?;
                        let small = File::untaken_bytes(tx, ws(), member, 9).await?;
                        assert_eq!(small, 0);
                        let none = File::forget_untaken(tx, at(5), Some("$visitor"), 10).await?;
                        assert!(none.is_empty());
                        let one = File::forget_untaken(tx, at(5), None, 1).await?;
                        let rest = File::forget_untaken(tx, at(5), None, 10).await?;
                        Ok((before, one, rest, File::untaken_bytes(tx, ws(), member, 10).await?))
                    })
                })
                .await;
            assert_eq!(found, Ok((20, vec!["aa".into()], vec!["bb".into()], 10)));
        })
        .await;
    }
}
