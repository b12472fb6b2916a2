//! What is to be done after a commit, at least once: automations, hooks, mail, notices.

use engine::value::{Id, Timestamp};

use crate::connection::{Reader, Sql, Tx};
use crate::error::Result;
use crate::row::args;
use crate::stored::{MOST_ROWS, stored};

stored! {
    pub struct OutboxEntry in "outbox" by (workspace: Id, id: Id) {
        pub kind: String,
        /// JSON of its kind.
        pub payload: String,
        pub created_at: Timestamp,
        /// When to try (again).
        pub due_at: Timestamp,
        pub attempts: i64,
    }
}

/// The kind of what each save of a record leaves: taken at once, in the order of its numbers. It is not in the index of what is
/// due, which every save would pay for.
pub const RECORD: &str = "record";
/// What is put off and tried again; told in these words to be looked for in its index.
const DUE: &str = "kind <> 'record' AND kind = ? AND due_at <= ?";

impl OutboxEntry {
    /// Whether something of a kind other than [`RECORD`] waits to be taken.
    pub async fn is_due(db: &mut Reader, kind: &str, now: Timestamp) -> Result<bool> {
        // The order has PostgreSQL look at the oldest of this kind, however many of another are due.
        let sql = format!("SELECT 1 FROM outbox WHERE {DUE} ORDER BY due_at LIMIT 1");
        Ok(db.fetch_optional(Sql::Template(sql), args![kind, now]).await?.is_some())
    }

    /// Whether word of a saved record waits.
    pub async fn has_records(db: &mut Reader) -> Result<bool> {
        let sql = "SELECT 1 FROM outbox WHERE kind = 'record' LIMIT 1";
        Ok(db.fetch_optional(sql, args![]).await?.is_some())
    }

    /// Removes up to `limit` entries of saved records, oldest first, that nobody wants; answers how many.
    pub async fn drop_records(tx: &mut Tx, limit: i64) -> Result<u64> {
        let lock = tx.dialect().skip_locked();
        let sql = format!(
            "DELETE FROM outbox WHERE (workspace, id) IN \
             (SELECT workspace, id FROM outbox WHERE kind = 'record' ORDER BY workspace, id LIMIT ?{lock})"
        );
        tx.execute(Sql::Template(sql), args![limit]).await
    }

    /// Removes what is done.
    pub async fn delete_all(tx: &mut Tx, done: &[OutboxEntry]) -> Result<()> {
        for entries in done.chunks(MOST_ROWS) {
            let marks = vec!["(?, ?)"; entries.len()].join(", ");
            let sql = format!("DELETE FROM outbox WHERE (workspace, id) IN (VALUES {marks})");
            let values = entries.iter().flat_map(|entry| args![entry.workspace, entry.id]).collect();
            tx.execute(Sql::Template(sql), values).await?;
        }
        Ok(())
    }

    /// Up to `limit` entries of a kind other than [`RECORD`] that are due, oldest first, passing over those that somebody else
    /// has: for who is done with them before the transaction ends.
    pub async fn due(tx: &mut Tx, kind: &str, now: Timestamp, limit: i64) -> Result<Vec<OutboxEntry>> {
        let lock = tx.dialect().skip_locked();
        let tail = format!("WHERE {DUE} ORDER BY due_at, id LIMIT ?{lock}");
        OutboxEntry::all(tx, &tail, args![kind, now, limit]).await
    }

    /// Takes up to `limit` entries of a kind that are due, oldest first, and puts them off until `until`: who took them
    /// removes them when they are done, and if that never happens they come again.
    pub async fn take(
        tx: &mut Tx,
        kind: &str,
        now: Timestamp,
        until: Timestamp,
        limit: i64,
    ) -> Result<Vec<OutboxEntry>> {
        let mut entries = OutboxEntry::due(tx, kind, now, limit).await?;
        for entry in &mut entries {
            entry.attempts += 1;
            entry.due_at = until;
        }
        for taken in entries.chunks(MOST_ROWS) {
            let marks = vec!["(?, ?)"; taken.len()].join(", ");
            let sql = format!(
                "UPDATE outbox SET due_at = ?, attempts = attempts + 1 WHERE (workspace, id) IN (VALUES {marks})"
            );
            let keys = taken.iter().flat_map(|entry| args![entry.workspace, entry.id]);
            tx.execute(Sql::Template(sql), args![until].into_iter().chain(keys).collect()).await?;
        }
        Ok(entries)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{at, on_both, ws};
    use crate::{Error, ids};

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_is_taken_from_the_outbox_comes_again_unless_it_is_done() {
        on_both(async |store| {
            let taken: Result<Vec<usize>, Error> = store
                .write(|tx| {
                    Box::pin(async move {
                        let entry = |number| OutboxEntry {
                            workspace: ws(),
                            id: ids::next(),
                            kind: "hook".into(),
                            payload: "{}".into(),
                            created_at: at(0),
                            due_at: at(number),
                            attempts: 0,
                        };
                        OutboxEntry::insert_all(tx, &[0, 1, 2].map(entry)).await?;
                        assert!(OutboxEntry::is_due(tx, "hook", at(0)).await?);
                        assert!(!OutboxEntry::is_due(tx, "flow", at(0)).await?);
                        assert!(OutboxEntry::take(tx, "flow", at(1), at(60), 10).await?.is_empty());
                        let first = OutboxEntry::take(tx, "hook", at(1), at(60), 10).await?;
                        let again = OutboxEntry::take(tx, "hook", at(1), at(60), 10).await?;
                        OutboxEntry::delete_all(tx, &first[..1]).await?;
                        let late = OutboxEntry::take(tx, "hook", at(61), at(90), 10).await?;
                        assert_eq!(late.iter().map(|entry| entry.attempts).sum::<i64>(), 3);
                        Ok(vec![first.len(), again.len(), late.len()])
                    })
                })
                .await;
            assert_eq!(taken, Ok(vec![2, 0, 2]));
        })
        .await;
    }

    /// However many records were saved since, what is due is found without walking over them.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_is_due_is_found_by_its_index() {
        on_both(async |store| {
            if store.is_shared() {
                return;
            }
            let mut db = store.read().await.unwrap();
            let sql = format!("EXPLAIN QUERY PLAN SELECT 1 FROM outbox WHERE {DUE} ORDER BY due_at LIMIT 1");
            let plan = db.fetch_all(Sql::Template(sql), args!["flow", 9]).await.unwrap();
            let steps: Vec<String> = plan.iter().map(|row| row.get(3).unwrap()).collect();
            assert_eq!(steps, ["SEARCH outbox USING COVERING INDEX outbox_due (kind=? AND due_at<?)"]);
        })
        .await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn word_of_records_is_taken_in_its_order_and_leaves_the_rest() {
        on_both(async |store| {
            let work: Result<(), Error> = store
                .write(|tx| {
                    Box::pin(async move {
                        assert!(!OutboxEntry::has_records(tx).await?);
                        let entry = |kind: &str| OutboxEntry {
                            workspace: ws(),
                            id: ids::next(),
                            kind: kind.into(),
                            payload: "{}".into(),
                            created_at: at(0),
                            due_at: at(0),
                            attempts: 0,
                        };
                        let entries = [RECORD, "flow", RECORD, RECORD].map(entry);
                        OutboxEntry::insert_all(tx, &entries).await?;
                        assert!(OutboxEntry::has_records(tx).await?);
                        assert_eq!(OutboxEntry::drop_records(tx, 2).await?, 2);
                        assert!(OutboxEntry::find(tx, ws(), entries[3].id).await?.is_some());
                        assert_eq!(OutboxEntry::drop_records(tx, 2).await?, 1);
                        assert!(!OutboxEntry::has_records(tx).await?);
                        assert!(OutboxEntry::is_due(tx, "flow", at(1)).await?);
                        Ok(())
                    })
                })
                .await;
            work.unwrap();
        })
        .await;
    }
}
