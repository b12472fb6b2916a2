//! The suite `wide`: a million records of fifty fields. Their first page with filter and sort is held against the raw query
//! for it, and a form that links to them is asked what its picker finds.

mod picker;
mod raw;
mod thing;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::answers::asked_until_answered;
use crate::client::{Connection, Load, Request, replay};
use crate::figures::{Figure, Goal, Limit, Unit};
use crate::formwork::{Formwork, escaped, text};
use crate::place::Place;
use crate::progress::Progress;
use crate::subject::Subject;
use crate::workload::PAGE;
use crate::{Options, median, say, until_indexed};

use picker::pickers;
use raw::Raw;
use thing::{Thing, fields};

/// Records of one bulk request.
const BATCH: u64 = 500;
/// How long a page may take.
const MOST_MS: f64 = 300.0;
/// How many times as long as the raw query.
const TIMES: f64 = 2.0;
/// A load is warm when it takes no less than this part of the one before.
const STEADY: f64 = 0.8;
/// How long it is waited for that.
const PATIENCE: Duration = Duration::from_secs(120);

pub async fn measure(options: &Options, folder: &Path) -> Vec<Figure> {
    let (rows, database) = (options.rows(), options.database);
    say("the database alone");
    let mut raw = Raw::filled(&Place::new(database, folder, "floor").await, database, rows).await;
    say("the product");
    let place = Place::new(database, folder, "formwork").await;
    let mut wide = Wide::start(&place).await;
    let rate = wide.load(rows).await;
    place.settle().await;
    let mut figures = vec![Figure {
        floor: Some(raw.rate),
        formwork: Some(rate),
        ..Figure::new("bulk create of 50 fields", Unit::PerSecond)
    }];
    say(&figures[0].line());
    figures.push(wide.first_page(&mut raw, options).await);
    figures.extend(pickers(&mut wide, options).await);
    figures
}

/// The product with a form of things of fifty fields, and one of orders that link to them.
struct Wide {
    formwork: Formwork,
    connection: Connection,
    things: String,
    orders: String,
}

impl Wide {
    async fn start(place: &Place) -> Wide {
        let mut formwork = Formwork::empty(place).await;
        let mut connection = formwork.server().connection().await;
        let app = formwork.call(&mut connection, "POST", "/apps", Some(json!({"label": "Bench"}))).await;
        let forms = format!("/apps/{}/forms", text(&app["id"]));
        let things = json!({"key": "things", "label": "Things", "title": "{name}", "fields": fields()});
        let link = json!({"form": "things", "display": ["code", "place"]});
        let orders = json!({"key": "orders", "label": "Orders", "fields": [
            {"key": "thing", "label": "thing", "kind": "link", "options": link}]});
        let things = text(&formwork.call(&mut connection, "POST", &forms, Some(things)).await["id"]);
        let orders = text(&formwork.call(&mut connection, "POST", &forms, Some(orders)).await["id"]);
        Wide { formwork, connection, things, orders }
    }

    /// Records a second.
    async fn load(&mut self, rows: u64) -> f64 {
        let path = format!("/forms/{}/records/bulk", self.things);
        let mut progress = Progress::new("the product", rows);
        let mut took = Duration::ZERO;
        for first in (1..=rows).step_by(BATCH as usize) {
            let batch = first..(first + BATCH).min(rows + 1);
            let all: Vec<Value> =
                batch.map(|number| json!({"fields": Thing::new(number).fields()})).collect();
            let request = self.formwork.request("POST", &path, Some(json!({"create": all, "atomic": true})));
            let sent = Instant::now();
            let answer = self.connection.ask(&request).await.unwrap();
            took += sent.elapsed();
            assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
            progress.reached(first + BATCH - 1);
        }
        rows as f64 / took.as_secs_f64()
    }

    async fn first_page(&mut self, raw: &mut Raw, options: &Options) -> Figure {
        let name = "first page of 50 fields, filter and sort, p95";
        say(name);
        let pages: Vec<Request> = raw::questions()
            .iter()
            .map(|(status, cents)| {
                let least = format!("{}.{:02}", cents / 100, cents % 100);
                let filter = json!({"all": [{"field": "status", "op": "eq", "value": status},
                                            {"field": "amount", "op": "gte", "value": least}]});
                let filter = escaped(&filter.to_string());
                let path = format!("/forms/{}/records?sort=-day&limit={PAGE}&filter={filter}", self.things);
                self.formwork.request("GET", &path, None)
            })
            .collect();
        self.check(&pages, options.rows()).await;
        let pages = Arc::new(pages);
        self.until_steady(&pages, options).await;
        let (mut alone, mut ours, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..options.repeats {
            let floor = raw.p95(options.time()).await;
            let load = self.asked(&pages, options.time()).await;
            assert_eq!(load.failed, 0, "answers that were no success");
            alone.push(floor);
            ours.push(load.p95_ms);
            ratios.push(load.p95_ms / floor);
        }
        let figure = Figure {
            floor: Some(median(alone)),
            formwork: Some(median(ours)),
            ratio: Some(median(ratios)),
            goal: Some(Goal::Floor(TIMES)),
            limit: Limit::At(MOST_MS),
            ..Figure::new(name, Unit::Ms)
        };
        say(&figure.line());
        figure
    }

    /// A wrong page is no fast page.
    async fn check(&mut self, pages: &[Request], rows: u64) {
        for (page, (status, cents)) in pages.iter().zip(raw::questions()).take(2) {
            let answer = asked_until_answered(&mut self.connection, page).await.json();
            let things = (1..=rows).map(Thing::new);
            let fitting = things.filter(|thing| thing.status == status && thing.cents >= cents);
            let mut wanted: Vec<String> = fitting.map(|thing| thing.day).collect();
            wanted.sort_by(|one, other| other.cmp(one));
            wanted.truncate(PAGE as usize);
            let items = answer["items"].as_array().unwrap();
            let found: Vec<String> = items.iter().map(|item| text(&item["fields"]["day"])).collect();
            assert_eq!(found, wanted);
            let is_whole =
                |item: &Value| item["fields"]["status"] == status && item["fields"]["n0"].is_string();
            assert!(items.iter().all(is_whole), "{answer}");
        }
    }

    /// Asks until an index may have been made for what is asked, and it takes no shorter.
    async fn until_steady(&mut self, requests: &Arc<Vec<Request>>, options: &Options) {
        let (started, least) = (Instant::now(), until_indexed(options.rows()));
        let mut before = f64::INFINITY;
        while started.elapsed() < PATIENCE {
            let now = self.asked(requests, options.time()).await;
            if started.elapsed() >= least && now.failed == 0 && now.p95_ms >= before * STEADY {
                return;
            }
            before = now.p95_ms;
        }
    }

    async fn asked(&mut self, requests: &Arc<Vec<Request>>, time: Duration) -> Load {
        replay(self.formwork.server().port, requests, 1, time).await
    }
}
