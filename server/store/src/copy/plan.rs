//! Which tables are copied, with which columns.

use super::column::{CopiedColumn, Holds};
use crate::connection::Reader;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::row::args;
use crate::schema::{self, Of};
use crate::table::{Column, Laid, LaidTable};

/// A table that is copied.
#[derive(Clone, Debug, PartialEq)]
pub struct CopiedTable {
    pub(super) name: String,
    pub(super) columns: Vec<CopiedColumn>,
    /// Figures that SQLite may have cut off.
    pub(super) totals: Vec<TotalOf>,
}

/// A figure that is made of a sum and a number: where these are among the columns.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct TotalOf {
    pub(super) figure: usize,
    pub(super) sum: usize,
    pub(super) count: usize,
    pub(super) column: Column,
}

impl CopiedTable {
    pub fn name(&self) -> &str {
        &self.name
    }

    fn new(name: String) -> CopiedTable {
        CopiedTable { name, columns: Vec::new(), totals: Vec::new() }
    }

    fn push(&mut self, name: impl Into<String>, holds: Holds) {
        self.columns.push(CopiedColumn::new(name, holds));
    }

    /// All that a field has in the table.
    fn push_field(&mut self, column: &Column) {
        let holds = match (column.figure, Holds::of(column.shape)) {
            (Some(_), Holds::Number { scale }) => Holds::Figure { scale },
            (_, holds) => holds,
        };
        let figure = self.columns.len();
        self.push(column.name(), holds);
        if let Some(folded) = column.folded_name() {
            self.push(folded, Holds::Text);
        }
        if let Some(scale) = column.total_scale() {
            let sum = self.columns.len();
            self.push(column.name(), Holds::Sum { scale });
            self.push(format!("{}n", column.name()), Holds::Whole);
            self.totals.push(TotalOf { figure, sum, count: sum + 1, column: column.clone() });
        }
        if column.spelled {
            for name in column.sound_names() {
                self.push(name, Holds::Text);
            }
        }
    }

    /// The columns in which a database has all of it, with commas.
    pub(super) fn list(&self, dialect: Dialect) -> String {
        self.columns.iter().flat_map(|column| column.names(dialect)).collect::<Vec<_>>().join(", ")
    }

    /// The places of the columns by which a database tells its rows apart, in the order of its key.
    pub(super) async fn key(&self, db: &mut Reader) -> Result<Vec<usize>> {
        let sql = match db.dialect() {
            Dialect::Sqlite => "SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk",
            Dialect::Postgres => {
                "SELECT CAST(a.attname AS TEXT) FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid \
                 JOIN pg_namespace n ON n.oid = c.relnamespace \
                 CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k (number, place) \
                 JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number \
                 WHERE i.indisprimary AND n.nspname = current_schema() AND CAST(c.relname AS TEXT) = ? \
                 ORDER BY k.place"
            }
        };
        let rows = db.fetch_all(sql, args![&self.name]).await?;
        let names: Vec<String> = rows.iter().map(|row| row.get(0)).collect::<Result<_>>()?;
        let place = |name: &String| self.columns.iter().position(|column| column.name == *name);
        let places: Option<Vec<usize>> = names.iter().map(place).collect();
        places
            .filter(|places| !places.is_empty())
            .ok_or_else(|| Error::corrupt(&self.name, "?", "nothing tells its rows apart"))
    }
}

/// Every table that is copied row by row: all but those of the groups of aggregate tables.
///
/// # Errors
/// When the database can't be read.
pub async fn tables(db: &mut Reader) -> Result<Vec<CopiedTable>> {
    let mut all = migrated(db.dialect())?;
    for laid in Laid::all(db).await? {
        for table in laid.tables()? {
            all.push(of_form(&table));
        }
    }
    Ok(all)
}

/// Those that migrations make. The other database is brought to the same steps by itself.
fn migrated(dialect: Dialect) -> Result<Vec<CopiedTable>> {
    let mut all = Vec::new();
    for (name, columns) in schema::migrated_tables(dialect) {
        if name == "schema_migration" {
            continue;
        }
        let mut table = CopiedTable::new(name);
        for (column, of) in columns {
            let holds = match of {
                Some(Of::Whole) => Holds::Whole,
                Some(Of::Text) => Holds::Text,
                Some(Of::Bytes) => Holds::Bytes,
                Some(Of::Number) | None => {
                    return Err(Error::corrupt(&table.name, &column, "a type that is not copied"));
                }
            };
            table.push(column, holds);
        }
        all.push(table);
    }
    Ok(all)
}

fn of_form(laid: &LaidTable<'_>) -> CopiedTable {
    let mut table = CopiedTable::new(laid.name.clone());
    for (name, shape) in &laid.fixed {
        let holds = match Holds::of(*shape) {
            Holds::Text if laid.tells_apart => Holds::ToldApart,
            holds => holds,
        };
        table.push(*name, holds);
    }
    for field in &laid.fields {
        table.push_field(field);
    }
    table
}
