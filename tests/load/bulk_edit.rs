//! The suite `bulk-edit`: half a million orders are changed by one job, by value and by formula, tried before, stopped on its way
//! and taken back, while somebody else saves in another form all the time. What is there after each way back is compared with
//! what was there before, record by record.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tests::Database;

use crate::answers::asked_until_answered;
use crate::client::Connection;
use crate::figures::{Figure, Limit, Unit};
use crate::formwork::{Formwork, escaped, text};
use crate::place::Place;
use crate::progress::Progress;
use crate::subject::Subject;
use crate::workload::{self, Order};
use crate::{Options, load, say};

/// Half a million records may be gone through in so many seconds.
const HALF_A_MILLION_IN: f64 = 300.0;
const HALF_A_MILLION: f64 = 500_000.0;
/// What a save may take meanwhile, in milliseconds: a slice holds the writer for at most 50 (semantics.md 1), and one more may come
/// between.
const MOST_BESIDE: f64 = 100.0;
/// A job that is stopped is over after so many seconds.
const STOPPED_IN: f64 = 2.0;
/// As much memory as an import may take, in megabytes.
const MOST_MEMORY: f64 = 300.0;
/// Others save so long before it is asked again how far the job is.
const GLANCE: Duration = Duration::from_millis(100);
/// For saves that nothing disturbs.
const CALM: Duration = Duration::from_secs(5);
/// Records of a page when all are compared.
const PAGE: u64 = 500;
/// With fewer a job is over before anybody can stop it.
const FEWEST: u64 = 5_000;
/// Orders of more pieces get a text that is too long in the edit that is only tried.
const MANY_PIECES: i64 = 400;

const PHONE: &str = "13900000000";

pub async fn measure(options: &Options, folder: &Path) -> Vec<Figure> {
    let rows = options.rows();
    assert!(rows >= FEWEST, "{FEWEST} records at least: fewer are changed before anybody can stop it");
    let place = Place::new(options.database, folder, "formwork").await;
    let mut office = Office::start(&place, rows).await;
    place.settle().await;
    let before = office.all_that_is_there().await;
    let calm = office.calm().await;
    let mut figures = Vec::new();
    // What PostgreSQL takes for each record is not known yet.
    let within = match options.database {
        Database::Sqlite => Limit::At(HALF_A_MILLION_IN * rows as f64 / HALF_A_MILLION),
        Database::Postgres => Limit::Free,
    };
    let seconds =
        |name, took| Figure { formwork: Some(took), limit: within, ..Figure::new(name, Unit::Seconds) };
    let beside = |name, watched: &Watched| {
        let took = p95(&watched.saves);
        let ratio = Some(took / calm);
        Figure { formwork: Some(took), ratio, limit: Limit::At(MOST_BESIDE), ..Figure::new(name, Unit::Ms) }
    };

    let tried = office.tried().await;
    figures.push(seconds("an edit by formula tried before", tried.seconds));
    figures.push(beside("a save while it is tried, p95", &tried));

    let by_value = office.by_value().await;
    figures.push(seconds("bulk edit by value", by_value.seconds));
    figures.push(beside("a save while it goes on, p95", &by_value));
    let back = office.taken_back(&by_value.job).await;
    figures.push(seconds("the same taken back", back.seconds));
    figures.push(beside("a save while it is taken back, p95", &back));
    office.are_as_before(before).await;

    let by_formula = office.by_formula().await;
    figures.push(seconds("bulk edit by formula", by_formula.seconds));
    figures.push(beside("a save while that goes on, p95", &by_formula));
    let back = office.taken_back(&by_formula.job).await;
    figures.push(seconds("that taken back", back.seconds));
    office.are_as_before(before).await;

    let (stopped, took) = office.stopped().await;
    let limit = Limit::At(STOPPED_IN);
    let name = "an edit stopped, until it is over";
    figures.push(Figure { formwork: Some(took), limit, ..Figure::new(name, Unit::Seconds) });
    office.taken_back(&stopped).await;
    office.are_as_before(before).await;

    let most = office.formwork.server().most_mb();
    let limit = Limit::At(MOST_MEMORY);
    figures.push(Figure { formwork: Some(most), limit, ..Figure::new("memory, at most", Unit::Mb) });
    figures.push(Figure { formwork: Some(calm), ..Figure::new("a save in calm, p95", Unit::Ms) });
    figures
}

/// The product with its orders, and a form in which somebody else saves.
struct Office {
    formwork: Formwork,
    connection: Connection,
    notes: String,
    rows: u64,
}

/// A job that is over, and how it went for somebody who saved meanwhile.
struct Watched {
    job: Value,
    seconds: f64,
    /// Milliseconds of each save.
    saves: Vec<f64>,
}

impl Office {
    async fn start(place: &Place, rows: u64) -> Office {
        say("the product");
        let mut formwork = Formwork::start(place).await;
        load(&mut formwork, rows, "the product").await;
        let mut connection = formwork.server().connection().await;
        let app = formwork.call(&mut connection, "GET", "/apps", None).await;
        let forms = format!("/apps/{}/forms", text(&app["items"][0]["id"]));
        let notes = json!({"key": "notes", "label": "Notes",
                           "fields": [{"key": "name", "label": "name", "kind": "text"}]});
        let notes = text(&formwork.call(&mut connection, "POST", &forms, Some(notes)).await["id"]);
        Office { formwork, connection, notes, rows }
    }

    async fn call(&mut self, method: &str, path: &str, body: Option<Value>) -> Value {
        self.formwork.call(&mut self.connection, method, path, body).await
    }

    /// Milliseconds of saves one after the other, for so long.
    async fn saves(&mut self, time: Duration) -> Vec<f64> {
        let note = Some(json!({"fields": {"name": "something else"}}));
        let save = self.formwork.request("POST", &format!("/forms/{}/records", self.notes), note);
        let (started, mut took) = (Instant::now(), Vec::new());
        while started.elapsed() < time {
            let sent = Instant::now();
            let answer = self.connection.ask(&save).await.unwrap();
            took.push(sent.elapsed().as_secs_f64() * 1000.0);
            assert_eq!(answer.status, 201, "{}", String::from_utf8_lossy(&answer.body));
        }
        took
    }

    async fn calm(&mut self) -> f64 {
        say("saves that nothing disturbs");
        // The first ones fill caches.
        self.saves(GLANCE).await;
        p95(&self.saves(CALM).await)
    }

    /// Begins a job, and saves beside it until it is over; how far it is never goes back.
    async fn watched(&mut self, what: &'static str, path: &str, body: Value) -> Watched {
        say(what);
        let started = Instant::now();
        let job = text(&self.call("POST", path, Some(body)).await["job"]);
        let path = format!("/jobs/{job}");
        let (mut progress, mut done) = (Progress::new(what, self.rows), 0);
        let mut saves = Vec::new();
        loop {
            let job = self.call("GET", &path, None).await;
            let now = job["done"].as_u64().unwrap();
            assert!(now >= done, "it was at {done}: {job}");
            done = now;
            progress.reached(done);
            if is_over(&job) {
                assert_eq!(job["done"], job["total"], "{job}");
                let seconds = started.elapsed().as_secs_f64();
                say(&format!("    {seconds:.1} s"));
                return Watched { job, seconds, saves };
            }
            saves.extend(self.saves(GLANCE).await);
        }
    }

    async fn edited(&mut self, what: &'static str, input: Value) -> Watched {
        let path = format!("/forms/{}/bulk-edit", self.formwork.form());
        let watched = self.watched(what, &path, input).await;
        assert_eq!(watched.job["state"], "done", "{}", watched.job);
        watched
    }

    /// Tells of every record what would become of it, shows some before and after, and changes none.
    async fn tried(&mut self) -> Watched {
        // Any title is longer than the field takes, five times over.
        let five = ["title"; 5].join(" & ");
        let formula = format!("IF(quantity > {MANY_PIECES}, {five}, title)");
        let input = json!({"set": {"serial_no": {"formula": formula}}, "preview": true});
        let watched = self.edited("an edit by formula, tried before", input).await;
        let told = &watched.job["result"];
        let too_long = |number: &u64| Order::new(*number).quantity > MANY_PIECES;
        let failed = (1..=self.rows).filter(too_long).count() as u64;
        let counts = (&told["matched"], &told["changed"], &told["failed"]);
        assert_eq!(counts, (&json!(self.rows), &json!(self.rows - failed), &json!(failed)), "{told}");
        let change = &told["sample"][0]["changes"]["serial_no"];
        assert!(change["old"].is_string() && change["new"].is_string(), "{told}");
        let reason = &told["reasons"][0];
        assert_eq!((&reason["field"], &reason["count"]), (&json!("serial_no"), &json!(failed)), "{told}");
        assert!(told["batch"].is_null(), "{told}");
        watched
    }

    async fn by_value(&mut self) -> Watched {
        let watched = self.edited("a bulk edit by value", json!({"set": {"phone": PHONE}})).await;
        self.changed_all(&watched.job).await;
        let filter = escaped(&json!({"field": "phone", "op": "eq", "value": PHONE}).to_string());
        let path = format!("/forms/{}/records?limit=1&count=exact&filter={filter}", self.formwork.form());
        let asked = self.formwork.request("GET", &path, None);
        let page = asked_until_answered(&mut self.connection, &asked).await.json();
        assert_eq!(page["count"]["value"], self.rows, "{page}");
        watched
    }

    async fn by_formula(&mut self) -> Watched {
        let input = json!({"set": {"amount": {"formula": "amount * 2"}}});
        let watched = self.edited("a bulk edit by formula", input).await;
        self.changed_all(&watched.job).await;
        let doubled =
            workload::sums(self.rows).into_iter().map(|(status, cents)| (status.to_owned(), cents * 2));
        let asked = self.formwork.sum();
        let answer = asked_until_answered(&mut self.connection, &asked).await.json();
        let mut sums = self.formwork.read_sum(&answer);
        sums.sort_unstable();
        assert_eq!(sums, doubled.collect::<Vec<_>>());
        watched
    }

    /// Every record was changed, and its history names the batch.
    async fn changed_all(&mut self, job: &Value) {
        let told = &job["result"];
        let counts = (&told["matched"], &told["changed"], &told["failed"]);
        assert_eq!(counts, (&json!(self.rows), &json!(self.rows), &json!(0)), "{job}");
        assert!(told["batch"].is_string() && job["can_be_undone"] == true, "{job}");
        for number in workload::samples(self.rows).into_iter().take(10) {
            let history = self.formwork.history(number);
            let history = self.connection.ask(&history).await.unwrap().json();
            let last = &history["items"][0];
            assert_eq!((&last["path"], &last["batch"]), (&json!("bulk_edit"), &told["batch"]), "{history}");
        }
    }

    /// Takes back what a job has changed: all of it.
    async fn taken_back(&mut self, job: &Value) -> Watched {
        let path = format!("/jobs/{}/undo", text(&job["id"]));
        let watched = self.watched("taken back", &path, json!({})).await;
        let back = &watched.job["result"];
        assert_eq!(watched.job["state"], "done", "{}", watched.job);
        assert_eq!(
            (&back["restored"], &back["skipped"], &back["failed"]),
            (&job["result"]["changed"], &json!(0), &json!(0)),
            "{back}"
        );
        watched
    }

    /// Stops an edit on its way; the job, and how many seconds it took to stop.
    async fn stopped(&mut self) -> (Value, f64) {
        say("an edit stopped on its way");
        let path = format!("/forms/{}/bulk-edit", self.formwork.form());
        let input = json!({"set": {"note": "stopped on the way"}});
        let job = text(&self.call("POST", &path, Some(input)).await["job"]);
        let path = format!("/jobs/{job}");
        let mut job = self.call("GET", &path, None).await;
        while !is_over(&job) && job["done"] == 0 {
            job = self.call("GET", &path, None).await;
        }
        assert!(!is_over(&job), "it was over before it could be stopped: {job}");
        let asked = Instant::now();
        self.call("POST", &format!("{path}/cancel"), None).await;
        while !is_over(&job) {
            job = self.call("GET", &path, None).await;
        }
        let took = asked.elapsed().as_secs_f64();
        let changed = job["result"]["changed"].as_u64().unwrap();
        assert!(job["state"] == "cancelled" && (1..self.rows).contains(&changed), "{job}");
        (job, took)
    }

    /// A number that says what all orders hold.
    async fn all_that_is_there(&mut self) -> u64 {
        say("what is there");
        let (mut hasher, mut cursor, mut found) = (DefaultHasher::new(), String::new(), 0);
        loop {
            let path = format!("/forms/{}/records?sort=%24id&limit={PAGE}{cursor}", self.formwork.form());
            let page = self.call("GET", &path, None).await;
            for item in page["items"].as_array().unwrap() {
                (text(&item["id"]), item["fields"].to_string()).hash(&mut hasher);
                found += 1;
            }
            let Some(next) = page["next"].as_str() else { break };
            cursor = format!("&cursor={}", escaped(next));
        }
        assert_eq!(found, self.rows);
        hasher.finish()
    }

    async fn are_as_before(&mut self, before: u64) {
        assert_eq!(self.all_that_is_there().await, before, "some record is not what it was");
    }
}

fn is_over(job: &Value) -> bool {
    !matches!(job["state"].as_str(), Some("queued" | "running"))
}

/// What 95 of a hundred take at most.
fn p95(took: &[f64]) -> f64 {
    let mut took = took.to_vec();
    assert!(!took.is_empty(), "it was over before anybody saved");
    took.sort_unstable_by(f64::total_cmp);
    took[took.len() * 95 / 100]
}
