//! `cargo xtask test`: everything that has to hold before a change lands, in one command.

mod counts;
pub mod machine;
mod rules;
mod stages;

use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use clap::Args;

use crate::cache::TargetFolder;
use crate::frontend::wasm::Profile;
use crate::postgres::TemporaryPostgres;
use crate::{bench, build_frontend, pairs, progress};

use stages::{Report, Workshop};

#[derive(Args)]
pub struct Options {
    /// Also build the browser part as it ships, run the tests marked `#[ignore]`, hold hostile formulas to their 50 ms, search
    /// longer for counter-examples, and measure a million records on both databases: hours on two processors
    #[arg(long)]
    long: bool,
}

pub fn run(options: &Options) -> Result<()> {
    let mut report = Report::default();
    let finished = run_stages(options, &mut report);
    report.print();
    // The line that tools read comes last; what stopped the run, if anything did, just before it.
    if let Err(error) = &finished {
        println!("stopped: {error:#}");
        report.count_stopped();
    }
    println!("{}", report.totals());
    if report.failed() > 0 || finished.is_err() {
        bail!("not everything holds; the stages above say what to do");
    }
    Ok(())
}

/// A stage whose failure makes the next ones pointless ends the run; the others are noted and the run goes on.
fn run_stages(options: &Options, report: &mut Report) -> Result<()> {
    report.stage("machine", "", machine::prepare)?;
    report.check("identity provider", machine::PROVIDER_ADVICE, machine::prepare_provider);
    let target = TargetFolder::native()?;
    let workshop = Workshop::new(target.path(), options.long);
    report.check("format", "run `cargo fmt --all`", || workshop.format());
    report
        .check("lints", "mend what clippy names; `cargo clippy --fix` mends some of it", || workshop.lints());
    if options.long {
        report.check(
            "advisories",
            "update what is named, or say in deny.toml why it does not concern us",
            || workshop.advisories(),
        );
    }
    report.stage("browser part", "mend the frontend", || browser_part(options.long))?;
    let profile = Profile::of(!options.long);
    report.stage("the engine for the browser", "mend the engine, or tests/pairs", || {
        pairs::build(profile, &workshop.pairs())
    })?;
    report.stage("build", "mend what the compiler names", || workshop.build())?;
    if options.long {
        let advice = "count more of what the formula does, so that its budget ends it before 50 ms";
        report.check("hostile formulas, optimised", advice, || workshop.hostile_formulas());
    }
    let postgres = progress::step("starting PostgreSQL", TemporaryPostgres::start)?;
    report.tests("unit and property tests", || workshop.unit_tests(&postgres));
    report.tests("examples in the documentation", || workshop.doc_tests(&postgres));
    for name in stages::test_targets().context("the list of tests cannot be read")? {
        report.tests(&format!("{name} tests"), || workshop.black_box_tests(&postgres, &name));
    }
    let ran = report.ran();
    report.check(
        "rules",
        "name in docs/rules.md, docs/approvals-rules.md, docs/security.md and docs/reliability.md the tests that hold a rule, as they are called",
        || rules::check(&ran),
    );
    // What is measured has the machine to itself, and a PostgreSQL of its own that waits for its disk.
    drop(postgres);
    if options.long {
        at_length(report, target.path());
    }
    Ok(())
}

/// Every suite of `cargo xtask bench` with its fixed number of records, on both databases; each is a stage, so that the end of the
/// run tells how long it took.
fn at_length(report: &mut Report, target: &Path) {
    let advice = "mend what the compiler names";
    if report.stage("build as it is handed to others", advice, || bench::build(target)).is_err() {
        return;
    }
    for (suite, rows) in bench::AT_LENGTH {
        for database in bench::Database::ALL {
            let name = format!("{suite} of {rows}, {}", database.name());
            let advice = format!(
                "see in its table above what is past its limit; alone it runs by `cargo xtask bench --without-frontend --check \
                 --suite {suite} --rows {rows} --database {}`",
                database.name()
            );
            report.check(&name, &advice, || bench::at_length(suite, rows, database, target));
        }
    }
}

/// The quick build does for the tests; the small one takes minutes, and its size is then a matter of the tests too.
fn browser_part(long: bool) -> Result<()> {
    let within_budget = build_frontend::build(Profile::of(!long))?;
    ensure!(within_budget || !long, "the first load is over its budget");
    Ok(())
}
