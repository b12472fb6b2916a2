//! The mark of a copy that is not proved.
//!
//! It lies among the steps of the schema, as one that no program knows: those of earlier versions, too, leave such a database
//! alone. It names the run that fills the database, so that of two runs one ends.

use crate::connection::{Reader, Sql, Tx};
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::migration;
use crate::row::args;
use crate::schema;

/// The number of the step that is none.
pub(crate) const MARK: i64 = 1_000_000_000;
const STEPS: &str = "schema_migration";

/// Makes a database ready for a copy by the run of this name, and marks it: it is empty then, but for the mark.
///
/// # Errors
/// [`Error::NotEmpty`] where it holds something that no copy has begun.
pub(crate) async fn begin(tx: &mut Tx, run: &str) -> Result<()> {
    migration::begin(tx).await?;
    match claim(tx, run).await {
        Ok(()) => tx.batch("COMMIT").await?,
        Err(error) => {
            tx.batch("ROLLBACK").await?;
            return Err(error);
        }
    }
    clear(tx).await
}

async fn claim(tx: &mut Tx, run: &str) -> Result<()> {
    if refuse_filled(tx).await? {
        let sql = "UPDATE schema_migration SET checksum = ? WHERE number = ?";
        return tx.execute(sql, args![run, MARK]).await.map(drop);
    }
    tx.batch(
        "CREATE TABLE schema_migration (number BIGINT PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL)",
    )
    .await?;
    let sql = "INSERT INTO schema_migration (number, name, checksum) VALUES (?, ?, ?)";
    tx.execute(sql, args![MARK, "copy_not_proved", run]).await.map(drop)
}

/// Lets a database pass that is empty, or that holds a copy which was begun: whether it is the latter.
///
/// # Errors
/// [`Error::NotEmpty`] for any other.
pub(crate) async fn refuse_filled(db: &mut Reader) -> Result<bool> {
    let tables = schema::tables(db).await?;
    if tables.contains(STEPS) {
        let sql = "SELECT 1 FROM schema_migration WHERE number = ?";
        if db.fetch_optional(sql, args![MARK]).await?.is_some() {
            return Ok(true);
        }
    }
    match tables.into_iter().next() {
        Some(table) => Err(Error::NotEmpty { table }),
        None => Ok(false),
    }
}

/// Removes what a copy has made that was begun before; the mark stays all the while.
async fn clear(tx: &mut Tx) -> Result<()> {
    let dialect = tx.dialect();
    for table in schema::tables(tx).await?.into_iter().filter(|table| table != STEPS) {
        if !is_ours(dialect, &table) {
            return Err(Error::NotEmpty { table });
        }
        tx.batch(format!("DROP TABLE {table}")).await?;
    }
    if dialect == Dialect::Postgres {
        tx.batch("DROP FUNCTION IF EXISTS audit_refuse(); DROP FUNCTION IF EXISTS audit_seal()").await?;
    }
    tx.execute("DELETE FROM schema_migration WHERE number <> ?", args![MARK]).await.map(drop)
}

/// Whether a table of this name is one that the product makes.
fn is_ours(dialect: Dialect, name: &str) -> bool {
    schema::migrated_tables(dialect).contains_key(name) || is_numbered(name)
}

/// `t12`, `t12_r3`, `t12_m3`, `t12_w3`, `a4`, `a4v`
fn is_numbered(name: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if let Some(rest) = name.strip_prefix('a') {
        return is_number(rest.strip_suffix('v').unwrap_or(rest));
    }
    let Some(rest) = name.strip_prefix('t') else { return false };
    match rest.split_once('_') {
        None => is_number(rest),
        Some((form, part)) => is_number(form) && part.strip_prefix(['r', 'm', 'w']).is_some_and(is_number),
    }
}

/// Goes on only while the database is filled by this run, and lets no other take it over until the transaction ends.
///
/// # Errors
/// [`Error::InUse`] where another run has taken it over.
pub(super) async fn hold(tx: &mut Tx, run: &str) -> Result<()> {
    let lock = tx.dialect().row_lock(true);
    let sql = format!("SELECT 1 FROM schema_migration WHERE number = ? AND checksum = ?{lock}");
    let held = tx.fetch_optional(Sql::Template(sql), args![MARK, run]).await?;
    held.map(drop).ok_or(Error::InUse)
}

/// Takes the mark away: the copy is proved.
///
/// # Errors
/// [`Error::InUse`] where another run has taken the database over.
pub(super) async fn remove(tx: &mut Tx, run: &str) -> Result<()> {
    let sql = "DELETE FROM schema_migration WHERE number = ? AND checksum = ?";
    match tx.execute(sql, args![MARK, run]).await? {
        0 => Err(Error::InUse),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_of_the_product_are_told_from_others_by_their_names() {
        for ours in ["audit", "t1", "t12_r3", "t12_m0", "t12_w45", "a4", "a4v"] {
            assert!(is_ours(Dialect::Postgres, ours), "{ours}");
        }
        for other in ["customers", "t", "t12_x3", "t12_r", "tt1", "av", "a4vv", "t1_r2_m3", "Audit"] {
            assert!(!is_ours(Dialect::Postgres, other), "{other}");
        }
    }
}
