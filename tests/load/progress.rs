//! How far a long load is, told from time to time, and an end to one that takes too long.

use std::time::{Duration, Instant};

/// How often it is told.
const OFTEN: Duration = Duration::from_secs(15);
/// No load takes so long; one that does is stuck.
const LONGEST: Duration = Duration::from_secs(60 * 60);

pub struct Progress {
    what: &'static str,
    all: u64,
    started: Instant,
    told: Instant,
}

impl Progress {
    pub fn new(what: &'static str, all: u64) -> Progress {
        let now = Instant::now();
        Progress { what, all, started: now, told: now }
    }

    /// So many are done.
    pub fn reached(&mut self, done: u64) {
        assert!(self.started.elapsed() < LONGEST, "{}: {done} of {} after {LONGEST:?}", self.what, self.all);
        if self.told.elapsed() >= OFTEN {
            self.told = Instant::now();
            let rate = done as f64 / self.started.elapsed().as_secs_f64();
            eprintln!("        {}: {done} of {} ({rate:.0}/s)", self.what, self.all);
        }
    }
}
