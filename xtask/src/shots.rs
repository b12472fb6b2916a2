//! `cargo xtask shots`: pictures of the main pages, for people to look at.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;
use clap::Args;

use crate::cache::{self, TargetFolder};
use crate::frontend::wasm::Profile;
use crate::test::machine;
use crate::{build_frontend, process, progress};

#[derive(Args)]
pub struct Options {
    /// Folder for the pictures
    #[arg(long, default_value = "target/shots")]
    out: PathBuf,
    /// What is taken: `--page NAME`, `--language zh-CN|zh-TW|en`, `--theme light|dark`, `--size desktop|phone`,
    /// `--beside` for those alone that lie next to a picture of the design reference, under its name
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    choice: Vec<String>,
}

pub fn run(options: &Options) -> Result<()> {
    machine::prepare_browser()?;
    build_frontend::build(Profile::Quick)?;
    progress::headline("Taking pictures");
    let target = TargetFolder::native()?;
    let cargo = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO"));
        command.args(arguments).current_dir(cache::checkout()).env("CARGO_TARGET_DIR", target.path());
        command
    };
    process::run(&mut cargo(&[
        "build",
        "--workspace",
        "--locked",
        "--bin",
        "formwork",
        "--example",
        "shots",
    ]))?;
    process::run(
        Command::new(target.path().join("debug/examples/shots"))
            .env("FORMWORK_BIN", target.path().join("debug/formwork"))
            .arg("--out")
            .arg(std::env::current_dir()?.join(&options.out))
            .args(&options.choice),
    )
}
