//! Connections to PostgreSQL that end while people save, in the midst of transactions too. Whoever saves is told at most to come
//! again, comes with the same key, and has one record in the end.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tests::design::{form, serial, text};
use tests::dice::cases;
use tests::workspace::items;
use tests::{Client, Database, Form, Inside, Server, Workspace, together};

const WRITERS: usize = 6;
/// How often all connections end: a few times usually, for minutes in a long run.
const CUTS: (usize, usize) = (6, 300);
const BETWEEN: Duration = Duration::from_millis(400);
/// Who was sent away comes again after this.
const AGAIN: Duration = Duration::from_millis(20);
/// Three seconds, and what other tests of this run make of them.
const RECOVERED: Duration = Duration::from_secs(10);

/// Saves one record after the other until it is over; the keys of those that were acknowledged, and how often it was sent away.
async fn write(form: &Form, who: &Client, writer: usize, over: &AtomicBool) -> (Vec<String>, usize) {
    let (mut acknowledged, mut sent_away) = (Vec::new(), 0);
    while !over.load(Ordering::Relaxed) {
        let key = format!("w{writer}-{}", acknowledged.len());
        sent_away += save(form, who, &key).await;
        acknowledged.push(key);
    }
    (acknowledged, sent_away)
}

/// Saves a record under a key until it is acknowledged; how often it was sent away before.
async fn save(form: &Form, who: &Client, key: &str) -> usize {
    let body = json!({"fields": {"code": key}});
    for tries in 0.. {
        let answer = who.post_once(&form.path("/records"), key, body.clone()).await;
        match answer.status {
            201 => return tries,
            503 => assert!(answer.headers.contains_key("retry-after"), "{}", answer.body),
            _ => drop(answer.refused(409, "idempotency_in_progress")),
        }
        tokio::time::sleep(AGAIN).await;
    }
    unreachable!("it tries for ever")
}

/// What the records of the form hold.
async fn all(form: &Form) -> Vec<Value> {
    let (mut all, mut cursor) = (Vec::new(), Value::Null);
    loop {
        let mut asked = json!({"limit": 500, "fields": ["no", "code"]});
        if !cursor.is_null() {
            asked["cursor"] = cursor.clone();
        }
        let answer = form.query(&form.admin, asked).await;
        // Some connections are found to have ended only when they are used.
        if answer.status == 503 {
            tokio::time::sleep(AGAIN).await;
            continue;
        }
        let page = answer.ok();
        all.extend(items(&page).iter().map(|record| record["fields"].clone()));
        cursor = page["next"].clone();
        if cursor.is_null() {
            return all;
        }
    }
}

#[tokio::test]
async fn connections_that_end_under_load_lose_nothing_and_double_nothing() {
    let server = Server::start(Database::Postgres).await;
    let workspace = Workspace { admin: server.set_up().await };
    let order = workspace.form(form("order", [serial("no", "O-"), text("code")])).await;
    let clients: Vec<Client> = (0..WRITERS).map(|_| workspace.admin.reconnected()).collect();
    let mut inside = Inside::of(&server).await;
    let over = AtomicBool::new(false);
    let writing = clients.iter().enumerate().map(|(writer, who)| write(&order, who, writer, &over));
    let cutting = async {
        let mut cut = 0;
        for _ in 0..cases(CUTS.0).min(CUTS.1) {
            tokio::time::sleep(BETWEEN).await;
            cut += inside.cut_connections().await;
        }
        let began = Instant::now();
        save(&order, &workspace.admin, "after").await;
        let took = began.elapsed();
        over.store(true, Ordering::Relaxed);
        (cut, took)
    };
    let (written, (cut, took)) = tokio::join!(together(writing), cutting);
    assert!(cut > 0 && took < RECOVERED, "{cut} connections ended, and a save took {took:?} after them");
    let sent_away: usize = written.iter().map(|(_, sent_away)| sent_away).sum();
    let mut expected: BTreeSet<String> = written.into_iter().flat_map(|(keys, _)| keys).collect();
    expected.insert("after".to_owned());
    let stored = all(&order).await;
    let codes: BTreeSet<String> =
        stored.iter().map(|fields| fields["code"].as_str().unwrap().to_owned()).collect();
    assert_eq!(codes, expected, "{sent_away} were sent away");
    assert_eq!(stored.len(), expected.len(), "a record is there twice");
    // None of the numbers went with a transaction that was lost.
    let numbers: BTreeSet<usize> = stored
        .iter()
        .map(|fields| fields["no"].as_str().unwrap().trim_start_matches("O-").parse().unwrap())
        .collect();
    assert_eq!(numbers, (1..=stored.len()).collect());
    drop(inside);
    server.close().await;
}
