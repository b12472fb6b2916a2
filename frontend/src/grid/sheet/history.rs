//! What was done in a table, to be taken back and done again.

use std::collections::BTreeSet;

use engine::value::Id;
use serde_json::Value as Json;

/// Steps that can be taken back at most.
const MOST: usize = 100;

/// A cell with another value, in its wire form.
#[derive(Clone, Debug, PartialEq)]
pub struct CellChange {
    pub record: Id,
    /// The version of the record that was seen.
    pub version: i64,
    pub column: String,
    pub was: Json,
    pub now: Json,
}

impl CellChange {
    /// The way back.
    pub fn back(self) -> CellChange {
        CellChange { was: self.now, now: self.was, ..self }
    }
}

/// One step: what somebody did at once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Step {
    pub cells: Vec<CellChange>,
    /// The records that were added.
    pub added: Vec<Id>,
}

impl Step {
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty() && self.added.is_empty()
    }
}

/// The steps that were done, and those that were taken back.
#[derive(Clone, Debug, Default)]
pub struct History {
    done: Vec<Step>,
    undone: Vec<Step>,
}

impl History {
    /// A new step. What was taken back before can't be done again any more.
    pub fn did(&mut self, step: Step) {
        self.undone.clear();
        self.keep(step);
    }

    fn keep(&mut self, step: Step) {
        if !step.is_empty() {
            self.done.push(step);
            let surplus = self.done.len().saturating_sub(MOST);
            self.done.drain(..surplus);
        }
    }

    /// The step that is to be taken back.
    pub fn undo(&mut self) -> Option<Step> {
        let step = self.done.pop()?;
        self.undone.push(step.clone());
        Some(step)
    }

    /// The step that is to be done again.
    pub fn redo(&mut self) -> Option<Step> {
        let step = self.undone.pop()?;
        self.keep(step.clone());
        Some(step)
    }

    /// What was refused was never done.
    pub fn forget(&mut self, refused: &[CellChange]) {
        let refused: BTreeSet<(Id, &str)> =
            refused.iter().map(|change| (change.record, change.column.as_str())).collect();
        // Only the newest step that has a cell: what was stored before can be taken back as ever.
        let newest =
            |step: &Step| step.cells.iter().any(|cell| refused.contains(&(cell.record, &*cell.column)));
        let Some(place) = self.done.iter().rposition(newest) else { return };
        if let Some(step) = self.done.get_mut(place) {
            step.cells.retain(|cell| !refused.contains(&(cell.record, &*cell.column)));
        }
        self.done.retain(|step| !step.is_empty());
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn step(number: i64) -> Step {
        let cell = CellChange {
            record: Id::from_i64(number).unwrap(),
            version: 1,
            column: "qty".into(),
            was: Json::Null,
            now: json!(number.to_string()),
        };
        Step { cells: vec![cell], added: Vec::new() }
    }

    #[test]
    fn steps_go_back_and_forth_in_order_until_something_else_is_done() {
        let mut history = History::default();
        history.did(step(1));
        history.did(step(2));
        assert_eq!(history.undo(), Some(step(2)));
        assert_eq!(history.undo(), Some(step(1)));
        assert_eq!(history.undo(), None);
        assert_eq!(history.redo(), Some(step(1)));
        history.did(step(3));
        assert_eq!(history.redo(), None);
        assert_eq!(history.undo(), Some(step(3)));
        assert_eq!(history.undo(), Some(step(1)));
    }

    #[test]
    fn what_was_refused_is_no_step() {
        let mut history = History::default();
        history.did(Step::default());
        assert_eq!(history.undo(), None);
        history.did(step(1));
        history.forget(&step(1).cells);
        assert_eq!(history.undo(), None);
        let back = step(1).cells.remove(0).back();
        assert_eq!((back.was, back.now), (json!("1"), Json::Null));
    }

    #[test]
    fn only_so_many_steps_are_kept() {
        let mut history = History::default();
        (1..=150).for_each(|number| history.did(step(number)));
        let taken = std::iter::from_fn(|| history.undo()).count();
        assert_eq!(taken, MOST);
    }
}
