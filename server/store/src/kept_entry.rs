//! What members have entered into forms and not saved.

use engine::value::{Id, Timestamp};

use crate::connection::Tx;
use crate::error::Result;
use crate::row::args;
use crate::stored::stored;

stored! {
    /// `record` is 0 for what is entered of a new record.
    pub struct KeptEntry in "kept_entry" by (workspace: Id, member: Id, form: Id, record: i64) {
        /// A JSON object of values by field.
        pub fields: String,
        pub at: Timestamp,
    }
}

impl KeptEntry {
    /// Stores it in place of what was kept there before.
    pub async fn save(&self, tx: &mut Tx) -> Result<()> {
        let sql = "INSERT INTO kept_entry (workspace, member, form, record, fields, at) VALUES (?, ?, ?, ?, ?, ?) \
                   ON CONFLICT (workspace, member, form, record) \
                   DO UPDATE SET fields = excluded.fields, at = excluded.at";
        let values = args![self.workspace, self.member, self.form, self.record, &self.fields, self.at];
        tx.execute(sql, values).await.map(drop)
    }

    /// Leaves a member the newest `most`.
    pub async fn keep_newest(tx: &mut Tx, workspace: Id, member: Id, most: i64) -> Result<u64> {
        let sql =
            "SELECT at FROM kept_entry WHERE workspace = ? AND member = ? ORDER BY at DESC LIMIT 1 OFFSET ?";
        let Some(row) = tx.fetch_optional(sql, args![workspace, member, most]).await? else { return Ok(0) };
        let from: Timestamp = row.get(0)?;
        let sql = "DELETE FROM kept_entry WHERE workspace = ? AND member = ? AND at <= ?";
        tx.execute(sql, args![workspace, member, from]).await
    }

    /// Forgets up to `limit` that were entered before an instant.
    pub async fn purge(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64> {
        let sql = "DELETE FROM kept_entry WHERE (workspace, member, form, record) IN \
                   (SELECT workspace, member, form, record FROM kept_entry WHERE at < ? ORDER BY at LIMIT ?)";
        tx.execute(sql, args![before, limit]).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{at, on_both, ws};
    use crate::{Error, ids};

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn the_last_word_is_kept_and_the_oldest_go_first() {
        on_both(async |store| {
            let (member, other, form) = (ids::next(), ids::next(), ids::next());
            let entry = move |member: Id, record: i64, text: &str, second: i64| KeptEntry {
                workspace: ws(),
                member,
                form,
                record,
                fields: text.to_string(),
                at: at(second),
            };
            let done: Result<Vec<Option<String>>, Error> = store
                .write(move |tx| {
                    Box::pin(async move {
                        for entry in [
                            entry(member, 0, "first", 1),
                            entry(member, 0, "last", 2),
                            entry(member, 7, "seven", 3),
                            entry(member, 8, "eight", 4),
                            entry(other, 0, "others", 1),
                        ] {
                            entry.save(tx).await?;
                        }
                        let last = KeptEntry::find(tx, ws(), member, form, 0).await?;
                        let gone = KeptEntry::keep_newest(tx, ws(), member, 2).await?;
                        let none = KeptEntry::keep_newest(tx, ws(), member, 2).await?;
                        let purged = KeptEntry::purge(tx, at(4), 9).await?;
                        let mut left = vec![last.map(|entry| entry.fields)];
                        for (member, record) in [(member, 0), (member, 7), (member, 8), (other, 0)] {
                            let found = KeptEntry::find(tx, ws(), member, form, record).await?;
                            left.push(found.map(|entry| entry.fields));
                        }
                        left.push(Some(format!("{gone} {none} {purged}")));
                        Ok(left)
                    })
                })
                .await;
            let text = |text: &str| Some(text.to_string());
            assert_eq!(done, Ok(vec![text("last"), None, None, text("eight"), None, text("1 0 2")]));
        })
        .await;
    }
}
