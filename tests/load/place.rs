//! Where a server under test, or the database alone, keeps its records: a folder, and a database of PostgreSQL beside it
//! where that is measured.

use std::path::{Path, PathBuf};

use sqlx::{Connection, PgConnection};
use tests::Database;
use tests::postgres::{PostgresDatabase, execute_in};

use crate::server::size_mb;

pub struct Place {
    folder: PathBuf,
    database: Option<PostgresDatabase>,
}

impl Place {
    /// A new one of this name, in a folder.
    pub async fn new(database: Database, inside: &Path, name: &str) -> Place {
        let folder = inside.join(name);
        std::fs::create_dir(&folder).unwrap();
        let database = match database {
            Database::Sqlite => None,
            Database::Postgres => Some(PostgresDatabase::create().await),
        };
        Place { folder, database }
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The address of its database, where that is PostgreSQL.
    pub fn url(&self) -> Option<&str> {
        self.database.as_ref().map(|database| database.url.as_str())
    }

    /// What PostgreSQL does by itself in time, done now: figures for the planner, pages that an index alone can answer for,
    /// and everything on the disk.
    pub async fn settle(&self) {
        let Some(url) = self.url() else { return };
        for statement in ["VACUUM (ANALYZE)", "CHECKPOINT"] {
            execute_in(url, statement.to_owned()).await;
        }
    }

    /// What is on the disk, its log of changes apart where that belongs to the whole of PostgreSQL.
    pub async fn size_mb(&self) -> f64 {
        let folder = size_mb(&self.folder);
        let Some(url) = self.url() else { return folder };
        let mut connection = PgConnection::connect(url).await.unwrap();
        let size = "SELECT pg_database_size(current_database())";
        let bytes: i64 = sqlx::query_scalar(size).fetch_one(&mut connection).await.unwrap();
        folder + bytes as f64 / f64::from(1 << 20)
    }
}

/// A database as it is named on the command line.
pub fn named(name: &str) -> Result<Database, String> {
    match name {
        "sqlite" => Ok(Database::Sqlite),
        "postgres" => Ok(Database::Postgres),
        _ => Err("sqlite or postgres".into()),
    }
}
