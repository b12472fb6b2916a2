//! The audit trail: who did what, for good.
//!
//! A save writes its entry with a hash of the entry's own content. A sealer (one for each workspace) numbers
//! committed entries later and chains their hashes, so that writers never queue for the chain (semantics.md 8). Triggers keep
//! what is written from being changed or removed.

use engine::value::{Id, Timestamp};
use sea_query::Value;
use sha2::{Digest, Sha256};

use crate::connection::{Reader, Sql, Tx};
use crate::dialect::Dialect;
use crate::error::Result;
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
        /// The request that it came with, as the server's log calls it.
        pub request: Option<String>,
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
        // Entries of earlier versions have none, and keep their hash.
        if let Some(request) = &self.request {
            add(Some(request.as_bytes()));
        }
        hash.finalize().to_vec()
    }

    /// Those that `filter` asks for, newest first, from before `before` on.
    pub async fn list(
        db: &mut Reader,
        workspace: Id,
        filter: &AuditFilter,
        before: Option<Id>,
        limit: i64,
    ) -> Result<Vec<AuditEntry>> {
        let (asked, mut values) = filter.conditions();
        let before = before.map_or(i64::MAX, Id::as_i64);
        let mut all = args![workspace, before];
        all.append(&mut values);
        all.extend(args![limit]);
        let tail = format!("WHERE workspace = ? AND id < ?{asked} ORDER BY id DESC LIMIT ?");
        AuditEntry::all(db, &tail, all).await
    }

    /// The workspaces that have entries without a seal.
    pub async fn unsealed(db: &mut Reader) -> Result<Vec<Id>> {
        let sql = "SELECT DISTINCT workspace FROM audit WHERE seq IS NULL";
        db.fetch_all(sql, args![]).await?.iter().map(|row| row.get(0)).collect()
    }

    /// How many entries from before an instant have no seal.
    pub async fn unsealed_since(db: &mut Reader, workspace: Id, before: Timestamp) -> Result<i64> {
        let sql = open(db.dialect(), "count(*)", "AND at < ?");
        db.fetch_one(Sql::Template(sql), args![workspace, before]).await?.get(0)
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
        let AuditHead { mut seq, mut chain, .. } = AuditHead::last(tx, workspace).await?;
        let open = open(tx.dialect(), "id, hash", "ORDER BY id LIMIT ?");
        let open = tx.fetch_all(Sql::Template(open), args![workspace, limit]).await?;
        for part in open.chunks(MOST_ROWS) {
            let mut values = Vec::new();
            for row in part {
                let (id, hash): (Id, Vec<u8>) = (row.get(0)?, row.get(1)?);
                seq += 1;
                chain = chained(&chain, &hash);
                values.extend(args![id, seq, chain.clone()]);
            }
            let rows = vec!["(?, ?, ?)"; part.len()].join(", ");
            let sql = format!(
                "UPDATE audit SET seq = sealed.column2, chain = sealed.column3 FROM (VALUES {rows}) AS sealed \
                 WHERE audit.workspace = ? AND audit.id = sealed.column1"
            );
            values.extend(args![workspace]);
            tx.execute(Sql::Template(sql), values).await?;
        }
        if !open.is_empty() {
            AuditHead { workspace, seq, chain }.put(tx).await?;
        }
        Ok(open.len())
    }

    /// Walks the sealed part; answers where it ends, or what is first wrong with it.
    ///
    /// # Errors
    /// When it can't be read.
    pub async fn verify(db: &mut Reader, workspace: Id) -> Result<Result<AuditHead, Break>> {
        // First: what is sealed after this look may be there or not.
        let head = AuditHead::find(db, workspace).await?;
        let mut at = AuditHead { workspace, seq: 0, chain: Vec::new() };
        loop {
            let tail = "WHERE workspace = ? AND seq > ? ORDER BY seq LIMIT 1000";
            let page = AuditEntry::all(db, tail, args![workspace, at.seq]).await?;
            if page.is_empty() {
                break;
            }
            for entry in page {
                if let Err(wrong) = at.step(&entry) {
                    return Ok(Err(wrong));
                }
                let is_head = head.as_ref().is_some_and(|head| head.seq == at.seq);
                if is_head && head.as_ref() != Some(&at) {
                    return Ok(Err(Break::of(&entry, Wrong::Chain)));
                }
            }
        }
        let reached = head.as_ref().map_or(0, |head| head.seq);
        if at.seq < reached || (head.is_none() && at.seq > 0) {
            return Ok(Err(Break { seq: at.seq + 1, wrong: Wrong::Missing, entry: None }));
        }
        Ok(Ok(at))
    }
}

/// Asks for the entries of a workspace that have no seal. They are few among very many: without a word SQLite would walk
/// over the whole trail, and every save would wait for it.
fn open(dialect: Dialect, columns: &str, tail: &str) -> String {
    let index = dialect.by_index("audit_open");
    format!("SELECT {columns} FROM audit{index} WHERE workspace = ? AND seq IS NULL {tail}")
}

stored! {
    /// How far the chain of a workspace reaches.
    pub struct AuditHead in "audit_head" by (workspace: Id) {
        /// The number of the last entry that is sealed.
        pub seq: i64,
        pub chain: Vec<u8>,
    }
}

impl AuditHead {
    /// Where the next seal goes on: at the head, or at a later entry that a server without heads has sealed.
    async fn last(db: &mut Reader, workspace: Id) -> Result<AuditHead> {
        let head = AuditHead::find(db, workspace).await?;
        let head = head.unwrap_or(AuditHead { workspace, seq: 0, chain: Vec::new() });
        let later = "WHERE workspace = ? AND seq > ? ORDER BY seq DESC LIMIT 1";
        let later = AuditEntry::one(db, later, args![workspace, head.seq]).await?;
        Ok(match later.map(|entry| (entry.seq, entry.chain)) {
            Some((Some(seq), Some(chain))) => AuditHead { workspace, seq, chain },
            _ => head,
        })
    }

    /// Goes on to the next entry, if it is the one that was sealed there.
    fn step(&mut self, entry: &AuditEntry) -> Result<(), Break> {
        let next = self.seq + 1;
        if entry.seq != Some(next) {
            return Err(Break { seq: next, wrong: Wrong::Missing, entry: None });
        }
        let content = entry.content_hash();
        if content != entry.hash {
            return Err(Break::of(entry, Wrong::Content));
        }
        let chain = chained(&self.chain, &content);
        if entry.chain.as_ref() != Some(&chain) {
            return Err(Break::of(entry, Wrong::Chain));
        }
        (self.seq, self.chain) = (next, chain);
        Ok(())
    }
}

/// The first entry at which a trail is not what was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Break {
    /// Its number in the chain.
    pub seq: i64,
    pub wrong: Wrong,
    /// The entry as it is now; none where it is gone.
    pub entry: Option<Box<AuditEntry>>,
}

impl Break {
    fn of(entry: &AuditEntry, wrong: Wrong) -> Break {
        Break { seq: entry.seq.unwrap_or_default(), wrong, entry: Some(Box::new(entry.clone())) }
    }
}

/// What is wrong with an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// It was removed.
    Missing,
    /// What it says, or its own hash, was changed.
    Content,
    /// It does not follow from the one before: it was put in, moved, or its seal was changed.
    Chain,
}

/// Which entries are asked for: those that meet all that is given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// From this instant on.
    pub from: Option<Timestamp>,
    /// Before this instant.
    pub to: Option<Timestamp>,
    /// Who did it, or in whose name it was done.
    pub who: Option<Id>,
    /// `record`, `member`, `session` …
    pub kind: Option<String>,
    /// `member.disable`
    pub action: Option<String>,
    pub object: Option<Id>,
    pub path: Option<String>,
    pub ip: Option<String>,
}

/// An entry's id is made when it is written: so much it may differ from its instant, in milliseconds, where clocks are set.
const CLOCKS_DIFFER: i64 = 3_600_000;

impl AuditFilter {
    /// What follows in a WHERE, with its values.
    fn conditions(&self) -> (String, Vec<Value>) {
        let mut sql = String::new();
        let mut values = Vec::new();
        let mut and = |text: &str, more: Vec<Value>| {
            sql.push_str(" AND ");
            sql.push_str(text);
            values.extend(more);
        };
        // The table lies in the order of ids: what is far from the time that is asked for is not read.
        if let Some(from) = self.from {
            let first = Id::compose(from.as_millisecond().saturating_sub(CLOCKS_DIFFER), 0);
            and("at >= ? AND id >= ?", args![from, first]);
        }
        if let Some(to) = self.to {
            let last = Id::compose(to.as_millisecond().saturating_add(CLOCKS_DIFFER), 0);
            and("at < ? AND id <= ?", args![to, last]);
        }
        if let Some(who) = self.who {
            and("(who = ? OR on_behalf_of = ?)", args![who, who]);
        }
        let of_action =
            self.action.as_deref().and_then(|action| action.split_once('.')).map(|(kind, _)| kind);
        if let Some(kind) = self.kind.as_deref().or(of_action) {
            // In these words the index that leaves the saves of records out is known to have all.
            let beside = if kind == "record" { "" } else { "object_kind <> 'record' AND " };
            and(&format!("{beside}object_kind = ?"), args![kind]);
        }
        let texts = [("action = ?", &self.action), ("path = ?", &self.path), ("ip = ?", &self.ip)];
        for (text, value) in texts {
            if let Some(value) = value {
                and(text, args![value]);
            }
        }
        if let Some(object) = self.object {
            and("object = ?", args![object]);
        }
        (sql, values)
    }
}

fn chained(before: &[u8], hash: &[u8]) -> Vec<u8> {
    Sha256::new().chain_update(before).chain_update(hash).finalize().to_vec()
}

#[cfg(test)]
mod tests;
