//! Things in a table of fifty columns, and the raw query for their first page.

use std::time::{Duration, Instant};

use rusqlite::types::Value as Bound;
use serde_json::Value;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tests::Database;

use super::thing::{Kind, Thing, amount, columns};
use crate::place::Place;
use crate::progress::Progress;
use crate::workload::{PAGE, STATUSES};

/// Things that are stored at once.
const BATCH: u64 = 1000;

/// The database alone, with all things in it.
pub struct Raw {
    alone: Alone,
    page: String,
    /// Records a second, when it was filled.
    pub rate: f64,
}

enum Alone {
    Sqlite(Box<rusqlite::Connection>),
    Postgres(PgConnection),
}

/// Pages with a different pair of conditions each: the state, and the least amount in cents.
pub fn questions() -> Vec<(&'static str, i64)> {
    (0..10).map(|at| (STATUSES[at % STATUSES.len()], 100_000 * at as i64)).collect()
}

impl Raw {
    pub async fn filled(place: &Place, database: Database, rows: u64) -> Raw {
        let names = names();
        let order = format!("order by day desc, id desc limit {PAGE}");
        match database {
            Database::Sqlite => {
                let mut alone = rusqlite::Connection::open(place.folder().join("floor.db")).unwrap();
                let rate = fill_sqlite(&mut alone, rows);
                // SQLite's planner may take the table in its own order; the index stops at the last record of the page.
                let walk = "things indexed by by_status_day";
                let page = format!("select {names} from {walk} where status = ? and amount >= ? {order}");
                Raw { alone: Alone::Sqlite(Box::new(alone)), page, rate }
            }
            Database::Postgres => {
                let mut alone = PgConnection::connect(place.url().unwrap()).await.unwrap();
                let rate = fill_postgres(&mut alone, rows).await;
                place.settle().await;
                let page = format!(
                    "select {names} from things where status = $1 and amount >= $2::bigint::numeric / 100 {order}"
                );
                Raw { alone: Alone::Postgres(alone), page, rate }
            }
        }
    }

    /// What 95 of a hundred pages take at most, in milliseconds.
    pub async fn p95(&mut self, time: Duration) -> f64 {
        let questions = questions();
        let (started, mut took) = (Instant::now(), Vec::new());
        while started.elapsed() < time {
            let (status, cents) = questions[took.len() % questions.len()];
            let begun = Instant::now();
            self.read(status, cents).await;
            took.push(begun.elapsed());
        }
        took.sort_unstable();
        took[took.len() * 95 / 100].as_secs_f64() * 1000.0
    }

    async fn read(&mut self, status: &str, cents: i64) {
        match &mut self.alone {
            Alone::Sqlite(alone) => crate::floor::read(alone, &self.page, &[&status, &cents]),
            Alone::Postgres(alone) => {
                let question = sqlx::query(AssertSqlSafe(self.page.as_str())).bind(status).bind(cents);
                std::hint::black_box(question.fetch_all(alone).await.unwrap());
            }
        }
    }
}

fn names() -> String {
    let names: Vec<String> = columns().into_iter().map(|(name, _)| name).collect();
    names.join(", ")
}

/// The table and its index.
fn schema(id: &str, type_of: impl Fn(Kind) -> &'static str) -> String {
    let columns = columns().into_iter().map(|(name, kind)| format!("{name} {}", type_of(kind)));
    let columns: Vec<String> = columns.collect();
    format!(
        "create table things ({id}, {}); create index by_status_day on things(status, day, id)",
        columns.join(", ")
    )
}

fn fill_sqlite(alone: &mut rusqlite::Connection, rows: u64) -> f64 {
    let schema = schema("id integer primary key", |kind| match kind {
        Kind::Text | Kind::Date | Kind::Choice => "text",
        Kind::Amount | Kind::Count | Kind::Switch => "integer",
    });
    alone.execute_batch(&format!("pragma journal_mode = wal; pragma synchronous = full; {schema}")).unwrap();
    let marks = vec!["?"; columns().len()].join(", ");
    let insert = format!("insert into things({}) values ({marks})", names());
    let mut progress = Progress::new("SQLite alone", rows);
    let mut took = Duration::ZERO;
    for first in (1..=rows).step_by(BATCH as usize) {
        let things: Vec<Vec<Value>> =
            (first..(first + BATCH).min(rows + 1)).map(|number| Thing::new(number).values()).collect();
        let started = Instant::now();
        let transaction = alone.transaction().unwrap();
        for thing in &things {
            let values = thing.iter().map(bound);
            transaction.prepare_cached(&insert).unwrap().execute(rusqlite::params_from_iter(values)).unwrap();
        }
        transaction.commit().unwrap();
        took += started.elapsed();
        progress.reached(first + BATCH - 1);
    }
    alone.execute_batch("pragma wal_checkpoint(truncate)").unwrap();
    rows as f64 / took.as_secs_f64()
}

fn bound(value: &Value) -> Bound {
    match value {
        Value::String(text) => Bound::Text(text.clone()),
        Value::Bool(flag) => Bound::Integer(i64::from(*flag)),
        number => Bound::Integer(number.as_i64().unwrap()),
    }
}

/// By the fastest way in that PostgreSQL has, each batch committed by itself.
async fn fill_postgres(alone: &mut PgConnection, rows: u64) -> f64 {
    let schema = schema("id bigint generated by default as identity primary key", |kind| match kind {
        Kind::Text | Kind::Choice => "text",
        Kind::Amount => "numeric(18, 2)",
        Kind::Count => "bigint",
        Kind::Date => "date",
        Kind::Switch => "boolean",
    });
    sqlx::raw_sql(AssertSqlSafe(schema)).execute(&mut *alone).await.unwrap();
    let copy = format!("copy things({}) from stdin with (format csv)", names());
    let kinds: Vec<Kind> = columns().into_iter().map(|(_, kind)| kind).collect();
    let mut progress = Progress::new("PostgreSQL alone", rows);
    let mut took = Duration::ZERO;
    for first in (1..=rows).step_by(BATCH as usize) {
        let mut lines = String::new();
        for number in first..(first + BATCH).min(rows + 1) {
            lines += &line(&Thing::new(number), &kinds);
        }
        let started = Instant::now();
        let mut copying = alone.copy_in_raw(&copy).await.unwrap();
        copying.send(lines.as_bytes()).await.unwrap();
        copying.finish().await.unwrap();
        took += started.elapsed();
        progress.reached(first + BATCH - 1);
    }
    rows as f64 / took.as_secs_f64()
}

/// A line of a csv file: no value holds a comma, a quote or a line break.
fn line(thing: &Thing, kinds: &[Kind]) -> String {
    let cells = thing.values().into_iter().zip(kinds).map(|(value, kind)| {
        let value = if *kind == Kind::Amount { amount(&value) } else { value };
        value.as_str().map_or_else(|| value.to_string(), str::to_owned)
    });
    cells.collect::<Vec<String>>().join(",") + "\n"
}
