//! Databases for tests: each story runs on SQLite, and on PostgreSQL where there is one.

use std::sync::atomic::{AtomicU32, Ordering};

use crate::{Database, Settings, Store};

/// The URL of a PostgreSQL in which a test may make databases.
const URL: &str = "FORMWORK_TEST_POSTGRES";
/// Set where its absence is a fault and not a choice.
const REQUIRED: &str = "FORMWORK_REQUIRE_POSTGRES";

static NUMBER: AtomicU32 = AtomicU32::new(0);

/// Runs `story` on an empty store of each database.
pub(crate) async fn on_both(story: impl AsyncFn(&Store)) {
    on_sqlite(&story).await;
    match std::env::var(URL) {
        Ok(url) => on_postgres(&url, &story).await,
        Err(_) => assert!(std::env::var(REQUIRED).is_err(), "{URL} is not set, but {REQUIRED} is"),
    }
}

/// Runs `story` on an empty SQLite store alone: for what only SQLite has.
pub(crate) async fn on_sqlite(story: impl AsyncFn(&Store)) {
    let folder = std::env::temp_dir().join(unique_name());
    std::fs::create_dir_all(&folder).unwrap();
    let settings = Settings::new(Database::Sqlite(folder.join("formwork.db")));
    let store = Store::open(&settings).await.unwrap();
    story(&store).await;
    store.close().await;
    std::fs::remove_dir_all(&folder).unwrap();
}

async fn on_postgres(url: &str, story: impl AsyncFn(&Store)) {
    let name = unique_name();
    let (server, _) = url.rsplit_once('/').unwrap();
    execute(url, format!("CREATE DATABASE {name}")).await;
    let mut settings = Settings::new(Database::Postgres(format!("{server}/{name}")));
    settings.readers = 4;
    settings.writers = 8;
    let store = Store::open(&settings).await.unwrap();
    story(&store).await;
    store.close().await;
    execute(url, format!("DROP DATABASE {name} WITH (FORCE)")).await;
}

async fn execute(url: &str, sql: String) {
    use sqlx::Connection;
    let mut connection = sqlx::PgConnection::connect(url).await.unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
}

fn unique_name() -> String {
    format!("formwork_test_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed))
}
