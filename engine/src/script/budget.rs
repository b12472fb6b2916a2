//! How much a script may do: in steps that are counted, so that the same work costs the same everywhere, and in time.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::formula::Stop;

/// Steps: statements, expressions, calls, and rows that are handed over.
pub const MAX_OPERATIONS: u64 = 200_000;
/// Records that are read.
pub const MAX_READS: u64 = 2_000;
/// Records that are made, changed or removed.
pub const MAX_WRITES: u64 = 5_000;
/// Seconds of its own work; what it waits for others is not counted. Whoever has a clock keeps to it.
pub const MAX_SECONDS: u64 = 2;
/// Bytes, as they are estimated, of all records that it reads.
const MAX_READ_BYTES: u64 = 10 << 20;

/// What a script had no more of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    Operations,
    Reads,
    Writes,
    Time,
    Memory,
}

impl Limit {
    /// As problems name it.
    pub fn key(self) -> &'static str {
        match self {
            Limit::Operations => "operations",
            Limit::Reads => "reads",
            Limit::Writes => "writes",
            Limit::Time => "time",
            Limit::Memory => "memory",
        }
    }

    /// How much there is of it, as people read it.
    pub fn most(self) -> String {
        match self {
            Limit::Operations => MAX_OPERATIONS.to_string(),
            Limit::Reads => MAX_READS.to_string(),
            Limit::Writes => MAX_WRITES.to_string(),
            Limit::Time => format!("{MAX_SECONDS} s"),
            Limit::Memory => "32 MB".to_string(),
        }
    }
}

/// What scripts have used of a budget.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Used {
    pub operations: u64,
    pub reads: u64,
    pub writes: u64,
}

/// What is left for one script and for those that run because of what it writes. Copies count together.
#[derive(Clone, Default)]
pub struct Budget {
    spent: Arc<Spent>,
    stop: Option<Stop>,
}

#[derive(Default)]
struct Spent {
    operations: AtomicU64,
    reads: AtomicU64,
    writes: AtomicU64,
    bytes: AtomicU64,
}

impl Budget {
    /// It also ends as soon as `stop` says so.
    pub fn with_stop(mut self, stop: Stop) -> Budget {
        self.stop = Some(stop);
        self
    }

    /// # Errors
    /// What is at its end.
    pub fn step(&self, steps: u64) -> Result<(), Limit> {
        if self.stop.as_ref().is_some_and(|stop| stop()) {
            return Err(Limit::Time);
        }
        charge(&self.spent.operations, steps, MAX_OPERATIONS, Limit::Operations)
    }

    /// For records that were read, of so many bytes together.
    ///
    /// # Errors
    /// What is at its end.
    pub fn read(&self, records: u64, bytes: u64) -> Result<(), Limit> {
        charge(&self.spent.reads, records, MAX_READS, Limit::Reads)?;
        charge(&self.spent.bytes, bytes, MAX_READ_BYTES, Limit::Memory)
    }

    /// # Errors
    /// When there were too many.
    pub fn write(&self) -> Result<(), Limit> {
        charge(&self.spent.writes, 1, MAX_WRITES, Limit::Writes)
    }

    /// How many records can still be read.
    pub fn reads_left(&self) -> u64 {
        MAX_READS.saturating_sub(self.spent.reads.load(Ordering::Relaxed))
    }

    /// What was used so far.
    pub fn used(&self) -> Used {
        let of = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Used {
            operations: of(&self.spent.operations),
            reads: of(&self.spent.reads),
            writes: of(&self.spent.writes),
        }
    }

    /// Steps so far.
    pub fn operations(&self) -> u64 {
        self.spent.operations.load(Ordering::Relaxed)
    }
}

fn charge(spent: &AtomicU64, more: u64, most: u64, limit: Limit) -> Result<(), Limit> {
    let before = spent.fetch_add(more, Ordering::Relaxed);
    if before.saturating_add(more) > most { Err(limit) } else { Ok(()) }
}

impl fmt::Debug for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Budget").field("operations", &self.operations()).finish_non_exhaustive()
    }
}
