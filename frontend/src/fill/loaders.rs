//! What filling needs from outside: records that can be linked, the values of linked ones, titles, lists; and fetching
//! what the form shows or computes with.

use std::collections::BTreeSet;
use std::pin::Pin;

use engine::field::FieldKind;
use engine::record::missing_links;
use engine::text::Faults;
use engine::value::{Id, Value, Values};
use leptos::prelude::*;
use serde_json::Value as Json;

use super::making::Making;
use super::state::FormState;
use super::untitled::Titled;
use crate::api::Problem;
use crate::api::public_forms::FilledBy;
use crate::ui::Found;

/// An answer that comes later. The browser has one thread, so it need not be `Send`.
pub type Later<T> = Pin<Box<dyn Future<Output = T>>>;

/// What a picker is answered.
pub type Choices = Result<Vec<Found>, Problem>;

/// The values of linked records: form, record, values.
pub type LinkedValues = Vec<(Id, Id, Values)>;

/// A record as somebody writes it: its id, where it is stored already, and its values as the wire has them.
pub type Written = (Option<Id>, serde_json::Map<String, Json>);

/// What the server makes of a record as somebody writes it: its values, and what keeps it from being saved.
#[derive(Clone, Default)]
pub struct Judged {
    pub values: Values,
    pub faults: Faults,
}

/// What a picker looks for.
#[derive(Clone, Debug)]
pub struct Sought {
    /// The path of the field or column.
    pub path: String,
    /// What was typed.
    pub text: String,
    /// What the offer is held against, of the record that is filled; nothing where it is held against nothing of it.
    pub with: Option<serde_json::Map<String, Json>>,
}

/// What filling needs from outside: records that can be linked, the values of linked ones, and their titles.
#[derive(Clone, Copy)]
pub struct Loaders {
    /// The choices of a link or member field.
    pub options: Callback<Sought, Later<Choices>>,
    /// The values of records (form, record), as far as they may be seen.
    pub linked: Callback<Vec<(Id, Id)>, Later<LinkedValues>>,
    /// Learns what these are called, as far as one may see them. Gives those for which there was no answer.
    pub titles: Callback<Vec<Titled>, Later<Vec<Id>>>,
    /// The address of a record of another form (form, record), where that form is known.
    pub address: Callback<(Id, Id), Option<String>>,
    /// The fields and columns whose formulas count the records of other forms.
    pub asked: StoredValue<Vec<String>>,
    /// What the server makes of a record (the stored one that it is an edit of, what was entered).
    pub evaluated: Callback<Written, Later<Option<Judged>>>,
    /// The list that a query field of a record shows now (record, field, where the page starts).
    pub list: Callback<ListAsked, Later<Result<Listed, Problem>>>,
    /// Whether whoever fills may see some records of a form.
    pub viewed: Callback<Id, bool>,
    /// The forms of which whoever fills may make records here.
    pub makes: StoredValue<BTreeSet<Id>>,
    /// The dialog that makes one.
    pub maker: Callback<Making, AnyView>,
    /// Who fills: it decides where files go, and where lists come from.
    pub filled_by: FilledBy,
    /// The currency of amounts that name none.
    pub currency: StoredValue<Option<String>>,
}

/// A page of a list that is asked for: the record, its query field, and where the page starts.
pub type ListAsked = (Id, String, Option<String>);

/// A page of a list that a query field shows.
#[derive(Clone, Default)]
pub struct Listed {
    /// Whether they are groups of an aggregate table, which are called nothing and lead nowhere.
    pub of_groups: bool,
    /// What its columns are called, and the kinds of what they show.
    pub columns: Vec<(String, FieldKind)>,
    pub records: Vec<ListedRecord>,
    /// Where the next page starts.
    pub next: Option<String>,
    /// How many there are altogether.
    pub count: u64,
}

/// A record of such a list, or a group.
#[derive(Clone)]
pub struct ListedRecord {
    /// What it is called; it leads to the record where that can be opened.
    pub title: String,
    pub address: Option<String>,
    /// In the order of the columns.
    pub values: Vec<Value>,
}

impl FormState {
    /// Fetches the linked records that computing needs and does not have yet, and the titles of those that are shown. One
    /// that can't be seen is not asked for again.
    pub fn load_links(self) {
        self.learn_titles();
        self.load_answers();
        let missing =
            self.draft.with_untracked(|draft| missing_links(draft.form(), draft.values(), draft.linked()));
        let missing: Vec<(Id, Id)> = self
            .asked
            .try_update_value(|asked| missing.into_iter().filter(|record| asked.insert(*record)).collect())
            .unwrap_or_default();
        self.read_links(missing);
    }

    /// Asks again for the linked records that were read: while the form was filled they may have become other ones.
    pub fn load_links_again(self) {
        let known: Option<Vec<(Id, Id)>> = self.asked.try_with_value(|asked| asked.iter().copied().collect());
        self.read_links(known.unwrap_or_default());
    }

    /// Fetches linked records, and computes anew with them.
    fn read_links(self, records: Vec<(Id, Id)>) {
        if records.is_empty() {
            return;
        }
        self.awaits_values();
        leptos::task::spawn_local(async move {
            self.learn_links(records).await;
            self.has_values();
        });
    }

    async fn learn_links(self, records: Vec<(Id, Id)>) {
        // The page may be gone by now.
        let Some(answer) = self.loaders.linked.try_run(records) else { return };
        let found = answer.await;
        if found.is_empty() {
            return;
        }
        let Some(mut linked) = self.draft.try_with_untracked(|draft| draft.linked().clone()) else {
            return;
        };
        for (form, record, values) in found {
            linked.insert(form, record, values);
        }
        let untouched = untrack(|| !self.is_changed());
        if self.draft.try_update(|draft| draft.learn(linked)).is_some() {
            // What defaults bring with them is nobody's entry.
            if untouched {
                self.start_from_now();
            }
            self.load_links();
        }
    }
}
