//! Bringing a database up to date: numbered files of SQL, each run once, in order, in a transaction of its own.

use sha2::{Digest, Sha256};

use crate::connection::{Reader, Tx};
use crate::copy::mark;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::row::args;
use crate::schema;

/// One step: its number, its name and its text.
pub(crate) type Step = (i64, &'static str, &'static str);

/// The files, in order. One that was released never changes: what comes later is a new file.
pub(crate) const STEPS: &[Step] = &[
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
    (23, "notices_of_records", include_str!("../migrations/0023_notices_of_records.sql")),
    (24, "places", include_str!("../migrations/0024_places.sql")),
    (25, "reasons", include_str!("../migrations/0025_reasons.sql")),
    (27, "kept_entries", include_str!("../migrations/0027_kept_entries.sql")),
    (28, "plans", include_str!("../migrations/0028_plans.sql")),
    (35, "sending", include_str!("../migrations/0035_sending.sql")),
    (37, "bin", include_str!("../migrations/0037_bin.sql")),
    (38, "app_order", include_str!("../migrations/0038_app_order.sql")),
    (39, "put_away", include_str!("../migrations/0039_put_away.sql")),
    (40, "public_links", include_str!("../migrations/0040_public_links.sql")),
    (41, "print_templates", include_str!("../migrations/0041_print_templates.sql")),
    (42, "awaited_owner", include_str!("../migrations/0042_awaited_owner.sql")),
    (43, "inbound_hooks", include_str!("../migrations/0043_inbound_hooks.sql")),
    (44, "app_makers", include_str!("../migrations/0044_app_makers.sql")),
    (45, "file_room", include_str!("../migrations/0045_file_room.sql")),
    (46, "searched", include_str!("../migrations/0046_searched.sql")),
    (47, "call_chains", include_str!("../migrations/0047_call_chains.sql")),
    (48, "own_requests", include_str!("../migrations/0048_own_requests.sql")),
    (49, "named_at_sign_in", include_str!("../migrations/0049_named_at_sign_in.sql")),
    (50, "jobs_of_members", include_str!("../migrations/0050_jobs_of_members.sql")),
];

/// What a database is opened for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// To be worked with: it is brought up to date first.
    Work,
    /// To be read and left as it is, while nobody else works with it.
    Keep,
    /// To be filled with a copy by the run of this name.
    Fill(String),
}

/// Any number that nothing else locks: servers that start together migrate one after the other.
const LOCK: &str = "SELECT pg_advisory_xact_lock(7120220601)";

/// Takes those of the steps that the database has not taken, unless it is to be left as it is.
///
/// # Errors
/// When the database is newer than this program, holds a copy that is not proved, or a step fails: the steps before it stay.
/// When it is to be kept and lacks a step; when it is to be filled and holds something.
pub(crate) async fn run(tx: &mut Tx, steps: &[Step], purpose: &Purpose) -> Result<()> {
    match purpose {
        Purpose::Work => {}
        Purpose::Keep => return refuse_older(tx, steps).await,
        Purpose::Fill(run) => mark::begin(tx, run).await?,
    }
    begin(tx).await?;
    tx.batch(
        "CREATE TABLE IF NOT EXISTS schema_migration \
         (number BIGINT PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL)",
    )
    .await?;
    tx.batch("COMMIT").await?;
    refuse_newer(tx, steps, purpose).await?;
    tell_of_dump(tx, steps).await?;
    for (number, name, text) in steps {
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
    STEPS.iter().map(|(_, _, text)| *text)
}

/// Before anything is changed: what a newer program has made is not for this one, and stays as it is.
async fn refuse_newer(db: &mut Reader, steps: &[Step], purpose: &Purpose) -> Result<()> {
    let row = db.fetch_one("SELECT coalesce(max(number), 0) FROM schema_migration", args![]).await?;
    let newest: i64 = row.get(0)?;
    // Any other program takes it for a database of a newer one, and leaves it alone, too.
    if newest == mark::MARK {
        return if matches!(purpose, Purpose::Fill(_)) { Ok(()) } else { Err(Error::Unproved) };
    }
    let known = steps.iter().map(|(number, ..)| *number).max().unwrap_or(0);
    if newest > known {
        return Err(Error::Incompatible(format!(
            "the database was made by a newer version (step {newest}, this program knows {known})"
        )));
    }
    Ok(())
}

/// A database that is to be left as it is has to have taken every step already.
async fn refuse_older(db: &mut Reader, steps: &[Step]) -> Result<()> {
    if !schema::tables(db).await?.contains("schema_migration") {
        return Err(Error::Incompatible("there is no database of Formwork".to_string()));
    }
    refuse_newer(db, steps, &Purpose::Keep).await?;
    let taken = taken(db).await?;
    match steps.iter().find(|(number, ..)| !taken.contains(number)) {
        Some((step, ..)) => Err(Error::NotCurrent { step: *step }),
        None => Ok(()),
    }
}

/// The numbers of the steps that the database has taken.
async fn taken(db: &mut Reader) -> Result<Vec<i64>> {
    let rows = db.fetch_all("SELECT number FROM schema_migration", args![]).await?;
    rows.iter().map(|row| row.get(0)).collect()
}

/// The first step that a database has not taken; none where it is new, up to date, or newer than the steps.
pub(crate) fn first_missing(taken: &[i64], steps: &[Step]) -> Option<i64> {
    let newest = taken.iter().max()?;
    let known = steps.iter().map(|(number, ..)| number).max()?;
    let mut missing = steps.iter().map(|(number, ..)| *number).filter(|number| !taken.contains(number));
    missing.next().filter(|_| newest <= known)
}

/// SQLite's file is copied before; a dump of PostgreSQL is made by whoever looks after it.
async fn tell_of_dump(tx: &mut Tx, steps: &[Step]) -> Result<()> {
    if tx.dialect() == Dialect::Sqlite {
        return Ok(());
    }
    if let Some(step) = first_missing(&taken(tx).await?, steps) {
        tracing::warn!(
            step,
            "the database is changed for this version, and no earlier one will open it again: the way back is a dump from before"
        );
    }
    Ok(())
}

/// Begins a transaction that no other program which starts on the database is in at the same time.
pub(crate) async fn begin(tx: &mut Tx) -> Result<()> {
    match tx.dialect() {
        Dialect::Sqlite => tx.batch("BEGIN IMMEDIATE").await,
        Dialect::Postgres => {
            tx.batch("BEGIN").await?;
            tx.batch("SET LOCAL lock_timeout = '60s'").await?;
            tx.batch(LOCK).await
        }
    }
}

fn checksum_of(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

async fn apply(tx: &mut Tx, number: i64, name: &str, text: &str) -> Result<()> {
    let checksum = checksum_of(text);
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

#[cfg(test)]
mod tests {
    use super::*;

    /// How the checksums begin of the steps that databases out there have taken.
    const TAKEN: [(i64, &str); 20] = [
        (1, "45458bc5e1a6a772"),
        (2, "66ebf2a9c1a60e1e"),
        (3, "5e377d89675f3ba1"),
        (4, "728fd822fbea6ba3"),
        (5, "c12a0d5b57957a51"),
        (7, "73f30915cfbbfa38"),
        (8, "deeb626211219d51"),
        (9, "ba3f53c91bad7161"),
        (11, "bd692a1f7b09fa67"),
        (12, "7b32629e3e1ef830"),
        (13, "ca4f380726c3dfb4"),
        (14, "3a3bf6c531479152"),
        (15, "618ec31457b34f9d"),
        (16, "3f30afea6d1f86d3"),
        (17, "b30ea7cb02e75879"),
        (18, "2c981d793829f196"),
        (20, "75f9d12889b3f61d"),
        (22, "951d060010ed2a23"),
        (23, "c462d68e12a7e428"),
        (24, "a4cca2a9bd5590f0"),
    ];

    #[test]
    fn a_step_that_was_taken_somewhere_stays_as_it_is() {
        for (number, beginning) in TAKEN {
            let step = STEPS.iter().find(|(known, ..)| *known == number);
            let (_, name, text) = step.unwrap_or_else(|| panic!("step {number} is gone"));
            let checksum = checksum_of(text);
            assert!(checksum.starts_with(beginning), "{number} ({name}) has changed: {checksum}");
        }
    }

    #[test]
    fn what_is_missing_is_told_by_the_numbers() {
        let steps = [(1, "a", ""), (2, "b", ""), (5, "c", "")];
        assert_eq!(first_missing(&[], &steps), None, "a new database holds nothing");
        assert_eq!(first_missing(&[1, 2, 5], &steps), None);
        assert_eq!(first_missing(&[1], &steps), Some(2));
        assert_eq!(first_missing(&[1, 5], &steps), Some(2));
        assert_eq!(first_missing(&[1, 2], &steps), Some(5));
        assert_eq!(first_missing(&[1, 9], &steps), None, "a newer one is left alone");
    }

    #[test]
    fn steps_stand_in_their_order() {
        assert!(STEPS.is_sorted_by(|(one, ..), (next, ..)| one < next));
    }
}
