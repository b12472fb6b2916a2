//! How often values are there in groups, for measures whose figure would not be known after one was taken away: the
//! least and greatest value, and how many different ones there are.
//!
//! Beside `a4` stands `a4v`: a row for each group, measure and value that is there. Numbers stand in it a second time so
//! that the first and last are found in their order; what the group shows of them is written into its own row.

use std::collections::{BTreeMap, BTreeSet};

use engine::aggregate::{Contributions, Counted, GroupKey, Kept, ValueCounts};
use engine::field::Shape;
use engine::value::Decimal;
use sea_query::Value as Arg;

use super::{CHUNK, GroupTable, number_args, number_columns, read_number};
use crate::connection::{Reader, Sql, Tx};
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::row::args;

/// Which number's columns hold the value; there is but one.
const NUMBER: usize = 0;

pub(super) fn table_name(number: i64) -> String {
    format!("a{number}v")
}

/// What makes the table beside the groups and its index; nothing where no measure is kept by counts of values.
pub(super) fn statements(dialect: Dialect, number: i64, kept: &[Kept]) -> Vec<String> {
    if !kept.iter().any(|kept| kept.counts_values()) {
        return Vec::new();
    }
    let text = dialect.column_type(Shape::Key);
    let numbers: Vec<(String, &str)> = number_columns(dialect, NUMBER).collect();
    let columns: Vec<String> = numbers.iter().map(|(name, of)| format!("{name} {of}")).collect();
    let tail = if dialect == Dialect::Sqlite { " WITHOUT ROWID" } else { "" };
    let name = table_name(number);
    let mut all = vec![format!(
        "CREATE TABLE {name} (workspace BIGINT NOT NULL, key {text} NOT NULL, place BIGINT NOT NULL, \
         value {text} NOT NULL, count BIGINT NOT NULL, {}, PRIMARY KEY (workspace, key, place, value)){tail}",
        columns.join(", ")
    )];
    if kept.iter().any(|kept| is_ordered(*kept)) {
        let order: Vec<String> = numbers.into_iter().map(|(name, _)| name).collect();
        let order = order.join(", ");
        all.push(format!("CREATE INDEX {name}_order ON {name} (workspace, key, place, {order})"));
    }
    all
}

impl GroupTable<'_> {
    fn values_name(&self) -> String {
        table_name(self.number)
    }

    fn counts_values(&self) -> bool {
        self.aggregate.base.iter().any(|measure| measure.kept.counts_values())
    }

    /// Makes the table beside the groups, empty, where one is needed and there is none.
    pub(super) async fn create_values(&self, tx: &mut Tx) -> Result<()> {
        for statement in statements(tx.dialect(), self.number, &self.kept()) {
            tx.batch(statement).await?;
        }
        Ok(())
    }

    /// Counts values of a group more or less often, and brings `figures` and the group's row to what is there then. The
    /// row is locked.
    pub(super) async fn count_values(
        &self,
        tx: &mut Tx,
        key: &GroupKey,
        changes: &ValueCounts,
        figures: &mut [Option<Decimal>],
    ) -> Result<()> {
        let dialect = tx.dialect();
        let name = self.values_name();
        let upsert = format!(
            "{} ON CONFLICT (workspace, key, place, value) DO UPDATE SET count = {name}.count + excluded.count \
             RETURNING count",
            self.insert_values_sql(dialect, 1)
        );
        let mut touched = BTreeSet::new();
        for ((place, value), times) in changes {
            let values = self.value_args(dialect, key, (*place, value), *times)?;
            let after: i64 = tx.fetch_one(Sql::Template(upsert.clone()), values).await?.get(0)?;
            if after == 0 {
                let sql =
                    format!("DELETE FROM {name} WHERE workspace = ? AND key = ? AND place = ? AND value = ?");
                let which = args![self.workspace, key, *place as i64, text_of(value)];
                tx.execute(Sql::Template(sql), which).await?;
            }
            let came = i64::from(after == *times) - i64::from(after == 0);
            if came != 0
                && let Some(figure) = figures.get_mut(*place)
            {
                touched.insert(*place);
                if !self.is_ordered(*place) {
                    *figure = Some(figure.unwrap_or_default() + Decimal::from(came));
                }
            }
        }
        for place in touched {
            if let Some(figure) = figures.get_mut(place) {
                if self.is_ordered(place) {
                    *figure = self.end_of(tx, key, place).await?;
                }
                self.show(tx, key, place, *figure).await?;
            }
        }
        Ok(())
    }

    /// The least or greatest value of a measure that is there in a group.
    async fn end_of(&self, tx: &mut Tx, key: &GroupKey, place: usize) -> Result<Option<Decimal>> {
        let kept = self.aggregate.base.get(place).map(|measure| (measure.kept, measure.scale));
        let Some((kept, scale)) = kept else { return Ok(None) };
        let direction = if kept == Kept::Greatest { "DESC" } else { "ASC" };
        let columns: Vec<String> = number_columns(tx.dialect(), NUMBER).map(|(name, _)| name).collect();
        let order: Vec<String> = columns.iter().map(|column| format!("{column} {direction}")).collect();
        let sql = format!(
            "SELECT {} FROM {} WHERE workspace = ? AND key = ? AND place = ? ORDER BY {} LIMIT 1",
            columns.join(", "),
            self.values_name(),
            order.join(", ")
        );
        let row = tx.fetch_optional(Sql::Template(sql), args![self.workspace, key, place as i64]).await?;
        row.map_or(Ok(None), |row| read_number(&row, 0, scale))
    }

    /// Writes a figure into the group's row.
    async fn show(&self, tx: &mut Tx, key: &GroupKey, place: usize, figure: Option<Decimal>) -> Result<()> {
        let Some(measure) = self.aggregate.base.get(place) else { return Ok(()) };
        let dialect = tx.dialect();
        let columns: Vec<String> =
            number_columns(dialect, place).map(|(name, _)| format!("{name} = ?")).collect();
        let sql =
            format!("UPDATE {} SET {} WHERE workspace = ? AND key = ?", self.name(), columns.join(", "));
        let mut values = number_args(dialect, figure, measure.scale)?;
        values.extend(args![self.workspace, key]);
        tx.execute(Sql::Template(sql), values).await.map(drop)
    }

    /// Puts the values of these groups in place of all others.
    pub(super) async fn replace_values(&self, tx: &mut Tx, groups: &Contributions) -> Result<()> {
        if !self.counts_values() {
            return Ok(());
        }
        let dialect = tx.dialect();
        let sql = format!("DELETE FROM {} WHERE workspace = ?", self.values_name());
        tx.execute(Sql::Template(sql), args![self.workspace]).await?;
        let all: Vec<(&GroupKey, &(usize, Counted), i64)> = groups
            .iter()
            .flat_map(|(key, group)| group.values.iter().map(move |(value, times)| (key, value, *times)))
            .collect();
        for chunk in all.chunks(CHUNK) {
            let mut values = Vec::new();
            for (key, (place, value), times) in chunk {
                values.extend(self.value_args(dialect, key, (*place, value), *times)?);
            }
            tx.execute(Sql::Template(self.insert_values_sql(dialect, chunk.len())), values).await?;
        }
        Ok(())
    }

    /// The values of the groups after `after` up to `last`, by their keys.
    pub(super) async fn counted_values(
        &self,
        db: &mut Reader,
        after: Option<&str>,
        last: &str,
    ) -> Result<BTreeMap<GroupKey, ValueCounts>> {
        let mut all: BTreeMap<GroupKey, ValueCounts> = BTreeMap::new();
        if !self.counts_values() {
            return Ok(all);
        }
        let columns: Vec<String> = number_columns(db.dialect(), NUMBER).map(|(name, _)| name).collect();
        let sql = format!(
            "SELECT key, place, value, count, {} FROM {} WHERE workspace = ? AND key > ? AND key <= ?",
            columns.join(", "),
            self.values_name()
        );
        let which = args![self.workspace, after.unwrap_or_default(), last];
        for row in db.fetch_all(Sql::Template(sql), which).await? {
            let place: i64 = row.get(1)?;
            let measure = usize::try_from(place).ok().and_then(|at| Some((at, self.aggregate.base.get(at)?)));
            let (at, measure) = measure.ok_or_else(|| Error::corrupt(&self.values_name(), "place", place))?;
            let value = match is_ordered(measure.kept) {
                true => Counted::Number(read_number(&row, 4, measure.scale)?.unwrap_or_default().normalize()),
                false => Counted::Text(row.get(2)?),
            };
            all.entry(row.get(0)?).or_default().insert((at, value), row.get(3)?);
        }
        Ok(all)
    }

    fn is_ordered(&self, place: usize) -> bool {
        self.aggregate.base.get(place).is_some_and(|measure| is_ordered(measure.kept))
    }

    fn insert_values_sql(&self, dialect: Dialect, rows: usize) -> String {
        let columns: Vec<String> = number_columns(dialect, NUMBER).map(|(name, _)| name).collect();
        let marks = format!("({})", vec!["?"; 5 + columns.len()].join(", "));
        format!(
            "INSERT INTO {} (workspace, key, place, value, count, {}) VALUES {}",
            self.values_name(),
            columns.join(", "),
            vec![marks; rows].join(", ")
        )
    }

    /// What [`Self::insert_values_sql`] binds for a value.
    fn value_args(
        &self,
        dialect: Dialect,
        key: &GroupKey,
        (place, value): (usize, &Counted),
        times: i64,
    ) -> Result<Vec<Arg>> {
        let scale = self.aggregate.base.get(place).map_or(0, |measure| measure.scale);
        let number = match value {
            Counted::Number(number) => Some(*number),
            Counted::Text(_) => None,
        };
        let mut values = args![self.workspace, key, place as i64, text_of(value), times];
        values.extend(number_args(dialect, number, scale)?);
        Ok(values)
    }
}

/// Whether the order of the values decides.
fn is_ordered(kept: Kept) -> bool {
    matches!(kept, Kept::Least | Kept::Greatest)
}

/// What tells a value from others.
fn text_of(value: &Counted) -> String {
    match value {
        Counted::Number(number) => number.normalize().to_string(),
        Counted::Text(text) => text.clone(),
    }
}
