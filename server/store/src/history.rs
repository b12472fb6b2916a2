//! What happened to a record, version by version.

use engine::value::{Id, Timestamp};

use crate::connection::Reader;
use crate::error::Result;
use crate::row::args;
use crate::stored::stored;

stored! {
    /// One version of a record: who made it, and what was there before.
    ///
    /// Only what was before is kept, since what came after stands in the next newer entry or in the record:
    /// a history is read from the record backwards. A creation keeps nothing.
    pub struct HistoryEntry in "history" by (workspace: Id, form: Id, record: Id, version: i64) {
        pub at: Timestamp,
        pub who: Option<Id>,
        pub on_behalf_of: Option<Id>,
        /// How it came: web, api, import …
        pub path: String,
        /// What was saved together with it.
        pub batch: Option<Id>,
        /// The former values of the fields that changed: a JSON object by field key, in wire form.
        pub changes: Option<String>,
    }
}

impl HistoryEntry {
    /// Newest first, from before version `before` on.
    pub async fn of_record(
        db: &mut Reader,
        workspace: Id,
        form: Id,
        record: Id,
        before: Option<i64>,
        limit: i64,
    ) -> Result<Vec<HistoryEntry>> {
        let tail = "WHERE workspace = ? AND form = ? AND record = ? AND version < ? \
                    ORDER BY version DESC LIMIT ?";
        let before = before.unwrap_or(i64::MAX);
        HistoryEntry::all(db, tail, args![workspace, form, record, before, limit]).await
    }

    /// The versions that were saved together, the last record and version first, from before a place on.
    pub async fn of_batch(
        db: &mut Reader,
        workspace: Id,
        batch: Id,
        before: Option<(Id, i64)>,
        limit: i64,
    ) -> Result<Vec<HistoryEntry>> {
        let tail = "WHERE workspace = ? AND batch = ? AND (record < ? OR (record = ? AND version < ?)) \
                    ORDER BY record DESC, version DESC LIMIT ?";
        let (record, version) =
            before.map_or((i64::MAX, i64::MAX), |(record, version)| (record.as_i64(), version));
        HistoryEntry::all(db, tail, args![workspace, batch, record, record, version, limit]).await
    }

    /// How many versions were saved together.
    pub async fn count_batch(db: &mut Reader, workspace: Id, batch: Id) -> Result<i64> {
        let sql = "SELECT count(*) FROM history WHERE workspace = ? AND batch = ?";
        db.fetch_one(sql, args![workspace, batch]).await?.get(0)
    }
}
