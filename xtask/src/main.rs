//! The project's own commands: `cargo xtask COMMAND`.
//!
//! Each command is one file. What a command needs and the machine lacks is installed where that is possible
//! (Debian, as root), otherwise named together with the command that installs it.

mod api;
mod bench;
mod build_frontend;
mod cache;
mod corpus;
mod debian;
mod frontend;
mod pairs;
mod postgres;
mod process;
mod progress;
mod run;
mod sbom;
mod shots;
mod test;
mod toolchain;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Builds, tests and runs Formwork")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Measure the product's speed, memory and size against the database alone and a bare server
    Bench(bench::Options),
    /// Build the browser part into `dist/`
    BuildFrontend(build_frontend::Options),
    /// Keep a database as this release makes it, for the upgrade tests of later ones
    Corpus(corpus::Options),
    /// Run a command with a temporary PostgreSQL, whose address is in FORMWORK_TEST_POSTGRES
    Postgres(postgres::Options),
    /// Build and start the product; the first start fills it with demo people and templates
    Run(run::Options),
    /// List what the product is made of, as CycloneDX
    Sbom(sbom::Options),
    /// Take pictures of the main pages: three languages, light and dark, desktop and phone
    Shots(shots::Options),
    /// Check format and lints, and run every test
    Test(test::Options),
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Bench(options) => bench::run(&options),
        Command::BuildFrontend(options) => build_frontend::run(&options),
        Command::Corpus(options) => corpus::run(&options),
        Command::Postgres(options) => postgres::run(&options),
        Command::Run(options) => run::run(&options),
        Command::Sbom(options) => sbom::run(&options),
        Command::Shots(options) => shots::run(&options),
        Command::Test(options) => test::run(&options),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}
