//! How long one question may take: SQLite asks from time to time whether it may go on.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// When the statement that runs on a connection is to be given up. Renewed with each statement.
#[derive(Clone)]
pub(super) struct Deadline {
    opened: Instant,
    /// Milliseconds since then.
    until: Arc<AtomicU64>,
    allowed: Duration,
}

impl Deadline {
    pub(super) fn new(allowed: Duration) -> Deadline {
        let deadline = Deadline { opened: Instant::now(), until: Arc::default(), allowed };
        deadline.renew();
        deadline
    }

    /// A statement starts.
    pub(super) fn renew(&self) {
        let until = self.opened.elapsed() + self.allowed;
        self.until.store(until.as_millis() as u64, Ordering::Relaxed);
    }

    /// A statement starts that may take as long as it needs.
    pub(super) fn lift(&self) {
        self.until.store(u64::MAX, Ordering::Relaxed);
    }

    /// Whoever waited for the statement has gone.
    pub(super) fn expire(&self) {
        self.until.store(0, Ordering::Relaxed);
    }

    /// Whether the statement may go on.
    pub(super) fn holds(&self) -> bool {
        self.opened.elapsed().as_millis() < u128::from(self.until.load(Ordering::Relaxed))
    }
}
