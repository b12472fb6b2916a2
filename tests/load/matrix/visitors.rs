//! Visitors of public forms: L1 at the pace that is asked for, L2 as people who read, think and send files, L3 all in one second,
//! L10 three times as many as there is room for.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tests::measured::percentile;
use tests::together;

use super::pace::{Came, Kept, Outcome, Pace, ms};
use super::{House, figure};
use crate::answers::asked_until_answered;
use crate::client::{Connection, Request};
use crate::figures::{Figure, Unit};
use crate::flows::{ask, make_form};
use crate::formwork::{Formwork, text};
use crate::say;
use crate::subject::Subject;
use crate::workload::{Dice, STATUSES, TAGS};

/// Answers of a second that the page on reliability asks for on the smaller of its machines.
pub const A_SECOND: f64 = 300.0;
/// Who sends them.
pub const CLIENTS: usize = 256;
/// Answers of L3, all due within a second.
const BURST: usize = 2_000;
/// How many times as much is sent as there is room for, and by how many.
const OVERLOAD: f64 = 3.0;
const OVERLOAD_CLIENTS: usize = 1_500;
/// Who fills in at once.
const FILLERS: u64 = 1_000;
/// Seconds that they think, where a load is held for [`UNSCALED`] seconds or longer; a shorter one has them think shorter.
const THINK: (u64, u64) = (30, 60);
const UNSCALED: f64 = 120.0;
/// Of so many answers one has a file, of so many bytes.
const ONE_FILE_OF: u64 = 5;
const FILE: usize = 500_000;
/// A ticket is good after a second.
const TICKET_AGE: Duration = Duration::from_millis(1_100);
/// Who fetches tickets at a time.
const FETCHERS: usize = 16;
/// Addresses that visitors come from: each is held to what one household may do.
const ADDRESSES: u64 = 2_000;
/// After an overload it is watched so long whether everything is as before.
const AFTERWARDS: Duration = Duration::from_secs(20);

/// A form that strangers answer: twelve fields, one of them computed, one unique, one a number in turn.
pub struct Door {
    form: String,
    token: String,
    /// Numbers of answers, so that no two are equal.
    next: AtomicUsize,
    acknowledged: AtomicUsize,
    /// Sent, and nobody knows what came of them: they may be there or not.
    open: AtomicUsize,
}

impl Door {
    pub async fn make(formwork: &mut Formwork, key: &str) -> Door {
        let form = make_form(formwork, key, Value::Array(fields())).await;
        let link = json!({"name": "Bench"});
        let link = ask(formwork, "POST", &format!("/forms/{form}/links"), Some(link)).await;
        let (next, acknowledged, open) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicUsize::new(0));
        Door { form, token: text(&link["token"]), next, acknowledged, open }
    }

    fn page(&self, visitor: u64) -> Request {
        Request::new("GET", &format!("/api/v1/public/{}", self.token), &from(visitor), None)
    }

    /// So many, each for one answer.
    async fn tickets(&self, port: u16, count: usize) -> Vec<String> {
        let fetched = (0..FETCHERS).map(move |first| async move {
            let mut connection = Connection::open(port).await.unwrap();
            let mut tickets = Vec::new();
            for visitor in (first..count).step_by(FETCHERS) {
                let page = connection.ask(&self.page(visitor as u64)).await.unwrap().json();
                tickets.push(text(&page["ticket"]));
            }
            tickets
        });
        together(fetched).await.concat()
    }

    fn answer(&self, ticket: &str, visitor: u64, papers: &[String]) -> Request {
        let number = self.next.fetch_add(1, Ordering::Relaxed) as u64;
        let mut dice = Dice::new(number);
        let mut fields = json!({
            "name": format!("Visitor {number}"),
            "email": format!("visitor-{number}@example.com"),
            "phone": format!("1{}", 3_000_000_000 + dice.below(7_000_000_000)),
            "day": format!("2026-{:02}-{:02}", 1 + dice.below(12), 1 + dice.below(28)),
            "qty": 1 + dice.below(20),
            "price": format!("{}.{:02}", 1 + dice.below(900), dice.below(100)),
            "kind": dice.pick(&STATUSES),
            "tags": [dice.pick(&TAGS)],
            "agree": true,
            "note": "as it was typed, a sentence or two about what is wanted, and when",
        });
        if !papers.is_empty() {
            fields["papers"] = json!(papers);
        }
        let headers = format!("{}content-type: application/json\r\nx-ticket: {ticket}\r\n", from(visitor));
        let path = format!("/api/v1/public/{}/answers", self.token);
        Request::new("POST", &path, &headers, Some(json!({ "fields": fields }).to_string().as_bytes()))
    }

    fn file(&self, ticket: &str, visitor: u64, bytes: &[u8]) -> Request {
        let headers = format!(
            "{}content-type: text/plain\r\ncontent-disposition: attachment; filename=\"paper.txt\"\r\nx-ticket: {ticket}\r\n",
            from(visitor)
        );
        Request::new("POST", &format!("/api/v1/public/{}/files", self.token), &headers, Some(bytes))
    }

    /// So many answers that can be sent at once.
    pub async fn answers(&self, port: u16, count: usize) -> Vec<Request> {
        let tickets = self.tickets(port, count).await;
        tokio::time::sleep(TICKET_AGE).await;
        let answer = |(visitor, ticket): (usize, &String)| self.answer(ticket, visitor as u64, &[]);
        tickets.iter().enumerate().map(answer).collect()
    }

    /// What became of answers is counted.
    pub fn note(&self, outcome: &Outcome) {
        say(&outcome.told());
        self.acknowledged.fetch_add(outcome.count(Came::Served), Ordering::Relaxed);
        let open = outcome.all.iter().filter(|told| told.came.is_open()).count();
        self.open.fetch_add(open, Ordering::Relaxed);
    }

    /// Acknowledged answers that are not there, by their number: exactly so many where nothing is open, else at least so many, since
    /// one of which nobody was told may stand for one that is gone.
    pub async fn lost(&self, formwork: &mut Formwork) -> f64 {
        let count =
            formwork.request("GET", &format!("/forms/{}/records?limit=1&count=exact", self.form), None);
        let mut connection = formwork.server().connection().await;
        let stored = asked_until_answered(&mut connection, &count).await.json();
        let stored = stored["count"]["value"].as_u64().unwrap() as usize;
        let acknowledged = self.acknowledged.load(Ordering::Relaxed);
        let most = acknowledged + self.open.load(Ordering::Relaxed);
        assert!(stored <= most, "{stored} records, and {most} were sent");
        acknowledged.saturating_sub(stored) as f64
    }
}

/// Where a visitor is, as a proxy says it.
fn from(visitor: u64) -> String {
    let address = visitor % ADDRESSES;
    format!("x-forwarded-for: 10.1.{}.{}\r\n", address >> 8, address & 255)
}

fn fields() -> Vec<Value> {
    let choices = |keys: &[&str]| {
        let all: Vec<Value> = keys.iter().map(|key| json!({"key": key, "label": key})).collect();
        json!({ "choices": all })
    };
    let field = |key: &str, kind: &str, options: Value| json!({"key": key, "label": key, "kind": kind, "options": options});
    let parts = json!([{"text": "V-"}, {"counter": {"width": 6, "reset": "never"}}]);
    let mut email = field("email", "email", json!({}));
    email["unique"] = json!(true);
    let mut total = field("total", "number", json!({"scale": 2}));
    total["compute"] = json!({"formula": "qty * price"});
    vec![
        field("name", "text", json!({})),
        email,
        field("phone", "text", json!({})),
        field("day", "date", json!({})),
        field("qty", "number", json!({"scale": 0})),
        field("price", "number", json!({"scale": 2})),
        total,
        field("kind", "select", choices(&STATUSES)),
        field("tags", "multi_select", choices(&TAGS)),
        field("agree", "switch", json!({})),
        field("note", "long_text", json!({})),
        field("no", "serial", json!({ "parts": parts })),
        field("papers", "files", json!({})),
    ]
}

/// L1
pub async fn steady(house: &mut House) -> Vec<Figure> {
    let pace = Pace { per_second: A_SECOND, clients: CLIENTS };
    let outcome = house.visited(pace, house.hold).await;
    vec![
        figure("L1 public answers, 300/s sent", Unit::PerSecond, outcome.rate(), house.goal(A_SECOND * 0.99)),
        figure("L1 p50", Unit::Ms, outcome.waited(0.5, |_| true), house.goal(20.0)),
        figure("L1 p99", Unit::Ms, outcome.waited(0.99, |_| true), house.goal(200.0)),
        figure("L1 not served", Unit::Count, outcome.missed(), house.goal(0.0)),
        house.none_lost("L1 acknowledged and not there").await,
    ]
}

/// L3
pub async fn burst(house: &mut House) -> Vec<Figure> {
    let pace = Pace { per_second: BURST as f64, clients: BURST };
    let outcome = house.visited(pace, Duration::from_secs(1)).await;
    let longest = outcome.all.iter().map(|told| told.waited).max().unwrap_or_default();
    vec![
        figure(
            "L3 2,000 answers in a second, until all are told",
            Unit::Seconds,
            longest.as_secs_f64(),
            house.goal(5.0),
        ),
        figure(
            "L3 sent away with a time to come again",
            Unit::Count,
            outcome.missed() - outcome.wrong(),
            house.free(),
        ),
        figure("L3 neither taken nor sent away so", Unit::Count, outcome.wrong(), house.always(0.0)),
        house.none_lost("L3 acknowledged and not there").await,
    ]
}

/// L10
pub async fn overload(house: &mut House) -> Vec<Figure> {
    let pace = Pace { per_second: A_SECOND * OVERLOAD, clients: OVERLOAD_CLIENTS };
    let calm = Pace { per_second: A_SECOND, clients: CLIENTS };
    let (port, hold) = (house.port(), house.hold);
    let much = house.door.answers(port, pace.count(hold)).await;
    let behind_it = house.door.answers(port, calm.count(AFTERWARDS)).await;
    let over = Arc::new(AtomicBool::new(false));
    let looking = tokio::spawn(look(port, Arc::clone(&over)));
    let outcome = house.take(much, pace).await;
    over.store(true, Ordering::Relaxed);
    let not_ready = looking.await.unwrap();
    let after = house.take(behind_it, calm).await;
    let wrong = outcome.wrong();
    vec![
        figure("L10 at 900/s, answers taken", Unit::PerSecond, outcome.rate(), house.goal(A_SECOND * 0.8)),
        figure("L10 sent away, p99", Unit::Ms, outcome.sent_away_in(0.99), house.goal(100.0)),
        figure("L10 neither taken nor sent away with a time", Unit::Count, wrong, house.goal(0.0)),
        figure("L10 until 300/s go as before", Unit::Seconds, recovered(&after), house.goal(10.0)),
        figure("L10 times that /ready said no, or nothing in 3 s", Unit::Count, not_ready, house.free()),
        house.none_lost("L10 acknowledged and not there").await,
    ]
}

/// Asks every second whether the server is ready, until it is over; how often it was not.
async fn look(port: u16, over: Arc<AtomicBool>) -> f64 {
    let request = Request::new("GET", "/ready", "", None);
    let (mut connection, mut not_ready) = (Kept::new(port), 0.0);
    while !over.load(Ordering::Relaxed) {
        let answer = tokio::time::timeout(Duration::from_secs(3), connection.ask(&request)).await;
        let is_ready = answer.is_ok_and(|answer| answer.is_some_and(|answer| answer.status == 204));
        not_ready += f64::from(u8::from(!is_ready));
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    not_ready
}

/// Seconds until the last in which fewer than 99 of a hundred were served as quickly as L1 asks.
fn recovered(after: &Outcome) -> f64 {
    let seconds = AFTERWARDS.as_secs();
    let is_slow = |second: u64| {
        let of_it = || after.all.iter().filter(|told| told.due.as_secs() == second);
        let quick = of_it().filter(|told| told.came == Came::Served && ms(told.waited) <= 200.0).count();
        quick * 100 < of_it().count() * 99
    };
    (0..seconds).rev().find(|second| is_slow(*second)).map_or(0.0, |second| (second + 1) as f64)
}

/// What came of one who fills in again and again.
#[derive(Default)]
struct Filled {
    pages: Vec<f64>,
    sends: Vec<f64>,
    files: Vec<f64>,
    other: usize,
    /// Refused since the form has its gigabyte of the day.
    full: usize,
}

/// L2
pub async fn fillers(house: &mut House) -> Vec<Figure> {
    let scale = (house.hold.as_secs_f64() / UNSCALED).min(1.0);
    say(&format!(
        "    1,000 fillers think {:.0} to {:.0} s{}",
        THINK.0 as f64 * scale,
        THINK.1 as f64 * scale,
        if scale < 1.0 { ": shorter than people, so more is asked than the page asks for" } else { "" }
    ));
    let (port, until) = (house.port(), Instant::now() + house.hold);
    let over = Arc::new(AtomicBool::new(false));
    let watching = house.formwork.server().watch_memory(Arc::clone(&over));
    let (door, bytes) = (&house.door, vec![b'x'; FILE]);
    let filling = together((0..FILLERS).map(|number| filler(door, port, number, until, scale, &bytes)));
    let all = filling.await;
    over.store(true, Ordering::Relaxed);
    let most_mb = watching.await.unwrap();
    let every = |of: fn(&Filled) -> &Vec<f64>| all.iter().flat_map(of).copied().collect::<Vec<f64>>();
    let (pages, sends, files) = (every(|one| &one.pages), every(|one| &one.sends), every(|one| &one.files));
    let other: usize = all.iter().map(|one| one.other).sum();
    let full: usize = all.iter().map(|one| one.full).sum();
    say(&format!(
        "    {} pages, {} answers, {} files, {full} files beyond what a form takes in a day, {other} otherwise",
        pages.len(),
        sends.len(),
        files.len()
    ));
    vec![
        figure("L2 page of 1,000 fillers, p99", Unit::Ms, percentile(&pages, 0.99), house.goal(150.0)),
        figure("L2 their answers, p99", Unit::Ms, percentile(&sends, 0.99), house.goal(300.0)),
        figure("L2 their files of 500 KB, p99", Unit::Ms, percentile(&files, 0.99), house.free()),
        figure("L2 not served", Unit::Count, other as f64, house.goal(0.0)),
        figure("L2 memory meanwhile, at most", Unit::Mb, most_mb, house.goal(600.0)),
        house.none_lost("L2 acknowledged and not there").await,
    ]
}

async fn filler(door: &Door, port: u16, number: u64, until: Instant, scale: f64, bytes: &[u8]) -> Filled {
    let (mut filled, mut dice, mut connection) = (Filled::default(), Dice::new(number), Kept::new(port));
    let think = |seconds: u64| tokio::time::sleep(Duration::from_secs_f64(seconds as f64 * scale));
    // They have not all come in one moment.
    think(dice.below(THINK.1)).await;
    for turn in 0.. {
        if Instant::now() >= until {
            break;
        }
        let opened = Instant::now();
        let Some(page) = connection.ask(&door.page(number)).await.filter(|page| page.status == 200) else {
            filled.other += 1;
            think(1).await;
            continue;
        };
        filled.pages.push(ms(opened.elapsed()));
        let ticket = text(&page.json()["ticket"]);
        think(THINK.0 + dice.below(THINK.1 - THINK.0)).await;
        let mut papers = Vec::new();
        if (number + turn).is_multiple_of(ONE_FILE_OF) {
            let sent = Instant::now();
            match connection.ask(&door.file(&ticket, number, bytes)).await {
                Some(answer) if answer.status == 201 => {
                    filled.files.push(ms(sent.elapsed()));
                    papers.push(text(&answer.json()["id"]));
                }
                Some(answer) if answer.status == 429 => filled.full += 1,
                _ => filled.other += 1,
            }
        }
        let answer = door.answer(&ticket, number, &papers);
        let sent = Instant::now();
        match Came::of(connection.ask(&answer).await.as_ref()) {
            Came::Served => {
                filled.sends.push(ms(sent.elapsed()));
                door.acknowledged.fetch_add(1, Ordering::Relaxed);
            }
            came => {
                filled.other += 1;
                door.open.fetch_add(usize::from(came.is_open()), Ordering::Relaxed);
            }
        }
    }
    filled
}
