//! Changes of cells on their way to the server: record by record, in slices, none twice, and what becomes of each.
//!
//! A record that somebody else changed meanwhile is read anew, and held against what was seen cell by cell: what they left
//! alone is sent again, what they changed too is at odds and waits for a choice.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use engine::value::{Id, Timestamp};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::records::{BulkResult, BulkUpdate, Record};

use super::Sheet;
use super::history::CellChange;
use super::marks::{Mark, Shown, State};
use crate::api::{self, Problem, records};
use crate::{browser, text};

/// Records of one request.
const SLICE: usize = 100;

/// A record with what is changed of it.
type Changed = (Id, Vec<CellChange>);

/// What waits to be sent, in order.
#[derive(Default)]
struct Work {
    waiting: VecDeque<CellChange>,
    is_running: bool,
    /// The versions that records have by what was sent from here.
    versions: BTreeMap<Id, i64>,
    done: usize,
    total: usize,
}

impl Work {
    /// The next records with all that waits for them, as far as it was asked for in a row.
    fn take(&mut self) -> Vec<Changed> {
        let mut slice: Vec<Changed> = Vec::new();
        let mut places = BTreeMap::<Id, usize>::new();
        while let Some(next) = self.waiting.front() {
            let place = places.get(&next.record).copied();
            if place.is_none() && slice.len() == SLICE {
                break;
            }
            let Some(change) = self.waiting.pop_front() else { break };
            let place = place.unwrap_or_else(|| {
                places.insert(change.record, slice.len());
                slice.push((change.record, Vec::new()));
                slice.len() - 1
            });
            if let Some((_, changes)) = slice.get_mut(place) {
                match changes.iter_mut().find(|known| known.column == change.column) {
                    Some(known) => known.now = change.now,
                    None => changes.push(change),
                }
            }
        }
        slice
    }

    /// The version that was seen of a record, by others' changes and one's own.
    fn version(&self, id: Id, changes: &[CellChange]) -> Option<i64> {
        let seen = changes.iter().map(|change| change.version).max();
        seen.max(self.versions.get(&id).copied())
    }
}

/// The way to the server.
#[derive(Clone, Copy)]
pub struct Saving {
    work: StoredValue<Rc<RefCell<Work>>, LocalStorage>,
    /// How many cells are through, of how many, while any are on their way.
    pub progress: RwSignal<Option<(usize, usize)>>,
    /// When the last of them was stored.
    pub saved: RwSignal<Option<Timestamp>>,
}

impl Saving {
    pub fn new() -> Saving {
        Saving {
            work: StoredValue::new_local(Rc::new(RefCell::new(Work::default()))),
            progress: RwSignal::new(None),
            saved: RwSignal::new(None),
        }
    }

    fn tell(self, work: &Rc<RefCell<Work>>) {
        let work = work.borrow();
        let _ = self.progress.try_set(work.is_running.then_some((work.done, work.total)));
    }
}

impl Sheet {
    /// Sends changes after those that wait already. Their cells are marked.
    pub(super) fn send(self, changes: Vec<CellChange>) {
        let Some(work) = self.saving.work.try_get_value() else { return };
        let mark = |change: &CellChange| {
            let mark = Mark { shown: Shown::Value(change.now.clone()), state: State::Pending };
            (change.record, change.column.clone(), mark)
        };
        self.marks.put(changes.iter().map(mark).collect::<Vec<_>>());
        let starts = {
            let mut work = work.borrow_mut();
            if !work.is_running {
                (work.done, work.total) = (0, 0);
            }
            work.total += changes.len();
            work.waiting.extend(changes);
            !std::mem::replace(&mut work.is_running, true)
        };
        self.saving.tell(&work);
        if starts {
            spawn_local(self.work_through(work));
        }
    }

    /// Sends nothing more of what waits: those cells are as they were.
    pub fn stop(self) {
        let Some(work) = self.saving.work.try_get_value() else { return };
        let left: Vec<CellChange> = work.borrow_mut().waiting.drain(..).collect();
        self.drop_marks(&left);
        self.forget(&left);
    }

    /// Whether anything is on its way.
    pub fn is_sending(self) -> bool {
        self.saving.progress.with(Option::is_some)
    }

    async fn work_through(self, work: Rc<RefCell<Work>>) {
        // Where the page is left, what was entered there is stored all the same.
        let Some(form) = self.form.try_with_value(|form| form.info.id) else { return };
        loop {
            let slice = work.borrow_mut().take();
            if slice.is_empty() {
                break;
            }
            let updates = slice.iter().map(|(id, changes)| update(&work.borrow(), *id, changes)).collect();
            let count: usize = slice.iter().map(|(_, changes)| changes.len()).sum();
            match store(form, updates).await {
                Ok(results) => self.settle(&work, slice, results).await,
                Err(problem) => {
                    let refused = slice.into_iter().flat_map(|(_, changes)| changes);
                    self.refuse(refused.collect(), &problem.sentence());
                }
            }
            work.borrow_mut().done += count;
            self.saving.tell(&work);
        }
        work.borrow_mut().is_running = false;
        self.saving.tell(&work);
        let _ = self.saving.saved.try_set(Some(browser::now()));
    }

    /// What became of each record of a slice.
    async fn settle(self, work: &Rc<RefCell<Work>>, slice: Vec<Changed>, results: Vec<BulkResult>) {
        let (mut saved, mut stale) = (Vec::<Changed>::new(), Vec::<Changed>::new());
        for ((id, changes), result) in slice.into_iter().zip(results) {
            let Some(problem) = result.problem else {
                if let Some(version) = result.version {
                    work.borrow_mut().versions.insert(id, version);
                }
                saved.push((id, changes));
                continue;
            };
            match serde_json::from_value::<Problem>(problem) {
                Ok(problem) if problem.status == 412 => stale.push((id, changes)),
                Ok(problem) if problem.status == 404 => self.refuse(changes, &text!("grid-cell-gone")),
                Ok(problem) => self.refuse_what_is_wrong(work, changes, &problem),
                Err(_) => self.refuse(changes, &text!("problem-not-understood")),
            }
        }
        let is_shown = |(id, _): &&Changed| self.rows.known(*id).is_some();
        let anew = saved.iter().filter(is_shown).chain(&stale).map(|(id, _)| *id);
        let anew = self.rows.renew(&anew.collect::<Vec<Id>>()).await;
        for (_, changes) in saved {
            self.drop_marks(&changes);
        }
        for (id, changes) in stale {
            let found = anew.as_ref().map(|anew| anew.iter().find(|record| record.id == id));
            match found {
                Ok(Some(record)) => self.hold_against(work, record, changes),
                Ok(None) => self.refuse(changes, &text!("grid-cell-gone")),
                Err(problem) => self.refuse(changes, &problem.sentence()),
            }
        }
    }

    /// Sends again what nobody else changed, and marks what somebody did.
    fn hold_against(self, work: &Rc<RefCell<Work>>, record: &Record, changes: Vec<CellChange>) {
        let mut at_odds = Vec::new();
        for mut change in changes {
            let theirs = record.fields.get(&change.column).cloned().unwrap_or_default();
            if self.same(&change.column, &theirs, &change.was) {
                change.version = record.version;
                work.borrow_mut().waiting.push_back(change);
            } else if self.same(&change.column, &theirs, &change.now) {
                self.drop_marks(&[change]);
            } else {
                self.forget(std::slice::from_ref(&change));
                let mark = Mark { shown: Shown::Value(change.now), state: State::Theirs(theirs) };
                at_odds.push((change.record, change.column, mark));
            }
        }
        self.marks.put(at_odds);
    }

    /// Marks the cells that the server names; the others of the record are sent without them.
    fn refuse_what_is_wrong(self, work: &Rc<RefCell<Work>>, changes: Vec<CellChange>, problem: &Problem) {
        let why = |change: &CellChange| {
            let at = |path: &str| {
                let path = path.strip_prefix("fields.").unwrap_or(path);
                path.split('.').next() == Some(change.column.as_str())
            };
            problem.errors.iter().find(|error| at(&error.path)).map(|error| error.message.clone())
        };
        let (named, others): (Vec<CellChange>, Vec<CellChange>) =
            changes.into_iter().partition(|change| why(change).is_some());
        if named.is_empty() {
            return self.refuse(others, &sentence(problem));
        }
        for change in named {
            let reason = why(&change).unwrap_or_default();
            self.refuse(vec![change], &reason);
        }
        work.borrow_mut().waiting.extend(others);
    }

    pub(super) fn refuse(self, changes: Vec<CellChange>, reason: &str) {
        self.forget(&changes);
        let mark = |change: CellChange| {
            let mark = Mark { shown: Shown::Value(change.now), state: State::Refused(reason.to_string()) };
            (change.record, change.column, mark)
        };
        self.marks.put(changes.into_iter().map(mark).collect::<Vec<_>>());
    }

    fn forget(self, changes: &[CellChange]) {
        let _ = self.history.try_update_value(|history| history.forget(changes));
    }

    /// Takes away the marks of changes that are through; one that was changed again meanwhile stays.
    fn drop_marks(self, changes: &[CellChange]) {
        for change in changes {
            let shown = Shown::Value(change.now.clone());
            let cell = (change.record, change.column.clone());
            self.marks.take([cell], |mark| mark.shown == shown && mark.state == State::Pending);
        }
    }
}

fn update(work: &Work, id: Id, changes: &[CellChange]) -> BulkUpdate {
    let fields = changes.iter().map(|change| (change.column.clone(), change.now.clone())).collect();
    BulkUpdate { id, version: work.version(id, changes), fields, system: None }
}

/// Stores changes. While the server is gone they wait, and are sent again under the same key.
async fn store(form: Id, updates: Vec<BulkUpdate>) -> Result<Vec<BulkResult>, Problem> {
    let key = browser::random_key();
    loop {
        match records::change_all(form, updates.clone(), &key).await {
            Err(problem) if problem.status == 0 => api::back().await,
            answer => return answer,
        }
    }
}

/// Why a record could not be saved: of a single fault what is wrong and where.
pub fn sentence(problem: &Problem) -> String {
    match problem.errors.as_slice() {
        [error] => match &error.label {
            Some(label) => format!("{label}: {}", error.message),
            None => error.message.clone(),
        },
        _ => problem.sentence(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn change(record: i64, column: &str, now: i64) -> CellChange {
        CellChange {
            record: Id::from_i64(record).unwrap(),
            version: record,
            column: column.into(),
            was: json!(0),
            now: json!(now),
        }
    }

    #[test]
    fn all_changes_of_a_record_go_together_and_the_last_of_a_cell_counts() {
        let mut work = Work::default();
        work.waiting.extend([change(1, "a", 1), change(2, "a", 2), change(1, "b", 3), change(1, "a", 4)]);
        let slice = work.take();
        assert_eq!(slice.len(), 2);
        assert_eq!(slice[0].1, [change(1, "a", 4), change(1, "b", 3)]);
        assert!(work.take().is_empty());
    }

    #[test]
    fn a_slice_holds_so_many_records() {
        let mut work = Work::default();
        work.waiting.extend((0..250).map(|record| change(record + 1, "a", 1)));
        let sizes: Vec<usize> =
            std::iter::from_fn(|| Some(work.take().len()).filter(|len| *len > 0)).collect();
        assert_eq!(sizes, [100, 100, 50]);
    }

    #[test]
    fn ones_own_saves_are_no_changes_of_others() {
        let mut work = Work::default();
        let id = Id::from_i64(3).unwrap();
        assert_eq!(work.version(id, &[change(3, "a", 1)]), Some(3));
        work.versions.insert(id, 5);
        assert_eq!(work.version(id, &[change(3, "a", 1)]), Some(5));
        assert_eq!(work.version(id, &[CellChange { version: 7, ..change(3, "a", 1) }]), Some(7));
    }
}
