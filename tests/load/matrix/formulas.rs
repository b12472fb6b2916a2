//! T28: a thousand at once save what takes as much computing as it may, and others save and read meanwhile.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tests::measured::percentile;

use super::long_jobs::beside;
use super::pace::{Came, Kept, ms};
use super::{House, figure};
use crate::client::Request;
use crate::figures::{Figure, Unit};
use crate::flows::{field, make_form};
use crate::say;

/// Who saves at once.
const HEAVY: usize = 1_000;
/// A formula may have fifty thousand operations; each of these terms has ten thousand.
const TERM: &str = "SUM(SEQUENCE(5000))";
const TERMS: usize = 4;
/// Formulas of the form.
const FORMULAS: usize = 10;
/// How long others are watched in calm, and what the heavy saves have ahead of them.
const CALM: Duration = Duration::from_secs(20);
const AHEAD: Duration = Duration::from_secs(1);
/// Who is sent away comes again after this.
const AGAIN: Duration = Duration::from_secs(1);

/// Milliseconds of what others did, and how often they were not served.
struct Others {
    saves: Vec<f64>,
    pages: Vec<f64>,
    missed: usize,
}

/// T28
pub async fn heavy(house: &mut House) -> Vec<Figure> {
    let (port, hold) = (house.port(), house.hold);
    let sum = format!("n + {}", [TERM; TERMS].join(" + "));
    let computed = |place: usize| {
        let key = format!("much{place}");
        json!({"key": key, "label": key, "kind": "number", "options": {"scale": 0}, "compute": {"formula": sum}})
    };
    let fields: Vec<Value> =
        std::iter::once(field("n", "number")).chain((0..FORMULAS).map(computed)).collect();
    let heavy = make_form(&mut house.formwork, "heavy", Value::Array(fields)).await;
    let light = make_form(&mut house.formwork, "light", json!([field("what", "text")])).await;
    let create = |house: &House, form: &str, fields: Value| {
        house.formwork.request("POST", &format!("/forms/{form}/records"), Some(json!({ "fields": fields })))
    };
    let save = create(house, &light, json!({"what": "x"}));
    let page = house.formwork.request("GET", &format!("/forms/{light}/records?limit=50"), None);
    let calm = others(port, &save, &page, CALM).await;
    let request = Arc::new(create(house, &heavy, json!({"n": 1})));
    let over = Arc::new(AtomicBool::new(false));
    let saving: Vec<_> =
        (0..HEAVY).map(|_| tokio::spawn(save_on(port, Arc::clone(&request), Arc::clone(&over)))).collect();
    tokio::time::sleep(AHEAD).await;
    let under = others(port, &save, &page, hold).await;
    over.store(true, Ordering::Relaxed);
    let (mut served, mut sent_away, mut wrong) = (0_usize, 0_usize, 0_usize);
    for one in saving {
        let counts = one.await.unwrap();
        served += counts.0;
        sent_away += counts.1;
        wrong += counts.2;
    }
    say(&format!(
        "    {served} heavy saves, {sent_away} sent away, {wrong} otherwise; meanwhile {} light ones and {} pages",
        under.saves.len(),
        under.pages.len()
    ));
    let p99 = |took: &[f64]| percentile(took, 0.99);
    // One heavy save alone is what a turn of the writer is.
    let alone = ask_alone(port, &request).await;
    vec![
        figure("T28 a heavy save alone", Unit::Ms, alone, house.free()),
        beside(house, "T28 other saves beside 1,000 heavy ones, p99", p99(&calm.saves), p99(&under.saves)),
        beside(house, "T28 pages beside them, p99", p99(&calm.pages), p99(&under.pages)),
        figure("T28 others not served", Unit::Count, under.missed as f64, house.goal(0.0)),
        figure(
            "T28 heavy saves answered otherwise than saved or sent away",
            Unit::Count,
            wrong as f64,
            house.goal(0.0),
        ),
    ]
}

/// Saves and reads of somebody else, one after the other.
async fn others(port: u16, save: &Request, page: &Request, time: Duration) -> Others {
    let mut others = Others { saves: Vec::new(), pages: Vec::new(), missed: 0 };
    let (mut connection, started) = (Kept::new(port), Instant::now());
    while started.elapsed() < time {
        for (request, took) in [(save, &mut others.saves), (page, &mut others.pages)] {
            let sent = Instant::now();
            match Came::of(connection.ask(request).await.as_ref()) {
                Came::Served => took.push(ms(sent.elapsed())),
                _ => {
                    others.missed += 1;
                    tokio::time::sleep(AGAIN).await;
                }
            }
        }
    }
    others
}

/// Saves until it is over: how often it was saved, sent away, or something else.
async fn save_on(port: u16, request: Arc<Request>, over: Arc<AtomicBool>) -> (usize, usize, usize) {
    let (mut connection, mut counts) = (Kept::new(port), (0, 0, 0));
    while !over.load(Ordering::Relaxed) {
        match Came::of(connection.ask(&request).await.as_ref()) {
            Came::Served => counts.0 += 1,
            Came::TooMany | Came::Busy => {
                counts.1 += 1;
                tokio::time::sleep(AGAIN).await;
            }
            _ => counts.2 += 1,
        }
    }
    counts
}

/// Milliseconds of one, when nobody else is there.
async fn ask_alone(port: u16, request: &Request) -> f64 {
    let mut connection = Kept::new(port);
    let mut took = Vec::new();
    for _ in 0..5 {
        let sent = Instant::now();
        if connection.ask(request).await.is_some() {
            took.push(ms(sent.elapsed()));
        }
    }
    percentile(&took, 0.5)
}
