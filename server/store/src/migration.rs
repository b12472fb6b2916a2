//! Bringing a database up to date: numbered files of SQL, each run once, in order, in a transaction of its own.

use sha2::{Digest, Sha256};

use crate::connection::Tx;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::row::args;

/// The files, in order. One that was released never changes: what comes later is a new file.
const MIGRATIONS: &[(i64, &str, &str)] = &[
    (1, "people", include_str!("../migrations/0001_people.sql")),
    (2, "designs", include_str!("../migrations/0002_designs.sql")),
    (3, "work", include_str!("../migrations/0003_work.sql")),
    (4, "upkeep", include_str!("../migrations/0004_upkeep.sql")),
    (5, "uploads", include_str!("../migrations/0005_uploads.sql")),
    (7, "put_aside", include_str!("../migrations/0007_put_aside.sql")),
    (8, "handled", include_str!("../migrations/0008_handled.sql")),
    (9, "figures", include_str!("../migrations/0009_figures.sql")),
    (11, "edits", include_str!("../migrations/0011_edits.sql")),
    (12, "transfer", include_str!("../migrations/0012_transfer.sql")),
    (13, "inbox", include_str!("../migrations/0013_inbox.sql")),
    (14, "audit", include_str!("../migrations/0014_audit.sql")),
    (15, "sign_in", include_str!("../migrations/0015_sign_in.sql")),
    (16, "membership", include_str!("../migrations/0016_membership.sql")),
    (17, "waits", include_str!("../migrations/0017_waits.sql")),
    (18, "views", include_str!("../migrations/0018_views.sql")),
    (20, "step_visits", include_str!("../migrations/0020_step_visits.sql")),
    (22, "notices", include_str!("../migrations/0022_notices.sql")),
    (24, "places", include_str!("../migrations/0024_places.sql")),
    (25, "reasons", include_str!("../migrations/0025_reasons.sql")),
    (27, "kept_entries", include_str!("../migrations/0027_kept_entries.sql")),
    (28, "plans", include_str!("../migrations/0028_plans.sql")),
];

/// Any number that nothing else locks: servers that start together migrate one after the other.
const LOCK: &str = "SELECT pg_advisory_xact_lock(7120220601)";

pub(crate) async fn run(tx: &mut Tx) -> Result<()> {
    begin(tx).await?;
    tx.batch(
        "CREATE TABLE IF NOT EXISTS schema_migration \
         (number BIGINT PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL)",
    )
    .await?;
    tx.batch("COMMIT").await?;
    refuse_newer(tx).await?;
    for (number, name, text) in MIGRATIONS {
        begin(tx).await?;
        match apply(tx, *number, name, text).await {
            Ok(()) => tx.batch("COMMIT").await?,
            Err(error) => {
                tx.batch("ROLLBACK").await?;
                return Err(error);
            }
        }
    }
    Ok(())
}

/// The texts of all steps, in order.
pub(crate) fn texts() -> impl Iterator<Item = &'static str> {
    MIGRATIONS.iter().map(|(_, _, text)| *text)
}

/// Before anything is changed: what a newer program has made is not for this one, and stays as it is.
async fn refuse_newer(tx: &mut Tx) -> Result<()> {
    let row = tx.fetch_one("SELECT coalesce(max(number), 0) FROM schema_migration", args![]).await?;
    let newest: i64 = row.get(0)?;
    let known = MIGRATIONS.iter().map(|(number, ..)| *number).max().unwrap_or(0);
    if newest > known {
        return Err(Error::Incompatible(format!(
            "the database was made by a newer version (step {newest}, this program knows {known})"
        )));
    }
    Ok(())
}

async fn begin(tx: &mut Tx) -> Result<()> {
    match tx.dialect() {
        Dialect::Sqlite => tx.batch("BEGIN IMMEDIATE").await,
        Dialect::Postgres => {
            tx.batch("BEGIN").await?;
            tx.batch("SET LOCAL lock_timeout = '60s'").await?;
            tx.batch(LOCK).await
        }
    }
}

async fn apply(tx: &mut Tx, number: i64, name: &str, text: &str) -> Result<()> {
    let checksum: String = Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect();
    let sql = "SELECT checksum FROM schema_migration WHERE number = ?";
    if let Some(row) = tx.fetch_optional(sql, args![number]).await? {
        let applied: String = row.get(0)?;
        return if applied == checksum {
            Ok(())
        } else {
            Err(Error::Incompatible(format!("migration {number} ({name}) has changed since it was applied")))
        };
    }
    let text = tx.dialect().migration(text);
    tx.batch(text).await?;
    let sql = "INSERT INTO schema_migration (number, name, checksum) VALUES (?, ?, ?)";
    tx.execute(sql, args![number, name, checksum]).await?;
    tracing::info!(number, name, "migrated");
    Ok(())
}
