//! Indexes by observed use: what people ask slowly again and again gets an index that answers it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use engine::value::Id;
use tokio::sync::mpsc;

use super::Table;
use super::index::Part;

/// Questions that took less are fast enough.
const SLOW: Duration = Duration::from_millis(3);
/// An index is made when questions for it have taken this long together.
const WORTH: Duration = Duration::from_millis(120);
/// Columns of one index at most.
const MOST_PARTS: usize = 6;

/// An index that would have helped.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Wish {
    pub(crate) workspace: Id,
    pub(crate) form: Id,
    pub(crate) parts: Vec<Part>,
}

/// Notes what is asked slowly.
pub(crate) struct Observer {
    waited: Mutex<HashMap<Wish, Duration>>,
    due: mpsc::UnboundedSender<Wish>,
}

impl Observer {
    /// An observer, and the wishes that are due.
    pub(super) fn new() -> (Observer, mpsc::UnboundedReceiver<Wish>) {
        let (due, wishes) = mpsc::unbounded_channel();
        (Observer { waited: Mutex::default(), due }, wishes)
    }

    /// A question took so long that an index on `parts` could have answered.
    pub(crate) fn note(&self, table: &Table, mut parts: Vec<Part>, took: Duration) {
        let mut seen = Vec::new();
        parts.retain(|part| {
            !seen.contains(part) && {
                seen.push(part.clone());
                true
            }
        });
        if took < SLOW || parts.is_empty() || parts.len() > MOST_PARTS || table.has_index(&parts) {
            return;
        }
        let wish = Wish { workspace: table.workspace, form: table.form, parts };
        let mut waited = self.waited.lock().unwrap_or_else(PoisonError::into_inner);
        let sum = waited.entry(wish.clone()).or_default();
        *sum += took;
        if *sum >= WORTH {
            waited.remove(&wish);
            // Nobody listens any more while the store closes.
            let _ = self.due.send(wish);
        }
    }
}
