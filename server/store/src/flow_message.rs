//! Messages of flows as they were written.

use engine::value::{Id, Timestamp};

use crate::connection::{Reader, Tx};
use crate::error::Result;
use crate::row::args;
use crate::stored::{MOST_ROWS, stored};

stored! {
    pub struct FlowMessage in "flow_message" by (workspace: Id, id: Id) {
        pub instance: Id,
        pub step: String,
        /// A label as JSON; names of fields stand in braces.
        pub title: String,
        /// A label as JSON.
        pub body: String,
        /// The texts of the fields that it names, by path, as JSON.
        pub texts: String,
        pub at: Timestamp,
    }
}

impl FlowMessage {
    /// Those with these ids.
    pub async fn with_ids(db: &mut Reader, workspace: Id, ids: &[Id]) -> Result<Vec<FlowMessage>> {
        let mut found = Vec::new();
        for some in ids.chunks(MOST_ROWS) {
            let marks = vec!["?"; some.len()].join(", ");
            let tail = format!("WHERE workspace = ? AND id IN ({marks})");
            let values = args![workspace].into_iter().chain(some.iter().flat_map(|id| args![*id]));
            found.extend(FlowMessage::all(db, &tail, values.collect()).await?);
        }
        Ok(found)
    }

    /// Removes up to `limit` that were written before a moment.
    pub async fn purge(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64> {
        let sql = "DELETE FROM flow_message WHERE (workspace, id) IN \
                   (SELECT workspace, id FROM flow_message WHERE at < ? ORDER BY at LIMIT ?)";
        tx.execute(sql, args![before, limit]).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{at, on_both, ws};
    use crate::{Error, ids};

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn messages_are_found_by_their_ids_and_forgotten_in_time() {
        on_both(async |store| {
            let message = FlowMessage {
                workspace: ws(),
                id: ids::next(),
                instance: ids::next(),
                step: "tell".into(),
                title: "\"t\"".into(),
                body: "\"\"".into(),
                texts: "{}".into(),
                at: at(5),
            };
            let row = message.clone();
            let done: Result<(), Error> =
                store.write(move |tx| Box::pin(async move { row.insert(tx).await })).await;
            assert_eq!(done, Ok(()));
            let mut db = store.read().await.unwrap();
            let ids = [message.id, ids::next()];
            assert_eq!(FlowMessage::with_ids(&mut db, ws(), &ids).await, Ok(vec![message]));
            drop(db);
            let gone: Result<Vec<u64>, Error> = store
                .write(move |tx| {
                    Box::pin(async move {
                        Ok(vec![
                            FlowMessage::purge(tx, at(5), 9).await?,
                            FlowMessage::purge(tx, at(6), 9).await?,
                        ])
                    })
                })
                .await;
            assert_eq!(gone, Ok(vec![0, 1]));
        })
        .await;
    }
}
