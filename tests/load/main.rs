//! The load benchmark, started by `cargo xtask bench`: one form of twelve fields and 100,000 records, asked of the
//! database alone (*floor*), of a bare server of the same libraries (*stack*), and of the product, in one run and by the
//! same client. Times mean little on a machine that others use too; ratios within one run do. Other suites hold one form
//! of fifty fields and one import against the database alone, change half a million records by one job, and have very many do
//! what they do at once.

// Like a test, it stops at the first surprise.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod answers;
mod bulk_edit;
mod client;
mod figures;
mod floor;
mod flows;
mod formwork;
mod growth;
mod import;
mod machine;
mod matrix;
mod passwords;
mod place;
mod postgres;
mod progress;
mod rights;
mod server;
mod stack;
mod subject;
mod wide;
mod workload;

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::{Parser, Subcommand, ValueEnum};
use tests::Database;

use answers::{Right, check_answers};
use client::{Load, Request, replay};
use figures::{Figure, Goal, Limit, Unit};
use formwork::Formwork;
use growth::Small;
use machine::Machine;
use place::Place;
use progress::Progress;
use stack::Stack;
use subject::Subject;
use workload::{BATCH, List};

/// Loads of this kind run this long before the first that counts: caches fill, and observed use makes its indexes.
const WARM_UP: Duration = Duration::from_millis(1500);
/// An index over so many records is made in that time; over more of them it takes longer.
const INDEXED: u64 = 100_000;
/// From so many records on, what people wait for has limits that do not depend on what others reach.
const MANY: u64 = 1_000_000;
/// After a start, before the memory of an idle server is read.
const REST: Duration = Duration::from_secs(3);
const STARTS: usize = 3;
const IMPORTED: u64 = 10_000;

#[derive(Parser)]
struct Options {
    #[command(subcommand)]
    other: Option<Other>,
    /// What is measured
    #[arg(long, value_enum, default_value_t = Suite::Orders)]
    suite: Suite,
    /// Records of the form: 100,000 orders, half a million of `bulk-edit`, or a million of the other suites
    #[arg(long)]
    rows: Option<u64>,
    /// Where they are kept
    #[arg(long, value_parser = place::named, default_value = "sqlite")]
    database: Database,
    /// Length of one measured load
    #[arg(long, default_value_t = 1.5)]
    seconds: f64,
    /// Loads of each kind; the middle one counts
    #[arg(long, default_value_t = 3)]
    repeats: usize,
    /// Fail where a figure is past its limit
    #[arg(long)]
    check: bool,
    /// Only operations whose name contains this; of the suite `load` the row that is called so, such as L3
    #[arg(long, default_value = "")]
    only: String,
    /// Requests that wait for a decision while deadlines fall due
    #[arg(long, default_value_t = 100_000)]
    requests: u64,
    #[command(flatten)]
    held: matrix::Held,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Suite {
    /// Everyday operations on a form of twelve fields
    Orders,
    /// Pages of a form of fifty fields, and what pickers find in it
    Wide,
    /// A csv file of twenty columns
    Import,
    /// All orders changed by one job, and taken back
    BulkEdit,
    /// What very many do at once, and for long
    Load,
}

#[derive(Subcommand)]
enum Other {
    /// Serve the orders form by the bare server
    #[command(hide = true)]
    ServeStack {
        #[arg(long)]
        port: u16,
        #[arg(long)]
        database: String,
    },
    /// What a row rule adds to a list of very many records
    Rights(rights::Options),
    /// What a flood of wrong passwords costs everybody else
    Passwords(passwords::Options),
}

impl Options {
    fn rows(&self) -> u64 {
        self.rows.unwrap_or(match self.suite {
            Suite::Orders => 100_000,
            Suite::BulkEdit => 500_000,
            Suite::Wide | Suite::Import | Suite::Load => 1_000_000,
        })
    }

    fn time(&self) -> Duration {
        Duration::from_secs_f64(self.seconds)
    }
}

fn main() -> ExitCode {
    let options = Options::parse();
    if let Some(Other::ServeStack { port, database }) = &options.other {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        if database.starts_with("postgres:") {
            runtime.block_on(postgres::stack::serve(*port, database));
        } else {
            runtime.block_on(stack::serve(*port, database));
        }
        return ExitCode::SUCCESS;
    }
    let started = Instant::now();
    // The client takes one core at most: the other is the server's.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    if let Some(Other::Rights(options)) = &options.other {
        let holds = runtime.block_on(rights::measure(options));
        return if holds { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    if let Some(Other::Passwords(options)) = &options.other {
        let holds = runtime.block_on(passwords::measure(options));
        return if holds { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    let folder = tempfile::Builder::new().prefix("formwork-bench-").tempdir().unwrap();
    let machine = Machine::look(folder.path());
    let figures = runtime.block_on(async {
        match options.suite {
            Suite::Orders => measure(&options, folder.path()).await,
            Suite::Wide => wide::measure(&options, folder.path()).await,
            Suite::Import => import::measure(&options, folder.path()).await,
            Suite::BulkEdit => bulk_edit::measure(&options, folder.path()).await,
            Suite::Load => matrix::measure(&options, folder.path()).await,
        }
    });
    let (rows, took) = (options.rows(), started.elapsed().as_secs());
    println!(
        "\n{}\n{rows} records on {:?}, measured in {took} s",
        figures::table(&figures),
        options.database
    );
    println!("{}", machine.told());
    if options.check && !figures.iter().all(Figure::holds) {
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

async fn measure(options: &Options, folder: &Path) -> Vec<Figure> {
    let (rows, time, database) = (options.rows(), options.time(), options.database);
    say("the database alone");
    let floor = match database {
        Database::Sqlite => floor::measure(folder, rows, time),
        Database::Postgres => {
            postgres::floor::measure(&Place::new(database, folder, "floor").await, rows, time).await
        }
    };
    let mut pair = Pair::start(database, folder).await;
    let mut figures = vec![pair.load(rows, floor.bulk).await];
    let (disk_stack, disk_formwork) = pair.disk().await;
    let start = pair.starts(rows).await;
    let idle = pair.idle_memory().await;
    pair.check_answers(rows).await;
    for (mut figure, clients, kind) in operations(&floor, rows) {
        if figure.name.contains(&options.only) {
            pair.compare(&mut figure, clients, kind, options).await;
            say(&figure.line());
            figures.push(figure);
        }
    }
    if rows > growth::FEW {
        let mut small = Small::start(database, folder).await;
        figures.extend(small.compare(&mut pair.formwork, options).await);
    }
    if "csv import".contains(&options.only) {
        say("csv import");
        let import = pair.formwork.import(rows + 20_001..rows + 20_001 + IMPORTED).await;
        figures.push(Figure {
            floor: Some(floor.import),
            formwork: Some(import),
            goal: Some(Goal::Floor(0.25)),
            limit: known(options, Limit::Times(0.11)),
            ..Figure::new("csv import", Unit::PerSecond)
        });
    }
    figures.push(start);
    figures.push(idle);
    let most = (pair.stack.server().most_mb(), pair.formwork.server().most_mb());
    figures.push(Figure {
        stack: Some(most.0),
        formwork: Some(most.1),
        goal: Some(Goal::Stack(5.0)),
        limit: known(options, Limit::Times(11.0)),
        ..Figure::new("memory, at most", Unit::Mb)
    });
    figures.push(Figure {
        floor: Some(floor.disk_mb),
        stack: Some(disk_stack),
        formwork: Some(disk_formwork),
        goal: Some(Goal::Floor(1.9)),
        limit: known(options, Limit::Double),
        ..Figure::new("disk, history included", Unit::Mb)
    });
    let bytes = pair.formwork.first_load().await;
    figures.push(Figure {
        formwork: (bytes > 0).then_some(bytes as f64 / 1e6),
        limit: Limit::At(1.2),
        ..Figure::new("first load, compressed", Unit::Mb)
    });
    // Last: what is measured above has none of these requests beside it.
    let updates = Arc::new(requests(&pair.formwork, Kind::Update, flows::CHANGED));
    let raw = 1000.0 / floor.create_ms;
    figures.extend(flows::measure(&mut pair.formwork, &updates, options, raw).await);
    figures
}

/// A limit where it is known what a limit can be: by what was measured of 100,000 records on SQLite.
fn known(options: &Options, limit: Limit) -> Limit {
    let is_measured = options.database == Database::Sqlite && (growth::FEW..MANY).contains(&options.rows());
    if is_measured { limit } else { Limit::Free }
}

/// What a load consists of.
#[derive(Clone, Copy)]
enum Kind {
    Create,
    List,
    Deep,
    Get,
    Update,
    Sum,
}

/// Everything that is timed over HTTP, reads first: with its goal, and how many clients ask.
fn operations(floor: &floor::Floor, rows: u64) -> Vec<(Figure, usize, Kind)> {
    let ms = |name, goal, floor| Figure {
        floor: Some(floor),
        goal: Some(goal),
        limit: Limit::Double,
        ..Figure::new(name, Unit::Ms)
    };
    let rate = |name, goal| Figure {
        goal: Some(Goal::Stack(goal)),
        limit: Limit::Double,
        ..Figure::new(name, Unit::PerSecond)
    };
    let at_most = |limit: f64, figure: Figure| Figure {
        limit: if rows >= MANY { Limit::At(limit) } else { figure.limit },
        ..figure
    };
    let list = ms("list 50, filter, sort, exact count", Goal::Stack(2.2), floor.list_ms);
    let creates = Figure { floor: Some(floor.creates), ..rate("create, 16 clients", 0.5) };
    vec![
        (at_most(25.0, list), 1, Kind::List),
        (rate("list, 16 clients", 0.47), 16, Kind::List),
        (at_most(109.0, ms("page at 80 % of the list", Goal::Stack(2.3), floor.deep_ms)), 1, Kind::Deep),
        (ms("get", Goal::Stack(2.5), floor.get_ms), 1, Kind::Get),
        (rate("get, 16 clients", 0.44), 16, Kind::Get),
        (at_most(86.0, ms("group sum", Goal::Floor(1.15), floor.sum_ms)), 1, Kind::Sum),
        (ms("update one field", Goal::Stack(2.0), floor.update_ms), 1, Kind::Update),
        (rate("update, 16 clients", 0.37), 16, Kind::Update),
        (ms("create", Goal::Stack(2.0), floor.create_ms), 1, Kind::Create),
        (creates, 16, Kind::Create),
    ]
}

/// Both servers. They run at once and are asked in turn, so that what else the machine does meets both.
struct Pair {
    stack: Stack,
    formwork: Formwork,
    /// Of the bare server, and of the product.
    places: [Place; 2],
}

impl Pair {
    async fn start(database: Database, folder: &Path) -> Pair {
        say("both servers");
        let places =
            [Place::new(database, folder, "stack").await, Place::new(database, folder, "formwork").await];
        let [stack, formwork] = &places;
        Pair { stack: Stack::start(stack).await, formwork: Formwork::start(formwork).await, places }
    }

    /// Loads all records by bulk requests.
    async fn load(&mut self, rows: u64, floor: f64) -> Figure {
        say("bulk create");
        let stack = load(&mut self.stack, rows, "the bare server").await;
        let formwork = load(&mut self.formwork, rows, "the product").await;
        for place in &self.places {
            place.settle().await;
        }
        Figure {
            floor: Some(floor),
            stack: Some(stack.0),
            formwork: Some(formwork.0),
            goal: Some(Goal::Floor(0.28)),
            processor: Some((stack.1, formwork.1)),
            ..Figure::new("bulk create", Unit::PerSecond)
        }
    }

    /// What both keep on disk, while they are stopped.
    async fn disk(&mut self) -> (f64, f64) {
        self.stack.server().stop();
        self.formwork.server().stop();
        let [stack, formwork] = &self.places;
        (stack.size_mb().await, formwork.size_mb().await)
    }

    /// The time from the start of the process until it answers with a record.
    async fn starts(&mut self, rows: u64) -> Figure {
        say("cold start");
        let list = List { offset: rows / 2, filter: None };
        let mut took = (Vec::new(), Vec::new());
        for (subject, took) in [
            (&mut self.stack as &mut dyn Subject, &mut took.0),
            (&mut self.formwork as &mut dyn Subject, &mut took.1),
        ] {
            let question = subject.get(list.offset);
            subject.server().ask_when_started(question);
            for start in 0..STARTS {
                if start > 0 {
                    subject.server().stop();
                }
                subject.server().start_again().await;
                took.push(subject.server().started_in.as_secs_f64());
            }
        }
        Figure {
            stack: Some(median(took.0)),
            formwork: Some(median(took.1)),
            goal: Some(Goal::Stack(8.0)),
            limit: Limit::At(0.5),
            ..Figure::new("cold start", Unit::Seconds)
        }
    }

    async fn idle_memory(&mut self) -> Figure {
        tokio::time::sleep(REST).await;
        Figure {
            stack: Some(self.stack.server().memory_mb()),
            formwork: Some(self.formwork.server().memory_mb()),
            goal: Some(Goal::Stack(4.0)),
            limit: Limit::At(60.0),
            ..Figure::new("memory, idle", Unit::Mb)
        }
    }

    /// A wrong answer is no fast answer.
    async fn check_answers(&mut self, rows: u64) {
        say("whether the answers are right");
        let right = Right::of(rows);
        check_answers(&mut self.stack, &right).await;
        check_answers(&mut self.formwork, &right).await;
    }

    async fn compare(&mut self, figure: &mut Figure, clients: usize, kind: Kind, options: &Options) {
        say(figure.name);
        let (rows, time) = (options.rows(), options.time());
        let stack = Arc::new(requests(&self.stack, kind, rows));
        let formwork = Arc::new(requests(&self.formwork, kind, rows));
        warm_up(&mut self.stack, &stack, clients, WARM_UP).await;
        warm_up(&mut self.formwork, &formwork, clients, until_warm(kind, rows)).await;
        let (mut bare, mut ours, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
        let mut processor = (Vec::new(), Vec::new());
        for _ in 0..options.repeats {
            let (of_stack, its_time) = one(&mut self.stack, &stack, clients, time).await;
            let (of_formwork, our_time) = one(&mut self.formwork, &formwork, clients, time).await;
            let value = |load: Load| if figure.unit == Unit::Ms { load.p50_ms } else { load.per_second };
            bare.push(value(of_stack));
            ours.push(value(of_formwork));
            ratios.push(match figure.goal {
                Some(Goal::Floor(_)) => value(of_formwork) / figure.floor.unwrap(),
                _ => value(of_formwork) / value(of_stack),
            });
            processor.0.push(its_time);
            processor.1.push(our_time);
        }
        figure.stack = Some(median(bare));
        figure.formwork = Some(median(ours));
        figure.ratio = Some(median(ratios));
        figure.processor = Some((median(processor.0), median(processor.1)));
    }
}

/// How long a kind of load runs before it counts.
fn until_warm(kind: Kind, rows: u64) -> Duration {
    match kind {
        Kind::List | Kind::Deep | Kind::Sum => until_indexed(rows),
        Kind::Create | Kind::Get | Kind::Update => WARM_UP,
    }
}

/// What is asked slowly gets its index; in this time it is made.
fn until_indexed(rows: u64) -> Duration {
    WARM_UP * rows.div_ceil(INDEXED).clamp(1, 20) as u32
}

/// A load that does not count: some of its questions may take longer than they are let.
async fn warm_up(
    subject: &mut dyn Subject,
    requests: &Arc<Vec<Request>>,
    clients: usize,
    time: Duration,
) -> Load {
    replay(subject.server().port, requests, clients, time).await
}

/// One load, with the milliseconds of processor time that an answer cost the server.
async fn one(
    subject: &mut dyn Subject,
    requests: &Arc<Vec<Request>>,
    clients: usize,
    time: Duration,
) -> (Load, f64) {
    let before = subject.server().processor_seconds();
    let load = replay(subject.server().port, requests, clients, time).await;
    assert_eq!(load.failed, 0, "answers that were no success");
    let used = subject.server().processor_seconds() - before;
    (load, used * 1000.0 / load.answers as f64)
}

/// Rows a second, and the milliseconds of processor time for a row.
async fn load(subject: &mut dyn Subject, rows: u64, whose: &'static str) -> (f64, f64) {
    let mut connection = subject.server().connection().await;
    let before = subject.server().processor_seconds();
    let mut took = Duration::ZERO;
    let mut progress = Progress::new(whose, rows);
    for first in (1..=rows).step_by(BATCH as usize) {
        let request = subject.bulk(&workload::orders(first..(first + BATCH).min(rows + 1)));
        let sent = Instant::now();
        let answer = connection.ask(&request).await.unwrap();
        took += sent.elapsed();
        subject.loaded(&answer.json());
        progress.reached(first + BATCH - 1);
    }
    let used = subject.server().processor_seconds() - before;
    (rows as f64 / took.as_secs_f64(), used * 1000.0 / rows as f64)
}

fn requests(subject: &dyn Subject, kind: Kind, rows: u64) -> Vec<Request> {
    let samples = workload::samples(rows);
    match kind {
        Kind::List => workload::filtered_lists().iter().map(|list| subject.list(list)).collect(),
        Kind::Deep => workload::deep_lists(rows).iter().map(|list| subject.list(list)).collect(),
        Kind::Get => samples.iter().map(|number| subject.get(*number)).collect(),
        Kind::Sum => vec![subject.sum()],
        // Two rounds, so that none finds its own value there: SQLite writes nothing for those.
        Kind::Update => ["note", "remark"]
            .iter()
            .flat_map(|word| {
                samples.iter().enumerate().map(move |(at, number)| (*number, format!("{word} {at}")))
            })
            .map(|(number, note)| subject.update(number, &note))
            .collect(),
        Kind::Create => {
            workload::orders(rows + 1..rows + 2001).iter().map(|order| subject.create(order)).collect()
        }
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn say(what: &str) {
    eprintln!("    {what}");
}
