//! The load benchmark, started by `cargo xtask bench`: one form of twelve fields and 100,000 records, asked of the
//! database alone (*floor*), of a bare server of the same libraries (*stack*), and of the product, in one run and by the
//! same client. Times mean little on a machine that others use too; ratios within one run do.

// Like a test, it stops at the first surprise.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod client;
mod figures;
mod floor;
mod flows;
mod formwork;
mod server;
mod stack;
mod subject;
mod workload;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::{Parser, Subcommand};

use client::{Load, Request, replay};
use figures::{Figure, Goal, Limit, Unit};
use formwork::Formwork;
use server::size_mb;
use stack::Stack;
use subject::Subject;
use workload::{BATCH, List, PAGE};

/// Loads of this kind run this long before the first that counts: caches fill, and observed use makes its indexes.
const WARM_UP: Duration = Duration::from_millis(1500);
/// After a start, before the memory of an idle server is read.
const REST: Duration = Duration::from_secs(3);
const STARTS: usize = 3;
const IMPORTED: u64 = 10_000;

#[derive(Parser)]
struct Options {
    #[command(subcommand)]
    other: Option<Other>,
    /// Records of the form
    #[arg(long, default_value_t = 100_000)]
    rows: u64,
    /// Length of one measured load
    #[arg(long, default_value_t = 1.5)]
    seconds: f64,
    /// Loads of each kind; the middle one counts
    #[arg(long, default_value_t = 3)]
    repeats: usize,
    /// Fail where a figure is past its limit
    #[arg(long)]
    check: bool,
    /// Only operations whose name contains this
    #[arg(long, default_value = "")]
    only: String,
    /// Requests that wait for a decision while deadlines fall due
    #[arg(long, default_value_t = 100_000)]
    requests: u64,
}

#[derive(Subcommand)]
enum Other {
    /// Serve the orders form by the bare server
    #[command(hide = true)]
    ServeStack {
        #[arg(long)]
        port: u16,
        #[arg(long)]
        database: PathBuf,
    },
}

fn main() -> ExitCode {
    let options = Options::parse();
    if let Some(Other::ServeStack { port, database }) = options.other {
        tokio::runtime::Runtime::new().unwrap().block_on(stack::serve(port, &database));
        return ExitCode::SUCCESS;
    }
    let started = Instant::now();
    // The client takes one core at most: the other is the server's.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let figures = runtime.block_on(measure(&options));
    println!("\n{}\nmeasured in {} s", figures::table(&figures), started.elapsed().as_secs());
    if options.check && !figures.iter().all(Figure::holds) {
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

async fn measure(options: &Options) -> Vec<Figure> {
    let folder = tempfile::Builder::new().prefix("formwork-bench-").tempdir().unwrap();
    let time = Duration::from_secs_f64(options.seconds);
    say("the database alone");
    let floor = floor::measure(folder.path(), options.rows, time);
    let mut pair = Pair::start(folder.path()).await;
    let mut figures = vec![pair.load(options.rows, floor.bulk).await];
    let (disk_stack, disk_formwork) = pair.disk(folder.path());
    let start = pair.starts(options.rows).await;
    let idle = pair.idle_memory().await;
    pair.check_answers(options.rows).await;
    for (mut figure, clients, kind) in operations(&floor) {
        if figure.name.contains(&options.only) {
            pair.compare(&mut figure, clients, kind, options, time).await;
            say(&figure.line());
            figures.push(figure);
        }
    }
    if "csv import".contains(&options.only) {
        say("csv import");
        let import = pair.formwork.import(options.rows + 20_001..options.rows + 20_001 + IMPORTED).await;
        figures.push(Figure {
            floor: Some(floor.import),
            formwork: Some(import),
            goal: Some(Goal::Floor(0.25)),
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
        ..Figure::new("memory, at most", Unit::Mb)
    });
    figures.push(Figure {
        floor: Some(floor.disk_mb),
        stack: Some(disk_stack),
        formwork: Some(disk_formwork),
        goal: Some(Goal::Floor(1.9)),
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
fn operations(floor: &floor::Floor) -> Vec<(Figure, usize, Kind)> {
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
    let creates = Figure { floor: Some(floor.creates), ..rate("create, 16 clients", 0.5) };
    vec![
        (ms("list 50, filter, sort, exact count", Goal::Stack(2.2), floor.list_ms), 1, Kind::List),
        (rate("list, 16 clients", 0.47), 16, Kind::List),
        (ms("page at 80 % of the list", Goal::Stack(2.3), floor.deep_ms), 1, Kind::Deep),
        (ms("get", Goal::Stack(2.5), floor.get_ms), 1, Kind::Get),
        (rate("get, 16 clients", 0.44), 16, Kind::Get),
        (ms("group sum", Goal::Floor(1.15), floor.sum_ms), 1, Kind::Sum),
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
}

impl Pair {
    async fn start(folder: &Path) -> Pair {
        say("both servers");
        let folders = ["stack", "formwork"].map(|name| folder.join(name));
        folders.iter().for_each(|folder| std::fs::create_dir(folder).unwrap());
        Pair { stack: Stack::start(&folders[0]).await, formwork: Formwork::start(&folders[1]).await }
    }

    /// Loads all records by bulk requests.
    async fn load(&mut self, rows: u64, floor: f64) -> Figure {
        say("bulk create");
        let stack = load(&mut self.stack, rows).await;
        let formwork = load(&mut self.formwork, rows).await;
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
    fn disk(&mut self, folder: &Path) -> (f64, f64) {
        self.stack.server().stop();
        self.formwork.server().stop();
        (size_mb(&folder.join("stack")), size_mb(&folder.join("formwork")))
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
        check_answers(&mut self.stack, rows).await;
        check_answers(&mut self.formwork, rows).await;
    }

    async fn compare(
        &mut self,
        figure: &mut Figure,
        clients: usize,
        kind: Kind,
        options: &Options,
        time: Duration,
    ) {
        say(figure.name);
        let stack = Arc::new(requests(&self.stack, kind, options.rows));
        let formwork = Arc::new(requests(&self.formwork, kind, options.rows));
        one(&mut self.stack, &stack, clients, WARM_UP).await;
        one(&mut self.formwork, &formwork, clients, WARM_UP).await;
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
async fn load(subject: &mut dyn Subject, rows: u64) -> (f64, f64) {
    let mut connection = subject.server().connection().await;
    let before = subject.server().processor_seconds();
    let mut took = Duration::ZERO;
    for first in (1..=rows).step_by(BATCH as usize) {
        let request = subject.bulk(&workload::orders(first..(first + BATCH).min(rows + 1)));
        let sent = Instant::now();
        let answer = connection.ask(&request).await.unwrap();
        took += sent.elapsed();
        subject.loaded(&answer.json());
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

async fn check_answers(subject: &mut dyn Subject, rows: u64) {
    let mut connection = subject.server().connection().await;
    let deep = workload::deep_lists(rows)[0];
    for list in workload::filtered_lists().iter().take(3).chain([&deep]) {
        let answer = connection.ask(&subject.list(list)).await.unwrap().json();
        let (count, dates) = subject.read_list(&answer);
        assert_eq!(count, workload::matching(list, rows));
        assert_eq!(dates.len() as u64, PAGE);
        assert!(dates.is_sorted_by(|a, b| a >= b), "{dates:?}");
    }
    let answer = connection.ask(&subject.sum()).await.unwrap().json();
    let mut sums = subject.read_sum(&answer);
    sums.sort_unstable();
    let wanted: Vec<(String, i64)> =
        workload::sums(rows).into_iter().map(|(status, cents)| (status.to_string(), cents)).collect();
    assert_eq!(sums, wanted);
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn say(what: &str) {
    eprintln!("    {what}");
}
