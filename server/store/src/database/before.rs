//! The copy of SQLite's file that is made before the steps of a newer version change it.
//!
//! It lies beside the file, `before-29.db` for what the database was before step 29. Only one that was looked through counts:
//! without it nothing is changed.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::fs::statvfs;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, SqliteConnection};

use super::sqlite::{make_private, options};
use crate::error::{Error, Result};
use crate::migration::{self, Step};

/// What is left free besides the copy: the steps themselves need some.
const SPARE: u64 = 64 << 20;
/// How long another server that starts on the same file may take for its own copy.
const PATIENCE: Duration = Duration::from_secs(600);

/// Copies the database where `steps` would change one that holds something. Answers where the copy lies.
///
/// # Errors
/// When there is no room for it, or it is not sound.
pub(super) async fn keep_copy(
    path: &Path,
    connection: &mut SqliteConnection,
    steps: &[Step],
) -> Result<Option<PathBuf>> {
    if first_missing(connection, steps).await?.is_none() {
        return Ok(None);
    }
    // Nobody writes until the copy is made; who came first may have taken the steps meanwhile.
    let mut holder = options(path).busy_timeout(PATIENCE).connect().await?;
    sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut holder).await?;
    let made = match first_missing(&mut holder, steps).await? {
        Some(step) => copy(path, connection, step).await.map(Some),
        None => Ok(None),
    };
    holder.close().await?;
    made
}

/// The first step that an existing database has not taken; none where there is nothing to lose, or nothing to do.
async fn first_missing(connection: &mut SqliteConnection, steps: &[Step]) -> Result<Option<i64>> {
    let sql = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'schema_migration'";
    let tables: i64 = sqlx::query_scalar(sql).fetch_one(&mut *connection).await?;
    if tables == 0 {
        return Ok(None);
    }
    let sql = "SELECT number FROM schema_migration";
    let taken: Vec<i64> = sqlx::query_scalar(sql).fetch_all(connection).await?;
    Ok(migration::first_missing(&taken, steps))
}

async fn copy(path: &Path, connection: &mut SqliteConnection, step: i64) -> Result<PathBuf> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let pages: i64 = sqlx::query_scalar("PRAGMA page_count").fetch_one(&mut *connection).await?;
    let page: i64 = sqlx::query_scalar("PRAGMA page_size").fetch_one(&mut *connection).await?;
    let needed = u64::try_from(pages.saturating_mul(page)).unwrap_or(u64::MAX).saturating_add(SPARE);
    has_room(folder, needed, free(folder))?;
    let copy = folder.join(format!("before-{step}.db"));
    let part = folder.join(format!("before-{step}.db.part"));
    // A start that was killed may have left a part.
    match std::fs::remove_file(&part) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(at(&part, &error)),
        Ok(()) | Err(_) => {}
    }
    make_private(&part).map_err(|error| at(&part, &error))?;
    let made = fill(connection, &part).await;
    if let Err(error) = made.and_then(|()| put_in_place(&part, &copy, folder)) {
        // What is no copy takes no room, and nobody takes it for one.
        let _ = std::fs::remove_file(&part);
        return Err(error);
    }
    tracing::info!(copy = %copy.display(), "the database was copied before it is changed for this version");
    Ok(copy)
}

/// Bytes that are free; nothing is known of a disk that can't be asked.
fn free(folder: &Path) -> Option<u64> {
    let disk = statvfs(folder).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}

fn has_room(folder: &Path, needed: u64, free: Option<u64>) -> Result<()> {
    match free {
        Some(free) if free < needed => Err(Error::Incompatible(format!(
            "the database has to be changed for this version and is copied before, which needs {} MiB in {}: there are {} MiB. \
             Nothing was changed",
            needed >> 20,
            folder.display(),
            free >> 20
        ))),
        Some(_) | None => Ok(()),
    }
}

/// Copies everything into an empty file, and looks through what came of it.
async fn fill(connection: &mut SqliteConnection, part: &Path) -> Result<()> {
    let name = part.to_str().ok_or_else(|| unsound(part, "its name is no text"))?;
    sqlx::query("VACUUM INTO ?").bind(name).execute(connection).await?;
    let reading = SqliteConnectOptions::new().filename(part).read_only(true).immutable(true);
    let mut copied = reading.connect().await?;
    let found: Vec<String> = sqlx::query_scalar("PRAGMA quick_check").fetch_all(&mut copied).await?;
    copied.close().await?;
    match found.iter().find(|line| *line != "ok") {
        Some(line) => Err(unsound(part, line)),
        None => Ok(()),
    }
}

/// From here on it is on the disk, whatever happens.
fn put_in_place(part: &Path, copy: &Path, folder: &Path) -> Result<()> {
    File::open(part).and_then(|file| file.sync_all()).map_err(|error| at(part, &error))?;
    std::fs::rename(part, copy).map_err(|error| at(copy, &error))?;
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(|error| at(folder, &error))
}

fn at(path: &Path, error: &std::io::Error) -> Error {
    Error::Incompatible(format!(
        "the database can't be copied to {} before it is changed: {error}",
        path.display()
    ))
}

fn unsound(path: &Path, why: &str) -> Error {
    Error::Incompatible(format!("the copy {} is not sound: {why}. Nothing was changed", path.display()))
}

#[cfg(test)]
mod tests {
    use sqlx::sqlite::SqliteJournalMode;

    use super::*;
    use crate::database::sqlite::Sqlite;
    use crate::settings::{Database, Settings};
    use crate::table::Tables;
    use crate::testing::new_folder;

    const FIRST: Step = (1, "notes", "CREATE TABLE note (text TEXT NOT NULL)");
    const LATER: Step = (2, "titles", "ALTER TABLE note ADD COLUMN title TEXT");
    const BROKEN: Step =
        (2, "titles", "ALTER TABLE note ADD COLUMN title TEXT; INSERT INTO nowhere VALUES (1)");

    async fn open(path: &Path, steps: &'static [Step]) -> Result<()> {
        let settings = Settings::new(Database::Sqlite(path.to_path_buf()));
        let (tables, _wishes) = Tables::new();
        Sqlite::open_with(path, &settings, tables, (steps, &migration::Purpose::Work)).await?.close().await;
        Ok(())
    }

    async fn ask(path: &Path, sql: &'static str) -> Vec<String> {
        let mut connection = options(path).connect().await.unwrap();
        let found = sqlx::query_scalar(sql).fetch_all(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        found
    }

    /// A database that has taken the first step and holds one note.
    async fn with_a_note(path: &Path) {
        open(path, &[FIRST]).await.unwrap();
        let mut connection = options(path).connect().await.unwrap();
        sqlx::raw_sql("INSERT INTO note VALUES ('kept')").execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    }

    #[tokio::test]
    async fn c29_a_database_is_copied_before_it_is_changed() {
        let folder = new_folder();
        let path = folder.join("formwork.db");
        with_a_note(&path).await;
        let copy = folder.join("before-2.db");
        // Nothing to lose, and nothing to do.
        open(&path, &[FIRST]).await.unwrap();
        assert!(!copy.exists() && !folder.join("before-1.db").exists());
        open(&path, &[FIRST, LATER]).await.unwrap();
        assert_eq!(ask(&path, "SELECT name FROM pragma_table_info('note')").await, ["text", "title"]);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&copy).unwrap().permissions().mode() & 0o777, 0o600);
        }
        assert!(!folder.join("before-2.db.part").exists());
        // The program of before opens it.
        open(&copy, &[FIRST]).await.unwrap();
        assert_eq!(ask(&copy, "SELECT text FROM note").await, ["kept"]);
        assert_eq!(ask(&copy, "SELECT name FROM pragma_table_info('note')").await, ["text"]);
        assert_eq!(ask(&copy, "PRAGMA integrity_check").await, ["ok"]);
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[tokio::test]
    async fn c29_a_step_that_fails_leaves_the_database_as_it_was() {
        let folder = new_folder();
        let path = folder.join("formwork.db");
        with_a_note(&path).await;
        // What a start that was killed has left is in nobody's way.
        std::fs::write(folder.join("before-2.db.part"), "half a copy").unwrap();
        assert!(open(&path, &[FIRST, BROKEN]).await.is_err());
        assert!(folder.join("before-2.db").exists() && !folder.join("before-2.db.part").exists());
        assert_eq!(ask(&path, "SELECT name FROM pragma_table_info('note')").await, ["text"]);
        assert_eq!(ask(&path, "SELECT name FROM schema_migration").await, ["notes"]);
        assert_eq!(ask(&path, "SELECT text FROM note").await, ["kept"]);
        // The program of before goes on, and so does one whose step works; its copy is the newer one.
        open(&path, &[FIRST]).await.unwrap();
        assert_eq!(ask(&path, "INSERT INTO note VALUES ('later') RETURNING text").await, ["later"]);
        open(&path, &[FIRST, LATER]).await.unwrap();
        let notes = ask(&folder.join("before-2.db"), "SELECT text FROM note ORDER BY rowid").await;
        assert_eq!(notes, ["kept", "later"]);
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[tokio::test]
    async fn c29_without_a_copy_nothing_is_changed() {
        let folder = new_folder();
        let path = folder.join("formwork.db");
        with_a_note(&path).await;
        // Nothing can be put in the place of a folder that holds something.
        std::fs::create_dir_all(folder.join("before-2.db/inside")).unwrap();
        let refused = open(&path, &[FIRST, LATER]).await.unwrap_err();
        assert!(refused.to_string().contains("before-2.db"), "{refused}");
        assert_eq!(ask(&path, "SELECT name FROM schema_migration").await, ["notes"]);
        assert_eq!(ask(&path, "SELECT name FROM pragma_table_info('note')").await, ["text"]);
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_copy_needs_its_room() {
        let room = |free| has_room(Path::new("/data"), 200 << 20, free);
        assert!(room(Some(200 << 20)).is_ok() && room(None).is_ok());
        let refused = room(Some((200 << 20) - 1)).unwrap_err().to_string();
        assert!(refused.contains("200 MiB in /data: there are 199 MiB"), "{refused}");
    }

    /// Servers that start together on an older database copy and change it once each in their turn.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn who_starts_together_is_in_nobodys_way() {
        let folder = new_folder();
        let path = folder.join("formwork.db");
        with_a_note(&path).await;
        let making = options(&path).journal_mode(SqliteJournalMode::Wal);
        let (mut one, mut other) = (making.connect().await.unwrap(), making.connect().await.unwrap());
        let steps = [FIRST, LATER];
        let (first, second) =
            tokio::join!(keep_copy(&path, &mut one, &steps), keep_copy(&path, &mut other, &steps));
        assert_eq!(first.unwrap(), Some(folder.join("before-2.db")));
        assert_eq!(second.unwrap(), Some(folder.join("before-2.db")));
        drop((one, other));
        assert_eq!(ask(&folder.join("before-2.db"), "SELECT text FROM note").await, ["kept"]);
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
