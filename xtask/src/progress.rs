//! What is being done, shown while it is done: a spinner on a terminal, plain lines elsewhere.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use anyhow::Result;
use indicatif::ProgressBar;

/// A headline for a part of the work that prints lines of its own.
pub fn headline(text: &str) {
    println!("\n==> {text}");
}

/// Does silent work of some seconds while its name is shown, then prints how long it took.
pub fn step<T>(text: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    let started = Instant::now();
    let spinner = std::io::stderr().is_terminal().then(|| {
        let spinner = ProgressBar::new_spinner().with_message(text.to_owned());
        spinner.enable_steady_tick(Duration::from_millis(120));
        spinner
    });
    let outcome = work();
    if let Some(spinner) = spinner {
        spinner.finish_and_clear();
    }
    if outcome.is_ok() {
        println!("    {text} ({})", seconds(started.elapsed()));
    }
    outcome
}

/// A duration as people read it: `0.4 s`, `12 s`, `3 min 5 s`.
pub fn seconds(duration: Duration) -> String {
    match duration.as_secs() {
        0..10 => format!("{}.{} s", duration.as_secs(), duration.subsec_millis() / 100),
        10..60 => format!("{} s", duration.as_secs()),
        all => format!("{} min {} s", all / 60, all % 60),
    }
}
