//! L5: a dashboard of ten charts over all orders, opened when the server has just been started, and again.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tests::measured::percentile;
use tests::together;

use super::pace::{Kept, ms};
use super::{House, figure};
use crate::figures::{Figure, Unit};
use crate::flows::ask;
use crate::formwork::text;
use crate::say;
use crate::subject::Subject;

/// After a start it is opened, so often; and so often again.
const STARTS: usize = 3;
const AGAIN: usize = 20;
/// Until the indexes that observation wishes for are there, it is opened at most so often, with a pause between.
const TRIES: usize = 20;
const PAUSE: Duration = Duration::from_secs(2);

/// Tiles as a dashboard has them: figures, by state, by month, by customer.
fn tiles() -> Vec<Value> {
    let sum = |key: &str, field: &str| json!({"key": key, "fn": "sum", "field": field});
    let count = json!({"key": "orders", "fn": "count"});
    let month = json!([{"field": "order_date", "unit": "month"}]);
    let status = json!([{"field": "status"}]);
    let shown = [
        ("figure", Value::Null, sum("amount", "amount")),
        ("figure", Value::Null, sum("quantity", "quantity")),
        ("figure", Value::Null, count.clone()),
        ("bar", status.clone(), sum("amount", "amount")),
        ("pie", status.clone(), count.clone()),
        ("bar", status, sum("quantity", "quantity")),
        ("line", month.clone(), sum("amount", "amount")),
        ("bar", month.clone(), sum("quantity", "quantity")),
        ("table", month, count),
        ("rank", json!([{"field": "customer"}]), sum("amount", "amount")),
    ];
    let tile = |(place, (kind, group, measure)): (usize, (&str, Value, Value))| {
        let at = json!([0, place * 8, 24, 8]);
        let mut tile = json!({"key": format!("t{place}"), "label": format!("Tile {place}"), "at": at, "kind": kind,
            "source": "orders", "measures": [measure]});
        if !group.is_null() {
            tile["group"] = group;
        }
        tile
    };
    shown.into_iter().enumerate().map(tile).collect()
}

/// Milliseconds until all tiles are there, as a page asks for them; and how many of them were not.
async fn open(house: &mut House) -> (f64, usize) {
    let port = house.port();
    let asked = (0..tiles().len()).map(|place| {
        let path = format!("/dashboards/bench/tiles/t{place}/data");
        house.formwork.request("POST", &path, Some(json!({"filters": {}})))
    });
    let asked: Vec<_> = asked.collect();
    let started = Instant::now();
    let asking = asked.iter().map(|request| async move { Kept::new(port).ask(request).await });
    let answers = together(asking).await;
    let missing = answers.iter().filter(|answer| answer.as_ref().is_none_or(|answer| answer.status != 200));
    (ms(started.elapsed()), missing.count())
}

/// L5
pub async fn opened(house: &mut House) -> Vec<Figure> {
    let app = text(&ask(&mut house.formwork, "GET", "/apps", None).await["items"][0]["id"]);
    let document = json!({"format": 1, "key": "bench", "label": "Bench", "tiles": tiles()});
    ask(&mut house.formwork, "POST", &format!("/apps/{app}/dashboards"), Some(document)).await;
    let mut tries = 0;
    loop {
        let (took, missing) = open(house).await;
        tries += 1;
        if missing == 0 || tries == TRIES {
            say(&format!("    opened {tries} times until all was there; the last time in {took:.0} ms"));
            break;
        }
        tokio::time::sleep(PAUSE).await;
    }
    let (mut cold, mut again, mut missing) = (Vec::new(), Vec::new(), 0);
    for _ in 0..STARTS {
        house.formwork.server().stop();
        house.formwork.server().start_again().await;
        let (took, left) = open(house).await;
        cold.push(took);
        missing += left;
    }
    for _ in 0..AGAIN {
        let (took, left) = open(house).await;
        again.push(took);
        missing += left;
    }
    vec![
        figure("L5 ten charts after a start, p95", Unit::Ms, percentile(&cold, 0.95), house.goal(2_000.0)),
        figure("L5 the same again, p95", Unit::Ms, percentile(&again, 0.95), house.goal(300.0)),
        figure("L5 charts that did not come", Unit::Count, missing as f64, house.goal(0.0)),
    ]
}
