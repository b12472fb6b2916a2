//! What happened to a record, version by version.

use std::collections::{BTreeMap, BTreeSet};

use engine::value::{Id, Timestamp};

use crate::connection::{Reader, Sql};
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
        /// Why, in the words of who did it, where that is asked.
        pub reason: Option<String>,
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

    /// The records behind `after` that have a version of this batch, in the order of their ids.
    pub async fn records_of_batch(
        db: &mut Reader,
        (workspace, form): (Id, Id),
        batch: Id,
        after: i64,
        limit: i64,
    ) -> Result<Vec<Id>> {
        let sql = "SELECT DISTINCT record FROM history \
                   WHERE workspace = ? AND form = ? AND batch = ? AND record > ? ORDER BY record LIMIT ?";
        let rows = db.fetch_all(sql, args![workspace, form, batch, after, limit]).await?;
        rows.iter().map(|row| row.get(0)).collect()
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

    /// The ways by which each of these records came to its versions: every way once, however long a history is.
    pub async fn paths_of(
        db: &mut Reader,
        workspace: Id,
        form: Id,
        records: &[Id],
    ) -> Result<BTreeMap<Id, BTreeSet<String>>> {
        let mut found: BTreeMap<Id, BTreeSet<String>> = BTreeMap::new();
        for chunk in records.chunks(CHUNK) {
            let marks = vec!["?"; chunk.len()].join(", ");
            let sql = format!(
                "SELECT DISTINCT record, path FROM history \
                 WHERE workspace = ? AND form = ? AND record IN ({marks})"
            );
            let mut values = args![workspace, form];
            values.extend(chunk.iter().flat_map(|record| args![*record]));
            for row in db.fetch_all(Sql::Template(sql), values).await? {
                found.entry(row.get(0)?).or_default().insert(row.get(1)?);
            }
        }
        Ok(found)
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

    /// As [`HistoryEntry::of_batch`], the other way round: the first record and version first, from behind a place on.
    pub async fn of_batch_forward(
        db: &mut Reader,
        workspace: Id,
        batch: Id,
        after: Option<(Id, i64)>,
        limit: i64,
    ) -> Result<Vec<HistoryEntry>> {
        let tail = "WHERE workspace = ? AND batch = ? AND (record > ? OR (record = ? AND version > ?)) \
                    ORDER BY record, version LIMIT ?";
        let (record, version) = after.map_or((0, 0), |(record, version)| (record.as_i64(), version));
        HistoryEntry::all(db, tail, args![workspace, batch, record, record, version, limit]).await
    }

    /// How many versions were saved together.
    pub async fn count_batch(db: &mut Reader, workspace: Id, batch: Id) -> Result<i64> {
        let sql = "SELECT count(*) FROM history WHERE workspace = ? AND batch = ?";
        db.fetch_one(sql, args![workspace, batch]).await?.get(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{at, on_both, ws};
    use crate::{Error, ids};

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn records_of_a_batch_are_found_once_each() {
        on_both(async |store| {
            let (form, batch) = (ids::next(), ids::next());
            let records = [ids::next(), ids::next(), ids::next()];
            let entry = |record: Id, version: i64, batch: Option<Id>| HistoryEntry {
                workspace: ws(),
                form,
                record,
                version,
                at: at(version),
                who: None,
                on_behalf_of: None,
                path: "import".into(),
                batch,
                changes: None,
                reason: None,
            };
            let entries = [
                entry(records[2], 1, Some(batch)),
                entry(records[0], 1, Some(batch)),
                entry(records[0], 2, Some(batch)),
                entry(records[1], 1, None),
                entry(records[1], 2, Some(ids::next())),
            ];
            let found: Result<(Vec<Id>, Vec<Id>), Error> = store
                .write(move |tx| {
                    Box::pin(async move {
                        HistoryEntry::insert_all(tx, &entries).await?;
                        let of = (ws(), form);
                        let all = HistoryEntry::records_of_batch(tx, of, batch, 0, 10).await?;
                        let after = records[0].as_i64();
                        Ok((all, HistoryEntry::records_of_batch(tx, of, batch, after, 10).await?))
                    })
                })
                .await;
            assert_eq!(found, Ok((vec![records[0], records[2]], vec![records[2]])));
        })
        .await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn of_a_long_history_each_way_is_told_once() {
        on_both(async |store| {
            let (form, other) = (ids::next(), ids::next());
            let (long, short) = (ids::next(), ids::next());
            let entry = |form: Id, record: Id, version: i64, path: &str| HistoryEntry {
                workspace: ws(),
                form,
                record,
                version,
                at: at(version),
                who: None,
                on_behalf_of: None,
                path: path.into(),
                batch: None,
                changes: None,
                reason: None,
            };
            let mut entries = vec![entry(form, long, 1, "demo"), entry(form, short, 1, "demo")];
            entries.extend((2..300).map(|version| entry(form, long, version, "script")));
            entries.push(entry(form, long, 300, "web"));
            entries.push(entry(other, short, 1, "import"));
            let found: Result<_, Error> = store
                .write(move |tx| {
                    Box::pin(async move {
                        HistoryEntry::insert_all(tx, &entries).await?;
                        HistoryEntry::paths_of(tx, ws(), form, &[long, short, ids::next()]).await
                    })
                })
                .await;
            let paths = |names: &[&str]| -> BTreeSet<String> {
                names.iter().map(|name| (*name).to_string()).collect()
            };
            let expected =
                BTreeMap::from([(long, paths(&["demo", "script", "web"])), (short, paths(&["demo"]))]);
            assert_eq!(found, Ok(expected));
        })
        .await;
    }
}
