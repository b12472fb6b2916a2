//! PostgreSQL alone: the same rows and questions over its own protocol, with the best SQL that is known.

use std::time::{Duration, Instant};

use sqlx::{AssertSqlSafe, Connection, PgConnection};

use super::orders::{
    self, Asked, COUNT, COUNT_FILTERED, IMPORT, SCHEMA, SUMS, UPDATE, insert_customers, insert_many,
    insert_one, page_at, page_filtered, tags,
};
use crate::floor::{Floor, IMPORTED, p50_of};
use crate::place::Place;
use crate::progress::Progress;
use crate::workload::{self, BATCH, List, Order};

/// Connections that write at once.
const WRITERS: usize = 16;

/// The statements, made once.
struct Statements {
    one: String,
    filtered: String,
    at: String,
    insert: String,
    bulk: String,
}

impl Statements {
    fn new() -> Statements {
        Statements {
            one: orders::one(),
            filtered: page_filtered(),
            at: page_at(),
            insert: insert_one(),
            bulk: insert_many(),
        }
    }
}

pub async fn measure(place: &Place, orders: u64, time: Duration) -> Floor {
    let url = place.url().unwrap();
    let mut database = PgConnection::connect(url).await.unwrap();
    let statements = Statements::new();
    sqlx::raw_sql(SCHEMA).execute(&mut database).await.unwrap();
    let bulk = load(&mut database, &statements, orders).await;
    place.settle().await;
    let disk_mb = place.size_mb().await;
    let (filtered, deep) = (workload::filtered_lists(), workload::deep_lists(orders));
    let samples = workload::samples(orders);
    let new = workload::orders(orders + 1..orders + 2001);
    let list_ms =
        p50(time, async |at| list(&mut database, &statements, &filtered[at % filtered.len()]).await).await;
    let deep_ms = p50(time, async |at| list(&mut database, &statements, &deep[at % deep.len()]).await).await;
    let get_ms = p50(time, async |at| {
        read(&mut database, asked(&statements.one).bind(samples[at % samples.len()] as i64)).await;
    })
    .await;
    let sum_ms = p50(time, async |_| read(&mut database, sqlx::query(SUMS)).await).await;
    let update_ms = p50(time, async |at| {
        let update = sqlx::query(UPDATE).bind(format!("note {at}")).bind(samples[at % samples.len()] as i64);
        update.execute(&mut database).await.unwrap();
    })
    .await;
    let create_ms =
        p50(time, async |at| insert(&mut database, &statements.insert, &new[at % new.len()]).await).await;
    let creates = creates(url, time, &statements.insert, &new).await;
    let import = import(&mut database, orders).await;
    Floor { create_ms, creates, bulk, list_ms, deep_ms, get_ms, update_ms, sum_ms, import, disk_mb }
}

fn asked<'q>(statement: &str) -> Asked<'q> {
    sqlx::query(AssertSqlSafe(statement))
}

/// Rows a second.
async fn load(database: &mut PgConnection, statements: &Statements, orders: u64) -> f64 {
    insert_customers().execute(&mut *database).await.unwrap();
    let mut progress = Progress::new("PostgreSQL alone", orders);
    let mut took = Duration::ZERO;
    for first in (1..=orders).step_by(BATCH as usize) {
        let batch = workload::orders(first..(first + BATCH).min(orders + 1));
        let started = Instant::now();
        many(&statements.bulk, &batch).execute(&mut *database).await.unwrap();
        took += started.elapsed();
        progress.reached(first + BATCH - 1);
    }
    orders as f64 / took.as_secs_f64()
}

/// The statement that stores all of them.
pub fn many<'q>(statement: &str, all: &[Order]) -> Asked<'q> {
    let texts = |of: &dyn Fn(&Order) -> String| all.iter().map(of).collect::<Vec<String>>();
    let numbers = |of: &dyn Fn(&Order) -> i64| all.iter().map(of).collect::<Vec<i64>>();
    asked(statement)
        .bind(texts(&|order| order.serial_no.clone()))
        .bind(texts(&|order| order.title.clone()))
        .bind(numbers(&|order| order.cents))
        .bind(numbers(&|order| order.quantity))
        .bind(texts(&|order| order.date.clone()))
        .bind(texts(&|order| order.status.to_owned()))
        .bind(texts(&tags))
        .bind(all.iter().map(|order| order.paid).collect::<Vec<bool>>())
        .bind(numbers(&|order| order.customer as i64))
        .bind(texts(&|order| order.phone.clone()))
        .bind(texts(&|order| order.note.clone()))
}

async fn insert(database: &mut PgConnection, statement: &str, order: &Order) {
    asked(statement)
        .bind(&order.serial_no)
        .bind(&order.title)
        .bind(order.cents)
        .bind(order.quantity)
        .bind(&order.date)
        .bind(order.status)
        .bind(tags(order))
        .bind(order.paid)
        .bind(order.customer as i64)
        .bind(&order.phone)
        .bind(&order.note)
        .execute(&mut *database)
        .await
        .unwrap();
}

/// A page and the count of its list.
async fn list(database: &mut PgConnection, statements: &Statements, list: &List) {
    match list.filter {
        Some((status, cents)) => {
            read(database, asked(&statements.filtered).bind(status).bind(cents)).await;
            read(database, sqlx::query(COUNT_FILTERED).bind(status).bind(cents)).await;
        }
        None => {
            read(database, asked(&statements.at).bind(list.offset as i64)).await;
            read(database, sqlx::query(COUNT)).await;
        }
    }
}

async fn read(database: &mut PgConnection, question: Asked<'_>) {
    std::hint::black_box(question.fetch_all(&mut *database).await.unwrap());
}

/// Records a second of many connections, each of which commits every record by itself: PostgreSQL makes groups of them.
async fn creates(url: &str, time: Duration, statement: &str, new: &[Order]) -> f64 {
    let mut writers = Vec::new();
    for writer in 0..WRITERS {
        let mut database = PgConnection::connect(url).await.unwrap();
        writers.push(async move {
            let started = Instant::now();
            let mut made = 0;
            while started.elapsed() < time {
                insert(&mut database, statement, &new[(made * WRITERS + writer) % new.len()]).await;
                made += 1;
            }
            made
        });
    }
    let started = Instant::now();
    let made: usize = tests::together(writers).await.into_iter().sum();
    made as f64 / started.elapsed().as_secs_f64()
}

/// Rows a second of a file in one transaction.
async fn import(database: &mut PgConnection, orders: u64) -> f64 {
    let file = workload::csv(orders + 1..orders + IMPORTED + 1);
    let (_, lines) = file.split_once('\n').unwrap();
    let started = Instant::now();
    let mut copy = database.copy_in_raw(IMPORT).await.unwrap();
    copy.send(lines.as_bytes()).await.unwrap();
    assert_eq!(copy.finish().await.unwrap(), IMPORTED);
    IMPORTED as f64 / started.elapsed().as_secs_f64()
}

/// The middle of how long `work` takes, in milliseconds, done for so long.
async fn p50(time: Duration, mut work: impl AsyncFnMut(usize)) -> f64 {
    let started = Instant::now();
    let mut took = Vec::new();
    while started.elapsed() < time {
        let begun = Instant::now();
        work(took.len()).await;
        took.push(begun.elapsed());
    }
    p50_of(took)
}
