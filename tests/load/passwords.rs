//! What two hundred wrong passwords a second cost everybody else: a page of 50 found, sorted and counted among 100,000 orders,
//! in calm and under them by turns.
//!
//! Started by `cargo xtask bench --without-frontend -- passwords`, apart from the other figures: they are taken in calm.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use clap::Args;
use serde_json::{Value, json};
use tests::Database;
use tokio::time::interval;

use crate::client::{Connection, Request, replay};
use crate::formwork::Formwork;
use crate::place::Place;
use crate::subject::Subject;
use crate::workload::{BATCH, List, Order};
use crate::{WARM_UP, median, say};

/// How many times as long the page may take.
const MOST: f64 = 2.0;
const PER_SECOND: u64 = 200;
/// The guesses of one turn before the page is asked for.
const AHEAD: Duration = Duration::from_millis(500);
/// What waits is refused in this time.
const CALM_AGAIN: Duration = Duration::from_secs(3);

#[derive(Args)]
pub struct Options {
    /// Records of the form
    #[arg(long, default_value_t = 100_000)]
    rows: u64,
    /// Where the records are: sqlite or postgres
    #[arg(long, default_value = "sqlite", value_parser = crate::place::named)]
    database: Database,
    /// Length of one measured load
    #[arg(long, default_value_t = 3.0)]
    seconds: f64,
    /// Turns; the middle one counts
    #[arg(long, default_value_t = 5)]
    repeats: usize,
    /// Fail where the page takes longer than it may
    #[arg(long)]
    check: bool,
}

/// Whether the figure holds, or need not.
pub async fn measure(options: &Options) -> bool {
    let folder = tempfile::Builder::new().prefix("formwork-bench-").tempdir().unwrap();
    let place = Place::new(options.database, folder.path(), "formwork").await;
    let mut formwork = Formwork::start_with(&place, &["--trusted-proxies", "127.0.0.1"]).await;
    fill(&mut formwork, options.rows).await;
    let port = formwork.server().port;
    let asked = List { filter: Some((crate::workload::STATUSES[0], 50_000)), offset: 0 };
    let requests = Arc::new(vec![formwork.list(&asked)]);
    let time = Duration::from_secs_f64(options.seconds);
    say("a page, in calm and under wrong passwords");
    replay(port, &requests, 1, WARM_UP).await;
    let (mut calm, mut under, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    let sent = Arc::new(AtomicUsize::new(0));
    for _ in 0..options.repeats {
        let alone = replay(port, &requests, 1, time).await;
        let flood = Flood::begin(port, &sent);
        tokio::time::sleep(AHEAD).await;
        let beside = replay(port, &requests, 1, time).await;
        flood.end().await;
        assert_eq!(alone.failed + beside.failed, 0, "answers that were no success");
        ratios.push(beside.p50_ms / alone.p50_ms);
        calm.push(alone.p50_ms);
        under.push(beside.p50_ms);
        tokio::time::sleep(CALM_AGAIN).await;
    }
    let ratio = median(ratios);
    println!("\n| page of 50 of {} records | ms | under / calm |\n|---|---|---|", options.rows);
    println!("| in calm | {:.2} | |", median(calm));
    println!(
        "| under {PER_SECOND} wrong passwords a second | {:.2} | {ratio:.2} (≤ {MOST}) |",
        median(under)
    );
    println!("{} wrong passwords were sent", sent.load(Ordering::Relaxed));
    !options.check || ratio <= MOST
}

async fn fill(formwork: &mut Formwork, rows: u64) {
    say("orders");
    let mut connection = formwork.server().connection().await;
    for first in (1..=rows).step_by(BATCH as usize) {
        let orders: Vec<Order> = (first..(first + BATCH).min(rows + 1)).map(Order::new).collect();
        connection.ask(&formwork.bulk(&orders)).await.unwrap().json();
    }
}

/// Wrong passwords, each for an account and from an address of its own.
struct Flood {
    over: Arc<AtomicBool>,
    sending: tokio::task::JoinHandle<()>,
}

impl Flood {
    fn begin(port: u16, sent: &Arc<AtomicUsize>) -> Flood {
        let (over, sent) = (Arc::new(AtomicBool::new(false)), Arc::clone(sent));
        let seen = Arc::clone(&over);
        let sending = tokio::spawn(async move {
            let mut beat = interval(Duration::from_millis(1_000 / PER_SECOND));
            let mut guesses = tokio::task::JoinSet::new();
            while !seen.load(Ordering::Relaxed) {
                beat.tick().await;
                guesses.spawn(guess(port, sent.fetch_add(1, Ordering::Relaxed)));
            }
            while let Some(status) = guesses.join_next().await {
                let status = status.unwrap();
                assert!([401, 503].contains(&status), "{status}");
            }
        });
        Flood { over, sending }
    }

    async fn end(self) {
        self.over.store(true, Ordering::Relaxed);
        self.sending.await.unwrap();
    }
}

async fn guess(port: u16, number: usize) -> u16 {
    let from = format!("10.{}.{}.{}", (number >> 16) & 255, (number >> 8) & 255, number & 255);
    let headers = format!("content-type: application/json\r\nx-forwarded-for: {from}\r\n");
    let body: Value =
        json!({"email": format!("stray-{number}@example.com"), "password": "wrong wrong wrong"});
    let request = Request::new("POST", "/api/v1/auth/login", &headers, Some(body.to_string().as_bytes()));
    let mut connection = Connection::open(port).await.unwrap();
    connection.ask(&request).await.unwrap().status
}
