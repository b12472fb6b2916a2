//! The speed of the pages in Chromium, started by `cargo xtask bench --browser`: the first load, opening and filling a form,
//! scrolling a long list, dragging in a large form, working on a long flow. How each is measured stands in `docs/benchmarks.md`.

// Like a test, it stops at the first surprise.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod dragging;
mod filling;
mod first_load;
mod flow;
mod forms;
mod frames;
mod scrolling;

use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;
use tests::measured::{Figure, table};
use tests::{Browser, Database, Server};

#[derive(Parser)]
struct Options {
    /// Records of the list that is scrolled
    #[arg(long, default_value_t = 1_000_000)]
    records: u64,
    /// Fail where a figure is past its limit
    #[arg(long)]
    check: bool,
    /// Only this: `first load`, `filling`, `scrolling`, `dragging` or `flow`
    #[arg(long, default_value = "")]
    only: String,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let options = Options::parse();
    let started = Instant::now();
    let figures = measure(&options).await;
    println!("\n{}\nmeasured in {} s", table(&figures), started.elapsed().as_secs());
    if options.check && !figures.iter().all(Figure::holds) {
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

async fn measure(options: &Options) -> Vec<Figure> {
    let is_wanted = |part: &str| {
        let wanted = part.contains(&options.only);
        if wanted {
            eprintln!("    {part}");
        }
        wanted
    };
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    forms::make_app(&admin).await;
    let mut figures = Vec::new();
    if is_wanted("first load") {
        figures.extend(first_load::measure(&server).await);
    }
    if is_wanted("filling") {
        let form = forms::wide(&admin).await;
        figures.push(filling::opening(&server, &form).await);
        figures.push(filling::typing(&server, &form).await);
    }
    if is_wanted("scrolling") {
        let form = forms::long(&admin, options.records).await;
        figures.extend(scrolling::measure(&server, &form, options.records).await);
    }
    if is_wanted("dragging") {
        let form = forms::large(&admin).await;
        figures.extend(dragging::measure(&server, &form).await);
    }
    if is_wanted("flow") {
        let form = forms::flow(&admin).await;
        figures.extend(flow::measure(&server, &form, forms::STEPS).await);
    }
    server.close().await;
    figures
}

/// A browser at a desk, of the administrator.
async fn at_a_desk(browser: Browser) -> Browser {
    browser.resize(1440, 900).await;
    browser.sign_in().await;
    browser
}
