//! The suite `load`: what very many do at once to a server that holds very much, row by row of docs/reliability.md. Its limits are
//! those that are asked for of SQLite on two processors, of which the client of this program takes a part; on PostgreSQL, for
//! which more machines are asked for than one, only that nothing is lost is held.

mod dashboards;
mod formulas;
mod listeners;
mod long_jobs;
mod members;
mod pace;
mod slow_disk;
mod soak;
mod starts;
mod visitors;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tests::Database;

use crate::client::Request;
use crate::figures::{Figure, Limit, Unit};
use crate::formwork::Formwork;
use crate::place::Place;
use crate::subject::Subject;
use crate::{load, say};

use members::Desk;
use pace::{Outcome, Pace, send_all};
use visitors::Door;

/// The rows, as docs/reliability.md and docs/security.md call them.
const ROWS: [&str; 13] = ["L1", "L2", "L3", "L10", "L4", "L5", "L6", "L7", "L8", "T28", "L9", "L11", "K17"];

/// Visitors come by a proxy from many addresses, and a form takes more answers in a second than the hundred that are usual.
const OPTIONS: [&str; 4] = ["--trusted-proxies", "127.0.0.1", "--public-per-minute", "120000"];

/// Connections of thousands who come at once.
const OPEN_FILES: u64 = 16_384;

/// How long loads last.
#[derive(clap::Args)]
pub struct Held {
    /// Seconds that each load of the suite `load` is held; docs/reliability.md asks for ten minutes
    #[arg(long, default_value_t = 60)]
    hold: u64,
    /// Minutes of its soak; a day and a night are asked for
    #[arg(long, default_value_t = 10)]
    soak: u64,
}

/// The product with its records, with the door by which strangers come and what members do.
struct House {
    formwork: Formwork,
    door: Door,
    desk: Desk,
    place: Place,
    database: Database,
    rows: u64,
    hold: Duration,
    soak: Duration,
}

/// All rows, or the one that is called so.
pub async fn measure(options: &crate::Options, folder: &Path) -> Vec<Figure> {
    let is_wanted = |row: &str| options.only.is_empty() || options.only == row;
    assert!(ROWS.iter().any(|row| is_wanted(row)), "--only names one of {ROWS:?}");
    raise_open_files();
    let mut house = House::open(options, folder).await;
    let mut figures = Vec::new();
    for row in ROWS.into_iter().filter(|row| is_wanted(row)) {
        say(row);
        let measured = house.measure(row, folder).await;
        measured.iter().for_each(|figure| say(&figure.line()));
        figures.extend(measured);
    }
    figures
}

impl House {
    async fn open(options: &crate::Options, folder: &Path) -> House {
        let place = Place::new(options.database, folder, "formwork").await;
        say("the product");
        let mut formwork = Formwork::start_with(&place, &OPTIONS).await;
        load(&mut formwork, options.rows(), "the product").await;
        place.settle().await;
        let door = Door::make(&mut formwork, "visits").await;
        let desk = Desk::make(&mut formwork).await;
        let (hold, soak) =
            (Duration::from_secs(options.held.hold), Duration::from_secs(options.held.soak * 60));
        House { formwork, door, desk, place, database: options.database, rows: options.rows(), hold, soak }
    }

    async fn measure(&mut self, row: &str, folder: &Path) -> Vec<Figure> {
        match row {
            "L1" => visitors::steady(self).await,
            "L2" => visitors::fillers(self).await,
            "L3" => visitors::burst(self).await,
            "L4" => members::all_that_they_do(self).await,
            "L5" => dashboards::opened(self).await,
            "L6" => listeners::hear(self).await,
            "L7" => long_jobs::import(self, folder).await,
            "L8" => long_jobs::export(self).await,
            "L9" => soak::soak(self).await,
            "L10" => visitors::overload(self).await,
            "L11" => starts::cold(self).await,
            "T28" => formulas::heavy(self).await,
            "K17" => slow_disk::slow(self, folder).await,
            _ => Vec::new(),
        }
    }

    fn port(&mut self) -> u16 {
        self.formwork.server().port
    }

    /// Public answers at a pace, for so long.
    async fn visited(&mut self, pace: Pace, time: Duration) -> Outcome {
        let answers = self.door.answers(self.formwork.server().port, pace.count(time)).await;
        self.take(answers, pace).await
    }

    /// Sends public answers that are ready.
    async fn take(&mut self, answers: Vec<Request>, pace: Pace) -> Outcome {
        let outcome = send_all(self.port(), answers, pace, &Arc::default()).await;
        self.door.note(&outcome);
        outcome
    }

    async fn none_lost(&mut self, name: &'static str) -> Figure {
        let lost = self.door.lost(&mut self.formwork).await;
        figure(name, Unit::Count, lost, self.always(0.0))
    }

    /// A limit for SQLite on the smaller machine of the page.
    fn goal(&self, limit: f64) -> Limit {
        match self.database {
            Database::Sqlite => Limit::At(limit),
            Database::Postgres => Limit::Free,
        }
    }

    /// A limit whatever it runs on.
    fn always(&self, limit: f64) -> Limit {
        Limit::At(limit)
    }

    fn free(&self) -> Limit {
        Limit::Free
    }

    /// The log of changes of SQLite, in megabytes.
    fn log_mb(&self) -> f64 {
        let log: PathBuf = self.place.folder().join("data/formwork.db-wal");
        std::fs::metadata(log).map_or(0.0, |log| log.len() as f64 / f64::from(1 << 20))
    }
}

fn figure(name: &'static str, unit: Unit, value: f64, limit: Limit) -> Figure {
    Figure { formwork: Some(value), limit, ..Figure::new(name, unit) }
}

/// Thousands of connections want as many places; the system may give fewer.
fn raise_open_files() {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let wanted = maximum.map_or(OPEN_FILES, |most| most.min(OPEN_FILES));
    if current.is_some_and(|current| current < wanted) {
        setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum }).unwrap();
    }
}
