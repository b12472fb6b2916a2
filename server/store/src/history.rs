//! What happened to a record, version by version.

use std::collections::BTreeMap;

use engine::value::{Id, Timestamp};

use crate::connection::Reader;
use crate::error::Result;
use crate::row::args;
use crate::stored::stored;

/// Records of one statement at most.
const CHUNK: usize = 200;

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

    /// All versions of these records, each record's newest first.
    pub async fn of_records(
        db: &mut Reader,
        workspace: Id,
        form: Id,
        records: &[Id],
    ) -> Result<BTreeMap<Id, Vec<HistoryEntry>>> {
        let mut found: BTreeMap<Id, Vec<HistoryEntry>> = BTreeMap::new();
        for chunk in records.chunks(CHUNK) {
            let marks = vec!["?"; chunk.len()].join(", ");
            let tail = format!(
                "WHERE workspace = ? AND form = ? AND record IN ({marks}) ORDER BY record, version DESC"
            );
            let mut values = args![workspace, form];
            values.extend(chunk.iter().flat_map(|record| args![*record]));
            for entry in HistoryEntry::all(db, &tail, values).await? {
                found.entry(entry.record).or_default().push(entry);
            }
        }
        Ok(found)
    }
}
