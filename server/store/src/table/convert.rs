//! Fields that change their kind: the values that fit are taken over into the new column; the old column stays as it
//! was until the purge.

use engine::field::{FieldKind, Shape};
use engine::text::Language;
use engine::value::Value;

use super::{Column, Table};
use crate::cell::{self, SEPARATOR};
use crate::connection::{Sql, Tx};
use crate::error::Result;
use crate::row::args;

/// A field under its path, before and after.
pub(super) struct Conversion {
    pub(super) from: Column,
    pub(super) to: Column,
    pub(super) old_kind: FieldKind,
    pub(super) new_kind: FieldKind,
}

/// Values in one step: a form of a million records is never in memory as a whole.
const STEP: usize = 1000;

impl Conversion {
    /// Fills the new column from the old one. What was in it from a former time goes.
    pub(super) async fn run(&self, tx: &mut Tx, table: &Table) -> Result<()> {
        self.clear(tx, table).await?;
        let mut after = (0, 0);
        loop {
            let step = self.read(tx, table, after).await?;
            let Some((record, row, _)) = step.last() else { return Ok(()) };
            after = (*record, *row);
            for (record, row, value) in step {
                let display = self.old_kind.display(&value, Language::ZhCn);
                if let Some(value) = self.new_kind.convert_from(&value, &display)
                    && !value.is_empty()
                {
                    self.write(tx, table, record, row, &value).await?;
                }
            }
        }
    }

    async fn clear(&self, tx: &mut Tx, table: &Table) -> Result<()> {
        let to = &self.to;
        if to.is_many() {
            let side = table.side_name(to);
            return tx.batch(format!("DELETE FROM {side}")).await;
        }
        let mut sets = vec![format!("{} = NULL", to.name())];
        sets.extend(to.folded_name().map(|name| format!("{name} = NULL")));
        let (holder, sets) = (table.holder(to), sets.join(", "));
        tx.batch(format!("UPDATE {holder} SET {sets} WHERE {} IS NOT NULL", to.name())).await
    }

    /// Filled values of the old column after a place, with their record and row (0 outside sub-forms).
    async fn read(&self, tx: &mut Tx, table: &Table, after: (i64, i64)) -> Result<Vec<(i64, i64, Value)>> {
        let from = &self.from;
        let sql = if from.is_many() {
            let side = table.side_name(from);
            format!(
                "SELECT record, row, string_agg(CAST(value AS TEXT), '{SEPARATOR}' ORDER BY position) \
                 FROM {side} WHERE workspace = ? AND (record > ? OR (record = ? AND row > ?)) \
                 GROUP BY record, row ORDER BY record, row LIMIT {STEP}"
            )
        } else {
            let (holder, name) = (table.holder(from), from.name());
            let in_rows = from.subform().is_some();
            let (record, row) = if in_rows { ("record", "id") } else { ("id", "0") };
            let order = if in_rows { "record, id" } else { "id" };
            format!(
                "SELECT {record}, {row}, {name} FROM {holder} WHERE workspace = ? AND {name} IS NOT NULL \
                 AND ({record} > ? OR ({record} = ? AND {row} > ?)) ORDER BY {order} LIMIT {STEP}"
            )
        };
        let values = args![table.workspace, after.0, after.0, after.1];
        let rows = tx.fetch_all(Sql::Template(sql), values).await?;
        rows.iter()
            .map(|row| {
                let place: Option<i64> = row.get(1)?;
                Ok((row.get(0)?, place.unwrap_or(0), cell::decode(row, 2, from.shape)?))
            })
            .collect()
    }

    async fn write(&self, tx: &mut Tx, table: &Table, record: i64, row: i64, value: &Value) -> Result<()> {
        let (to, dialect) = (&self.to, tx.dialect());
        if to.is_many() {
            let sql = format!(
                "INSERT INTO {} (workspace, record, row, position, value) VALUES (?, ?, ?, ?, ?)",
                table.side_name(to)
            );
            for (position, item) in value.items().iter().enumerate() {
                let item = cell::encode(dialect, to.shape, item)?;
                let values = args![table.workspace, record, row, position as i64, item];
                tx.execute(Sql::Template(sql.clone()), values).await?;
            }
            return Ok(());
        }
        let mut sets = vec![format!("{} = ?", to.name())];
        let mut values = vec![cell::encode(dialect, to.shape, value)?];
        if let Some(folded) = to.folded_name() {
            sets.push(format!("{folded} = ?"));
            values.push(cell::companion(to.shape, value));
        }
        values.extend(args![table.workspace, record]);
        let mut key = "workspace = ? AND id = ?";
        if to.subform().is_some() {
            key = "workspace = ? AND record = ? AND id = ?";
            values.push(row.into());
        }
        let sql = format!("UPDATE {} SET {} WHERE {key}", table.holder(to), sets.join(", "));
        tx.execute(Sql::Template(sql), values).await.map(drop)
    }
}

impl Table {
    /// The table that a field's column is in.
    fn holder(&self, column: &Column) -> String {
        match column.subform().and_then(|subform| self.column(subform)) {
            Some(subform) => self.rows_name(subform),
            None => self.name(),
        }
    }
}

/// Whether values of one shape can be brought into another.
pub(super) fn is_convertible(from: Shape, to: Shape) -> bool {
    let holds_values = |shape| !matches!(shape, Shape::Nothing | Shape::Rows);
    from != to && holds_values(from) && holds_values(to)
}
