//! SQLite's one connection that writes, and the statements that go with its next turn.
//!
//! The connection works in a thread of its own, and each question to it costs two changes of thread: more than most
//! statements take. So what nobody waits for is put ahead of the next statement, and both go in one turn (decision page
//! 7).

use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use sea_query::Value;
use sqlx::SqliteConnection;

/// Values that may wait; a larger batch is worth a turn of its own.
const MOST_VALUES: usize = 500;

pub(crate) struct Writing {
    connection: SqliteConnection,
    /// Statements that wait, each with its semicolon.
    sql: String,
    values: Vec<Value>,
    /// How much of what waits belongs to jobs before the one at hand.
    before: Waiting,
    /// Whether the database may already hold something of the job at hand.
    has_sent: bool,
    /// Whether the open transaction has defined tables or indexes.
    defines: bool,
    turns: Arc<AtomicU64>,
}

/// How much waits: bytes of text, and values.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Waiting {
    sql: usize,
    values: usize,
}

impl Writing {
    /// `turns` counts how often the connection is asked.
    pub(crate) fn new(connection: SqliteConnection, turns: Arc<AtomicU64>) -> Writing {
        let (sql, values, before) = (String::new(), Vec::new(), Waiting::default());
        Writing { connection, sql, values, before, has_sent: false, defines: false, turns }
    }

    /// A job begins: what waits now is of those before it.
    pub(crate) fn begin_job(&mut self) {
        self.before = self.waiting();
        self.has_sent = false;
    }

    /// Drops what the job at hand has put ahead, and leaves what is of those before it. False where the database may already
    /// hold something of this job: then that is not enough.
    pub(crate) fn drop_job(&mut self) -> bool {
        self.sql.truncate(self.before.sql);
        self.values.truncate(self.before.values);
        !self.has_sent
    }

    /// Whether statements that are kept prepared may not fit the tables any more once this text has run: they go then. sqlx
    /// 0.9 does not outlive one of several statements in a turn that can't be prepared again, as its table has gone:
    /// resetting them, it finds no error where it looks for one, its thread breaks off, and whoever writes waits for ever.
    pub(crate) fn makes_stale(&mut self, sql: &str) -> bool {
        let defines = ["CREATE ", "ALTER ", "DROP "].iter().any(|word| sql.contains(word));
        let undoes = self.defines && sql.starts_with("ROLLBACK");
        self.defines = (self.defines || defines) && sql != "ROLLBACK";
        defines || undoes
    }

    /// What the transaction has defined stays. Where it could not be committed it is undone yet.
    pub(crate) fn committed(&mut self) {
        self.defines = false;
    }

    fn waiting(&self) -> Waiting {
        Waiting { sql: self.sql.len(), values: self.values.len() }
    }

    /// Puts a statement ahead of the next. False when it is too large to wait.
    pub(crate) fn put_ahead(&mut self, sql: &str, values: &[Value]) -> bool {
        if self.values.len() + values.len() > MOST_VALUES {
            return false;
        }
        self.sql.push_str(sql);
        self.sql.push(';');
        self.values.extend_from_slice(values);
        true
    }

    /// Drops what waits: its transaction is undone.
    pub(crate) fn forget(&mut self) {
        self.sql.clear();
        self.values.clear();
        self.before = Waiting::default();
    }

    /// The connection, with the text and the values of its next turn; `writes` says whether that statement itself does.
    pub(crate) fn turn(
        &mut self,
        sql: Cow<'static, str>,
        values: Vec<Value>,
        writes: bool,
    ) -> (&mut SqliteConnection, Cow<'static, str>, Vec<Value>) {
        self.turns.fetch_add(1, Ordering::Relaxed);
        self.has_sent |= writes || self.waiting() != self.before;
        self.before = Waiting::default();
        if self.sql.is_empty() {
            return (&mut self.connection, sql, values);
        }
        let sql = (std::mem::take(&mut self.sql) + sql.as_ref()).into();
        let mut all = std::mem::take(&mut self.values);
        all.extend(values);
        (&mut self.connection, sql, all)
    }
}
