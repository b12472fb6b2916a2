//! L7: an import while strangers answer a form. L8: an export of all orders while members work.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;

use super::members::{self, Kind, is};
use super::pace::{Pace, send_all};
use super::visitors;
use super::{House, figure};
use crate::figures::{Figure, Goal, Limit, Unit};
use crate::flows::{ask, make_form};
use crate::import;
use crate::say;
use crate::subject::Subject;

/// Lines of the import, which may take so many seconds.
const LINES: u64 = 100_000;
const WITHIN: f64 = 120.0;
/// How many times as long others may wait meanwhile.
const TIMES: f64 = 2.0;
/// How long they are watched in calm, before.
const CALM: Duration = Duration::from_secs(20);
/// Nothing is sent beside a job for longer.
const LONGEST: Duration = Duration::from_secs(300);
/// What an export may take of memory.
const MOST_MEMORY: f64 = 64.0;

/// What others wait beside something, held against what they wait in calm.
pub fn beside(house: &House, name: &'static str, calm: f64, under: f64) -> Figure {
    let limit = if matches!(house.goal(TIMES), Limit::Free) { Limit::Free } else { Limit::Times(TIMES) };
    let goal = Some(Goal::Fewer { times: TIMES, of: calm });
    Figure { formwork: Some(under), goal, limit, ..Figure::new(name, Unit::Ms) }
}

/// L7
pub async fn import(house: &mut House, folder: &Path) -> Vec<Figure> {
    let pace = Pace { per_second: visitors::A_SECOND / 2.0, clients: visitors::CLIENTS };
    let calm = house.visited(pace, CALM).await.waited(0.99, |_| true);
    let file = folder.join("beside.csv");
    let lines = LINES.min(house.rows);
    import::write(&file, lines);
    let fields = json!(import::fields());
    let form = make_form(&mut house.formwork, "beside", fields).await;
    let answers = house.door.answers(house.formwork.server().port, pace.count(LONGEST)).await;
    let (port, over) = (house.port(), Arc::new(AtomicBool::new(false)));
    let mut connection = house.formwork.server().connection().await;
    let importing = async {
        let started = Instant::now();
        let formwork = &house.formwork;
        let uploaded = formwork.send(&mut connection, &file).await;
        let import = json!({"file": uploaded, "mode": "create", "mapping": import::mapping()});
        let path = format!("/forms/{form}/import");
        let job = formwork.call(&mut connection, "POST", &path, Some(import)).await;
        let job = formwork.ended(&mut connection, &job, |_| {}).await;
        over.store(true, Ordering::Relaxed);
        (job, started.elapsed().as_secs_f64())
    };
    let ((job, seconds), outcome) = tokio::join!(importing, send_all(port, answers, pace, &over));
    assert_eq!((&job["result"]["created"], &job["result"]["failed"]), (&json!(lines), &json!(0)), "{job}");
    house.door.note(&outcome);
    let under = outcome.waited(0.99, |_| true);
    let within = house.goal(WITHIN * lines as f64 / LINES as f64);
    vec![
        figure("L7 import of 100,000 lines of 20 columns", Unit::Seconds, seconds, within),
        beside(house, "L7 public answers beside it at 150/s, p99", calm, under),
        figure("L7 not served beside it", Unit::Count, outcome.missed(), house.goal(0.0)),
        house.none_lost("L7 acknowledged and not there").await,
    ]
}

/// L8
pub async fn export(house: &mut House) -> Vec<Figure> {
    house.warm().await;
    let pace = Pace { per_second: members::A_SECOND, clients: members::CLIENTS };
    let watch =
        |house: &mut House, over: &Arc<AtomicBool>| house.formwork.server().watch_memory(Arc::clone(over));
    let over = Arc::new(AtomicBool::new(false));
    let watching = watch(house, &over);
    let (calm, _) = house.work(pace, CALM, &Arc::default()).await;
    over.store(true, Ordering::Relaxed);
    let calm_mb = watching.await.unwrap();
    let mix = house.mix(pace.count(LONGEST)).await.requests;
    let (port, over) = (house.port(), Arc::new(AtomicBool::new(false)));
    let watching = watch(house, &over);
    let path = format!("/forms/{}/export", house.formwork.form());
    let started = Instant::now();
    let job = ask(&mut house.formwork, "POST", &path, Some(json!({"format": "csv"}))).await;
    let mut connection = house.formwork.server().connection().await;
    let formwork = &house.formwork;
    let exporting = async {
        let job = formwork.ended(&mut connection, &job, |_| {}).await;
        let seconds = started.elapsed().as_secs_f64();
        over.store(true, Ordering::Relaxed);
        (job, seconds)
    };
    let ((job, seconds), outcome) = tokio::join!(exporting, send_all(port, mix, pace, &over));
    say(&outcome.told());
    assert_eq!(job["result"]["records"], house.rows, "{job}");
    let more_mb = (watching.await.unwrap() - calm_mb).max(0.0);
    let list = |outcome: &super::Outcome| outcome.waited(0.99, is(Kind::List));
    vec![
        figure("L8 export of all orders beside members", Unit::Seconds, seconds, house.free()),
        figure("L8 memory that it takes", Unit::Mb, more_mb, house.goal(MOST_MEMORY)),
        beside(house, "L8 list beside it, p99", list(&calm), list(&outcome)),
        figure("L8 not served beside it", Unit::Count, outcome.missed(), house.goal(0.0)),
    ]
}
