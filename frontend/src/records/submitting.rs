//! Submitting a new record: once, however often it has to be tried, and later where the server is gone.

use engine::value::Id;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::{Map, Value as Json};
use wire::records::{Record, RecordInput};

use super::kept_draft;
use crate::api::Problem;
use crate::api::unsent::Unsent;
use crate::browser;
use crate::fill::FormState;

/// A new record that is filled in, on its way to the server. Cheap to copy; lives as long as its page.
#[derive(Clone, Copy)]
pub struct Submitting {
    form: Id,
    state: FormState,
    /// Where it is kept as a draft.
    place: StoredValue<String>,
    /// Whether it is on its way.
    pub busy: RwSignal<bool>,
    /// Whether this browser keeps what is entered.
    pub keeps: RwSignal<bool>,
    /// Whether it is stored.
    saved: StoredValue<bool>,
    /// What was entered when it was sent.
    sent: StoredValue<Option<Map<String, Json>>>,
    /// The changes that nobody made: what the address and a copied record filled in.
    given: StoredValue<u32>,
}

impl Submitting {
    pub fn new(form: Id, state: FormState) -> Submitting {
        let submitting = Submitting {
            form,
            state,
            place: StoredValue::new(kept_draft::place(form, None)),
            busy: RwSignal::new(false),
            keeps: RwSignal::new(true),
            saved: StoredValue::new(false),
            sent: StoredValue::new(None),
            given: StoredValue::new(0),
        };
        Effect::new(move |_| {
            if state.changes.get() > submitting.given.get_value() {
                submitting.keep();
            }
        });
        submitting
    }

    /// What is there now was filled in by nobody: leaving it loses nothing.
    pub fn start_from_given(self) {
        self.given.set_value(self.state.changes.get_untracked());
    }

    /// Whether somebody entered anything; tracked.
    pub fn is_touched(self) -> bool {
        self.state.changes.get() > self.given.get_value()
    }

    /// Whether leaving now would lose something.
    pub fn is_unsaved(self) -> bool {
        if self.saved.get_value() || !self.is_touched() || !self.state.has_entries() {
            return false;
        }
        // What is on its way goes on without the page, as long as it is kept.
        let is_sent = || self.sent.with_value(|sent| sent.as_ref() == Some(&self.state.kept_fields()));
        !self.keeps.get_untracked() || !is_sent()
    }

    fn keep(self) {
        if !self.saved.get_value() {
            let keeps = self.place.with_value(|place| kept_draft::keep(place, self.state));
            self.keeps.set(keeps);
        }
    }

    /// Throws away what was kept, here and on the server.
    pub fn forget(self) {
        kept_draft::forget(self.form, None);
    }

    /// What was kept here the last time, if it says anything and is not on its way already.
    pub fn kept(self) -> Option<Map<String, Json>> {
        self.place.with_value(|place| {
            let is_under_way = crate::api::unsent::is_under_way(place);
            (!is_under_way).then(|| kept_draft::kept(place, self.state)).flatten()
        })
    }

    /// Sends it, where it is not on its way. `done` hears of the record and whether the page is still there; what was typed
    /// meanwhile is kept as a change of the record. `refused` hears why it was not stored, as long as the page is there.
    pub fn send(
        self,
        input: RecordInput,
        list: String,
        done: impl Fn(Record, bool) + 'static,
        refused: impl Fn(Problem) + 'static,
    ) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        let entered = self.state.kept_fields();
        let (place, draft) = (self.place.get_value(), serde_json::to_string(&entered).ok());
        self.sent.set_value(Some(entered.clone()));
        let unsent = Unsent::new(self.form, input, list, place, draft);
        spawn_local(async move {
            let answer = unsent.send().await;
            // The page may have been left by now.
            let is_there = self.busy.try_set(false).is_none();
            match answer {
                Ok(record) => {
                    if is_there {
                        self.settle(&record, &entered);
                    }
                    done(record, is_there);
                }
                Err(problem) if is_there => {
                    self.sent.set_value(None);
                    refused(problem);
                }
                Err(problem) => crate::ui::toast::refused(&problem),
            }
        });
    }

    /// It is stored. What was typed while it was on its way is a change of what is there now.
    fn settle(self, record: &Record, entered: &Map<String, Json>) {
        let now = self.state.kept_fields();
        self.saved.set_value(true);
        self.forget();
        if now != *entered
            && let Ok(text) = serde_json::to_string(&now)
        {
            browser::remember(&kept_draft::place(self.form, Some(record.id)), &text);
        }
    }
}
