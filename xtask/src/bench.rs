//! `cargo xtask bench`: the product's speed and size, held against the database alone and a bare server of the same
//! libraries (`tests/load`); with `--browser`, the speed of its pages in Chromium (`tests/pace`). See `docs/benchmarks.md`.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, ensure};
use clap::Args;

use crate::cache::TargetFolder;
use crate::frontend::wasm::Profile;
use crate::test::machine;
use crate::{build_frontend, cache, process};

/// The processors that the browser and its server share.
const CORES: usize = 2;

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
    /// What to measure, as in `-- --rows 10000 --only get`; with `--browser`, as in `-- --records 100000 --only scrolling`
    #[arg(last = true)]
    choice: Vec<String>,
}

pub fn run(options: &Options) -> Result<()> {
    if options.browser {
        machine::prepare_browser()?;
    }
    let small = options.without_frontend || build_frontend::build(Profile::Small)?;
    let example = if options.browser { "pace" } else { "load" };
    let target = TargetFolder::native()?;
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
        ])
        .current_dir(cache::checkout())
        .env("CARGO_TARGET_DIR", target.path());
    process::run(&mut build)?;
    let built = target.path().join("dist");
    let program = built.join("examples").join(example);
    let mut measure = if options.browser { on_two_cores(&program) } else { Command::new(program) };
    measure.env("FORMWORK_BIN", built.join("formwork")).args(&options.choice);
    if options.check {
        measure.arg("--check");
    }
    process::run(&mut measure)?;
    ensure!(small || !options.check, "the first load of the page is over its budget");
    Ok(())
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
