//! `cargo xtask bench`: the product's speed and size, held against the database alone and a bare server of the same
//! libraries (`tests/load`, `docs/benchmarks.md`).

use std::process::Command;

use anyhow::{Result, ensure};
use clap::Args;

use crate::cache::TargetFolder;
use crate::frontend::wasm::Profile;
use crate::{build_frontend, cache, process};

#[derive(Args)]
pub struct Options {
    /// Leave the browser part as it lies in `dist/`: a quick build there says nothing about the first load
    #[arg(long)]
    without_frontend: bool,
    /// Fail where a figure is past its limit
    #[arg(long)]
    check: bool,
    /// What to measure, as in `-- --rows 10000 --only get`
    #[arg(last = true)]
    choice: Vec<String>,
}

pub fn run(options: &Options) -> Result<()> {
    let small = options.without_frontend || build_frontend::build(Profile::Small)?;
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
            "load",
            "--example",
            "flow_speed",
        ])
        .current_dir(cache::checkout())
        .env("CARGO_TARGET_DIR", target.path());
    process::run(&mut build)?;
    let built = target.path().join("dist");
    let mut load = Command::new(built.join("examples/load"));
    load.env("FORMWORK_BIN", built.join("formwork")).args(&options.choice);
    if options.check {
        load.arg("--check");
    }
    process::run(&mut load)?;
    ensure!(small || !options.check, "the first load of the page is over its budget");
    Ok(())
}
