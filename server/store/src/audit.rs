//! The audit trail: who did what, for good.
//!
//! A save writes its entry with a hash of the entry's own content. A sealer (one for each workspace) numbers
//! committed entries later and chains their hashes, so that writers never queue for the chain (semantics.md 8).

use engine::value::{Id, Timestamp};
use sha2::{Digest, Sha256};

use crate::connection::{Reader, Sql, Tx};
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::row::args;
use crate::stored::{MOST_ROWS, stored};

stored! {
    pub struct AuditEntry in "audit" by (workspace: Id, id: Id) {
        pub at: Timestamp,
        pub who: Option<Id>,
        pub on_behalf_of: Option<Id>,
        /// A verb on a noun: `record.create`, `member.disable`.
        pub action: String,
        pub object_kind: String,
        pub object: Option<Id>,
        pub label: Option<String>,
        /// How it came: web, api, import …
        pub path: Option<String>,
        pub ip: Option<String>,
        /// JSON; never a secret.
        pub changes: Option<String>,
        /// Of everything above.
        pub hash: Vec<u8>,
        /// Given by the seal.
        pub seq: Option<i64>,
        /// Of this entry and the chain before it.
        pub chain: Option<Vec<u8>>,
    }
}

impl AuditEntry {
    /// Puts the hash on an entry that is ready to be stored.
    pub fn hashed(mut self) -> AuditEntry {
        self.hash = self.content_hash();
        self
    }

    /// The hash that an untouched entry has.
    pub fn content_hash(&self) -> Vec<u8> {
        let mut hash = Sha256::new();
        let mut add = |bytes: Option<&[u8]>| {
            // The length goes first, so that no two entries read alike.
            let length = bytes.map_or(u64::MAX, |bytes| bytes.len() as u64);
            hash.update(length.to_be_bytes());
            hash.update(bytes.unwrap_or_default());
        };
        let number = |id: Option<Id>| id.map(|id| id.as_i64().to_be_bytes());
        add(Some(&self.workspace.as_i64().to_be_bytes()));
        add(Some(&self.id.as_i64().to_be_bytes()));
        add(Some(&self.at.as_microsecond().to_be_bytes()));
        for id in [self.who, self.on_behalf_of, self.object] {
            add(number(id).as_ref().map(|bytes| bytes.as_slice()));
        }
        add(Some(self.action.as_bytes()));
        add(Some(self.object_kind.as_bytes()));
        for text in [&self.label, &self.path, &self.ip, &self.changes] {
            add(text.as_ref().map(|text| text.as_bytes()));
        }
        hash.finalize().to_vec()
    }

    /// Newest first, from before `before` on.
    pub async fn list(
        db: &mut Reader,
        workspace: Id,
        before: Option<Id>,
        limit: i64,
    ) -> Result<Vec<AuditEntry>> {
        let before = before.map_or(i64::MAX, Id::as_i64);
        let tail = "WHERE workspace = ? AND id < ? ORDER BY id DESC LIMIT ?";
        AuditEntry::all(db, tail, args![workspace, before, limit]).await
    }

    /// The workspaces that have entries without a seal.
    pub async fn unsealed(db: &mut Reader) -> Result<Vec<Id>> {
        let sql = "SELECT DISTINCT workspace FROM audit WHERE seq IS NULL";
        db.fetch_all(sql, args![]).await?.iter().map(|row| row.get(0)).collect()
    }

    /// How many entries from before an instant have no seal.
    pub async fn unsealed_since(db: &mut Reader, workspace: Id, before: Timestamp) -> Result<i64> {
        let sql = "SELECT count(*) FROM audit WHERE workspace = ? AND seq IS NULL AND at < ?";
        db.fetch_one(sql, args![workspace, before]).await?.get(0)
    }

    /// Numbers and chains up to `limit` entries that have no seal; answers how many. Of several servers that try at
    /// once, one does it.
    pub async fn seal(tx: &mut Tx, workspace: Id, limit: i64) -> Result<usize> {
        if tx.dialect() == Dialect::Postgres {
            let sql = "SELECT CAST(pg_try_advisory_xact_lock(?) AS INTEGER)";
            if !tx.fetch_one(sql, args![workspace]).await?.get::<bool>(0)? {
                return Ok(0);
            }
        }
        let last = "WHERE workspace = ? AND seq IS NOT NULL ORDER BY seq DESC LIMIT 1";
        let last = AuditEntry::one(tx, last, args![workspace]).await?;
        let mut seq = last.as_ref().and_then(|entry| entry.seq).unwrap_or(0);
        let mut chain = last.and_then(|entry| entry.chain).unwrap_or_default();
        let open = "WHERE workspace = ? AND seq IS NULL ORDER BY id LIMIT ?";
        let open = AuditEntry::all(tx, open, args![workspace, limit]).await?;
        for part in open.chunks(MOST_ROWS) {
            let mut values = Vec::new();
            for entry in part {
                seq += 1;
                chain = chained(&chain, &entry.hash);
                values.extend(args![entry.id, seq, chain.clone()]);
            }
            let rows = vec!["(?, ?, ?)"; part.len()].join(", ");
            let sql = format!(
                "UPDATE audit SET seq = sealed.column2, chain = sealed.column3 FROM (VALUES {rows}) AS sealed \
                 WHERE audit.workspace = ? AND audit.id = sealed.column1"
            );
            values.extend(args![workspace]);
            tx.execute(Sql::Template(sql), values).await?;
        }
        Ok(open.len())
    }

    /// Walks the sealed part; answers how many entries it has.
    ///
    /// # Errors
    /// [`Error::Corrupt`] naming the first entry that was changed, removed or put in.
    pub async fn verify(db: &mut Reader, workspace: Id) -> Result<i64> {
        let mut seq = 0;
        let mut chain = Vec::new();
        loop {
            let tail = "WHERE workspace = ? AND seq > ? ORDER BY seq LIMIT 1000";
            let page = AuditEntry::all(db, tail, args![workspace, seq]).await?;
            if page.is_empty() {
                return Ok(seq);
            }
            for entry in page {
                seq += 1;
                chain = chained(&chain, &entry.content_hash());
                if entry.seq != Some(seq) || entry.chain.as_ref() != Some(&chain) {
                    return Err(Error::corrupt("audit", "chain", format!("entry {seq} ({})", entry.id)));
                }
            }
        }
    }
}

fn chained(before: &[u8], hash: &[u8]) -> Vec<u8> {
    Sha256::new().chain_update(before).chain_update(hash).finalize().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids;
    use crate::testing::{at, on_both, ws};

    fn audit(label: &str) -> AuditEntry {
        let entry = AuditEntry {
            workspace: ws(),
            id: ids::next(),
            at: at(0),
            who: None,
            on_behalf_of: None,
            action: "record.create".into(),
            object_kind: "record".into(),
            object: Some(ids::next()),
            label: Some(label.into()),
            path: Some("api".into()),
            ip: None,
            changes: None,
            hash: Vec::new(),
            seq: None,
            chain: None,
        };
        entry.hashed()
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_changed_audit_entry_is_found() {
        on_both(async |store| {
            let sealed: Result<usize, Error> = store
                .write(|tx| {
                    Box::pin(async move {
                        for label in ["a", "b", "c"] {
                            audit(label).insert(tx).await?;
                        }
                        assert_eq!(AuditEntry::unsealed(tx).await?, [ws()]);
                        assert_eq!(AuditEntry::unsealed_since(tx, ws(), at(0)).await?, 0);
                        assert_eq!(AuditEntry::unsealed_since(tx, ws(), at(60)).await?, 3);
                        let first = AuditEntry::seal(tx, ws(), 2).await?;
                        Ok(first + AuditEntry::seal(tx, ws(), 100).await?)
                    })
                })
                .await;
            assert_eq!(sealed, Ok(3));
            let mut db = store.read().await.unwrap();
            assert_eq!(AuditEntry::verify(&mut db, ws()).await, Ok(3));
            assert!(AuditEntry::unsealed(&mut db).await.unwrap().is_empty());
            let list = AuditEntry::list(&mut db, ws(), None, 10).await.unwrap();
            drop(db);
            let mut changed = list[1].clone();
            changed.label = Some("forged".into());
            let done: Result<(), Error> =
                store.write(move |tx| Box::pin(async move { changed.update(tx).await })).await;
            done.unwrap();
            let mut db = store.read().await.unwrap();
            assert!(matches!(AuditEntry::verify(&mut db, ws()).await, Err(Error::Corrupt { .. })));
        })
        .await;
    }
}
