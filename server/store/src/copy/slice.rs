//! Reading a table in the order of its key, a slice at a time, and writing what was read.

use sea_query::Value as Arg;

use super::SLICE;
use super::column::Cell;
use super::digest::Digest;
use super::plan::{CopiedTable, TotalOf};
use crate::cell::unscaled;
use crate::connection::{Sql, Tx};
use crate::database::Store;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::row::Row;
use crate::table::{Total, figure_arg};

/// Values of one statement at most: more gain nothing.
const MOST_VALUES: usize = 8_000;

/// The rows of a table, read one slice after the other.
pub(super) struct Slices<'a> {
    store: &'a Store,
    table: &'a CopiedTable,
    /// The places of the columns of its key.
    key: Vec<usize>,
    /// The key of the last row that was read.
    after: Option<Vec<Cell>>,
    is_at_end: bool,
}

impl<'a> Slices<'a> {
    pub(super) async fn of(store: &'a Store, table: &'a CopiedTable) -> Result<Slices<'a>> {
        let key = table.key(&mut store.read().await?).await?;
        Ok(Slices { store, table, key, after: None, is_at_end: false })
    }

    /// The next rows; none where there are no more.
    pub(super) async fn next(&mut self) -> Result<Vec<Vec<Cell>>> {
        if self.is_at_end {
            return Ok(Vec::new());
        }
        let rows = self.read().await.map_err(|error| self.table.named(error))?;
        self.is_at_end = rows.len() < SLICE;
        if let Some(last) = rows.last() {
            self.after = Some(self.key.iter().filter_map(|place| last.get(*place).cloned()).collect());
        }
        Ok(rows)
    }

    async fn read(&self) -> Result<Vec<Vec<Cell>>> {
        let mut db = self.store.read().await?;
        let dialect = db.dialect();
        let columns: Vec<_> = self.key.iter().filter_map(|place| self.table.columns.get(*place)).collect();
        let key: Vec<String> = columns.iter().flat_map(|column| column.names(dialect)).collect();
        let (key, marks) = (key.join(", "), vec!["?"; key.len()].join(", "));
        let mut args = Vec::new();
        let mut after = String::new();
        if let Some(cells) = &self.after {
            after = format!(" WHERE ({key}) > ({marks})");
            for (column, cell) in columns.iter().zip(cells) {
                args.extend(column.args(dialect, cell)?);
            }
        }
        let (name, list) = (self.table.name(), self.table.list(dialect));
        let sql = format!("SELECT {list} FROM {name}{after} ORDER BY {key} LIMIT {SLICE}");
        let rows = db.fetch_all(Sql::Template(sql), args).await?;
        rows.iter().map(|row| self.table.read(dialect, row)).collect()
    }
}

/// What all rows of a table come to.
pub(super) async fn digest(store: &Store, table: &CopiedTable) -> Result<Digest> {
    let mut slices = Slices::of(store, table).await?;
    let mut digest = Digest::default();
    loop {
        let mut rows = slices.next().await?;
        if rows.is_empty() {
            return Ok(digest);
        }
        for row in &mut rows {
            table.columns.iter().zip(row.iter_mut()).for_each(|(column, cell)| column.settle(cell));
            digest.add(row);
        }
    }
}

/// Writes rows into a table that has none of them.
pub(super) async fn write(tx: &mut Tx, table: &CopiedTable, rows: &[Vec<Cell>]) -> Result<()> {
    let dialect = tx.dialect();
    let width: usize = table.columns.iter().map(|column| column.width(dialect)).sum();
    let marks = format!("({})", vec!["?"; width].join(", "));
    let head = format!("INSERT INTO {} ({}) VALUES ", table.name(), table.list(dialect));
    for chunk in rows.chunks((MOST_VALUES / width.max(1)).max(1)) {
        let mut values = Vec::with_capacity(chunk.len() * width);
        for row in chunk {
            table.bind(dialect, row, &mut values)?;
        }
        let sql = format!("{head}{}", vec![marks.as_str(); chunk.len()].join(", "));
        tx.execute(Sql::Template(sql), values).await?;
    }
    Ok(())
}

impl CopiedTable {
    fn read(&self, dialect: Dialect, row: &Row) -> Result<Vec<Cell>> {
        let mut place = 0;
        let mut cells = Vec::with_capacity(self.columns.len());
        for column in &self.columns {
            cells.push(column.read(row, place)?);
            place += column.width(dialect);
        }
        Ok(cells)
    }

    fn bind(&self, dialect: Dialect, row: &[Cell], values: &mut Vec<Arg>) -> Result<()> {
        for (place, (column, cell)) in self.columns.iter().zip(row).enumerate() {
            match self.totals.iter().find(|total| total.figure == place) {
                // SQLite may have cut it off: what it is made of gives it whole.
                Some(total) if dialect == Dialect::Postgres => values.push(total.arg(dialect, row)?),
                _ => values.extend(column.args(dialect, cell)?),
            }
        }
        Ok(())
    }

    /// An error with the table in which it was met.
    pub(super) fn named(&self, error: Error) -> Error {
        let name = self.name();
        match error {
            Error::Corrupt { table, column, detail } if table == "?" => Error::corrupt(name, &column, detail),
            Error::Failed(words) => Error::Failed(format!("{name}: {words}")),
            other => other,
        }
    }
}

impl TotalOf {
    fn arg(&self, dialect: Dialect, row: &[Cell]) -> Result<Arg> {
        let (Some(Cell::Number(sum)), Some(Cell::Whole(count)), Some(kept), Some(scale)) =
            (row.get(self.sum), row.get(self.count), self.column.figure, self.column.total_scale())
        else {
            return Err(Error::corrupt("?", &self.column.name(), "a figure without its parts"));
        };
        let total = Total { sum: unscaled(*sum, scale)?, count: *count };
        figure_arg(dialect, kept.shape, &total.figure(kept)?)
    }
}
