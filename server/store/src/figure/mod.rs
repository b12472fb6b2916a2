//! The figures of rollups, kept by what each save of a counted record adds and takes away (semantics.md 4 and 7).
//!
//! A figure stands beside the record that shows it and is none of its values: it changes without a version, and a save of
//! the record leaves it alone. What it is made of, and where, is said in `table/figure.rs`.

use std::collections::{BTreeMap, BTreeSet};

use engine::field::RollupFn;
use engine::form::Kept;
use engine::value::{Decimal, Id, Value};
use sea_query::Value as Arg;
use sha2::{Digest, Sha256};

use crate::cell;
use crate::connection::{Reader, Sql, Tx};
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::row::{Row, args};
use crate::table::{
    Aside, Column, FormRef, Table, Total, aside, aside_key, figure_arg, has_aside, has_total, scale_of,
    starts_at_zero,
};

/// What a save adds to a figure, or takes from it.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// The counted record.
    pub source: Id,
    /// What is counted of it; empty where records are, and where its field is.
    pub value: Value,
    /// How often; below zero where it is taken away.
    pub times: i64,
}

/// Changes of figures by the record that shows them and by their field.
pub type Changes = BTreeMap<Id, BTreeMap<String, Vec<Change>>>;

/// Records in one statement at most.
const CHUNK: usize = 100;

/// What is known of a figure before it changes.
enum Before {
    Total(Total),
    Figure(Value),
}

/// Brings figures on records of `form` up to date. The records are taken in the order of their ids and stay locked until
/// the transaction ends. Fields whose figures are not kept, and records that are not there, are passed over.
pub async fn add(tx: &mut Tx, form: FormRef, changes: &Changes) -> Result<()> {
    let table = tx.table(form).await?;
    let targets: Vec<Id> = changes.keys().copied().collect();
    for chunk in targets.chunks(CHUNK) {
        let fields = chunk.iter().filter_map(|id| changes.get(id)).flat_map(BTreeMap::keys);
        let fields: BTreeSet<&String> = fields.collect();
        let columns: Vec<(&Column, Kept)> = fields
            .into_iter()
            .filter_map(|path| table.column(path))
            .filter_map(|column| Some((column, column.figure?)))
            .collect();
        if columns.is_empty() {
            continue;
        }
        for (target, before) in lock(tx, &table, chunk, &columns).await? {
            let Some(changes) = changes.get(&target) else { continue };
            let mut sets = Sets::default();
            for (&(column, kept), before) in columns.iter().zip(before) {
                if let Some(changes) = changes.get(&column.path) {
                    let mut figure = Figure { tx: &mut *tx, table: &table, column, kept, target };
                    figure.change(before, changes, &mut sets).await?;
                }
            }
            sets.write(tx, &table, target).await?;
        }
    }
    Ok(())
}

/// Puts a figure back to what it is where nothing is counted, on all records of `form`.
pub async fn reset(tx: &mut Tx, form: FormRef, path: &str) -> Result<()> {
    let table = tx.table(form).await?;
    let Some((column, kept)) = table.column(path).and_then(|column| Some((column, column.figure?))) else {
        return Ok(());
    };
    let (name, figure) = (table.name(), column.name());
    let start = if starts_at_zero(kept.function) { "0" } else { "NULL" };
    let mut sets = vec![format!("{figure} = {start}")];
    sets.extend(column.folded_name().map(|folded| format!("{folded} = NULL")));
    let mut is_set = if start == "0" { format!("{figure} <> 0") } else { format!("{figure} IS NOT NULL") };
    if has_total(kept.function) {
        let parts = Total::columns(column, tx.dialect());
        sets.extend(parts.iter().map(|part| format!("{part} = 0")));
        for part in parts {
            is_set.push_str(&format!(" OR {part} <> 0"));
        }
    }
    let sql = format!("UPDATE {name} SET {} WHERE workspace = ? AND ({is_set})", sets.join(", "));
    tx.execute(Sql::Template(sql), args![table.workspace]).await?;
    if has_aside(kept.function) {
        let sql = format!("DELETE FROM {} WHERE workspace = ?", table.aside_name(column));
        tx.execute(Sql::Template(sql), args![table.workspace]).await?;
    }
    Ok(())
}

/// Those of `ids` that are there, with what their figures are, locked in the order of their ids.
async fn lock(
    tx: &mut Tx,
    table: &Table,
    ids: &[Id],
    columns: &[(&Column, Kept)],
) -> Result<Vec<(Id, Vec<Before>)>> {
    let dialect = tx.dialect();
    let parts = columns.iter().flat_map(|&(column, kept)| match has_total(kept.function) {
        true => Total::columns(column, dialect),
        false => vec![column.name()],
    });
    let selected = std::iter::once("id".to_string()).chain(parts).collect::<Vec<_>>().join(", ");
    let marks = vec!["?"; ids.len()].join(", ");
    let sql = format!(
        "SELECT {selected} FROM {} WHERE workspace = ? AND id IN ({marks}) ORDER BY id{}",
        table.name(),
        dialect.row_lock(false)
    );
    let mut values = args![table.workspace];
    values.extend(ids.iter().map(|id| Arg::from(id.as_i64())));
    let rows = tx.fetch_all(Sql::Template(sql), values).await?;
    rows.iter().map(|row| Ok((row.get(0)?, before(row, columns, dialect)?))).collect()
}

fn before(row: &Row, columns: &[(&Column, Kept)], dialect: Dialect) -> Result<Vec<Before>> {
    let mut at = 1;
    let mut all = Vec::with_capacity(columns.len());
    for &(column, kept) in columns {
        if has_total(kept.function) {
            all.push(Before::Total(Total::read(row, at, scale_of(kept.counted))?));
            at += Total::columns(column, dialect).len();
        } else {
            all.push(Before::Figure(cell::decode(row, at, kept.shape)?));
            at += 1;
        }
    }
    Ok(all)
}

/// What is written of one record.
#[derive(Default)]
struct Sets {
    sets: Vec<String>,
    values: Vec<Arg>,
}

impl Sets {
    fn put(&mut self, column: String, value: Arg) {
        self.sets.push(format!("{column} = ?"));
        self.values.push(value);
    }

    fn put_figure(&mut self, dialect: Dialect, column: &Column, figure: &Value) -> Result<()> {
        self.put(column.name(), figure_arg(dialect, column.shape, figure)?);
        if let Some(folded) = column.folded_name() {
            self.put(folded, cell::companion(column.shape, figure));
        }
        Ok(())
    }

    async fn write(self, tx: &mut Tx, table: &Table, record: Id) -> Result<()> {
        if self.sets.is_empty() {
            return Ok(());
        }
        let sets = self.sets.join(", ");
        let sql = format!("UPDATE {} SET {sets} WHERE workspace = ? AND id = ?", table.name());
        let mut values = self.values;
        values.extend(args![table.workspace, record]);
        tx.execute_ahead(Sql::Template(sql), values).await
    }
}

/// Bytes of a text that an index of PostgreSQL takes beside what else stands in it.
const MOST_BYTES: usize = 2_400;

/// What stands for a text that is only told from others, where it is longer than the key of a table may be: its hash.
fn told_apart(dialect: Dialect, function: RollupFn, value: &Value) -> Option<Value> {
    let is_meant = dialect == Dialect::Postgres && function == RollupFn::Distinct;
    value.as_text().filter(|_| is_meant).and_then(in_place_of).map(Value::Text)
}

/// What stands on PostgreSQL for a text that is only told from others; nothing where it stands for itself.
pub(crate) fn in_place_of(text: &str) -> Option<String> {
    let hash = Sha256::digest(Some(text).filter(|text| text.len() > MOST_BYTES)?.as_bytes());
    Some(hash.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// One figure on one record, which is locked.
struct Figure<'f> {
    tx: &'f mut Tx,
    table: &'f Table,
    column: &'f Column,
    kept: Kept,
    target: Id,
}

impl Figure<'_> {
    async fn change(&mut self, before: Before, changes: &[Change], sets: &mut Sets) -> Result<()> {
        let dialect = self.tx.dialect();
        let figure = match (before, aside(self.kept.function)) {
            (Before::Total(total), _) => {
                let scale = scale_of(self.kept.counted);
                let total = changes.iter().try_fold(total, |total, change| {
                    total.with(change.value.as_number().unwrap_or_default(), change.times)
                })?;
                let parts = Total::columns(self.column, dialect).into_iter();
                for (part, value) in parts.zip(total.args(dialect, scale)?) {
                    sets.put(part, value);
                }
                total.figure(self.kept)?
            }
            (Before::Figure(figure), None) => {
                let more: i64 = changes.iter().map(|change| change.times).sum();
                let count = figure.as_number().unwrap_or_default().checked_add(Decimal::from(more));
                Value::Number(count.ok_or_else(|| Error::Failed("a count is beyond all numbers".into()))?)
            }
            (Before::Figure(figure), Some(Aside::Values)) => self.change_values(figure, changes).await?,
            (Before::Figure(_), Some(Aside::Records)) => self.change_records(changes).await?,
        };
        sets.put_figure(dialect, self.column, &figure)
    }

    /// Counts values in and out, and answers the figure over what is left.
    async fn change_values(&mut self, figure: Value, changes: &[Change]) -> Result<Value> {
        let (dialect, name) = (self.tx.dialect(), self.table.aside_name(self.column));
        let key = aside_key(dialect, self.kept.function);
        let sql = format!(
            "INSERT INTO {name} (workspace, record, value, n) VALUES (?, ?, ?, ?) \
             ON CONFLICT ({key}) DO UPDATE SET n = {name}.n + excluded.n"
        );
        for change in changes {
            let told_apart = told_apart(dialect, self.kept.function, &change.value);
            let value =
                cell::encode(dialect, self.kept.counted, told_apart.as_ref().unwrap_or(&change.value))?;
            let values = args![self.table.workspace, self.target, value, change.times];
            self.tx.execute_ahead(Sql::Template(sql.clone()), values).await?;
        }
        let only_more = changes.iter().all(|change| change.times > 0);
        if !only_more {
            let sql = format!("DELETE FROM {name} WHERE workspace = ? AND record = ? AND n = 0");
            self.tx.execute_ahead(Sql::Template(sql), args![self.table.workspace, self.target]).await?;
        }
        match self.kept.function {
            RollupFn::Min | RollupFn::Max if only_more => Ok(self.best(figure, changes)),
            RollupFn::Min => self.ask(&format!("SELECT min(value) FROM {name}"), "").await,
            RollupFn::Max => self.ask(&format!("SELECT max(value) FROM {name}"), "").await,
            _ => self.ask(&format!("SELECT count(*) FROM {name}"), "").await,
        }
    }

    /// The least or the greatest of what was there and what comes to it.
    fn best(&self, figure: Value, changes: &[Change]) -> Value {
        let least = self.kept.function == RollupFn::Min;
        changes.iter().fold(figure, |best, change| match change.value.compare(&best) {
            Some(order) if order.is_eq() || order.is_lt() != least => best,
            _ => change.value.clone(),
        })
    }

    /// Notes the values of counted records, and answers that of the first or the last.
    async fn change_records(&mut self, changes: &[Change]) -> Result<Value> {
        let (dialect, name) = (self.tx.dialect(), self.table.aside_name(self.column));
        let key = aside_key(dialect, self.kept.function);
        let delete = format!("DELETE FROM {name} WHERE workspace = ? AND record = ? AND source = ?");
        let insert = format!(
            "INSERT INTO {name} (workspace, record, source, value) VALUES (?, ?, ?, ?) \
             ON CONFLICT ({key}) DO UPDATE SET value = excluded.value"
        );
        for change in changes {
            let mut values = args![self.table.workspace, self.target, change.source];
            let sql = if change.times < 0 { &delete } else { &insert };
            if change.times > 0 {
                values.push(cell::encode(dialect, self.kept.counted, &change.value)?);
            }
            self.tx.execute_ahead(Sql::Template(sql.clone()), values).await?;
        }
        let order = if self.kept.function == RollupFn::Last { "DESC" } else { "ASC" };
        let tail = format!(" ORDER BY source {order} LIMIT 1");
        self.ask(&format!("SELECT value FROM {name}"), &tail).await
    }

    /// One value about what lies aside for this record.
    async fn ask(&mut self, select: &str, tail: &str) -> Result<Value> {
        let sql = format!("{select} WHERE workspace = ? AND record = ?{tail}");
        let values = args![self.table.workspace, self.target];
        let row = self.tx.fetch_optional(Sql::Template(sql), values).await?;
        let Some(row) = row else { return Ok(Value::Empty) };
        if self.kept.function == RollupFn::Distinct {
            return Ok(Value::number(row.get::<i64>(0)?));
        }
        cell::decode(&row, 0, self.kept.shape)
    }
}

impl Reader {
    /// Has tables looked up anew: another server of the same database may have changed them with a design.
    pub fn forget_tables(&self, workspace: Id) {
        self.tables.forget_all(workspace);
    }
}

#[cfg(test)]
mod tests;
