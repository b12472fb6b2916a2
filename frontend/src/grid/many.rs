//! Many records deleted, brought back, or given to somebody, slice by slice, so that it can be followed and no answer takes long.

use engine::value::Id;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::records::{BulkResult, BulkUpdate, Fields, SystemInput};

use crate::api::{Problem, records};
use crate::ui::toast;
use crate::{browser, text};

/// Records of one request.
const SLICE: usize = 100;

/// What became of many records.
#[derive(Clone, Debug, Default)]
pub struct Fate {
    /// Those for which it was done.
    pub done: Vec<Id>,
    pub refused: usize,
    /// The first sentence that says why.
    pub reason: Option<String>,
    /// What of the deletions that were taken back is not as it was.
    pub left: u64,
}

impl Fate {
    fn take(&mut self, ids: &[Id], results: Vec<BulkResult>) {
        for (id, result) in ids.iter().zip(results) {
            self.left += result.left_behind;
            match result.problem {
                None => self.done.push(*id),
                Some(problem) => {
                    let detail = problem.get("detail").and_then(serde_json::Value::as_str);
                    self.refuse(1, detail.unwrap_or_default());
                }
            }
        }
    }

    fn refuse(&mut self, count: usize, reason: &str) {
        self.refused += count;
        self.reason.get_or_insert_with(|| reason.to_string());
    }
}

/// Deletes records; `on_slice` hears how many are through.
pub async fn delete(form: Id, ids: &[Id], on_slice: impl Fn(usize)) -> Fate {
    let mut fate = Fate::default();
    for slice in ids.chunks(SLICE) {
        let answer = records::delete_all(form, slice).await;
        if !go_on(&mut fate, ids.len(), slice, answer) {
            break;
        }
        on_slice(fate.done.len() + fate.refused);
    }
    fate
}

/// Brings records back, the last deleted first: what a deletion took along comes with it.
pub async fn restore(form: Id, ids: &[Id]) -> Fate {
    let mut fate = Fate::default();
    let reversed: Vec<Id> = ids.iter().rev().copied().collect();
    for slice in reversed.chunks(SLICE) {
        let answer = records::restore_all(form, slice).await;
        if !go_on(&mut fate, ids.len(), slice, answer) {
            break;
        }
    }
    fate
}

/// Gives records to somebody; `on_slice` hears how many are through.
pub async fn give(form: Id, ids: &[Id], owner: Id, on_slice: impl Fn(usize)) -> Fate {
    let mut fate = Fate::default();
    for slice in ids.chunks(SLICE) {
        let updates = slice.iter().map(|id| given(*id, owner)).collect();
        let answer = records::change_all(form, updates, &browser::random_key()).await;
        if !go_on(&mut fate, ids.len(), slice, answer) {
            break;
        }
        on_slice(fate.done.len() + fate.refused);
    }
    fate
}

/// The change that gives a record to somebody, whatever version it has by now.
fn given(id: Id, owner: Id) -> BulkUpdate {
    let system = Some(SystemInput { owner: Some(owner), ..SystemInput::default() });
    BulkUpdate { id, version: None, fields: Fields::new(), system }
}

/// Takes in what became of a slice; where nothing could be asked, nothing more is.
fn go_on(fate: &mut Fate, all: usize, slice: &[Id], answer: Result<Vec<BulkResult>, Problem>) -> bool {
    match answer {
        Ok(results) => {
            fate.take(slice, results);
            true
        }
        Err(problem) => {
            let left = all.saturating_sub(fate.done.len() + fate.refused);
            fate.refuse(left, &problem.sentence());
            false
        }
    }
}

/// Says what became of records that were to be deleted, with the way back. `on_back` is called once they are back, when the
/// list may be gone.
pub fn tell_deleted(form: Id, fate: Fate, on_back: impl Fn() + Clone + Send + Sync + 'static) {
    let Fate { done, refused, reason, .. } = fate;
    if refused > 0 {
        toast::show(text!("grid-delete-refused", count = refused, reason = reason.unwrap_or_default()));
    }
    if done.is_empty() {
        return;
    }
    toast::show_with(text!("grid-deleted", count = done.len()), text!("ui-undo"), move || {
        let (ids, on_back) = (done.clone(), on_back.clone());
        spawn_local(async move {
            tell_restored(&restore(form, &ids).await);
            on_back();
        });
    });
}

/// Says what became of records that were to be given to somebody who is called so.
pub fn tell_given(fate: &Fate, name: &str) {
    if fate.refused > 0 {
        let reason = fate.reason.clone().unwrap_or_default();
        toast::show(untrack(|| text!("grid-give-refused", count = fate.refused, reason = reason)));
    }
    if !fate.done.is_empty() {
        toast::show(untrack(|| text!("grid-given", count = fate.done.len(), name = name)));
    }
}

/// Says what became of records that were to come back.
pub fn tell_restored(fate: &Fate) {
    if fate.refused > 0 {
        let reason = fate.reason.clone().unwrap_or_default();
        toast::show(untrack(|| text!("grid-restore-refused", count = fate.refused, reason = reason)));
    }
    if !fate.done.is_empty() {
        toast::show(untrack(|| text!("grid-restored", count = fate.done.len())));
    }
    tell_left_behind(fate.left);
}

/// Says that not everything is as it was before a deletion that was taken back.
pub fn tell_left_behind(count: u64) {
    if count > 0 {
        toast::show(untrack(|| text!("grid-left-behind", count = count)));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_given_keeps_everything_but_its_owner() {
        let id = |number: i64| Id::from_i64(number).unwrap();
        let change = serde_json::to_value(given(id(1), id(2))).unwrap();
        assert_eq!((&change["fields"], &change["system"]), (&json!({}), &json!({"owner": id(2)})));
    }

    #[test]
    fn what_became_of_each_is_counted_and_the_first_reason_is_said() {
        let id = |number: i64| Id::from_i64(number).unwrap();
        let result = |problem: Option<&str>| BulkResult {
            problem: problem.map(|detail| json!({"detail": detail})),
            ..BulkResult::default()
        };
        let mut fate = Fate::default();
        let results = vec![result(None), result(Some("is linked")), result(Some("is locked"))];
        assert!(go_on(&mut fate, 5, &[id(1), id(2), id(3)], Ok(results)));
        assert_eq!((fate.done, fate.refused, fate.reason.as_deref()), (vec![id(1)], 2, Some("is linked")));
    }
}
