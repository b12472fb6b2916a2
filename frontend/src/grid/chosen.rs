//! Which records of a list are chosen, to do something with all of them at once.

use std::collections::BTreeSet;

use engine::condition::{Condition, Operator};
use engine::value::Id;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::rows::Rows;
use super::state::GridState;
use crate::api::Problem;
use crate::text;
use crate::ui::toast;

/// Records that are chosen one by one at most: no condition names more.
const MOST: usize = 1_000;

/// Some records, or all that the filter leaves but some: a million are chosen without naming one.
#[derive(Clone, Debug, PartialEq)]
enum Picked {
    Some(BTreeSet<Id>),
    AllBut(BTreeSet<Id>),
}

impl Default for Picked {
    fn default() -> Picked {
        Picked::Some(BTreeSet::new())
    }
}

impl Picked {
    fn has(&self, id: Id) -> bool {
        match self {
            Picked::Some(ids) => ids.contains(&id),
            Picked::AllBut(ids) => !ids.contains(&id),
        }
    }

    /// Chooses records, or no longer. Nothing where too many would have to be named.
    #[must_use]
    fn with(&self, those: &[Id], on: bool) -> Option<Picked> {
        let (Picked::Some(ids) | Picked::AllBut(ids)) = self;
        let mut ids = ids.clone();
        let is_all = matches!(self, Picked::AllBut(_));
        for id in those {
            if on == is_all {
                ids.remove(id)
            } else {
                ids.insert(*id)
            };
        }
        let fits = ids.len() <= MOST;
        fits.then_some(if is_all { Picked::AllBut(ids) } else { Picked::Some(ids) })
    }

    /// How many these are, of `all` that the filter leaves.
    fn count(&self, all: u64) -> u64 {
        match self {
            Picked::Some(ids) => ids.len() as u64,
            Picked::AllBut(ids) => all.saturating_sub(ids.len() as u64),
        }
    }

    /// The condition that leaves these of what `filter` leaves.
    fn filter(&self, filter: Option<Condition>) -> Option<Condition> {
        let named = |ids: &BTreeSet<Id>| {
            Condition::test("$id", Operator::In, ids.iter().map(Id::to_string).collect::<Vec<_>>())
        };
        match self {
            Picked::Some(ids) => Some(named(ids)),
            Picked::AllBut(ids) if ids.is_empty() => filter,
            Picked::AllBut(ids) => {
                let others = Condition::Not(Box::new(named(ids)));
                Some(Condition::All(filter.into_iter().chain([others]).collect()))
            }
        }
    }
}

/// The chosen records of a list.
#[derive(Clone, Copy)]
pub struct Chosen {
    /// Whether there is something that the reader may do with several records.
    pub may: bool,
    /// Whether records are being chosen, though none is yet: on a phone a touch then chooses and does not open.
    pub choosing: RwSignal<bool>,
    picked: RwSignal<Picked>,
    /// From where a range goes, and what was chosen before it.
    anchor: StoredValue<Option<(usize, Picked)>>,
    rows: Rows,
    filter: Memo<Option<Condition>>,
}

impl Chosen {
    /// Nothing is chosen at first, and again under another filter, search or permission group.
    pub fn new(may: bool, rows: Rows, state: GridState) -> Chosen {
        let (filter, search, group) = (state.filter, state.search, state.group);
        let (choosing, picked) = (RwSignal::new(false), RwSignal::default());
        let chosen = Chosen { may, choosing, picked, anchor: StoredValue::new(None), rows, filter };
        Effect::new(move |before: Option<(Option<Condition>, Option<String>, Option<String>)>| {
            let now = (filter.get(), search.get(), group.get());
            if before.as_ref().is_some_and(|before| *before != now) {
                chosen.set(Picked::default());
            }
            now
        });
        chosen
    }

    pub fn has(self, id: Id) -> bool {
        self.picked.with(|picked| picked.has(id))
    }

    pub fn count(self) -> u64 {
        let all = self.rows.count.with(|count| count.as_ref().map_or(0, |count| count.value));
        self.picked.with(|picked| picked.count(all))
    }

    pub fn any(self) -> bool {
        self.count() > 0
    }

    /// Whether there are all that the filter leaves.
    pub fn is_all(self) -> bool {
        let all = self.rows.count.with(|count| count.as_ref().map_or(0, |count| count.value));
        all > 0 && self.count() == all
    }

    /// The condition that leaves the chosen records.
    pub fn condition(self) -> Option<Condition> {
        let filter = self.filter.get();
        self.picked.with(|picked| picked.filter(filter))
    }

    fn set(self, picked: Picked) {
        self.anchor.set_value(None);
        self.picked.set(picked);
    }

    /// All that the filter leaves, also those that were never on the screen.
    pub fn choose_all(self) {
        self.set(Picked::AllBut(BTreeSet::new()));
    }

    /// No record, and nothing more is chosen.
    pub fn clear(self) {
        self.choosing.set(false);
        self.set(Picked::default());
    }

    /// The record at a place is chosen, or no longer. A range goes on from it.
    pub fn turn(self, place: usize) {
        let Some(id) = untrack(|| self.rows.id_at(place)) else { return };
        if let Some(picked) = self.turned(id) {
            self.anchor.set_value(Some((place, picked.clone())));
            self.picked.set(picked);
        }
    }

    /// A record is chosen, or no longer, wherever it stands.
    pub fn turn_id(self, id: Id) {
        if let Some(picked) = self.turned(id) {
            self.set(picked);
        }
    }

    fn turned(self, id: Id) -> Option<Picked> {
        let is_on = self.picked.with_untracked(|picked| picked.has(id));
        let turned = self.picked.with_untracked(|picked| picked.with(&[id], !is_on));
        if turned.is_none() {
            too_many();
        }
        turned
    }

    /// Chooses all records from where the last one was chosen, else from `otherwise`, up to a place.
    pub fn extend(self, otherwise: usize, to: usize) {
        let begin = || (otherwise, self.picked.get_untracked());
        let (from, before) = self.anchor.get_value().unwrap_or_else(begin);
        self.anchor.set_value(Some((from, before.clone())));
        let (first, end) = (from.min(to), from.max(to) + 1);
        if matches!(before, Picked::Some(_)) && end - first > MOST {
            return too_many();
        }
        let take = move |ids: &[Id]| match before.with(ids, true) {
            Some(picked) => self.picked.set(picked),
            None => too_many(),
        };
        let known = untrack(|| (first..end).map(|place| self.rows.id_at(place)).collect::<Option<Vec<Id>>>());
        if let Some(ids) = known {
            return take(&ids);
        }
        // Some of them were never on the screen.
        spawn_local(async move {
            match self.rows.ids(first, end).await {
                Ok(Some(ids)) => take(&ids),
                // Something else is listed by now.
                Ok(None) => {}
                Err(problem) => toast::refused(&problem),
            }
        });
    }

    /// The ids of the chosen records; `None` where there are more than `most`.
    ///
    /// # Errors
    /// What the server says where they have to be asked for.
    pub async fn ids(self, most: usize) -> Result<Option<Vec<Id>>, Problem> {
        let named = self.picked.with_untracked(|picked| match picked {
            Picked::Some(ids) => Some(ids.iter().copied().collect::<Vec<Id>>()),
            Picked::AllBut(_) => None,
        });
        match named {
            Some(ids) => Ok(Some(ids).filter(|ids| ids.len() <= most)),
            None => self.rows.ids_of(untrack(|| self.condition()), most).await,
        }
    }
}

fn too_many() {
    toast::show(text!("grid-choose-most", count = MOST));
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn id(number: i64) -> Id {
        Id::from_i64(number).unwrap()
    }

    #[test]
    fn some_are_chosen_one_by_one() {
        let picked = Picked::default().with(&[id(1), id(2)], true).unwrap().with(&[id(1)], false).unwrap();
        assert!(!picked.has(id(1)) && picked.has(id(2)) && !picked.has(id(3)));
        assert_eq!(picked.count(9), 1);
        let filter = serde_json::to_value(picked.filter(None)).unwrap();
        assert_eq!(filter, json!({"field": "$id", "op": "in", "value": [id(2)]}));
    }

    #[test]
    fn all_are_chosen_but_some_without_naming_them() {
        let all = Picked::AllBut(BTreeSet::new());
        let of_name = Condition::test("name", Operator::Eq, "x");
        assert_eq!(all.filter(None), None);
        assert_eq!(all.filter(Some(of_name.clone())), Some(of_name.clone()));
        let but_one = all.with(&[id(1)], false).unwrap();
        assert!(!but_one.has(id(1)) && but_one.has(id(2)));
        assert_eq!(but_one.count(1_000_000), 999_999);
        let filter = serde_json::to_value(but_one.filter(Some(of_name))).unwrap();
        let one = json!({"field": "$id", "op": "in", "value": [id(1)]});
        assert_eq!(filter, json!({"all": [{"field": "name", "op": "eq", "value": "x"}, {"not": one}]}));
        assert_eq!(but_one.with(&[id(1)], true), Some(all));
    }

    #[test]
    fn no_more_are_named_than_a_condition_takes() {
        let ids: Vec<Id> = (1..=MOST as i64 + 1).map(id).collect();
        assert_eq!(Picked::default().with(&ids, true), None);
        assert_eq!(Picked::AllBut(BTreeSet::new()).with(&ids, false), None);
        assert!(Picked::AllBut(BTreeSet::new()).with(&ids, true).is_some());
    }
}
