//! SQLite in a file: one writing connection with a queue before it, several that read.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use sqlx::sqlite::{SqliteAutoVacuum, SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, SqliteConnection};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

use super::before::keep_copy;
use super::group::{self, Job};
use super::readers::Readers;
use super::writing::Writing;
use super::{Wanted, Work};
use crate::connection::{Handle, Reader, Tx};
use crate::copy::mark;
use crate::error::{Error, Result};
use crate::migration::{self, Purpose, Step};
use crate::settings::Settings;
use crate::table::Tables;

/// Older ones can damage a database in WAL mode: <https://www.sqlite.org/wal.html#walresetbug>
const OLDEST: (u32, u32, u32) = (3, 51, 3);
/// What one interactive question may take.
const READ_TIMEOUT: Duration = Duration::from_secs(5);
/// Jobs that may wait for the writer; whoever comes then waits to be let into the queue.
const QUEUE: usize = 1024;
/// After this many jobs what is in the log is copied into the database file.
const CHECKPOINT_JOBS: usize = 400;
/// … and after this long, however few they were.
const CHECKPOINT_PAUSE: Duration = Duration::from_secs(2);
/// Pages after which the log starts over, though saves wait meanwhile until the questions of this moment are answered: while
/// somebody always reads it never ends by itself. 128 MiB.
const LONGEST_LOG: i64 = 32_768;

pub(super) struct Sqlite {
    readers: Readers,
    /// For who reads already; see [`super::ASIDE`].
    aside: Readers,
    tables: Arc<Tables>,
    queue: Mutex<Option<mpsc::Sender<Job>>>,
    tasks: Mutex<Vec<JoinHandle<()>>>,
    turns: Arc<AtomicU64>,
    version: String,
}

impl Sqlite {
    pub(super) async fn open(
        path: &Path,
        settings: &Settings,
        tables: Arc<Tables>,
        purpose: &Purpose,
    ) -> Result<Sqlite> {
        Self::open_with(path, settings, tables, (migration::STEPS, purpose)).await
    }

    /// As [`Sqlite::open`], with these steps to bring it up to date.
    pub(super) async fn open_with(
        path: &Path,
        settings: &Settings,
        tables: Arc<Tables>,
        (steps, purpose): (&'static [Step], &Purpose),
    ) -> Result<Sqlite> {
        let turns = Arc::new(AtomicU64::new(0));
        if matches!(purpose, Purpose::Fill(_)) && path.exists() {
            // A file that is not for us stays exactly as it is.
            let writing = Writing::new(open_writer(path, &Purpose::Keep).await?, turns.clone());
            let mut tx = Tx::new(Handle::SqliteWriter(Box::new(writing)), tables.clone());
            mark::refuse_filled(&mut tx).await?;
        }
        let mut writer = open_writer(path, purpose).await?;
        let version: String = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(&mut writer).await?;
        check_version(&version)?;
        if *purpose == Purpose::Work {
            keep_copy(path, &mut writer, steps).await?;
        }
        let writing = Writing::new(writer, turns.clone());
        let mut tx = Tx::new(Handle::SqliteWriter(Box::new(writing)), tables.clone());
        migration::run(&mut tx, steps, purpose).await?;
        let reading = options(path).read_only(true).pragma("cache_size", "-4096");
        let patience = settings.acquire_timeout;
        let readers = Readers::open(reading.clone(), settings.readers, patience, READ_TIMEOUT).await?;
        let aside = Readers::open(reading, super::ASIDE, patience, READ_TIMEOUT).await?;
        let checkpointer = options(path).connect().await?;
        let (queue, jobs) = mpsc::channel(QUEUE);
        let (count, counted) = watch::channel(0usize);
        let writer = tokio::spawn(group::run(tx, jobs, move |jobs| {
            count.send_modify(|sum| *sum += jobs);
        }));
        let checkpointer = tokio::spawn(checkpoint(checkpointer, counted));
        let tasks = Mutex::new(vec![writer, checkpointer]);
        let (queue, version) = (Mutex::new(Some(queue)), format!("SQLite {version}"));
        Ok(Sqlite { readers, aside, tables, queue, tasks, turns, version })
    }

    pub(super) async fn read(&self) -> Result<Reader> {
        let lent = self.readers.lend().await?;
        Ok(Reader::new(Handle::SqliteReader(lent), self.tables.clone()))
    }

    pub(super) async fn read_aside(&self) -> Result<Reader> {
        let lent = self.aside.lend().await?;
        Ok(Reader::new(Handle::SqliteReader(lent), self.tables.clone()))
    }

    /// As [`Sqlite::read`], for a question that may take as long as it needs.
    pub(super) async fn read_at_length(&self) -> Result<Reader> {
        let mut lent = self.readers.lend().await?;
        lent.take_time();
        Ok(Reader::new(Handle::SqliteReader(lent), self.tables.clone()))
    }

    pub(super) async fn write(&self, wanted: Option<Wanted>, work: Work) -> Result<()> {
        let (job, answer) = Job::new(wanted, work);
        let queue = self.queue.lock().ok().and_then(|queue| queue.clone());
        let queue = queue.ok_or_else(closed)?;
        queue.send(job).await.map_err(|_| closed())?;
        drop(queue);
        answer.await.unwrap_or_else(|_| Err(closed()))
    }

    pub(super) async fn close(&self) {
        if let Ok(mut queue) = self.queue.lock() {
            queue.take();
        }
        self.readers.close().await;
        self.aside.close().await;
        let tasks = self.tasks.lock().map(|mut tasks| std::mem::take(&mut *tasks)).unwrap_or_default();
        for task in tasks {
            if let Err(error) = task.await {
                tracing::error!(%error, "a task of the database broke off");
            }
        }
    }

    pub(super) fn turns(&self) -> u64 {
        self.turns.load(Ordering::Relaxed)
    }

    pub(super) fn version(&self) -> &str {
        &self.version
    }
}

/// The connection that writes. Where the database is to be left as it is, it writes nothing, and makes no file.
async fn open_writer(path: &Path, purpose: &Purpose) -> Result<SqliteConnection> {
    if *purpose == Purpose::Keep {
        return Ok(options(path).pragma("query_only", "ON").connect().await?);
    }
    if let Err(error) = make_private(path) {
        tracing::warn!(%error, "the database file can't be closed to others");
    }
    let options = options(path).create_if_missing(true);
    let options = options.auto_vacuum(SqliteAutoVacuum::Incremental).journal_mode(SqliteJournalMode::Wal);
    Ok(options.connect().await?)
}

/// The file is for the one who runs the server alone; SQLite gives what it puts beside it the same rights. A file that
/// is there is not opened: closing it again would give up locks that this process may hold on it.
#[cfg(unix)]
pub(super) fn make_private(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
    const OWNER_ALONE: u32 = 0o600;
    let mut new = std::fs::OpenOptions::new();
    match new.write(true).create_new(true).mode(OWNER_ALONE).open(path) {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(OWNER_ALONE))
        }
        made => made.map(drop),
    }
}

#[cfg(not(unix))]
pub(super) fn make_private(_: &Path) -> std::io::Result<()> {
    Ok(())
}

fn closed() -> Error {
    Error::Unavailable("closed".into())
}

pub(super) fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(Duration::from_secs(5))
        .foreign_keys(true)
        .pragma("trusted_schema", "OFF")
        .pragma("cell_size_check", "ON")
        .pragma("mmap_size", "0")
        // What is deleted or replaced is not left in the page for who gets hold of a copy.
        .pragma("secure_delete", "FAST")
        .pragma("cache_size", "-16384")
        .pragma("temp_store", "MEMORY")
        // Checkpoints are made beside the writer, not by it: they would hold up a save.
        .pragma("wal_autocheckpoint", "0")
        .pragma("journal_size_limit", "67108864")
        .statement_cache_capacity(400)
        .row_buffer_size(500)
        .disable_statement_logging()
}

/// Whether the library is one that does not damage what it stores.
fn check_version(version: &str) -> Result<()> {
    if parse_version(version).is_none_or(|version| version < OLDEST) {
        let (major, minor, patch) = OLDEST;
        return Err(Error::Incompatible(format!(
            "SQLite {version} is too old; {major}.{minor}.{patch} or newer is needed"
        )));
    }
    Ok(())
}

fn parse_version(text: &str) -> Option<(u32, u32, u32)> {
    let mut parts = text.split('.').map(str::parse);
    Some((parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?))
}

/// Copies the log into the database file while the writer goes on.
async fn checkpoint(mut connection: SqliteConnection, mut counted: watch::Receiver<usize>) {
    let mut last = 0;
    while counted.changed().await.is_ok() {
        let enough = counted.wait_for(|count| *count >= last + CHECKPOINT_JOBS);
        let _ = tokio::time::timeout(CHECKPOINT_PAUSE, enough).await;
        last = *counted.borrow_and_update();
        if let Err(error) = copy_log(&mut connection, LONGEST_LOG).await {
            tracing::warn!(%error, "a checkpoint failed; the next one will copy more");
        }
    }
}

/// Copies what the log holds, as far as nobody still reads what stood there before; a log of more than `longest` pages is
/// emptied.
async fn copy_log(connection: &mut SqliteConnection, longest: i64) -> Result<(), sqlx::Error> {
    // Whether it was held up, the pages in the log, and how many of them are in the file now.
    let copied: (i64, i64, i64) =
        sqlx::query_as("PRAGMA wal_checkpoint(PASSIVE)").fetch_one(&mut *connection).await?;
    if copied.1 > longest {
        sqlx::raw_sql("PRAGMA wal_checkpoint(TRUNCATE)").execute(connection).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_by_number() {
        assert!(parse_version("3.51.3") >= Some(OLDEST));
        assert!(parse_version("3.9.12") < Some(OLDEST));
        assert_eq!(parse_version("x"), None);
    }

    #[test]
    fn c01_a_library_that_is_too_old_is_not_worked_with() {
        for good in ["3.51.3", "3.51.10", "3.52.0", "4.0.0"] {
            assert_eq!(check_version(good), Ok(()), "{good}");
        }
        for bad in ["3.51.2", "3.50.99", "3.9.12", "2.99.99", "3.51", "", "3.51.3-beta"] {
            let refused = check_version(bad);
            assert!(
                matches!(&refused, Err(Error::Incompatible(why)) if why.contains("3.51.3")),
                "{refused:?}"
            );
        }
    }

    #[tokio::test]
    async fn who_waits_too_long_for_a_connection_is_told() {
        let folder = crate::testing::new_folder();
        let mut settings = Settings::new(crate::Database::Sqlite(folder.join("formwork.db")));
        assert_eq!(settings.acquire_timeout, Duration::from_secs(3));
        (settings.readers, settings.acquire_timeout) = (1, Duration::from_millis(50));
        let store = crate::Store::open(&settings).await.unwrap();
        let lent = store.read().await.unwrap();
        assert!(matches!(store.read().await, Err(Error::Busy)));
        drop(lent);
        assert!(store.read().await.is_ok());
        store.close().await;
        std::fs::remove_dir_all(&folder).unwrap();
    }

    /// What durability and soundness stand on is asked of every connection, not only where the file is made.
    #[tokio::test]
    async fn c03_every_connection_is_durable_and_strict() {
        let folder = crate::testing::new_folder();
        let path = folder.join("formwork.db");
        let making = options(&path).create_if_missing(true).journal_mode(SqliteJournalMode::Wal);
        let mut first = making.connect().await.unwrap();
        let mut second = options(&path).connect().await.unwrap();
        for connection in [&mut first, &mut second] {
            for (pragma, value) in [
                ("PRAGMA synchronous", 2),
                ("PRAGMA busy_timeout", 5_000),
                ("PRAGMA foreign_keys", 1),
                ("PRAGMA trusted_schema", 0),
                ("PRAGMA cell_size_check", 1),
                ("PRAGMA mmap_size", 0),
                ("PRAGMA secure_delete", 2),
            ] {
                let found: Option<i64> =
                    sqlx::query_scalar(pragma).fetch_optional(&mut *connection).await.unwrap();
                assert_eq!(found.unwrap_or_default(), value, "{pragma}");
            }
            let journal: String =
                sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&mut *connection).await.unwrap();
            assert_eq!(journal, "wal");
        }
        drop((first, second));
        std::fs::remove_dir_all(&folder).unwrap();
    }

    /// A log that has grown too long is emptied, and what was in it is in the file.
    #[tokio::test]
    async fn a_log_that_has_grown_too_long_starts_over() {
        let folder = crate::testing::new_folder();
        let path = folder.join("formwork.db");
        let options = options(&path).create_if_missing(true).journal_mode(SqliteJournalMode::Wal);
        let open = || options.connect();
        let (mut writer, mut checkpointer) = (open().await.unwrap(), open().await.unwrap());
        let fill = "CREATE TABLE t (a TEXT); INSERT INTO t VALUES (hex(zeroblob(200000)))";
        sqlx::raw_sql(fill).execute(&mut writer).await.unwrap();
        let length = || std::fs::metadata(folder.join("formwork.db-wal")).unwrap().len();
        copy_log(&mut checkpointer, LONGEST_LOG).await.unwrap();
        assert!(length() > 200_000, "a short log is written over from its beginning");
        sqlx::raw_sql("INSERT INTO t VALUES (hex(zeroblob(200000)))").execute(&mut writer).await.unwrap();
        copy_log(&mut checkpointer, 10).await.unwrap();
        assert_eq!(length(), 0);
        let count: i64 = sqlx::query_scalar("SELECT count(*) FROM t").fetch_one(&mut writer).await.unwrap();
        assert_eq!(count, 2);
        drop((writer, checkpointer));
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
