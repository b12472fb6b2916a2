//! Whether the database is as the program expects it: every table, column, index and trigger that migrations, forms and
//! aggregate tables have made is there.
//!
//! What is looked for comes from the texts of the migrations and from the definitions that are stored; what is there, from
//! the database's own catalogue. What is there besides does no harm and is not told of.

mod catalogue;
mod expected;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::connection::Reader;
use crate::database::Store;
use crate::dialect::Dialect;
use crate::error::{Error, Result};

use catalogue::Catalogue;
use expected::Expected;

/// What values a column takes, as far as both databases tell it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Of {
    Whole,
    Text,
    Number,
    Bytes,
}

impl Of {
    /// From the first word of a type, as either database writes it; `None` for one that nothing of ours has.
    fn named(of: &str) -> Option<Of> {
        let word = of.split([' ', '(']).next().unwrap_or_default().to_ascii_lowercase();
        Some(match word.as_str() {
            "bigint" | "integer" | "int8" | "int4" => Of::Whole,
            "text" => Of::Text,
            "numeric" => Of::Number,
            "bytea" | "blob" => Of::Bytes,
            _ => return None,
        })
    }
}

/// Something that is not as it should be. Its name says where: `t12`, `t12.c3`, `t12__c3`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    Table(String),
    Column(String),
    /// A column of another type than its values need.
    Type(String),
    Index(String),
    /// An index whose making broke off: PostgreSQL keeps it, and uses it for nothing.
    Unfinished(String),
    /// A trigger that keeps the audit trail from being changed is gone, or switched off.
    Trigger(String),
}

impl Difference {
    /// Stable, in snake case.
    pub fn code(&self) -> &'static str {
        match self {
            Difference::Table(_) => "missing_table",
            Difference::Column(_) => "missing_column",
            Difference::Type(_) => "other_type",
            Difference::Index(_) => "missing_index",
            Difference::Unfinished(_) => "unfinished_index",
            Difference::Trigger(_) => "missing_trigger",
        }
    }

    /// The table, column, index or trigger.
    pub fn name(&self) -> &str {
        match self {
            Difference::Table(name)
            | Difference::Column(name)
            | Difference::Type(name)
            | Difference::Index(name)
            | Difference::Unfinished(name)
            | Difference::Trigger(name) => name,
        }
    }

    /// Whether serving with it would lose or damage something: without an index that keeps values unique, two records may
    /// have the same. Any other index is missed by those who wait for their lists alone.
    fn is_grave(&self) -> bool {
        match self {
            Difference::Table(_) | Difference::Column(_) | Difference::Type(_) => true,
            Difference::Index(name) | Difference::Unfinished(name) => name.contains("__"),
            // Nothing of the product is lost with it; who looks after the installation is told.
            Difference::Trigger(_) => false,
        }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.name();
        match self {
            Difference::Table(_) => write!(f, "the table {name} is missing"),
            Difference::Column(_) => write!(f, "the column {name} is missing"),
            Difference::Type(_) => write!(f, "the column {name} has another type"),
            Difference::Index(_) => write!(f, "the index {name} is missing"),
            Difference::Unfinished(_) => write!(f, "the index {name} was not finished"),
            Difference::Trigger(_) => write!(f, "the trigger {name} is missing"),
        }
    }
}

/// How the database differs from what migrations, forms and aggregate tables have made.
///
/// # Errors
/// When it can't be read.
pub async fn differences(db: &mut Reader) -> Result<Vec<Difference>> {
    // In this order: what a definition names was made before it was stored.
    let expected = Expected::read(db).await?;
    let catalogue = Catalogue::read(db).await?;
    Ok(expected.missing_in(&catalogue))
}

/// The tables that there are, by their names.
pub(crate) async fn tables(db: &mut Reader) -> Result<BTreeSet<String>> {
    let tables = Catalogue::read(db).await?.tables.into_keys();
    Ok(tables.filter(|name| !name.starts_with("sqlite_")).collect())
}

/// The tables that migrations make, with their columns and what these take.
pub(crate) fn migrated_tables(dialect: Dialect) -> BTreeMap<String, BTreeMap<String, Option<Of>>> {
    Expected::by_migrations(dialect).tables
}

impl Store {
    /// Refuses a database that lacks something without which data would be lost or damaged; tells the log of anything less.
    ///
    /// # Errors
    /// [`Error::Incompatible`] with the first of what is missing.
    pub async fn check(&self) -> Result<()> {
        let mut found = differences(&mut self.read().await?).await?;
        if found.iter().any(Difference::is_grave) && self.is_shared() {
            // Another server may have published or removed a form between the two looks.
            found = differences(&mut self.read().await?).await?;
        }
        for light in found.iter().filter(|found| !found.is_grave()) {
            tracing::warn!(code = light.code(), name = light.name(), "the database is not as it should be");
        }
        let mut grave = found.iter().filter(|found| found.is_grave());
        let Some(first) = grave.next() else { return Ok(()) };
        let more = match grave.count() {
            0 => String::new(),
            count => format!(" (and {count} more)"),
        };
        Err(Error::Incompatible(format!(
            "the database is damaged: {first}{more}; `formwork doctor` lists what differs, a backup has what is gone"
        )))
    }
}

#[cfg(test)]
mod tests;
