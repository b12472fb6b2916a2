//! The stages of a test run, and what came of them.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use super::counts::{Counts, Failures, Lacking, Told};
use super::machine;
use crate::cache;
use crate::postgres::TemporaryPostgres;
use crate::{process, progress};

/// How long the list of advisories may take to come.
const PATIENCE_FOR_A_LIST: Duration = Duration::from_secs(120);

/// Where the stages work.
pub struct Workshop<'a> {
    target: &'a Path,
    long: bool,
}

impl<'a> Workshop<'a> {
    pub fn new(target: &'a Path, long: bool) -> Self {
        Self { target, long }
    }

    pub fn format(&self) -> Result<()> {
        process::run(&mut self.cargo(&["fmt", "--all", "--check"]))
    }

    pub fn lints(&self) -> Result<()> {
        process::run(&mut self.cargo(&[
            "clippy",
            "--workspace",
            "--all-targets",
            "--locked",
            "--",
            "-D",
            "warnings",
        ]))
    }

    /// What has become known of the libraries since they were chosen, where `cargo deny` is installed and the list of advisories
    /// can be had.
    pub fn advisories(&self) -> Result<()> {
        if !process::on_path("cargo-deny") {
            println!("left out: cargo-deny is missing; install it with: cargo install --locked cargo-deny");
            return Ok(());
        }
        if !process::succeeds_within(&mut self.cargo(&["deny", "fetch", "db"]), PATIENCE_FOR_A_LIST)? {
            println!("left out: the list of advisories cannot be had here");
            return Ok(());
        }
        process::run(&mut self.cargo(&["deny", "check", "--disable-fetch", "advisories", "bans", "sources"]))
    }

    /// The server and all tests in one go: a build of one package alone would choose other features of the
    /// dependencies and compile them twice.
    pub fn build(&self) -> Result<()> {
        process::run(&mut self.cargo(&["build", "--workspace", "--locked", "--bin", "formwork", "--tests"]))
    }

    pub fn unit_tests(&self, postgres: &TemporaryPostgres) -> Result<Outcome> {
        self.test(&["--lib", "--bins"], postgres)
    }

    pub fn doc_tests(&self, postgres: &TemporaryPostgres) -> Result<Outcome> {
        self.test(&["--doc"], postgres)
    }

    pub fn black_box_tests(&self, postgres: &TemporaryPostgres, name: &str) -> Result<Outcome> {
        let threads = (name == "browser").then(stories_at_once).transpose()?;
        self.test_in(&["--test", name], threads, postgres)
    }

    /// Formulas that are made to take for ever, optimised and with the machine to themselves: there a clock is a measure.
    pub fn hostile_formulas(&self) -> Result<()> {
        let mut command = self.cargo(&["test", "--release", "--locked", "-p", "engine", "--test", "hostile"]);
        process::run(command.args(["--", "--nocapture"]).env("FORMWORK_ALONE", "1"))
    }

    fn test(&self, which: &[&str], postgres: &TemporaryPostgres) -> Result<Outcome> {
        self.test_in(which, None, postgres)
    }

    /// Runs tests, so many at once where a number is given, shows what they print, counts, and keeps what failed.
    fn test_in(
        &self,
        which: &[&str],
        threads: Option<usize>,
        postgres: &TemporaryPostgres,
    ) -> Result<Outcome> {
        let mut command = self.cargo(&["test", "--workspace", "--locked", "--no-fail-fast"]);
        command.args(which).arg("--");
        if let Some(threads) = threads {
            command.arg(format!("--test-threads={threads}"));
        }
        if self.long {
            command.arg("--include-ignored").env("PROPTEST_CASES", "2048").env("FORMWORK_CASES", "2000");
            command.env("FORMWORK_FLOW_CASES", "200000").env("FORMWORK_ORACLE_CASES", "100000");
            command.env("FORMWORK_CONDITION_CASES", "100000");
            command.env("FORMWORK_FUZZ_CASES", "200000").env("FORMWORK_API_CASES", "84");
        }
        // A failing test names its line; the frames below are the test program's own.
        command.env("FORMWORK_BIN", self.server()).env("FORMWORK_PAIRS", self.pairs());
        command.env("RUST_BACKTRACE", "0");
        if let Some(python) = machine::provider() {
            command.env("FORMWORK_TEST_OIDC", python);
        }
        let list = self.target.join("left-out.txt");
        fs::write(&list, "").with_context(|| format!("cannot write {}", list.display()))?;
        command.env("FORMWORK_LEFT_OUT", &list);
        let mut tests = postgres
            .tell(&mut command)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start cargo test")?;
        let (mut counts, mut failures) = (Counts::default(), Failures::default());
        let (mut ran, mut left_out) = (Vec::new(), Vec::new());
        for line in BufReader::new(tests.stdout.take().context("no output to read")?).lines() {
            let line = line?;
            failures.read(&line);
            match Told::in_line(&line) {
                Some(Told::Ran(name)) => {
                    ran.push(name.to_owned());
                    show_one_more(ran.len());
                    continue;
                }
                Some(Told::LeftOut(name)) => {
                    left_out.push(name.to_owned());
                    continue;
                }
                None => {}
            }
            match Counts::in_line(&line) {
                Some(more) => counts.add(more),
                None if line.is_empty() || line.starts_with("running ") => {}
                None => println!("{line}"),
            }
        }
        if !tests.wait()?.success() && counts.failed == 0 {
            // A program that crashed or did not compile has no failed test to show for it.
            counts.failed = 1;
        }
        println!();
        let lacking =
            Lacking::in_list(&fs::read_to_string(&list).context("the list of tests left out is gone")?);
        counts.lack(lacking.len());
        Ok(Outcome { counts, failed: failures.into_list(), ran, left_out, lacking })
    }

    /// Where the engine lies as the browser has it, to be compared.
    pub fn pairs(&self) -> PathBuf {
        self.target.join("pairs")
    }

    fn server(&self) -> PathBuf {
        self.target.join("debug/formwork")
    }

    fn cargo(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO"));
        command.args(arguments).current_dir(cache::checkout()).env("CARGO_TARGET_DIR", self.target);
        command
    }
}

/// The names of the black-box tests, `api` first: what fails there explains what fails later.
pub fn test_targets() -> Result<Vec<String>> {
    let metadata = cache::metadata()?;
    let packages = metadata.get("packages").and_then(serde_json::Value::as_array).into_iter().flatten();
    let targets = packages.flat_map(|package| package["targets"].as_array().into_iter().flatten());
    let tests = targets.filter(|target| target.pointer("/kind/0").is_some_and(|kind| kind == "test"));
    let mut names: Vec<_> = tests.filter_map(|target| target["name"].as_str()).map(str::to_owned).collect();
    names.sort_by_key(|name| (name != "api", name.clone()));
    names.dedup();
    Ok(names)
}

/// How many stories run in browsers at once. Each waits for its page a good part of the time: with half as many again as there
/// are processors these have something to do.
fn stories_at_once() -> Result<usize> {
    let processors =
        std::thread::available_parallelism().context("how many processors there are is not known")?;
    Ok(processors.get() + processors.get().div_ceil(2))
}

/// What came of the tests of one stage.
#[derive(Default)]
pub struct Outcome {
    counts: Counts,
    /// The tests that failed, with what they said.
    failed: Vec<String>,
    /// The names of those that came to an end.
    ran: Vec<String>,
    /// The names of those that are left for a longer run.
    left_out: Vec<String>,
    /// Those that this machine has not what they need for.
    lacking: Vec<Lacking>,
}

/// A point for each test that has ended, so that somebody who waits sees that it goes on.
fn show_one_more(count: usize) {
    let end = if count.is_multiple_of(88) { "\n" } else { "" };
    print!(".{end}");
    // What can't be shown is not worth a failure.
    let _ = std::io::stdout().flush();
}

/// What came of one stage.
struct Stage {
    name: String,
    took: Duration,
    outcome: Outcome,
    problem: Option<String>,
}

/// What came of all stages.
#[derive(Default)]
pub struct Report {
    stages: Vec<Stage>,
}

impl Report {
    /// A stage without which the next cannot go on.
    pub fn stage(&mut self, name: &str, advice: &str, work: impl FnOnce() -> Result<()>) -> Result<()> {
        self.note(name, advice, || work().map(|()| Outcome::default()))
    }

    /// A stage that fails for itself alone.
    pub fn check(&mut self, name: &str, advice: &str, work: impl FnOnce() -> Result<()>) {
        // Noted in the report, which decides in the end.
        let _ = self.stage(name, advice, work);
    }

    /// A stage that counts tests.
    pub fn tests(&mut self, name: &str, work: impl FnOnce() -> Result<Outcome>) {
        let _ = self.note(
            name,
            "run the failing test alone: `cargo xtask postgres cargo test -p PACKAGE NAME`",
            work,
        );
    }

    fn note(&mut self, name: &str, advice: &str, work: impl FnOnce() -> Result<Outcome>) -> Result<()> {
        progress::headline(name);
        let started = Instant::now();
        let done = work();
        let took = started.elapsed();
        let (outcome, problem, ended) = match done {
            Ok(outcome) => {
                let problem = (outcome.counts.failed > 0).then(|| advice.to_owned());
                (outcome, problem, Ok(()))
            }
            Err(error) => (Outcome::default(), Some(format!("{error:#}; {advice}")), Err(error)),
        };
        self.stages.push(Stage { name: name.to_owned(), took, outcome, problem });
        ended
    }

    /// A run that ended early has failed at something, also where no stage counted it.
    pub fn count_stopped(&mut self) {
        if self.failed() == 0 {
            let problem = Some("stopped".to_owned());
            self.stages.push(Stage {
                name: "the run".into(),
                took: Duration::ZERO,
                outcome: Outcome::default(),
                problem,
            });
        }
    }

    /// The names of all tests that came to an end.
    pub fn ran(&self) -> BTreeSet<String> {
        self.stages.iter().flat_map(|stage| stage.outcome.ran.iter().cloned()).collect()
    }

    /// Failed tests, and stages that failed without a test.
    pub fn failed(&self) -> usize {
        let of = |stage: &Stage| if stage.problem.is_some() { stage.outcome.counts.failed.max(1) } else { 0 };
        self.stages.iter().map(of).sum()
    }

    /// The closing line.
    pub fn totals(&self) -> String {
        let passed: usize = self.stages.iter().map(|stage| stage.outcome.counts.passed).sum();
        let lacking: usize = self.stages.iter().map(|stage| stage.outcome.lacking.len()).sum();
        let left_out = if lacking > 0 { format!(", {lacking} left out") } else { String::new() };
        format!("{passed} passed, {} failed{left_out}", self.failed())
    }

    /// One line for a stage: its time, its counts, and what to do where it failed; then what did not run, and why.
    pub fn print(&self) {
        println!();
        for Stage { name, took, outcome: Outcome { counts, failed, lacking, .. }, problem } in &self.stages {
            let mut line = format!("{name:<32} {:>12}", progress::seconds(*took));
            if counts.passed + counts.failed > 0 {
                line += &format!("   {} passed, {} failed", counts.passed, counts.failed);
            }
            if counts.left_out > 0 {
                line += &format!(", {} left for --long", counts.left_out);
            }
            if !lacking.is_empty() {
                line += &format!(", {} left out here", lacking.len());
            }
            println!("{line}");
            if let Some(problem) = problem {
                println!("    FAILED: {problem}");
                // The run is long: its end names what to look at.
                failed.iter().for_each(|test| println!("    {}", test.replace('\n', "\n    ")));
            }
        }
        let all: Duration = self.stages.iter().map(|stage| stage.took).sum();
        println!("{:<32} {:>12}\n", "together", progress::seconds(all));
        let left_out: Vec<_> = self.stages.iter().flat_map(|stage| &stage.outcome.left_out).collect();
        if !left_out.is_empty() {
            println!("left for `cargo xtask test --long`:");
            left_out.iter().for_each(|test| println!("    {test}"));
            println!();
        }
        let lacking: Vec<_> = self.stages.iter().flat_map(|stage| &stage.outcome.lacking).collect();
        if !lacking.is_empty() {
            println!("left out, since this machine has not what they need:");
            lacking.iter().for_each(|Lacking { test, why }| println!("    {test}: {why}"));
            println!();
        }
    }
}
