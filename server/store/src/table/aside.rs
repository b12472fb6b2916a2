//! What a form has put aside: the columns of fields that were taken out or changed, until they are purged.

use std::collections::BTreeSet;

use engine::field::{FieldKind, Shape};
use engine::value::{Id, Timestamp, Value};

use super::figure::aside_name;
use super::index;
use super::publish::{Known, known};
use super::{Column, FormRef, Part, Table, has_aside};
use crate::cell;
use crate::connection::{Reader, Sql, Tx};
use crate::error::{Error, Result};
use crate::row::{Row, args};

/// A column that was put aside.
#[derive(Clone, Debug, PartialEq)]
pub struct PutAside {
    /// What it is called by when it is purged.
    pub number: i64,
    /// The path that its field had.
    pub path: String,
    pub at: Timestamp,
    /// The kind that its field had, if that is known.
    pub kind: Option<FieldKind>,
    /// How many values lie in it; of a sub-form, how many records have rows.
    pub values: u64,
}

/// What a form has put aside, the last first. Figures are not told of: one that comes back is made anew.
///
/// # Errors
/// When the database can't be read.
pub async fn put_aside(db: &mut Reader, workspace: Id, form: Id) -> Result<Vec<PutAside>> {
    let Some(number) = number_of(db, workspace, form).await? else { return Ok(Vec::new()) };
    let all = known(db, workspace, form).await?;
    let mut found = Vec::new();
    for column in &all {
        let Some(at) = column.dropped_at.filter(|_| column.figure.is_none()) else { continue };
        let values = count(db, workspace, number, &all, column).await?;
        let (path, kind) = (column.path.clone(), column.kind.clone());
        found.push(PutAside { number: column.number, path, at, kind, values });
    }
    found.sort_by_key(|aside| (std::cmp::Reverse(aside.at), aside.number));
    Ok(found)
}

/// The columns of the record's own table in which lies what fields held that are in use as others since, each with the kind that
/// its field had and since when it lies there: of each field the last.
pub(crate) async fn former(db: &mut Reader, table: &Table) -> Result<Vec<(Column, FieldKind, Timestamp)>> {
    let mut all = known(db, table.workspace, table.form).await?;
    all.sort_by_key(|column| std::cmp::Reverse((column.dropped_at, column.number)));
    let (mut seen, mut found) = (BTreeSet::new(), Vec::new());
    for known in all {
        let column = known.column();
        let (Some(at), Some(kind)) = (known.dropped_at, known.kind) else { continue };
        let is_last = seen.insert(known.path);
        let is_in_use = table.column(&column.path).is_some_and(|live| live.figure.is_none());
        // A switch that nobody has turned is off: that says nothing.
        let says = column.is_own() && column.subform().is_none() && column.shape != Shape::Bool;
        if is_last && is_in_use && says {
            found.push((column, kind, at));
        }
    }
    Ok(found)
}

/// How many values a field has that is in use, of all records; of a sub-form, how many records have rows.
///
/// # Errors
/// When the database can't be read.
pub async fn filled(db: &mut Reader, workspace: Id, form: Id, path: &str) -> Result<u64> {
    let Some(number) = number_of(db, workspace, form).await? else { return Ok(0) };
    let all = known(db, workspace, form).await?;
    match all.iter().find(|column| column.path == path && column.dropped_at.is_none()) {
        Some(column) => count(db, workspace, number, &all, column).await,
        None => Ok(0),
    }
}

/// How many values of these fields together several records have that count, and the first of them.
///
/// # Errors
/// When the database can't be read.
pub async fn duplicates(db: &mut Reader, form: FormRef, paths: &[String]) -> Result<(u64, Vec<Vec<Value>>)> {
    const SHOWN: usize = 5;
    let table = db.table(form).await?;
    let columns: Vec<&Column> = paths.iter().filter_map(|path| table.column(path)).collect();
    if columns.is_empty()
        || columns.len() < paths.len()
        || columns.iter().any(|column| !column.shape.is_column())
    {
        return Ok((0, Vec::new()));
    }
    let names: Vec<String> = columns.iter().map(|column| column.name()).collect();
    let filled: Vec<String> = names.iter().map(|name| format!("{name} IS NOT NULL")).collect();
    let (list, filled) = (names.join(", "), filled.join(" AND "));
    let twice = format!(
        "SELECT {list} FROM {} WHERE workspace = ? AND live = 1 AND {filled} GROUP BY {list} HAVING count(*) > 1",
        table.name()
    );
    let sql = format!("SELECT count(*) FROM ({twice}) AS twice");
    let count: i64 = db.fetch_one(Sql::Template(sql), args![table.workspace]).await?.get(0)?;
    if count == 0 {
        return Ok((0, Vec::new()));
    }
    let sql = format!("{twice} ORDER BY {list} LIMIT {SHOWN}");
    let rows = db.fetch_all(Sql::Template(sql), args![table.workspace]).await?;
    let read = |row: &Row| -> Result<Vec<Value>> {
        let cells = columns.iter().enumerate();
        cells.map(|(place, column)| cell::decode(row, place, column.shape)).collect()
    };
    let values = rows.iter().map(read).collect::<Result<_>>()?;
    Ok((count.unsigned_abs(), values))
}

/// Columns that were put aside before a moment, by form.
///
/// # Errors
/// When the database can't be read.
pub async fn expired(db: &mut Reader, workspace: Id, before: Timestamp) -> Result<Vec<(Id, i64)>> {
    let sql =
        "SELECT form, number FROM form_column WHERE workspace = ? AND dropped_at < ? ORDER BY form, number";
    let rows = db.fetch_all(sql, args![workspace, before]).await?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

/// Removes columns that were put aside for good, with all that lies in them. Those that are in use stay.
///
/// # Errors
/// When the database can't be written.
pub async fn purge_aside(tx: &mut Tx, workspace: Id, form: Id, numbers: &[i64]) -> Result<()> {
    let number = number_of(tx, workspace, form).await?.ok_or(Error::NotFound { what: "form" })?;
    let all = known(tx, workspace, form).await?;
    let goes = |column: &Known| column.dropped_at.is_some() && numbers.contains(&column.number);
    // With the rows of a sub-form go its columns.
    let rows: Vec<&Known> = all.iter().filter(|column| column.shape == Shape::Rows && goes(column)).collect();
    let is_inside =
        |column: &Known| rows.iter().any(|rows| subform(&column.path) == Some(rows.path.as_str()));
    for column in all.iter().filter(|column| goes(column) || is_inside(column)) {
        drop_indexes(tx, workspace, form, column.number).await?;
        match holder(number, &all, column) {
            Holder::Own(table) => tx.batch(format!("DROP TABLE IF EXISTS {table}")).await?,
            // It goes with the table of its rows.
            Holder::Shared(_) if is_inside(column) => {}
            Holder::Shared(table) => {
                for name in column.column().names(tx.dialect()) {
                    tx.batch(format!("ALTER TABLE {table} DROP COLUMN {name}")).await?;
                }
            }
        }
        if let Some(aside) = told_apart(number, column) {
            tx.batch(format!("DROP TABLE IF EXISTS {aside}")).await?;
        }
        let sql = "DELETE FROM form_column WHERE workspace = ? AND form = ? AND number = ?";
        tx.execute(sql, args![workspace, form, column.number]).await?;
    }
    tx.table_changed(workspace, form).await.map(drop)
}

/// Removes all tables of a form for good, with what is known of its columns.
///
/// # Errors
/// When the database can't be written.
pub async fn drop_tables(tx: &mut Tx, workspace: Id, form: Id) -> Result<()> {
    let Some(number) = number_of(tx, workspace, form).await? else { return Ok(()) };
    let mut names = child_tables(tx, workspace, form, number).await?;
    names.push(format!("t{number}"));
    for name in names {
        tx.batch(format!("DROP TABLE IF EXISTS {name}")).await?;
    }
    for sql in [
        "DELETE FROM form_column WHERE workspace = ? AND form = ?",
        "DELETE FROM form_index WHERE workspace = ? AND form = ?",
    ] {
        tx.execute(sql, args![workspace, form]).await?;
    }
    Ok(())
}

/// The tables with rows of sub-forms, values of many-valued fields and what figures tell apart, those that were put aside among
/// them.
pub(crate) async fn child_tables(
    db: &mut Reader,
    workspace: Id,
    form: Id,
    number: i64,
) -> Result<Vec<String>> {
    let all = known(db, workspace, form).await?;
    let own = all.iter().filter_map(|column| match holder(number, &all, column) {
        Holder::Own(table) => Some(table),
        Holder::Shared(_) => told_apart(number, column),
    });
    // Collaborators, whom every record has.
    Ok(std::iter::once(format!("t{number}_m0")).chain(own).collect())
}

/// The table with what a figure tells apart, where it has one.
fn told_apart(form: i64, column: &Known) -> Option<String> {
    let has_one = column.figure.is_some_and(|kept| has_aside(kept.function));
    has_one.then(|| aside_name(form, column.number))
}

async fn number_of(db: &mut Reader, workspace: Id, form: Id) -> Result<Option<i64>> {
    let sql = "SELECT number FROM form WHERE workspace = ? AND id = ?";
    let row = db.fetch_optional(sql, args![workspace, form]).await?;
    row.map(|row| row.get(0)).transpose()
}

/// The sub-form that a path lies in.
fn subform(path: &str) -> Option<&str> {
    path.split_once('.').map(|(subform, _)| subform)
}

/// The table in which the values of a column lie.
enum Holder {
    /// One of its own.
    Own(String),
    Shared(String),
}

fn holder(form: i64, all: &[Known], column: &Known) -> Holder {
    match column.shape {
        Shape::Rows => Holder::Own(format!("t{form}_r{}", column.number)),
        Shape::Keys | Shape::Refs => Holder::Own(format!("t{form}_m{}", column.number)),
        _ => {
            let rows = subform(&column.path).and_then(|subform| {
                all.iter().find(|rows| rows.path == subform && rows.shape == Shape::Rows)
            });
            Holder::Shared(match rows {
                Some(rows) => format!("t{form}_r{}", rows.number),
                None => format!("t{form}"),
            })
        }
    }
}

async fn count(db: &mut Reader, workspace: Id, form: i64, all: &[Known], column: &Known) -> Result<u64> {
    let sql = match holder(form, all, column) {
        Holder::Own(table) => format!("SELECT count(DISTINCT record) FROM {table} WHERE workspace = ?"),
        Holder::Shared(table) => {
            let name = column.column().name();
            format!("SELECT count(*) FROM {table} WHERE workspace = ? AND {name} IS NOT NULL")
        }
    };
    let row = db.fetch_one(Sql::Template(sql), args![workspace]).await?;
    Ok(row.get::<i64>(0)?.unsigned_abs())
}

/// Removes the indexes that have a column in them: a column in an index can't go.
async fn drop_indexes(tx: &mut Tx, workspace: Id, form: Id, column: i64) -> Result<()> {
    let sql = "SELECT name FROM form_index WHERE workspace = ? AND form = ?";
    let rows = tx.fetch_all(sql, args![workspace, form]).await?;
    let names: Vec<String> = rows.iter().map(|row| row.get(0)).collect::<Result<_>>()?;
    let has_it = |name: &&String| {
        let parts = index::parts(name).unwrap_or_default();
        parts.iter().any(|part| match part {
            Part::Column(of)
            | Part::Folded(of)
            | Part::Sound(of)
            | Part::Initials(of)
            | Part::Spelled(of) => *of == column,
            Part::CreatedAt => false,
        })
    };
    for name in names.iter().filter(has_it) {
        tx.batch(format!("DROP INDEX IF EXISTS {name}")).await?;
        let sql = "DELETE FROM form_index WHERE workspace = ? AND form = ? AND name = ?";
        tx.execute(sql, args![workspace, form, name]).await?;
    }
    Ok(())
}

impl Table {
    /// The tables with what belongs to its records besides their own row.
    pub(crate) async fn children(&self, db: &mut Reader) -> Result<Vec<String>> {
        child_tables(db, self.workspace, self.form, self.number).await
    }
}
