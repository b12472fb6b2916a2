//! L6: two thousand who listen for news, most of whom nothing concerns, while fifty records a second are saved.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tests::measured::percentile;
use tests::together;

use super::pace::{Kept, ms};
use super::{House, figure};
use crate::client::{News, Request};
use crate::figures::{Figure, Unit};
use crate::flows::{ask, field, make_form};
use crate::formwork::{of_data, text, token_of};
use crate::say;

/// Who listens and may see none of the records; and who hears of each.
const IDLE: usize = 1_980;
const CONCERNED: usize = 20;
/// Records of a second, and who saves them.
const A_SECOND: u32 = 50;
const WRITERS: u32 = 10;
/// How many streams are opened at a time.
const AT_A_TIME: usize = 50;
/// What was not heard after this was not heard.
const PATIENCE: Duration = Duration::from_secs(10);

/// What somebody has heard, and when.
type Heard = Vec<(String, Instant)>;

/// L6
pub async fn hear(house: &mut House) -> Vec<Figure> {
    let port = house.port();
    let form = make_form(&mut house.formwork, "heard", json!([field("what", "text")])).await;
    let member = json!({"email": "idle@example.com", "name": "Idle", "password": "a rather long secret 42"});
    ask(&mut house.formwork, "POST", "/members", Some(member)).await;
    let idle = token_of(&of_data(&house.place), "idle@example.com");
    let idle = Request::new("GET", "/api/v1/events", &format!("authorization: Bearer {idle}\r\n"), None);
    let concerned = house.formwork.request("GET", "/events", None);
    let told = Arc::new(AtomicUsize::new(0));
    let mut listening = Vec::new();
    for stream in opened(port, &idle, IDLE).await {
        let told = Arc::clone(&told);
        listening.push(tokio::spawn(async move { count(stream, &told).await }));
    }
    let mut hearing = Vec::new();
    for stream in opened(port, &concerned, CONCERNED).await {
        hearing.push(tokio::spawn(listen(stream)));
    }
    say(&format!("    {} streams are open", listening.len() + hearing.len()));
    let missing = (IDLE + CONCERNED - listening.len() - hearing.len()) as f64;
    let sent = save(house, &form).await;
    tokio::time::sleep(PATIENCE).await;
    let ended = listening.iter().filter(|stream| stream.is_finished()).count();
    listening.iter().for_each(tokio::task::JoinHandle::abort);
    let (mut took, mut unheard) = (Vec::new(), 0_usize);
    for hearing in hearing {
        let heard: HashMap<String, Instant> = hearing.await.unwrap().into_iter().collect();
        for (record, when) in &sent {
            match heard.get(record) {
                Some(at) => took.push(ms(at.saturating_duration_since(*when))),
                None => unheard += 1,
            }
        }
    }
    let told = told.load(Ordering::Relaxed);
    vec![
        figure(
            "L6 from the save until it is heard, p99",
            Unit::Ms,
            percentile(&took, 0.99),
            house.goal(1_000.0),
        ),
        figure("L6 not heard by who may see it", Unit::Count, unheard as f64, house.goal(0.0)),
        figure("L6 heard by who may not", Unit::Count, told as f64, house.always(0.0)),
        figure(
            "L6 streams that did not open, or ended",
            Unit::Count,
            missing + ended as f64,
            house.goal(0.0),
        ),
    ]
}

/// Streams of news, as many as open.
async fn opened(port: u16, request: &Request, count: usize) -> Vec<News> {
    let mut streams = Vec::with_capacity(count);
    for first in (0..count).step_by(AT_A_TIME) {
        let some = (first..(first + AT_A_TIME).min(count)).map(|_| News::open(port, request));
        streams.extend(together(some).await.into_iter().flatten());
    }
    streams
}

/// Counts what is heard of records until the stream ends.
async fn count(mut stream: News, told: &AtomicUsize) {
    while let Ok(event) = stream.heard().await {
        told.fetch_add(usize::from(event.contains("\"record\"")), Ordering::Relaxed);
    }
}

/// What is heard until nothing has come for a while.
async fn listen(mut stream: News) -> Heard {
    let mut heard = Vec::new();
    while let Ok(Ok(event)) = tokio::time::timeout(PATIENCE, stream.heard()).await {
        let at = Instant::now();
        let event: Value = serde_json::from_str(&event).unwrap_or_default();
        if let Some(record) = event["record"].as_str() {
            heard.push((record.to_owned(), at));
        }
    }
    heard
}

/// Saves records at their pace, for as long as a load is held; which, and when each was sent.
async fn save(house: &mut House, form: &str) -> Heard {
    let (port, hold) = (house.port(), house.hold);
    let request = house.formwork.request(
        "POST",
        &format!("/forms/{form}/records"),
        Some(json!({"fields": {"what": "x"}})),
    );
    let (request, started) = (&request, Instant::now());
    let each = Duration::from_secs(1) * WRITERS / A_SECOND;
    let saving = (0..WRITERS).map(|writer| async move {
        let (mut connection, mut sent) = (Kept::new(port), Vec::new());
        for turn in 0.. {
            let due = each * turn + Duration::from_secs(1) * writer / A_SECOND;
            if due >= hold {
                break;
            }
            tokio::time::sleep_until((started + due).into()).await;
            let when = Instant::now();
            if let Some(answer) = connection.ask(request).await.filter(|answer| answer.status == 201) {
                sent.push((text(&answer.json()["id"]), when));
            }
        }
        sent
    });
    together(saving).await.concat()
}
