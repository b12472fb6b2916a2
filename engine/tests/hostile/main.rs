//! A collection of hostile formulas over a record that somebody filled to its limits (reliability.md F2). Every one is
//! refused before it is stored, or ends as an error value; what it may do until then is counted in steps, and the memory
//! that it takes in bytes. This program is a test by itself, so that nobody else's bytes are counted.

// Tests and what they share stop at the first surprise.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod corpus;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use engine::formula::sample::Sample;
use engine::formula::{Budget, Formula, Lookup, MAX_OPERATIONS, MAX_TEXT, Resolved, Scope, Type};
use engine::value::{Decimal, Value};
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// The most that one formula may take, what it reads of the record included.
const MOST_BYTES: usize = 16 << 20;

/// What it may take on a machine of its own, optimised. A clock is no measure on one that does other things too, and without
/// optimisation: there it only finds what does not end. `cargo xtask test --long` says by `FORMWORK_ALONE` that nothing else
/// runs, and then what is too slow may try again: a machine is slow now and then, and a formula each time.
const MOST_TIME: Duration = Duration::from_millis(50);
const ON_A_BUSY_MACHINE: u32 = if cfg!(debug_assertions) { 40 } else { 10 };
const TRIES_ALONE: usize = 5;

/// How long a formula may take here.
fn most_time() -> Duration {
    if is_alone() { MOST_TIME } else { MOST_TIME * ON_A_BUSY_MACHINE }
}

fn is_alone() -> bool {
    let said = std::env::var_os("FORMWORK_ALONE").is_some();
    assert!(!(said && cfg!(debug_assertions)), "what is not optimised has no time to be held to");
    said
}

/// The least time that a formula takes, of as many tries as it needs to be quick enough.
fn least_time(source: &str, first: Duration) -> Duration {
    let mut least = first;
    for _ in 1..TRIES_ALONE {
        if !is_alone() || least <= MOST_TIME {
            break;
        }
        let started = Instant::now();
        outcome(source);
        least = least.min(started.elapsed());
    }
    least
}

/// A record with the longest text, the largest and the least number, and a thousand rows of numbers and of long texts.
struct Filled;

impl Scope for Filled {
    fn resolve(&self, path: &[&str]) -> Option<Resolved> {
        let ty = match path {
            ["big"] => Type::Text,
            ["huge" | "tiny"] => Type::Number,
            ["day"] => Type::Date,
            ["rows"] => Type::list(Type::Number),
            ["texts"] => Type::list(Type::Text),
            _ => return None,
        };
        Some(Resolved { ty, live: false })
    }
}

impl Lookup for Filled {
    fn value(&self, path: &str) -> Value {
        match path {
            "big" => Value::text(",".repeat(MAX_TEXT)),
            "huge" => Value::Number(Decimal::MAX),
            "tiny" => Value::Number(Decimal::new(1, 28)),
            "day" => Value::Date(Sample::context().today()),
            "rows" => Value::List((1..=1000i32).map(Value::number).collect()),
            "texts" => {
                let long = "x".repeat(1020);
                Value::List((0..1000).map(|n| Value::text(format!("{n:04}{long}"))).collect())
            }
            _ => Value::Empty,
        }
    }
}

/// What comes of a formula: the code of its fault, or its error value. The steps that it asked for are counted here, apart
/// from the engine's own count.
fn outcome(source: &str) -> String {
    let formula = match Formula::parse(source, &Filled, &Type::Any) {
        Ok(formula) => formula,
        Err(fault) => return fault.code.to_string(),
    };
    let steps = Arc::new(AtomicU64::new(0));
    let counter = steps.clone();
    let mut budget = Budget::for_record().with_stop(Arc::new(move || {
        counter.fetch_add(1, Ordering::Relaxed);
        false
    }));
    let value = formula.evaluate(&Filled, &Sample::context(), &mut budget);
    let steps = steps.load(Ordering::Relaxed);
    assert!(steps <= MAX_OPERATIONS, "{steps} steps for {source}");
    assert!(budget.operations <= MAX_OPERATIONS, "{} operations for {source}", budget.operations);
    match value {
        Value::Error(error) => error.to_string(),
        _ => "a value".to_string(),
    }
}

#[test]
fn t28_t29_every_hostile_formula_ends_within_its_memory_and_its_time() {
    // What is made once for all formulas is no formula's.
    assert_eq!(outcome("1 / 0"), "#DIV/0!");
    let (mut count, mut most, mut longest) = (0, (0, String::new()), (Duration::ZERO, String::new()));
    let mut wrong = Vec::new();
    for (expected, sources) in corpus::all() {
        let different: BTreeSet<&String> = sources.iter().collect();
        assert_eq!(different.len(), sources.len(), "{expected}");
        for source in &sources {
            let short: String = source.chars().take(80).collect();
            let before = MEMORY.current_usage();
            MEMORY.reset_peak_usage();
            let started = Instant::now();
            let found = outcome(source);
            let took = started.elapsed();
            let bytes = MEMORY.peak_usage().saturating_sub(before);
            let took = least_time(source, took);
            if found != expected {
                wrong.push(format!("{short} gives {found}, not {expected}"));
            }
            if bytes > MOST_BYTES {
                wrong.push(format!("{short} takes {bytes} bytes"));
            }
            if took > most_time() {
                wrong.push(format!("{short} takes {took:?}"));
            }
            longest = longest.max((took, short.clone()));
            most = most.max((bytes, short));
            count += 1;
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(count >= 130, "{count}");
    println!("{count} formulas, at most {} kB: {}", most.0 / 1024, most.1);
    println!("the longest took {:?}: {}", longest.0, longest.1);
}
