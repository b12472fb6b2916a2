//! The suite `import`: a csv file of twenty columns and a million lines, into the product and straight into the database.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::path::Path;
use std::time::Instant;

use rusqlite::params_from_iter;
use serde_json::{Map, Value, json};
use sqlx::{Connection, PgConnection};
use tests::Database;

use crate::answers::asked_until_answered;
use crate::figures::{Figure, Goal, Limit, Unit};
use crate::formwork::{Formwork, text};
use crate::place::Place;
use crate::progress::Progress;
use crate::subject::Subject;
use crate::workload::Dice;
use crate::{Options, say};

/// A million lines may take so many seconds.
const A_MILLION_IN: f64 = 180.0;
/// The server and what it starts may have so many megabytes.
const MOST_MEMORY: f64 = 300.0;
/// Of the file, as much goes to PostgreSQL at once.
const PIECE: usize = 1 << 20;

const COLUMNS: [&str; 20] = [
    "t0", "t1", "t2", "t3", "t4", "t5", "t6", "t7", "n0", "n1", "n2", "n3", "n4", "n5", "day", "at", "paid",
    "tier", "month", "mail",
];
const TEXTS: usize = 8;
const NUMBERS: usize = 6;
const TIERS: [&str; 3] = ["gold", "silver", "blue"];
const WORDS: [&str; 8] = ["harbour", "copper", "流程", "valve", "订单", "panel", "express", "仓库"];

pub async fn measure(options: &Options, folder: &Path) -> Vec<Figure> {
    let (rows, database) = (options.rows(), options.database);
    let file = folder.join("much.csv");
    write(&file, rows);
    say(&format!("a csv file of {} MB", std::fs::metadata(&file).unwrap().len() >> 20));
    say("the database alone");
    let floor = match database {
        Database::Sqlite => into_sqlite(&folder.join("floor.db"), &file, rows),
        Database::Postgres => into_postgres(&Place::new(database, folder, "floor").await, &file, rows).await,
    };
    say(&format!("    {floor:.0} rows a second"));
    say("the product");
    let place = Place::new(database, folder, "formwork").await;
    let imported = Imported::by(&place, &file, rows).await;
    let seconds = Figure {
        formwork: Some(imported.seconds),
        limit: Limit::At(A_MILLION_IN * rows as f64 / 1e6),
        ..Figure::new("csv import of 20 columns, its upload included", Unit::Seconds)
    };
    let rate = Figure {
        floor: Some(floor),
        formwork: Some(rows as f64 / imported.seconds),
        goal: Some(Goal::Floor(0.25)),
        ..Figure::new("the same, rows", Unit::PerSecond)
    };
    let memory = Figure {
        formwork: Some(imported.most_mb),
        limit: Limit::At(MOST_MEMORY),
        ..Figure::new("the same, memory of the server and its children, at most", Unit::Mb)
    };
    vec![seconds, rate, memory]
}

/// What came of the product's import.
struct Imported {
    seconds: f64,
    most_mb: f64,
}

impl Imported {
    async fn by(place: &Place, file: &Path, rows: u64) -> Imported {
        let mut formwork = Formwork::empty(place).await;
        let mut connection = formwork.server().connection().await;
        let app = formwork.call(&mut connection, "POST", "/apps", Some(json!({"label": "Bench"}))).await;
        let form = json!({"key": "much", "label": "Much", "title": "{t0}", "fields": fields()});
        let forms = format!("/apps/{}/forms", text(&app["id"]));
        let form = text(&formwork.call(&mut connection, "POST", &forms, Some(form)).await["id"]);
        let started = Instant::now();
        let uploaded = formwork.send(&mut connection, file).await;
        say(&format!("    uploaded after {:.1} s", started.elapsed().as_secs_f64()));
        let import = json!({"file": uploaded, "mode": "create", "mapping": mapping()});
        let job =
            formwork.call(&mut connection, "POST", &format!("/forms/{form}/import"), Some(import)).await;
        let mut progress = Progress::new("the product", rows);
        let mut most_mb: f64 = 0.0;
        let job = formwork
            .ended(&mut connection, &job, |job| {
                most_mb = most_mb.max(formwork.memory_with_children_mb());
                progress.reached(job["done"].as_u64().unwrap_or_default());
            })
            .await;
        let seconds = started.elapsed().as_secs_f64();
        assert_eq!((&job["result"]["created"], &job["result"]["failed"]), (&json!(rows), &json!(0)), "{job}");
        let count = formwork.request("GET", &format!("/forms/{form}/records?limit=1&count=exact"), None);
        let count = asked_until_answered(&mut connection, &count).await.json();
        assert_eq!(count["count"]["value"], rows);
        Imported { seconds, most_mb: most_mb.max(formwork.server().most_mb()) }
    }
}

/// Each column is a field.
pub fn mapping() -> Map<String, Value> {
    COLUMNS.iter().map(|column| ((*column).to_owned(), json!(column))).collect()
}

pub fn fields() -> Vec<Value> {
    let field = |key: &str, kind: &str, options: Value| json!({"key": key, "label": key, "kind": kind, "options": options});
    let tiers: Vec<Value> = TIERS.iter().map(|key| json!({"key": key, "label": key})).collect();
    let kinds = COLUMNS.iter().copied().map(|key| match key {
        "day" => field(key, "date", json!({})),
        "at" => field(key, "datetime", json!({})),
        "paid" => field(key, "switch", json!({})),
        "tier" => field(key, "select", json!({ "choices": tiers })),
        "month" => field(key, "month", json!({})),
        "mail" => field(key, "email", json!({})),
        _ if key.starts_with('n') => field(key, "number", json!({"scale": 2})),
        _ => field(key, "text", json!({})),
    });
    kinds.collect()
}

/// The file, from the numbers of its lines alone. No cell holds a comma, a quote or a line break.
pub fn write(file: &Path, rows: u64) {
    let mut file = BufWriter::new(File::create(file).unwrap());
    writeln!(file, "{}", COLUMNS.join(",")).unwrap();
    for number in 1..=rows {
        let mut dice = Dice::new(number);
        for place in 0..TEXTS {
            write!(file, "{} {} {place} of {number},", dice.pick(&WORDS), dice.pick(&WORDS)).unwrap();
        }
        for _ in 0..NUMBERS {
            write!(file, "{}.{:02},", dice.below(1_000_000), dice.below(100)).unwrap();
        }
        let (day, month, minute) = (1 + dice.below(28), 1 + dice.below(12), dice.below(60));
        writeln!(
            file,
            "2024-{month:02}-{day:02},2024-{month:02}-{day:02}T08:{minute:02}:00Z,{},{},2024-{month:02},a{number}@example.com",
            dice.below(2) == 0,
            dice.pick(&TIERS)
        )
        .unwrap();
    }
    file.into_inner().unwrap().sync_all().unwrap();
}

/// A table of these columns, with amounts as the database keeps them best.
fn table(amount: &str) -> String {
    let columns = COLUMNS.map(|column| match column {
        "day" => format!("{column} date"),
        "at" => format!("{column} timestamp with time zone"),
        "paid" => format!("{column} boolean"),
        column if column.starts_with('n') => format!("{column} {amount}"),
        column => format!("{column} text"),
    });
    columns.join(", ")
}

/// Rows a second, in one transaction.
fn into_sqlite(database: &Path, file: &Path, rows: u64) -> f64 {
    let mut database = rusqlite::Connection::open(database).unwrap();
    let schema = format!(
        "pragma journal_mode = wal; pragma synchronous = full; create table much (id integer primary key, {})",
        table("integer")
    );
    database.execute_batch(&schema).unwrap();
    let cells =
        COLUMNS.map(|column| if column.starts_with('n') { "cast(round(? * 100) as integer)" } else { "?" });
    let insert = format!("insert into much({}) values ({})", COLUMNS.join(", "), cells.join(", "));
    let mut progress = Progress::new("SQLite alone", rows);
    let started = Instant::now();
    let transaction = database.transaction().unwrap();
    for (done, line) in BufReader::new(File::open(file).unwrap()).lines().skip(1).enumerate() {
        let line = line.unwrap();
        transaction.prepare_cached(&insert).unwrap().execute(params_from_iter(line.split(','))).unwrap();
        if done.is_multiple_of(1000) {
            progress.reached(done as u64);
        }
    }
    transaction.commit().unwrap();
    rows as f64 / started.elapsed().as_secs_f64()
}

/// Rows a second of the fastest way in that PostgreSQL has.
async fn into_postgres(place: &Place, file: &Path, rows: u64) -> f64 {
    let mut database = PgConnection::connect(place.url().unwrap()).await.unwrap();
    let identity = "id bigint generated by default as identity primary key";
    let schema = format!("create table much ({identity}, {})", table("numeric(18, 2)"));
    sqlx::raw_sql(sqlx::AssertSqlSafe(schema)).execute(&mut database).await.unwrap();
    let copy = format!("copy much({}) from stdin with (format csv, header true)", COLUMNS.join(", "));
    let started = Instant::now();
    let mut copy = database.copy_in_raw(&copy).await.unwrap();
    let (mut file, mut piece) = (File::open(file).unwrap(), vec![0u8; PIECE]);
    loop {
        let read = file.read(&mut piece).unwrap();
        if read == 0 {
            break;
        }
        copy.send(&piece[..read]).await.unwrap();
    }
    assert_eq!(copy.finish().await.unwrap(), rows);
    rows as f64 / started.elapsed().as_secs_f64()
}
