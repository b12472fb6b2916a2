//! How much work formulas may do.

use std::fmt;
use std::sync::Arc;

/// Operations of one evaluation: calls, operators, items of lists, and characters by the sixty-four.
pub const MAX_OPERATIONS: u64 = 50_000;

/// Operations of all formulas of one save: about a quarter of a second.
const MAX_FOR_RECORD: u64 = 5_000_000;

/// Operations of all formulas of one answer over many groups.
const MAX_FOR_ANSWER: u64 = 1_000_000;

/// Told to stop? Asked at every operation; the server answers by its clock, which the engine has not.
pub type Stop = Arc<dyn Fn() -> bool + Send + Sync>;

/// What is left to do with, over several evaluations. Counting is exact, so the same work costs the same everywhere.
#[derive(Clone)]
pub struct Budget {
    /// Used so far.
    pub operations: u64,
    limit: u64,
    pub(super) stop: Option<Stop>,
}

impl Budget {
    /// For all formulas of one save of one record.
    pub fn for_record() -> Budget {
        Budget::of(MAX_FOR_RECORD)
    }

    /// For the formulas of all groups of one answer: however many groups there are, they share it.
    pub fn for_answer() -> Budget {
        Budget::of(MAX_FOR_ANSWER)
    }

    /// For `limit` operations.
    pub fn of(limit: u64) -> Budget {
        Budget { operations: 0, limit, stop: None }
    }

    /// Evaluations also end with `#LIMIT!` as soon as `stop` says so.
    pub fn with_stop(mut self, stop: Stop) -> Budget {
        self.stop = Some(stop);
        self
    }

    /// What one evaluation may use now.
    pub(super) fn allowance(&self) -> u64 {
        MAX_OPERATIONS.min(self.limit.saturating_sub(self.operations))
    }
}

impl fmt::Debug for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Budget")
            .field("operations", &self.operations)
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}
