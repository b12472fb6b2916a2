//! `cargo xtask bench`: the product's speed and size, held against the database alone and a bare server of the same
//! libraries (`tests/load`); with `--browser`, the speed of its pages in Chromium (`tests/pace`); with `--wasm`, how long an
//! edit takes in the engine that the browser has (`tests/pairs/timing`). `cargo xtask test --long` measures the suites at their full
//! size ([`AT_LENGTH`]). See `docs/benchmarks.md`.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, ensure};
use clap::{Args, ValueEnum};

use crate::cache::TargetFolder;
use crate::frontend::wasm::Profile;
use crate::postgres::{self, TemporaryPostgres};
use crate::test::machine;
use crate::{build_frontend, cache, pairs, process, progress};

/// The processors that the browser and its server share.
const CORES: usize = 2;

/// What `cargo xtask test --long` measures, with how many records: every suite at its full size, on either database.
pub const AT_LENGTH: [(&str, u64); 5] = [
    ("orders", 1_000_000),
    ("wide", 1_000_000),
    ("import", 1_000_000),
    ("bulk-edit", 500_000),
    ("load", 1_000_000),
];

#[derive(Args)]
pub struct Options {
    /// Measure the pages in Chromium: first load, opening and filling a form, scrolling a long list, dragging
    #[arg(long)]
    browser: bool,
    /// Leave the browser part as it lies in `dist/`: a quick build there says nothing about the first load
    #[arg(long)]
    without_frontend: bool,
    /// Fail where a figure is past its limit
    #[arg(long)]
    check: bool,
    /// `orders`: everyday operations; `wide`: a million records of fifty fields, and pickers over them; `import`: a csv file
    /// of a million lines; `bulk-edit`: half a million records changed by one job, and taken back; `load`: what very many do at
    /// once beside a million records, the rows of docs/reliability.md
    #[arg(long, default_value = "orders")]
    suite: String,
    /// Records: 100,000 orders, half a million of `bulk-edit`, or a million of the other suites, when absent
    #[arg(long)]
    rows: Option<u64>,
    /// Where they are kept; PostgreSQL is started for it, on a disk that it waits for
    #[arg(long, value_enum, default_value_t = Database::Sqlite)]
    database: Database,
    /// Measure the engine that the browser has, and nothing else
    #[arg(long)]
    wasm: bool,
    /// What to measure, as in `-- --only get`, or of the suite `load` `-- --only L3 --hold 600 --soak 1440`; with `--browser`, as in `-- --records 100000 --only scrolling`
    #[arg(last = true)]
    choice: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Database {
    Sqlite,
    Postgres,
}

impl Database {
    pub const ALL: [Database; 2] = [Database::Sqlite, Database::Postgres];

    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }

    fn start(self) -> Result<Option<TemporaryPostgres>> {
        match self {
            Self::Sqlite => Ok(None),
            Self::Postgres => {
                postgres::require()?;
                progress::step("starting PostgreSQL", TemporaryPostgres::start_durable).map(Some)
            }
        }
    }
}

pub fn run(options: &Options) -> Result<()> {
    if options.wasm {
        return run_wasm(options);
    }
    if options.browser {
        machine::prepare_browser()?;
    }
    // What the page loads is a figure of the everyday suite alone.
    let leave = options.without_frontend || (options.suite != "orders" && !options.browser);
    let small = leave || build_frontend::build(Profile::Small)?;
    measure(options, TargetFolder::native()?.path())?;
    ensure!(small || !options.check, "the first load of the page is over its budget");
    Ok(())
}

/// One suite of so many records, held to its limits. The browser part is there already.
pub fn at_length(suite: &str, rows: u64, database: Database, target: &Path) -> Result<()> {
    let options = Options {
        browser: false,
        without_frontend: true,
        check: true,
        suite: suite.to_owned(),
        rows: Some(rows),
        database,
        wasm: false,
        choice: Vec::new(),
    };
    measure(&options, target)
}

/// The product as it is handed to others, with what [`at_length`] asks it by.
pub fn build(target: &Path) -> Result<()> {
    build_with("load", target)
}

fn build_with(example: &str, target: &Path) -> Result<()> {
    // Both in one go: a build of one package alone would choose other features of the dependencies.
    let mut build = Command::new(env!("CARGO"));
    build
        .args([
            "build",
            "--profile",
            "dist",
            "--workspace",
            "--locked",
            "--bin",
            "formwork",
            "--example",
            example,
            "--example",
            "flow_speed",
        ])
        .current_dir(cache::checkout())
        .env("CARGO_TARGET_DIR", target);
    process::run(&mut build)
}

fn measure(options: &Options, target: &Path) -> Result<()> {
    let example = if options.browser { "pace" } else { "load" };
    if example == "load" && options.suite == "load" {
        machine::prepare_strace();
    }
    build_with(example, target)?;
    let built = target.join("dist");
    let program = built.join("examples").join(example);
    let mut measure = if options.browser { on_two_cores(&program) } else { Command::new(program) };
    measure.env("FORMWORK_BIN", built.join("formwork"));
    if !options.browser {
        measure.args(["--suite", &options.suite, "--database", options.database.name()]);
        if let Some(rows) = options.rows {
            measure.args(["--rows", &rows.to_string()]);
        }
    }
    measure.args(&options.choice);
    // Behind them: what is measured may have a name of its own there.
    if options.check {
        measure.arg("--check");
    }
    let database = if options.browser { None } else { options.database.start()? };
    match database {
        Some(postgres) => process::run(postgres.tell(&mut measure)),
        None => process::run(&mut measure),
    }
}

/// The program and what it starts, on no more processors than the limits speak of.
fn on_two_cores(program: &Path) -> Command {
    let has_more = std::thread::available_parallelism().is_ok_and(|cores| cores.get() > CORES);
    if !(has_more && process::on_path("taskset")) {
        return Command::new(program);
    }
    let mut command = Command::new("taskset");
    command.args(["--cpu-list", "0,1"]).arg(program);
    command
}

/// The engine is built as it ships; what drives the browser is built as for the tests.
fn run_wasm(options: &Options) -> Result<()> {
    machine::prepare_browser()?;
    let target = TargetFolder::native()?;
    let folder = target.path().join("pairs-small");
    pairs::build(Profile::Small, &folder)?;
    let mut build = Command::new(env!("CARGO"));
    build
        .args(["build", "--workspace", "--locked", "--example", "edits"])
        .current_dir(cache::checkout())
        .env("CARGO_TARGET_DIR", target.path());
    process::run(&mut build)?;
    progress::headline("Editing in the browser's engine");
    let mut edits = Command::new(target.path().join("debug/examples/edits"));
    edits.env("FORMWORK_PAIRS", folder);
    if options.check {
        edits.arg("--check");
    }
    process::run(&mut edits)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_long_run_leaves_no_suite_out() {
        let load = fs::read_to_string(cache::checkout().join("tests/load/main.rs")).unwrap();
        let (_, suites) = load.split_once("enum Suite {").unwrap();
        let (suites, _) = suites.split_once('}').unwrap();
        let names: Vec<String> = suites
            .lines()
            .filter_map(|line| line.trim().strip_suffix(','))
            .map(on_the_command_line)
            .collect();
        assert_eq!(names, AT_LENGTH.map(|(name, _)| name));
    }

    /// `BulkEdit` is `bulk-edit` there.
    fn on_the_command_line(name: &str) -> String {
        let mut words = String::new();
        for letter in name.chars() {
            if letter.is_uppercase() && !words.is_empty() {
                words.push('-');
            }
            words.extend(letter.to_lowercase());
        }
        words
    }
}
