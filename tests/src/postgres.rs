//! A database of its own for each test, in the PostgreSQL that `cargo xtask` starts.

use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{AssertSqlSafe, Connection, PgConnection};

/// The address of a PostgreSQL in which a test may make databases.
const URL: &str = "FORMWORK_TEST_POSTGRES";

static MADE: AtomicU32 = AtomicU32::new(0);

/// An empty database.
#[derive(Debug)]
pub struct PostgresDatabase {
    name: String,
    pub url: String,
}

impl PostgresDatabase {
    pub async fn create() -> Self {
        let name = format!("tests_{}_{}", std::process::id(), MADE.fetch_add(1, Ordering::Relaxed));
        execute(format!("CREATE DATABASE {name}")).await;
        let url = cluster();
        let (server, _) = url.rsplit_once('/').expect("the URL names a database");
        Self { url: format!("{server}/{name}"), name }
    }

    pub async fn drop(self) {
        execute(format!("DROP DATABASE {} WITH (FORCE)", self.name)).await;
    }
}

fn cluster() -> String {
    let hint = "start the tests with `cargo xtask test`, or with `cargo xtask postgres cargo test …`";
    std::env::var(URL).unwrap_or_else(|_| panic!("{URL} is not set: {hint}"))
}

async fn execute(statement: String) {
    let mut connection = PgConnection::connect(&cluster()).await.expect("PostgreSQL answers");
    sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut connection).await.expect("PostgreSQL obeys");
    connection.close().await.expect("PostgreSQL says good-bye");
}
