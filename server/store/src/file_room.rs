//! How much room the files of a workspace take: one number, which goes up and down in the transactions that store and remove
//! files. Reading it costs nothing however many files there are, and of two who want the last of the room one gets it.

use engine::value::Id;

use crate::connection::{Reader, Tx};
use crate::error::Result;
use crate::row::args;
use crate::stored::stored;

stored! {
    pub struct FileRoom in "file_room" by (workspace: Id) {
        /// Of all its files. Equal bytes count for each file that has them, though they lie on the disk once: otherwise who
        /// looks at the number would learn whether others have sent the same.
        pub bytes: i64,
    }
}

impl FileRoom {
    /// The bytes of all files of a workspace.
    pub async fn of(db: &mut Reader, workspace: Id) -> Result<i64> {
        Ok(FileRoom::find(db, workspace).await?.map_or(0, |room| room.bytes))
    }

    /// Takes room for so many bytes more; gives how many there are then, and nothing where that would be more than `most`: none
    /// are taken then. On PostgreSQL nobody else takes any until the transaction ends.
    pub(crate) async fn take(tx: &mut Tx, workspace: Id, bytes: i64, most: i64) -> Result<Option<i64>> {
        if bytes > most {
            return Ok(None);
        }
        let sql = "INSERT INTO file_room (workspace, bytes) VALUES (?, ?) \
                   ON CONFLICT (workspace) DO UPDATE SET bytes = file_room.bytes + excluded.bytes \
                   WHERE file_room.bytes + excluded.bytes <= ? RETURNING bytes";
        let row = tx.fetch_optional(sql, args![workspace, bytes, most]).await?;
        row.map(|row| row.get(0)).transpose()
    }

    /// Gives room back that removed files had.
    pub(crate) async fn give_back(tx: &mut Tx, workspace: Id, bytes: i64) -> Result<()> {
        if bytes == 0 {
            return Ok(());
        }
        let sql = "UPDATE file_room SET bytes = bytes - ? WHERE workspace = ?";
        tx.execute(sql, args![bytes, workspace]).await.map(drop)
    }

    /// What is counted, and what the files come to, at one moment.
    pub async fn compared(db: &mut Reader, workspace: Id) -> Result<(i64, i64)> {
        let sql = "SELECT coalesce((SELECT bytes FROM file_room WHERE workspace = ?), 0), \
                   CAST(coalesce((SELECT sum(size) FROM file WHERE workspace = ?), 0) AS BIGINT)";
        let row = db.fetch_one(sql, args![workspace, workspace]).await?;
        Ok((row.get(0)?, row.get(1)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bin::purge_traces;
    use crate::file::File;
    use crate::testing::{at, on_both, ws};
    use crate::{Error, Store, ids};

    fn file(size: i64, record: Option<(Id, Id)>) -> File {
        File {
            workspace: ws(),
            id: ids::next(),
            name: "a.txt".into(),
            size,
            media_type: "text/plain".into(),
            sha256: "00".into(),
            created_at: at(1),
            created_by: None,
            form: record.map(|(form, _)| form),
            record: record.map(|(_, record)| record),
            field: record.map(|_| "proof".into()),
        }
    }

    async fn take_in(store: &Store, file: File, most: i64) -> Option<i64> {
        let taken: Result<Option<i64>, Error> =
            store.write(move |tx| Box::pin(async move { file.take_in(tx, most).await })).await;
        taken.unwrap()
    }

    async fn compared(store: &Store) -> (i64, i64) {
        FileRoom::compared(&mut store.read().await.unwrap(), ws()).await.unwrap()
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn files_take_so_much_room_and_give_it_back() {
        on_both(async |store| {
            assert_eq!(compared(store).await, (0, 0));
            let held = (ids::next(), ids::next());
            assert_eq!(take_in(store, file(11, None), 10).await, None, "too large by itself");
            assert_eq!(take_in(store, file(6, None), 10).await, Some(6));
            assert_eq!(take_in(store, file(5, None), 10).await, None, "one too many");
            assert_eq!(take_in(store, file(4, Some(held)), 10).await, Some(10));
            assert_eq!(take_in(store, file(0, None), 10).await, Some(10), "what is empty needs none");
            assert_eq!(compared(store).await, (10, 10), "what was refused left nothing");

            let done: Result<(), Error> = store
                .write(move |tx| {
                    Box::pin(async move {
                        assert_eq!(File::forget_untaken(tx, at(9), None, 10).await?.len(), 2);
                        assert_eq!(FileRoom::of(tx, ws()).await?, 4);
                        purge_traces(tx, ws(), held.0, &[held.1]).await.map(drop)
                    })
                })
                .await;
            done.unwrap();
            assert_eq!(compared(store).await, (0, 0));
            assert_eq!(take_in(store, file(10, None), 10).await, Some(10));
        })
        .await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn of_many_who_want_the_last_room_as_many_get_it_as_there_is() {
        on_both(async |store| {
            let sent: Vec<_> = (0..40)
                .map(|_| {
                    let store = store.clone();
                    tokio::spawn(async move { take_in(&store, file(3, None), 20).await.is_some() })
                })
                .collect();
            let mut taken = 0;
            for one in sent {
                taken += usize::from(one.await.unwrap());
            }
            assert_eq!(taken, 6);
            assert_eq!(compared(store).await, (18, 18));
        })
        .await;
    }
}
