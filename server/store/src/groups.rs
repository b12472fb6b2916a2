//! The groups of aggregate tables, kept by delta inside the save that changes them (semantics.md 7).
//!
//! Aggregate number 4 has the table `a4`: a row for each group, known by the text of its dimensions, with the number of
//! contributions, the dimensions (`d0`, `d1` …) and the stored sums. SQLite has no number that holds the sum
//! of very many large amounts, so there a sum is kept as two whole numbers, `h0 * 2^32 + l0`, each of which
//! adds up by itself.

use engine::aggregate::{Aggregate, Contribution, Contributions, GroupKey};
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
    /// In the order of the aggregate's base measures.
    pub sums: Vec<Decimal>,
}

/// Groups in one statement at most, when many are stored.
const CHUNK: usize = 50;

impl GroupTable<'_> {
    fn name(&self) -> String {
        format!("a{}", self.number)
    }

    /// Makes the table, empty; in place of a former one.
    pub async fn create(&self, tx: &mut Tx) -> Result<()> {
        let dialect = tx.dialect();
        let text = dialect.column_type(Shape::Key);
        let mut columns = vec![
            "workspace BIGINT NOT NULL".to_string(),
            format!("key {text} NOT NULL"),
            "count BIGINT NOT NULL".to_string(),
        ];
        for (place, shape) in self.shapes().into_iter().enumerate() {
            columns.push(format!("d{place} {}", dialect.column_type(shape)));
        }
        for place in 0..self.aggregate.base.len() {
            match dialect {
                Dialect::Sqlite => {
                    columns.push(format!("h{place} BIGINT NOT NULL, l{place} BIGINT NOT NULL"))
                }
                Dialect::Postgres => columns.push(format!("m{place} NUMERIC NOT NULL")),
            }
        }
        let tail = if dialect == Dialect::Sqlite { " WITHOUT ROWID" } else { "" };
        let (name, columns) = (self.name(), columns.join(", "));
        tx.batch(format!("DROP TABLE IF EXISTS {name}")).await?;
        tx.batch(format!("CREATE TABLE {name} ({columns}, PRIMARY KEY (workspace, key)){tail}")).await
    }

    /// Removes the table.
    pub async fn drop(&self, tx: &mut Tx) -> Result<()> {
        tx.batch(format!("DROP TABLE IF EXISTS {}", self.name())).await
    }

    /// Adds a delta, and answers how the groups that it touches stand after it. The groups are taken in the order of
    /// their keys, and stay locked until the transaction ends: tables must be taken in the order of their numbers.
    pub async fn add(&self, tx: &mut Tx, delta: &Contributions) -> Result<Vec<StoredGroup>> {
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
            let values = self.values(dialect, key, change)?;
            let row = tx.fetch_one(Sql::Template(sql.clone()), values).await?;
            let group = self.read(&row)?;
            if group.count == 0 && group.sums.iter().all(Decimal::is_zero) {
                let sql = format!("DELETE FROM {name} WHERE workspace = ? AND key = ?");
                tx.execute(Sql::Template(sql), args![self.workspace, key]).await?;
            }
            stored.push(group);
        }
        Ok(stored)
    }

    /// Puts these groups in place of all others.
    pub async fn replace(&self, tx: &mut Tx, groups: &Contributions) -> Result<()> {
        let dialect = tx.dialect();
        let name = self.name();
        let sql = format!("DELETE FROM {name} WHERE workspace = ?");
        tx.execute(Sql::Template(sql), args![self.workspace]).await?;
        let groups: Vec<(&GroupKey, &Contribution)> = groups.iter().collect();
        for chunk in groups.chunks(CHUNK) {
            let mut values = Vec::new();
            for (key, group) in chunk {
                values.extend(self.values(dialect, key, group)?);
            }
            tx.execute(Sql::Template(self.insert_sql(dialect, chunk.len())), values).await?;
        }
        Ok(())
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

    /// All groups: to compare with a rebuild.
    pub async fn all(&self, db: &mut Reader) -> Result<Contributions> {
        let mut all = Contributions::new();
        let mut after: Option<String> = None;
        loop {
            let page = self.page(db, after.as_deref(), 1000).await?;
            let Some(last) = page.last() else { return Ok(all) };
            after = Some(last.key.clone());
            all.extend(page.into_iter().map(|group| {
                let StoredGroup { key, group, count, sums } = group;
                (key, Contribution { group, count, sums })
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

    fn sum_columns(&self, dialect: Dialect) -> Vec<String> {
        let places = 0..self.aggregate.base.len();
        match dialect {
            Dialect::Sqlite => places.flat_map(|place| [format!("h{place}"), format!("l{place}")]).collect(),
            Dialect::Postgres => places.map(|place| format!("m{place}")).collect(),
        }
    }

    /// `key`, `count`, dimensions, sums: as [`Self::read`] reads them.
    fn stored_columns(&self, dialect: Dialect) -> String {
        let mut columns = vec!["key".to_string(), "count".to_string()];
        columns.extend((0..self.aggregate.dimensions.len()).map(|place| format!("d{place}")));
        columns.extend(self.sum_columns(dialect));
        columns.join(", ")
    }

    fn insert_sql(&self, dialect: Dialect, rows: usize) -> String {
        let columns = self.stored_columns(dialect);
        let marks = vec!["?"; columns.split(", ").count() + 1].join(", ");
        let rows = vec![format!("({marks})"); rows].join(", ");
        format!("INSERT INTO {} (workspace, {columns}) VALUES {rows}", self.name())
    }

    fn values(&self, dialect: Dialect, key: &GroupKey, group: &Contribution) -> Result<Vec<Arg>> {
        let mut values = args![self.workspace, key, group.count];
        for (value, shape) in group.group.iter().zip(self.shapes()) {
            values.push(cell::encode(dialect, shape, value)?);
        }
        for (sum, measure) in group.sums.iter().zip(&self.aggregate.base) {
            match dialect {
                Dialect::Postgres => values.push((*sum).into()),
                Dialect::Sqlite => {
                    let count = scaled(*sum, measure.scale).filter(|found| found.exact);
                    let count = count.ok_or_else(|| Error::Failed(format!("{sum} is no sum")))?.floor;
                    let upper = i64::try_from(count >> 32);
                    let upper = upper.map_err(|_| Error::Failed(format!("{sum} is beyond all sums")))?;
                    let lower = (count & 0xffff_ffff) as i64;
                    values.push(upper.into());
                    values.push(lower.into());
                }
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
        for measure in &self.aggregate.base {
            match row {
                Row::Postgres(row) => {
                    sums.push(numeric(row, at)?.unwrap_or_default());
                    at += 1;
                }
                Row::Sqlite(_) => {
                    let (upper, lower): (i64, i64) = (row.get(at)?, row.get(at + 1)?);
                    sums.push(unscaled((i128::from(upper) << 32) + i128::from(lower), measure.scale)?);
                    at += 2;
                }
            }
        }
        Ok(StoredGroup { key: row.get(0)?, count: row.get(1)?, group, sums })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use engine::aggregate::delta;
    use serde_json::json;

    use super::*;
    use crate::testing::{TestForms, on_both};
    use crate::{Store, ids};

    async fn stock(store: &Store) -> (TestForms, Arc<Aggregate>) {
        let mut forms = TestForms::new();
        forms
            .publish(
                store,
                json!({"key": "product", "label": "品", "fields": [
            {"key": "name", "label": "名", "kind": "text"}]}),
            )
            .await;
        let moves = forms
            .publish(
                store,
                json!({"key": "moves", "label": "流水", "fields": [
            {"key": "product", "label": "品", "kind": "link", "options": {"form": "product"}},
            {"key": "day", "label": "日", "kind": "date"},
            {"key": "gift", "label": "赠", "kind": "switch"},
            {"key": "qty", "label": "数", "kind": "number", "options": {"scale": 3}}]}),
            )
            .await;
        let document = serde_json::from_value(json!({"key": "stock", "label": "库存",
            "dimensions": [{"key": "product", "label": "品"}, {"key": "month", "label": "月"}],
            "sources": [{"form": "moves",
                "group": {"product": "product", "month": {"field": "day", "unit": "month"}},
                "measures": {"on_hand": {"fn": "sum", "field": "qty"}, "moves": {"fn": "count"}}}]}))
        .unwrap();
        let aggregate = Aggregate::publish(document, &|_| Some(moves.clone()), &forms).unwrap();
        (forms, Arc::new(aggregate))
    }

    fn one(aggregate: &Aggregate, product: Id, qty: &str, count: i64) -> Contributions {
        let group = vec![Value::Ref(product), Value::Date("2026-11-01".parse().unwrap())];
        let sums = aggregate
            .base
            .iter()
            .map(|measure| if measure.key == "moves" { count.into() } else { qty.parse().unwrap() })
            .collect();
        [(aggregate.key_of(&group), Contribution { group, count, sums })].into()
    }

    async fn add(
        store: &Store,
        workspace: Id,
        aggregate: &Arc<Aggregate>,
        delta: Contributions,
    ) -> Result<Vec<StoredGroup>, Error> {
        let aggregate = aggregate.clone();
        store
            .write(move |tx| {
                Box::pin(async move {
                    GroupTable { workspace, number: 1, aggregate: &aggregate }.add(tx, &delta).await
                })
            })
            .await
    }

    async fn create(store: &Store, workspace: Id, aggregate: &Arc<Aggregate>) {
        let aggregate = aggregate.clone();
        let done: Result<(), Error> = store
            .write(move |tx| {
                Box::pin(async move {
                    GroupTable { workspace, number: 1, aggregate: &aggregate }.create(tx).await
                })
            })
            .await;
        done.unwrap();
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn deltas_add_up_beyond_sixty_four_bits_and_empty_groups_go() {
        on_both(async |store| {
            let (forms, aggregate) = stock(store).await;
            let (workspace, product) = (forms.workspace, ids::next());
            create(store, workspace, &aggregate).await;
            let most = one(&aggregate, product, "999999999999999.999", 1);
            let mut all = Contributions::new();
            for _ in 0..20 {
                let stored = add(store, workspace, &aggregate, most.clone()).await.unwrap();
                assert_eq!(stored.len(), 1);
                let less = one(&aggregate, product, "-999999999999999.999", -1);
                all = delta(&less, &all).unwrap();
            }
            let table = GroupTable { workspace, number: 1, aggregate: &aggregate };
            let mut db = store.read().await.unwrap();
            assert_eq!(table.all(&mut db).await.unwrap(), all);
            let key = all.keys().next().unwrap();
            let group = table.get(&mut db, key).await.unwrap().unwrap();
            assert!(group.sums.contains(&"19999999999999999.980".parse().unwrap()), "{group:?}");
            drop(db);
            let back = delta(&all, &Contributions::new()).unwrap();
            add(store, workspace, &aggregate, back).await.unwrap();
            let mut db = store.read().await.unwrap();
            assert!(table.all(&mut db).await.unwrap().is_empty());
        })
        .await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_rebuild_replaces_every_group() {
        on_both(async |store| {
            let (forms, aggregate) = stock(store).await;
            create(store, forms.workspace, &aggregate).await;
            add(store, forms.workspace, &aggregate, one(&aggregate, ids::next(), "1", 1)).await.unwrap();
            let mut groups = Contributions::new();
            for number in 0..130 {
                groups.extend(one(&aggregate, ids::next(), &format!("-{number}.5"), 1));
            }
            let (built, workspace) = (groups.clone(), forms.workspace);
            let shared = aggregate.clone();
            let done: Result<(), Error> = store
                .write(move |tx| {
                    Box::pin(async move {
                        GroupTable { workspace, number: 1, aggregate: &shared }.replace(tx, &built).await
                    })
                })
                .await;
            done.unwrap();
            let table = GroupTable { workspace, number: 1, aggregate: &aggregate };
            let mut db = store.read().await.unwrap();
            assert_eq!(table.all(&mut db).await.unwrap(), groups);
        })
        .await;
    }

    /// Reliability page, C5: of 40 takes from 25 units at once, exactly 25 succeed.
    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn stock_is_never_oversold() {
        on_both(async |store| {
            let (forms, aggregate) = stock(store).await;
            let (workspace, product) = (forms.workspace, ids::next());
            create(store, workspace, &aggregate).await;
            add(store, workspace, &aggregate, one(&aggregate, product, "25", 1)).await.unwrap();
            let takes: Vec<_> = (0..40)
                .map(|_| {
                    let (store, aggregate) = (store.clone(), aggregate.clone());
                    tokio::spawn(async move {
                        let take = one(&aggregate, product, "-1", 1);
                        let done: Result<(), Error> = store
                            .write(move |tx| {
                                Box::pin(async move {
                                    let table = GroupTable { workspace, number: 1, aggregate: &aggregate };
                                    let stored = table.add(tx, &take).await?;
                                    let short = stored[0].sums.iter().any(Decimal::is_sign_negative);
                                    if short { Err(Error::NotFound { what: "stock" }) } else { Ok(()) }
                                })
                            })
                            .await;
                        done
                    })
                })
                .collect();
            let mut taken = 0;
            for take in takes {
                match take.await.unwrap() {
                    Ok(()) => taken += 1,
                    Err(error) => assert_eq!(error, Error::NotFound { what: "stock" }),
                }
            }
            assert_eq!(taken, 25);
        })
        .await;
    }
}
