//! Bringing the tables of a form up to its published definition. While serving, DDL only adds: the column of a
//! dropped field stays until the purge, so that a field can come back with its values.

use std::collections::BTreeSet;

use engine::field::Shape;
use engine::form::{Form, Kept};
use engine::value::{Id, Timestamp};

use super::convert::{Conversion, is_convertible};
use super::figure::{aside_name, aside_sql};
use super::{Column, SYSTEM_COLUMNS, has_aside, shape_name};
use crate::connection::Tx;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::row::args;

/// Makes or extends the tables of `form`, so that they hold what it defines. The form's row must be there; call it in
/// the transaction that publishes.
///
/// A field that comes back with its former shape finds its values again. One that has changed its kind since `before`,
/// the definition in force until now, takes over the values that fit. The figures of rollups are not filled: see
/// [`crate::figure`].
pub async fn publish(
    tx: &mut Tx,
    workspace: Id,
    form: &Form,
    before: Option<&Form>,
    now: Timestamp,
) -> Result<()> {
    let id = form.id();
    let sql = "SELECT number FROM form WHERE workspace = ? AND id = ?";
    let row = tx.fetch_optional(sql, args![workspace, id]).await?;
    let number: i64 = row.ok_or(Error::NotFound { what: "form" })?.get(0)?;
    let mut publishing = Publishing { tx, workspace, form: id, number, now };
    publishing.create_record_table().await?;
    let conversions = publishing.match_columns(form, before).await?;
    let table = tx.table_changed(workspace, id).await?;
    let mut converted = BTreeSet::new();
    for conversion in conversions {
        conversion.run(tx, &table).await?;
        converted.insert(conversion.to.path);
    }
    super::sound::settle(tx, &table, form, &converted).await?;
    super::index::settle(tx, &table, form).await?;
    tx.table_changed(workspace, id).await.map(drop)
}

struct Publishing<'t> {
    tx: &'t mut Tx,
    workspace: Id,
    form: Id,
    number: i64,
    now: Timestamp,
}

/// A column as `form_column` knows it, dropped or not.
struct Known {
    number: i64,
    path: String,
    shape: Shape,
    figure: Option<Kept>,
    dropped: bool,
}

impl Publishing<'_> {
    async fn create_record_table(&mut self) -> Result<()> {
        let number = self.number;
        let (id, key) = match self.tx.dialect() {
            Dialect::Sqlite => ("INTEGER PRIMARY KEY", ""),
            Dialect::Postgres => ("BIGINT NOT NULL", ", PRIMARY KEY (workspace, id)"),
        };
        let columns = SYSTEM_COLUMNS.map(|(name, of)| format!("{name} {of}")).join(", ");
        self.tx.batch(format!("CREATE TABLE IF NOT EXISTS t{number} (id {id}, {columns}{key})")).await?;
        self.create_side_table(0, Shape::Refs).await
    }

    async fn create_rows_table(&mut self, column: i64) -> Result<()> {
        let name = format!("t{}_r{column}", self.number);
        let (key, tail) = match self.tx.dialect() {
            Dialect::Sqlite => ("record, id", " WITHOUT ROWID"),
            Dialect::Postgres => ("workspace, record, id", ""),
        };
        self.tx
            .batch(format!(
                "CREATE TABLE IF NOT EXISTS {name} (workspace BIGINT NOT NULL, record BIGINT NOT NULL, \
                 id BIGINT NOT NULL, position BIGINT NOT NULL, PRIMARY KEY ({key})){tail}"
            ))
            .await
    }

    async fn create_side_table(&mut self, column: i64, shape: Shape) -> Result<()> {
        let name = format!("t{}_m{column}", self.number);
        let (key, index, tail) = match self.tx.dialect() {
            Dialect::Sqlite => ("record, row, position", "value, record", " WITHOUT ROWID"),
            Dialect::Postgres => ("workspace, record, row, position", "workspace, value, record", ""),
        };
        let value = self.tx.dialect().column_type(shape);
        self.tx
            .batch(format!(
                "CREATE TABLE IF NOT EXISTS {name} (workspace BIGINT NOT NULL, record BIGINT NOT NULL, \
                 row BIGINT NOT NULL, position BIGINT NOT NULL, value {value} NOT NULL, PRIMARY KEY ({key})){tail}; \
                 CREATE INDEX IF NOT EXISTS {name}_value ON {name} ({index})"
            ))
            .await
    }

    /// Makes the columns that are missing; answers which take over the values of another one.
    async fn match_columns(&mut self, form: &Form, before: Option<&Form>) -> Result<Vec<Conversion>> {
        let mut conversions = Vec::new();
        let mut known = self.known().await?;
        let mut next = known.iter().map(|column| column.number).max().unwrap_or(0) + 1;
        // Sub-forms first: their columns need their tables.
        let mut wanted: Vec<(String, Shape, Option<Kept>)> = form
            .all_columns()
            .map(|column| (column.path.clone(), column.stored_shape(), column.kept))
            .collect();
        wanted.retain(|(_, shape, _)| *shape != Shape::Nothing);
        wanted.sort_by_key(|(path, shape, _)| (*shape != Shape::Rows, path.clone()));
        for (path, shape, figure) in &wanted {
            let same = |column: &&mut Known| {
                column.path == *path && column.shape == *shape && column.figure == *figure
            };
            // What a figure shows was never the record's own, to be taken over from or into.
            let former = known.iter().find(|column| column.path == *path && !column.dropped);
            let former = former.filter(|column| column.figure.is_none() && figure.is_none());
            let former = former.map(|column| Column::plain(column.number, path, column.shape));
            let number = match known.iter_mut().find(same) {
                Some(column) => {
                    let number = column.number;
                    if std::mem::take(&mut column.dropped) {
                        self.set_dropped(number, None).await?;
                    }
                    number
                }
                None => {
                    let column = Column { figure: *figure, ..Column::plain(next, path, *shape) };
                    next += 1;
                    self.add(&column, &known).await?;
                    let number = column.number;
                    let (path, figure) = (column.path, *figure);
                    known.push(Known { number, path, shape: *shape, figure, dropped: false });
                    number
                }
            };
            let kind = |form: &Form| form.column(path).map(|column| column.field.kind.clone());
            if let (Some(from), Some(old_kind), Some(new_kind)) = (former, before.and_then(kind), kind(form))
                && is_convertible(from.shape, *shape)
            {
                let to = Column::plain(number, path, *shape);
                conversions.push(Conversion { from, to, old_kind, new_kind });
            }
        }
        for column in known.iter().filter(|column| !column.dropped) {
            let is_wanted = |(path, shape, figure): &(String, Shape, Option<Kept>)| {
                column.path == *path && column.shape == *shape && column.figure == *figure
            };
            if wanted.iter().any(is_wanted) {
                continue;
            }
            self.set_dropped(column.number, Some(self.now)).await?;
            // A figure that comes back is made anew.
            if column.figure.is_some_and(|kept| has_aside(kept.function)) {
                let name = aside_name(self.number, column.number);
                self.tx.batch(format!("DELETE FROM {name}")).await?;
            }
        }
        Ok(conversions)
    }

    async fn known(&mut self) -> Result<Vec<Known>> {
        let sql = "SELECT number, path, shape, scale, figure, counted, counted_scale, spelled, dropped_at \
                   FROM form_column WHERE workspace = ? AND form = ? ORDER BY number";
        let rows = self.tx.fetch_all(sql, args![self.workspace, self.form]).await?;
        rows.iter()
            .map(|row| {
                let column = Column::read(row)?;
                Ok(Known {
                    number: column.number,
                    path: column.path,
                    shape: column.shape,
                    figure: column.figure,
                    dropped: row.get::<Option<i64>>(8)?.is_some(),
                })
            })
            .collect()
    }

    async fn add(&mut self, column: &Column, known: &[Known]) -> Result<()> {
        let Some((shape, scale)) = shape_name(column.shape) else { return Ok(()) };
        let counted = column.figure.and_then(|kept| shape_name(kept.counted));
        let sql = "INSERT INTO form_column \
                   (workspace, form, number, path, shape, scale, figure, counted, counted_scale) \
                   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
        let values = args![
            self.workspace,
            self.form,
            column.number,
            &column.path,
            shape,
            scale,
            column.figure.map(|kept| kept.function.name()),
            counted.map(|(name, _)| name),
            counted.map_or(0, |(_, scale)| scale),
        ];
        self.tx.execute(sql, values).await?;
        if let Some(sql) = aside_sql(self.tx.dialect(), self.number, column) {
            self.tx.batch(sql).await?;
        }
        match column.shape {
            Shape::Rows => self.create_rows_table(column.number).await,
            Shape::Keys | Shape::Refs => self.create_side_table(column.number, column.shape).await,
            _ => self.add_column(column, known).await,
        }
    }

    async fn add_column(&mut self, column: &Column, known: &[Known]) -> Result<()> {
        let table = match column.subform() {
            None => format!("t{}", self.number),
            Some(subform) => {
                let rows =
                    |known: &&Known| known.path == subform && known.shape == Shape::Rows && !known.dropped;
                let rows = known.iter().find(rows).ok_or(Error::NotFound { what: "sub-form" })?;
                format!("t{}_r{}", self.number, rows.number)
            }
        };
        for definition in column.definitions(self.tx.dialect()) {
            self.tx.batch(format!("ALTER TABLE {table} ADD COLUMN {definition}")).await?;
        }
        Ok(())
    }

    async fn set_dropped(&mut self, number: i64, at: Option<Timestamp>) -> Result<()> {
        let sql = "UPDATE form_column SET dropped_at = ? WHERE workspace = ? AND form = ? AND number = ?";
        self.tx.execute(sql, args![at, self.workspace, self.form, number]).await.map(drop)
    }
}
