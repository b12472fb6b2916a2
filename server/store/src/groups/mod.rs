//! The groups of aggregate tables, kept by delta inside the save that changes them (semantics.md 7).
//!
//! Aggregate number 4 has the table `a4`: a row for each group, known by the text of its dimensions, with the number of
//! contributions, the dimensions (`d0`, `d1` …) and the base measures. SQLite has no number that holds the sum
//! of very many large amounts, so there a sum is kept as two whole numbers, `h0 * 2^32 + l0`, each of which
//! adds up by itself. How often each value is there, for least and greatest values and different ones, is in a table beside
//! it: see `values`.

mod values;

#[cfg(test)]
mod tests;

use engine::aggregate::{
    Aggregate, AggregateDocument, BaseMeasure, Contribution, Contributions, GroupKey, Kept,
};
use engine::field::Shape;
use engine::value::{Decimal, Id, Value};
use sea_query::Value as Arg;

use crate::cell::{self, scaled, unscaled};
use crate::connection::{Reader, Sql, Tx};
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::row::{Row, args, numeric};

/// The groups of one aggregate table.
#[derive(Clone, Copy)]
pub struct GroupTable<'a> {
    pub workspace: Id,
    /// See [`crate::aggregate::AggregateRow`].
    pub number: i64,
    pub aggregate: &'a Aggregate,
}

/// A group as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredGroup {
    pub key: GroupKey,
    /// The values of the dimensions.
    pub group: Vec<Value>,
    /// How many records or rows contribute.
    pub count: i64,
    /// The numbers that add up, in the order of [`Contribution::sums`].
    pub sums: Vec<Decimal>,
    /// The base measures, in their order; nothing where there is no value to have one of.
    pub figures: Vec<Option<Decimal>>,
}

/// A group that a delta was added to.
#[derive(Clone, Debug, PartialEq)]
pub struct ChangedGroup {
    /// Its base measures as they were.
    pub before: Vec<Option<Decimal>>,
    pub after: StoredGroup,
}

/// Groups in one statement at most, when many are stored.
const CHUNK: usize = 50;

/// Groups that are read at once.
const PAGE: i64 = 1000;

/// Removes the groups of the aggregate with this number.
///
/// # Errors
/// When the database can't be reached.
pub async fn drop_table(tx: &mut Tx, number: i64) -> Result<()> {
    for name in [table_name(number), values::table_name(number)] {
        tx.batch(format!("DROP TABLE IF EXISTS {name}")).await?;
    }
    Ok(())
}

fn table_name(number: i64) -> String {
    format!("a{number}")
}

/// What makes the tables of an aggregate and their indexes, as far as its document tells it: of its dimensions only that
/// they are there.
pub(crate) fn statements(dialect: Dialect, number: i64, document: &AggregateDocument) -> Vec<String> {
    let kept = Kept::all_of(document);
    let dimensions = vec![""; document.dimensions.len()];
    let mut all = vec![table_sql(dialect, number, &dimensions, &kept)];
    all.extend(values::statements(dialect, number, &kept));
    all
}

/// What makes the table of the groups, with dimensions of these types and measures so kept.
fn table_sql(dialect: Dialect, number: i64, dimensions: &[&str], kept: &[Kept]) -> String {
    let text = dialect.column_type(Shape::Key);
    let mut columns = vec![
        "workspace BIGINT NOT NULL".to_string(),
        format!("key {text} NOT NULL"),
        "count BIGINT NOT NULL".to_string(),
    ];
    columns.extend(dimensions.iter().enumerate().map(|(place, of)| format!("d{place} {of}")));
    for (place, kept) in kept.iter().enumerate() {
        let tail = if kept.counts_values() { "" } else { " NOT NULL" };
        let number = number_columns(dialect, place).map(|(name, of)| format!("{name} {of}{tail}"));
        columns.extend(number);
        if *kept == Kept::Average {
            columns.push(format!("n{place} BIGINT NOT NULL"));
        }
    }
    let tail = if dialect == Dialect::Sqlite { " WITHOUT ROWID" } else { "" };
    let (name, columns) = (table_name(number), columns.join(", "));
    format!("CREATE TABLE {name} ({columns}, PRIMARY KEY (workspace, key)){tail}")
}

impl GroupTable<'_> {
    fn name(&self) -> String {
        table_name(self.number)
    }

    /// Makes the table, empty; in place of a former one.
    pub async fn create(&self, tx: &mut Tx) -> Result<()> {
        let dialect = tx.dialect();
        let dimensions: Vec<&str> =
            self.shapes().into_iter().map(|shape| dialect.column_type(shape)).collect();
        drop_table(tx, self.number).await?;
        tx.batch(table_sql(dialect, self.number, &dimensions, &self.kept())).await?;
        self.create_values(tx).await
    }

    /// How the base measures are kept, in their order.
    fn kept(&self) -> Vec<Kept> {
        self.aggregate.base.iter().map(|measure| measure.kept).collect()
    }

    /// Adds a delta, and answers how the groups that it touches stand after it. The groups are taken in the order of
    /// their keys, and stay locked until the transaction ends: tables must be taken in the order of their numbers.
    pub async fn add(&self, tx: &mut Tx, delta: &Contributions) -> Result<Vec<ChangedGroup>> {
        let dialect = tx.dialect();
        let name = self.name();
        let sql = format!(
            "{} ON CONFLICT (workspace, key) DO UPDATE SET {} RETURNING {}",
            self.insert_sql(dialect, 1),
            self.sum_columns(dialect)
                .into_iter()
                .chain(["count".to_string()])
                .map(|column| format!("{column} = {name}.{column} + excluded.{column}"))
                .collect::<Vec<_>>()
                .join(", "),
            self.stored_columns(dialect),
        );
        let mut stored = Vec::with_capacity(delta.len());
        for (key, change) in delta {
            // What is kept by counts of values begins with none.
            let figures = self.aggregate.figures_of_sums(&change.sums);
            let values = self.values(dialect, key, change, &figures)?;
            let row = tx.fetch_one(Sql::Template(sql.clone()), values).await?;
            let mut group = self.read(&row)?;
            let before = self.figures_before(&group, change);
            if !change.values.is_empty() {
                self.count_values(tx, key, &change.values, &mut group.figures).await?;
            }
            if group.count == 0 && group.sums.iter().all(Decimal::is_zero) {
                let sql = format!("DELETE FROM {name} WHERE workspace = ? AND key = ?");
                tx.execute(Sql::Template(sql), args![self.workspace, key]).await?;
            }
            stored.push(ChangedGroup { before, after: group });
        }
        Ok(stored)
    }

    /// The figures of a group to whose sums a change was added, and to whose values it was not yet.
    fn figures_before(&self, group: &StoredGroup, change: &Contribution) -> Vec<Option<Decimal>> {
        let sums = group.sums.iter().zip(&change.sums);
        let sums: Vec<Decimal> =
            sums.map(|(after, change)| after.checked_sub(*change).unwrap_or_default()).collect();
        let added = self.aggregate.figures_of_sums(&sums).into_iter();
        let all = added.zip(&group.figures).zip(&self.aggregate.base);
        all.map(|((added, kept), measure)| if measure.kept.counts_values() { *kept } else { added }).collect()
    }

    /// Puts these groups in place of all others.
    pub async fn replace(&self, tx: &mut Tx, groups: &Contributions) -> Result<()> {
        let dialect = tx.dialect();
        let name = self.name();
        let sql = format!("DELETE FROM {name} WHERE workspace = ?");
        tx.execute(Sql::Template(sql), args![self.workspace]).await?;
        let all: Vec<(&GroupKey, &Contribution)> = groups.iter().collect();
        for chunk in all.chunks(CHUNK) {
            let mut values = Vec::new();
            for (key, group) in chunk {
                values.extend(self.values(dialect, key, group, &self.aggregate.figures(group))?);
            }
            tx.execute(Sql::Template(self.insert_sql(dialect, chunk.len())), values).await?;
        }
        self.replace_values(tx, groups).await
    }

    /// One group.
    pub async fn get(&self, db: &mut Reader, key: &str) -> Result<Option<StoredGroup>> {
        let sql = format!(
            "SELECT {} FROM {} WHERE workspace = ? AND key = ?",
            self.stored_columns(db.dialect()),
            self.name()
        );
        let row = db.fetch_optional(Sql::Template(sql), args![self.workspace, key]).await?;
        row.map(|row| self.read(&row)).transpose()
    }

    /// Groups in the order of their keys, after `after`.
    pub async fn page(&self, db: &mut Reader, after: Option<&str>, limit: i64) -> Result<Vec<StoredGroup>> {
        let sql = format!(
            "SELECT {} FROM {} WHERE workspace = ? AND key > ? ORDER BY key LIMIT ?",
            self.stored_columns(db.dialect()),
            self.name()
        );
        let rows =
            db.fetch_all(Sql::Template(sql), args![self.workspace, after.unwrap_or_default(), limit]).await?;
        rows.iter().map(|row| self.read(row)).collect()
    }

    /// All groups, with the counts of their values: to compare with a rebuild.
    pub async fn all(&self, db: &mut Reader) -> Result<Vec<(StoredGroup, Contribution)>> {
        let mut all = Vec::new();
        let mut after: Option<String> = None;
        loop {
            let page = self.page(db, after.as_deref(), PAGE).await?;
            let Some(last) = page.last().map(|group| group.key.clone()) else { return Ok(all) };
            let mut counted = self.counted_values(db, after.as_deref(), &last).await?;
            after = Some(last);
            all.extend(page.into_iter().map(|stored| {
                let values = counted.remove(&stored.key).unwrap_or_default();
                let (group, sums) = (stored.group.clone(), stored.sums.clone());
                let contribution = Contribution { group, count: stored.count, sums, values };
                (stored, contribution)
            }));
        }
    }

    /// The shapes of the dimensions' columns.
    fn shapes(&self) -> Vec<Shape> {
        let shape = |shape| match shape {
            Shape::Keys => Shape::Key,
            Shape::Refs => Shape::Ref,
            other => other,
        };
        self.aggregate.dimensions.iter().map(|dimension| shape(dimension.kind.shape())).collect()
    }

    /// The columns that add up.
    fn sum_columns(&self, dialect: Dialect) -> Vec<String> {
        let measures = self.aggregate.base.iter().enumerate();
        let adding = measures.filter(|(_, measure)| !measure.kept.counts_values());
        adding.flat_map(|(place, measure)| measure_columns(dialect, place, measure)).collect()
    }

    /// `key`, `count`, dimensions, measures: as [`Self::read`] reads them.
    fn stored_columns(&self, dialect: Dialect) -> String {
        let mut columns = vec!["key".to_string(), "count".to_string()];
        columns.extend((0..self.aggregate.dimensions.len()).map(|place| format!("d{place}")));
        for (place, measure) in self.aggregate.base.iter().enumerate() {
            columns.extend(measure_columns(dialect, place, measure));
        }
        columns.join(", ")
    }

    fn insert_sql(&self, dialect: Dialect, rows: usize) -> String {
        let columns = self.stored_columns(dialect);
        let marks = vec!["?"; columns.split(", ").count() + 1].join(", ");
        let rows = vec![format!("({marks})"); rows].join(", ");
        format!("INSERT INTO {} (workspace, {columns}) VALUES {rows}", self.name())
    }

    /// What [`Self::insert_sql`] binds for a group.
    fn values(
        &self,
        dialect: Dialect,
        key: &GroupKey,
        group: &Contribution,
        figures: &[Option<Decimal>],
    ) -> Result<Vec<Arg>> {
        let mut values = args![self.workspace, key, group.count];
        for (value, shape) in group.group.iter().zip(self.shapes()) {
            values.push(cell::encode(dialect, shape, value)?);
        }
        let mut sums = group.sums.iter().copied();
        for (measure, figure) in self.aggregate.base.iter().zip(figures) {
            let number = match measure.kept {
                Kept::Sum | Kept::Average => sums.next(),
                Kept::Least | Kept::Greatest => *figure,
                Kept::Distinct => Some(figure.unwrap_or_default()),
            };
            values.extend(number_args(dialect, number, measure.scale)?);
            if measure.kept == Kept::Average {
                values.push(whole(sums.next().unwrap_or_default())?.into());
            }
        }
        Ok(values)
    }

    fn read(&self, row: &Row) -> Result<StoredGroup> {
        let mut group = Vec::new();
        for (place, shape) in self.shapes().into_iter().enumerate() {
            group.push(cell::decode(row, 2 + place, shape)?);
        }
        let mut at = 2 + group.len();
        let mut sums = Vec::new();
        let mut kept = Vec::new();
        for measure in &self.aggregate.base {
            let number = read_number(row, at, measure.scale)?;
            at += match row {
                Row::Sqlite(_) => 2,
                Row::Postgres(_) => 1,
            };
            match measure.kept {
                Kept::Sum => sums.push(number.unwrap_or_default()),
                Kept::Average => {
                    let count: i64 = row.get(at)?;
                    at += 1;
                    sums.extend([number.unwrap_or_default(), Decimal::from(count)]);
                }
                Kept::Least | Kept::Greatest | Kept::Distinct => {}
            }
            kept.push(number.filter(|_| measure.kept.counts_values()));
        }
        let added = self.aggregate.figures_of_sums(&sums);
        let figures = added.into_iter().zip(kept).map(|(added, kept)| added.or(kept)).collect();
        Ok(StoredGroup { key: row.get(0)?, count: row.get(1)?, group, sums, figures })
    }
}

/// The columns of one number, with their types.
fn number_columns(dialect: Dialect, place: usize) -> impl Iterator<Item = (String, &'static str)> {
    let columns = match dialect {
        Dialect::Sqlite => vec![(format!("h{place}"), "BIGINT"), (format!("l{place}"), "BIGINT")],
        Dialect::Postgres => vec![(format!("m{place}"), "NUMERIC")],
    };
    columns.into_iter()
}

/// The columns of a base measure.
fn measure_columns(dialect: Dialect, place: usize, measure: &BaseMeasure) -> Vec<String> {
    let mut columns: Vec<String> = number_columns(dialect, place).map(|(name, _)| name).collect();
    if measure.kept == Kept::Average {
        columns.push(format!("n{place}"));
    }
    columns
}

/// A number as its columns hold it.
fn number_args(dialect: Dialect, number: Option<Decimal>, scale: u32) -> Result<Vec<Arg>> {
    match dialect {
        Dialect::Postgres => Ok(vec![number.map_or(Arg::Decimal(None), Arg::from)]),
        Dialect::Sqlite => {
            let Some(number) = number else { return Ok(vec![Arg::BigInt(None), Arg::BigInt(None)]) };
            let count = scaled(number, scale).filter(|found| found.exact);
            let count = count.ok_or_else(|| Error::Failed(format!("{number} is no sum")))?.floor;
            let upper = i64::try_from(count >> 32);
            let upper = upper.map_err(|_| Error::Failed(format!("{number} is beyond all sums")))?;
            let lower = (count & 0xffff_ffff) as i64;
            Ok(vec![upper.into(), lower.into()])
        }
    }
}

/// The number whose columns begin at `at`.
fn read_number(row: &Row, at: usize, scale: u32) -> Result<Option<Decimal>> {
    match row {
        Row::Postgres(row) => numeric(row, at),
        Row::Sqlite(_) => {
            let (upper, lower): (Option<i64>, Option<i64>) = (row.get(at)?, row.get(at + 1)?);
            let (Some(upper), Some(lower)) = (upper, lower) else { return Ok(None) };
            unscaled((i128::from(upper) << 32) + i128::from(lower), scale).map(Some)
        }
    }
}

fn whole(number: Decimal) -> Result<i64> {
    i64::try_from(number).map_err(|_| Error::Failed(format!("{number} is no count")))
}
