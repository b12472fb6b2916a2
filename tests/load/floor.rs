//! The database alone: the same rows and questions put straight into SQLite, with the best SQL that is known. The
//! limit of what any server on it can reach.

use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::{Connection, params};

use crate::progress::Progress;
use crate::workload::{self, BATCH, CUSTOMERS, List, Order, PAGE};

const SCHEMA: &str = "
    pragma journal_mode = wal; pragma synchronous = full;
    create table customers (id integer primary key, name text not null);
    create table orders (id integer primary key, serial_no text, title text, cents integer, quantity integer,
        order_date text, status text, tags text, paid integer, customer integer, owner integer, phone text, note text);
    create index by_status_amount on orders(status, cents);
    create index by_status_date on orders(status, order_date, id);
    create index by_date on orders(order_date, id);";
const INSERT: &str =
    "insert into orders(serial_no, title, cents, quantity, order_date, status, tags, paid, customer,
    owner, phone, note) values (?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?)";
const IMPORT: &str =
    "insert into orders(serial_no, title, cents, quantity, order_date, status, paid, phone, note)
    values (?, ?, cast(round(? * 100) as integer), ?, ?, ?, ?, ?, ?)";
const SHOWN: &str = "select o.*, c.name from orders o";
const JOINED: &str = "left join customers c on c.id = o.customer";
const NEWEST_FIRST: &str = "order by o.order_date desc, o.id desc";

/// Lines of the file that is imported.
pub const IMPORTED: u64 = 50_000;

/// What the database alone reaches: times in milliseconds, rates a second.
pub struct Floor {
    pub create_ms: f64,
    pub creates: f64,
    pub bulk: f64,
    pub list_ms: f64,
    pub deep_ms: f64,
    pub get_ms: f64,
    pub update_ms: f64,
    pub sum_ms: f64,
    pub import: f64,
    pub disk_mb: f64,
}

pub fn measure(folder: &Path, orders: u64, time: Duration) -> Floor {
    let path = folder.join("floor.db");
    let mut database = Connection::open(&path).unwrap();
    database.execute_batch(SCHEMA).unwrap();
    let bulk = load(&mut database, orders);
    database.execute_batch("pragma wal_checkpoint(truncate)").unwrap();
    let disk_mb = std::fs::metadata(&path).unwrap().len() as f64 / f64::from(1 << 20);
    let (filtered, deep) = (workload::filtered_lists(), workload::deep_lists(orders));
    let samples = workload::samples(orders);
    let new = workload::orders(orders + 1..orders + 2001);
    let get = format!("{SHOWN} {JOINED} where o.id = ?");
    let sum = "select status, sum(cents) from orders group by status";
    let list_ms = p50(time, |at| list(&database, &filtered[at % filtered.len()]));
    let deep_ms = p50(time, |at| list(&database, &deep[at % deep.len()]));
    let get_ms = p50(time, |at| read(&database, &get, params![samples[at % samples.len()] as i64]));
    let sum_ms = p50(time, |_| read(&database, sum, params![]));
    let update_ms = p50(time, |at| {
        let mut update = database.prepare_cached("update orders set note = ? where id = ?").unwrap();
        update.execute(params![format!("note {at}"), samples[at % samples.len()] as i64]).unwrap();
    });
    let create_ms = p50(time, |at| insert(&database, &new[at % new.len()]));
    let group_ms = p50(time, |at| {
        let group = database.unchecked_transaction().unwrap();
        (0..16).for_each(|place| insert(&group, &new[(at * 16 + place) % new.len()]));
        group.commit().unwrap();
    });
    let import = import(&mut database, orders);
    let creates = 16_000.0 / group_ms;
    Floor { create_ms, creates, bulk, list_ms, deep_ms, get_ms, update_ms, sum_ms, import, disk_mb }
}

/// Rows a second.
fn load(database: &mut Connection, orders: u64) -> f64 {
    let customers = database.transaction().unwrap();
    for number in 1..=CUSTOMERS {
        customers.execute("insert into customers(name) values (?)", [workload::customer(number)]).unwrap();
    }
    customers.commit().unwrap();
    let mut progress = Progress::new("SQLite alone", orders);
    let mut took = Duration::ZERO;
    for first in (1..=orders).step_by(BATCH as usize) {
        let batch = workload::orders(first..(first + BATCH).min(orders + 1));
        let started = Instant::now();
        let transaction = database.transaction().unwrap();
        batch.iter().for_each(|order| insert(&transaction, order));
        transaction.commit().unwrap();
        took += started.elapsed();
        progress.reached(first + BATCH - 1);
    }
    orders as f64 / took.as_secs_f64()
}

fn insert(database: &Connection, order: &Order) {
    let tags = serde_json::to_string(&order.tags).unwrap();
    database
        .prepare_cached(INSERT)
        .unwrap()
        .execute(params![
            order.serial_no,
            order.title,
            order.cents,
            order.quantity,
            order.date,
            order.status,
            tags,
            order.paid,
            order.customer as i64,
            order.phone,
            order.note
        ])
        .unwrap();
}

/// A page and the count of its list.
fn list(database: &Connection, list: &List) {
    match list.filter {
        Some((status, cents)) => {
            let condition = "where o.status = ? and o.cents >= ?";
            // SQLite's planner takes the index on the amount and sorts; the one on the date stops at the last record.
            let walk = "indexed by by_status_date";
            let page = format!("{SHOWN} {walk} {JOINED} {condition} {NEWEST_FIRST} limit {PAGE}");
            read(database, &page, params![status, cents]);
            read(database, &format!("select count(*) from orders o {condition}"), params![status, cents]);
        }
        None => {
            let ids = format!("select id from orders o {NEWEST_FIRST} limit {PAGE} offset ?");
            let page = format!("{SHOWN} {JOINED} where o.id in ({ids}) {NEWEST_FIRST}");
            read(database, &page, params![list.offset as i64]);
            read(database, "select count(*) from orders", params![]);
        }
    }
}

/// Reads every column of every row.
pub fn read(database: &Connection, sql: &str, values: &[&dyn rusqlite::ToSql]) {
    let mut statement = database.prepare_cached(sql).unwrap();
    let columns = statement.column_count();
    let mut rows = statement.query(values).unwrap();
    while let Some(row) = rows.next().unwrap() {
        for column in 0..columns {
            std::hint::black_box(row.get_ref(column).unwrap());
        }
    }
}

/// Rows a second of a file in one transaction.
fn import(database: &mut Connection, orders: u64) -> f64 {
    let file = workload::csv(orders + 1..orders + IMPORTED + 1);
    let started = Instant::now();
    let transaction = database.transaction().unwrap();
    for line in file.lines().skip(1) {
        let cells = rusqlite::params_from_iter(line.split(','));
        transaction.prepare_cached(IMPORT).unwrap().execute(cells).unwrap();
    }
    transaction.commit().unwrap();
    IMPORTED as f64 / started.elapsed().as_secs_f64()
}

/// The middle of how long `work` takes, in milliseconds, done for so long.
fn p50(time: Duration, mut work: impl FnMut(usize)) -> f64 {
    let started = Instant::now();
    let mut took = Vec::new();
    while started.elapsed() < time {
        let begun = Instant::now();
        work(took.len());
        took.push(begun.elapsed());
    }
    p50_of(took)
}

/// The middle, in milliseconds.
pub fn p50_of(mut took: Vec<Duration>) -> f64 {
    took.sort_unstable();
    took[took.len() / 2].as_secs_f64() * 1000.0
}
