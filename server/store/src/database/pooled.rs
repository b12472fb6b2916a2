//! A connection to PostgreSQL that its pool has lent.

use std::ops::{Deref, DerefMut};

use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, Postgres};

/// One that is dropped inside a transaction, as by whoever gives up in the midst of `BEGIN`, is closed, and the pool opens another:
/// whoever got it next would lose what they wrote (<https://github.com/transact-rs/sqlx/issues/4385>). To roll it back each time it
/// comes home would be a way to the server and back for every save.
pub(crate) struct Pooled {
    connection: PoolConnection<Postgres>,
    /// Whether a transaction may be open on it.
    is_open: bool,
}

impl Pooled {
    pub(crate) fn new(connection: PoolConnection<Postgres>) -> Pooled {
        Pooled { connection, is_open: false }
    }

    /// These words are about to be sent.
    pub(crate) fn sends(&mut self, sql: &str) {
        self.is_open |= sql.starts_with("BEGIN");
    }

    /// The server has done what these words say.
    pub(crate) fn has_done(&mut self, sql: &str) {
        self.is_open &= !matches!(sql, "COMMIT" | "ROLLBACK");
    }
}

impl Drop for Pooled {
    fn drop(&mut self) {
        if self.is_open {
            self.connection.close_on_drop();
        }
    }
}

impl Deref for Pooled {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        &self.connection
    }
}

impl DerefMut for Pooled {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.connection
    }
}
