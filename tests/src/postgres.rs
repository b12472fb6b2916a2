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

    /// Empties it, and runs what a dump of another one says.
    pub async fn refill(&self, dump: String) {
        execute_in(&self.url, "DROP SCHEMA public CASCADE; CREATE SCHEMA public".to_owned()).await;
        execute_in(&self.url, dump).await;
    }

    pub async fn drop(self) {
        execute(format!("DROP DATABASE {} WITH (FORCE)", self.name)).await;
    }
}

/// Roles of a test: one that a server signs in with, and one that owns what the server may not change.
#[derive(Debug)]
pub struct Roles {
    pub server: String,
    pub owner: String,
}

impl Roles {
    /// Makes the first, and gives it a database that nothing is in yet. The other is left to the test.
    pub async fn of(database: &PostgresDatabase) -> Self {
        let (server, owner) = (format!("{}_role", database.name), format!("{}_owner", database.name));
        execute(format!("CREATE ROLE {server} LOGIN PASSWORD 'a test is no secret'")).await;
        execute(format!("ALTER DATABASE {} OWNER TO {server}", database.name)).await;
        Self { server, owner }
    }

    /// The address of a database for the first of them.
    pub fn url(&self, database: &PostgresDatabase) -> String {
        let (_, host) = database
            .url
            .rsplit_once('@')
            .unwrap_or_else(|| database.url.split_once("://").expect("the address is a URL"));
        format!("postgres://{}:a%20test%20is%20no%20secret@{host}", self.server)
    }

    /// After their database is gone.
    pub async fn drop(self) {
        for role in [self.server, self.owner] {
            execute(format!("DROP ROLE IF EXISTS {role}")).await;
        }
    }
}

fn cluster() -> String {
    let hint = "start the tests with `cargo xtask test`, or with `cargo xtask postgres cargo test …`";
    std::env::var(URL).unwrap_or_else(|_| panic!("{URL} is not set: {hint}"))
}

async fn execute(statement: String) {
    execute_in(&cluster(), statement).await;
}

/// Runs statements in a database, by its address.
pub async fn execute_in(url: &str, statement: String) {
    let mut connection = PgConnection::connect(url).await.expect("PostgreSQL answers");
    sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut connection).await.expect("PostgreSQL obeys");
    connection.close().await.expect("PostgreSQL says good-bye");
}
