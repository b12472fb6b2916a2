//! Scripts that would take as much as they can get (reliability.md F2): each ends within its steps, its memory and its time.
//! This program is a test by itself, so that nobody else's bytes are counted.

// Tests and what they share stop at the first surprise.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::sync::Arc;
use std::time::{Duration, Instant};

use engine::context::Context;
use engine::script::{About, Budget, Halt, Host, Names, Question, Script, Seen, Stopped, Told};
use engine::value::{Id, Row, Timestamp, Value, Values};
use jiff::tz::TimeZone;
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// The most that one script may take, what it reads included.
const MOST_BYTES: usize = 32 << 20;
/// The clock of the server, with much patience for a machine that does other things too.
const MOST_TIME: Duration = Duration::from_secs(20);

/// Rows of each record.
const ROWS: i64 = 1_000;

/// Knows records with a long text and many rows each, as many as somebody wants.
struct Full;

fn record(number: i64) -> Seen {
    let cell = Value::text("x".repeat(1_000));
    let row = |number: i64| Row {
        id: Some(Id::from_i64(number).unwrap()),
        values: Values::from([("cell".to_string(), cell.clone())]),
    };
    let values = Values::from([
        ("text".to_string(), Value::text("x".repeat(50_000))),
        ("lines".to_string(), Value::Rows((1..=ROWS).map(row).collect())),
    ]);
    let names = ["text", "lines", "lines.cell"].map(str::to_string);
    Seen::record(Id::from_i64(number).unwrap(), values, Arc::new(Names::from(names)))
}

/// Counts what it hands over, as the server does.
struct Counting(Budget);

impl Host for Counting {
    fn ask(&self, question: Question) -> Result<Told, Stopped> {
        let Question::Find { limit, .. } = question else { return Full.ask(question) };
        let mut found = Vec::new();
        for number in 1..=limit.min(100) as i64 {
            let seen = record(number);
            self.0.read(1, seen.bytes()).map_err(|_| Stopped)?;
            found.push(seen);
        }
        Ok(Told::Records(found))
    }
}

impl Host for Full {
    fn ask(&self, question: Question) -> Result<Told, Stopped> {
        match question {
            Question::Get { .. } => Ok(Told::Records(vec![record(1)])),
            Question::Create { .. } => Ok(Told::Made(Id::from_i64(9).unwrap())),
            Question::Update { .. } | Question::Remove { .. } => Ok(Told::Done),
            Question::Find { .. }
            | Question::Groups { .. }
            | Question::Behind { .. }
            | Question::Count { .. }
            | Question::Sum { .. } => Err(Stopped),
        }
    }
}

const HOSTILE: [&str; 18] = [
    "loop {}",
    "let n = 0; while true { n += 1; n *= 2; }",
    "for i in 0..9223372036854775807 { let x = i ** 40; }",
    "let s = \"xxxxxxxxxxxxxxxx\"; loop { s = s + s; }",
    "let s = \"x\"; let l = []; loop { s += s; l += [s]; }",
    "let l = [1, 2, 3]; loop { l = l + l; }",
    "let l = [[]]; loop { l = [l, l, l]; }",
    "let m = #{}; loop { m = #{a: m}; }",
    "let m = #{}; loop { m = #{a: m, b: m, c: m, d: m, e: m, f: m, g: m, h: m}; }",
    "let l = []; loop { l += [#{a: 1}]; }",
    "let l = []; loop { l += [#{a: #{b: #{c: #{d: #{e: 1}}}}}]; }",
    "let l = []; for i in 0..2000 { l += [#{a: i}]; } loop { create(\"s\", #{a: l, b: l, c: l}); }",
    "let l = []; for i in 0..1900 { l += [#{a: i, b: i}]; } let a = l; let b = l; let c = l; let d = l; let e = l; \
     let f = l; let g = l; let h = l; let i = l; let j = l; let k = l; let m = l; let n = l; let o = l; let p = l;",
    "let kept = []; loop { kept += find(\"s\", #{}); }",
    "let kept = []; loop { kept += [get(\"s\", \"1\").text]; }",
    "loop { record.text = record.text + record.text; }",
    "let x = 1.5; loop { x = x * x; }",
    "let s = \"\"; loop { s = `${s}${s}x`; }",
];

fn run(source: &str) -> (Result<(), Halt>, usize, Duration) {
    let script = match Script::compile(source) {
        Ok(script) => script,
        Err(faults) => panic!("{source}: {faults:?}"),
    };
    let (before, started) = (MEMORY.current_usage(), Instant::now());
    MEMORY.reset_peak_usage();
    let budget = Budget::default();
    let budget = budget.with_stop(Arc::new(move || started.elapsed() > MOST_TIME));
    let about = About {
        record: record(7),
        old: None,
        context: Context::system(Timestamp::UNIX_EPOCH, TimeZone::UTC),
        host: Arc::new(Counting(budget.clone())),
        budget,
    };
    let ended = script.run(about).map(drop);
    (ended, MEMORY.peak_usage().saturating_sub(before), started.elapsed())
}

/// The rows of one record in as many variables as there may be.
fn rows_everywhere() -> String {
    let all = (0..40).map(|n| format!("let a{n} = record.lines; "));
    all.chain(["loop {}".to_string()]).collect()
}

#[test]
fn every_hostile_script_ends_within_its_memory_and_its_time() {
    let more = [rows_everywhere()];
    for source in HOSTILE.into_iter().chain(more.iter().map(String::as_str)) {
        let (ended, bytes, time) = run(source);
        assert!(ended.is_err() || source.contains("let p = l"), "{source} came to its end");
        assert!(bytes <= MOST_BYTES, "{source}: {bytes} bytes");
        assert!(time < MOST_TIME, "{source}: {time:?}");
    }
}
