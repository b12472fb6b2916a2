//! Many rows come in and go out in little time and little memory: thousands in every run, many more in that of
//! `cargo xtask test --long`; the figures of an optimised server are had with
//! `FORMWORK_BIN=target/release/formwork FORMWORK_ROWS=1000000`.

use std::fmt::Write;
use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};
use tests::design::{Field, date, form, number, select, text};
use tests::{Client, Form, Server, Workspace, on_both};

/// Megabytes that the server may have had at most.
const MOST_MEMORY: u64 = 300;
/// Rows of a second at least: a million in three minutes.
const SLOWEST: u64 = 5_556;

fn rows() -> u64 {
    // What is not optimised takes a tenth of it as long.
    std::env::var("FORMWORK_ROWS").ok().and_then(|rows| rows.parse().ok()).unwrap_or(100_000)
}

fn fields() -> Vec<Field> {
    let texts = (0..8).map(|n| text(&format!("t{n}")));
    let numbers = (0..6).map(|n| number(&format!("n{n}"), 2));
    let rest = [
        date("day"),
        Field::new("at", "datetime"),
        Field::new("paid", "switch"),
        select("tier", &["gold", "silver", "blue"]),
        Field::new("month", "month"),
        Field::new("mail", "email"),
    ];
    texts.chain(numbers).chain(rest).collect()
}

fn table(rows: u64) -> Vec<u8> {
    let keys: Vec<String> =
        fields().iter().map(|field| field.value()["key"].as_str().unwrap().to_owned()).collect();
    let mut text = keys.join(",");
    text.push('\n');
    for n in 0..rows {
        for place in 0..8 {
            write!(text, "text {place} of {n},").unwrap();
        }
        for place in 0..6 {
            write!(text, "{}.{:02},", n * 7 + place, n % 100).unwrap();
        }
        let (day, tier) = (n % 28 + 1, ["gold", "silver", "blue"][n as usize % 3]);
        writeln!(
            text,
            "2024-03-{day:02},2024/3/{day} 8:{:02},{},{tier},2024-{:02},a{n}@example.com",
            n % 60,
            n % 2,
            n % 12 + 1
        )
        .unwrap();
    }
    text.into_bytes()
}

/// The most memory that the server has had, in megabytes.
fn memory(server: &Server) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.process_id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").trim().parse::<u64>().unwrap() / 1024
}

async fn ended(admin: &Client, started: Value) -> Value {
    let path = format!("/jobs/{}", started["job"].as_str().unwrap());
    loop {
        let job = admin.get(&path).await.ok();
        if job["state"] != "running" {
            return job;
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
}

/// As many as take seconds, and more slices of an import and of an export than one.
const FEW: u64 = 4_000;

#[tokio::test]
async fn t72_thousands_of_rows_come_in_and_go_out_in_little_memory() {
    in_and_out(FEW).await;
}

#[tokio::test]
#[ignore = "a hundred thousand rows"]
async fn many_rows_come_in_and_go_out_in_little_time_and_memory() {
    in_and_out(rows()).await;
}

/// Brings so many rows in and has them go out as each sort of file.
async fn in_and_out(rows: u64) {
    let table = table(rows);
    eprintln!("{rows} rows, {} MB", table.len() >> 20);
    on_both(async |server| {
        let workspace = Workspace { admin: server.set_up().await };
        let form = workspace.form(form("much", fields())).await;
        let admin = &workspace.admin;
        let request = admin.request(Method::POST, "/files?for=import").header("content-type", "text/csv");
        let request = request.header("content-disposition", "attachment; filename=\"much.csv\"");
        let file = admin.send(request.body(table.clone())).await.created()["id"].clone();
        let mapping: serde_json::Map<String, Value> = fields()
            .iter()
            .map(|field| field.value()["key"].as_str().unwrap().to_owned())
            .map(|key| (key.clone(), json!(key)))
            .collect();
        let started = Instant::now();
        let input = json!({"file": file, "mapping": mapping});
        let job = admin.post(&form.path("/import"), input).await.with_status(202);
        let job = ended(admin, job).await;
        assert_eq!((&job["state"], &job["result"]["created"]), (&json!("done"), &json!(rows)), "{job}");
        let (taken, after_import) = (started.elapsed(), memory(server));
        eprintln!(
            "import: {taken:?}, {} rows a second, {after_import} MB at most",
            rows * 1000 / taken.as_millis() as u64
        );
        assert!(after_import < MOST_MEMORY, "{after_import} MB");
        // So few are over before their pace can be told.
        if !cfg!(debug_assertions) && rows > FEW {
            assert!(rows / taken.as_secs().max(1) >= SLOWEST, "{taken:?}");
        }
        add_up_exactly(&form, rows).await;
        for format in ["csv", "xlsx", "json"] {
            let started = Instant::now();
            let input = json!({"format": format, "sort": [{"field": "$id"}]});
            let job = admin.post(&form.path("/export"), input).await.with_status(202);
            let job = ended(admin, job).await;
            assert_eq!((&job["state"], &job["result"]["records"]), (&json!("done"), &json!(rows)), "{job}");
            eprintln!("{format}: {:?}, {} MB at most", started.elapsed(), memory(server));
        }
        assert!(memory(server) < MOST_MEMORY, "{} MB", memory(server));
    })
    .await;
}

/// What so many lines come to is what adding them up one by one gives, to the last digit.
async fn add_up_exactly(form: &Form, rows: u64) {
    let key = |place: u64| format!("n{place}");
    let sum = |place: u64| json!({"key": key(place), "fn": "sum", "field": key(place)});
    let measures: Vec<Value> = (0..6).map(sum).collect();
    let told = form.add_up(&form.admin, json!({ "measures": measures })).await.ok();
    for place in 0..6 {
        let cents: u128 = (0..rows).map(|n| u128::from(n * 7 + place) * 100 + u128::from(n % 100)).sum();
        let expected = format!("{}.{:02}", cents / 100, cents % 100);
        assert_eq!(told["rows"][0]["values"][key(place)], expected, "{told}");
    }
}
