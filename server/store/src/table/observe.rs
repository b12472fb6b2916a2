//! Indexes by observed use: what people ask slowly again and again gets an index that answers it.

use std::collections::{HashMap, HashSet};
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
    /// What can't be made, because of what the records hold: it is not looked for again while this program runs.
    refused: Mutex<HashSet<Wish>>,
    due: mpsc::UnboundedSender<Wish>,
}

impl Observer {
    /// An observer, and the wishes that are due.
    pub(super) fn new() -> (Observer, mpsc::UnboundedReceiver<Wish>) {
        let (due, wishes) = mpsc::unbounded_channel();
        (Observer { waited: Mutex::default(), refused: Mutex::default(), due }, wishes)
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
        if self.refused.lock().unwrap_or_else(PoisonError::into_inner).contains(&wish) {
            return;
        }
        let mut waited = self.waited.lock().unwrap_or_else(PoisonError::into_inner);
        let sum = waited.entry(wish.clone()).or_default();
        *sum += took;
        if *sum >= WORTH {
            waited.remove(&wish);
            // Nobody listens any more while the store closes.
            let _ = self.due.send(wish);
        }
    }

    /// There is no such index to be had.
    pub(super) fn refuse(&self, wish: Wish) {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner).insert(wish);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::{TestForms, on_both};

    /// What is asked slowly often enough gets its index, made beside those who write; once is enough.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_is_often_asked_gets_an_index() {
        on_both(async |store| {
            let mut forms = TestForms::new();
            forms
                .publish(store, json!({"key": "orders", "label": "o", "fields": [
                    {"key": "day", "label": "d", "kind": "date"}, {"key": "n", "label": "n", "kind": "number"}]}))
                .await;
            let form = forms.form_ref("orders");
            let mut db = store.read().await.unwrap();
            let table = db.table(form).await.unwrap();
            let column = |path: &str| Part::Column(table.column(path).unwrap().number);
            let parts = vec![column("day"), column("n")];
            let observer = &db.tables.observer;
            observer.note(&table, parts.clone(), Duration::from_millis(2));
            for _ in 0..100 {
                observer.note(&table, parts.clone(), Duration::from_millis(4));
            }
            for attempt in 0.. {
                assert!(attempt < 200, "no index was made");
                if db.table(form).await.unwrap().has_index(&parts) {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            // Columns that it begins with need no index of their own.
            assert!(db.table(form).await.unwrap().has_index(&parts[..1]));
            assert!(!db.table(form).await.unwrap().has_index(&parts[1..]));
        })
        .await;
    }
}
