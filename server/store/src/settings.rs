//! Which database, and how much of it.

use std::path::PathBuf;
use std::time::Duration;

/// Where the data is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Database {
    /// A file, made when it is missing.
    Sqlite(PathBuf),
    /// A `postgres://` URL.
    Postgres(String),
}

/// How a [`crate::Store`] is opened.
#[derive(Clone, Debug)]
pub struct Settings {
    pub database: Database,
    /// Connections that only read.
    pub readers: u32,
    /// Connections that write. SQLite always has exactly one.
    pub writers: u32,
    /// How long somebody waits for a connection before being told that the server is busy.
    pub acquire_timeout: Duration,
}

impl Settings {
    /// The defaults for `database` on this machine.
    pub fn new(database: Database) -> Settings {
        let cores = std::thread::available_parallelism().map_or(2, |cores| cores.get() as u32);
        let (readers, writers) = match database {
            // More than one member's questions take at once, however long they are.
            Database::Sqlite(_) => ((cores * 2).clamp(4, 16), 1),
            Database::Postgres(_) => ((cores * 2).clamp(4, 32), (cores * 2).clamp(4, 32)),
        };
        Settings { database, readers, writers, acquire_timeout: Duration::from_secs(3) }
    }
}
