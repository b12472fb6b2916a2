//! What was entered at a task and not sent: it stays in this browser until it is put aside or decided, and is offered
//! again.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::opinion::Opinion;
use crate::browser;
use crate::fill::FormState;
use crate::records::KeptBanner;

/// As it stays in the browser.
#[derive(Serialize, Deserialize)]
struct Stored {
    fields: Map<String, Json>,
    opinion: String,
}

/// The entries at an open task that its assignee may act on.
#[derive(Clone, Copy)]
pub struct Unsent {
    place: StoredValue<String>,
    state: FormState,
    opinion: Opinion,
    /// What was found when the task was opened.
    found: RwSignal<Option<(Map<String, Json>, String)>>,
    /// Whether the task is decided: then nothing is unsent any more.
    settled: StoredValue<bool>,
}

impl Unsent {
    /// Keeps from now on what is entered, and finds what was kept before.
    pub fn new(task: &str, state: FormState, opinion: Opinion) -> Unsent {
        let place = format!("formwork.task.{task}");
        let found = RwSignal::new(read(&place, state, opinion));
        let unsent = Unsent {
            place: StoredValue::new(place),
            state,
            opinion,
            found,
            settled: StoredValue::new(false),
        };
        Effect::new(move |before: Option<()>| {
            state.changes.track();
            opinion.written();
            if before.is_some() {
                unsent.keep();
            }
        });
        unsent
    }

    /// Whether leaving would lose anything.
    pub fn is_there(self) -> bool {
        !self.settled.get_value() && (self.state.has_entries() || self.opinion.is_changed())
    }

    /// The task is decided.
    pub fn settle(self) {
        self.settled.set_value(true);
        self.forget();
    }

    pub fn forget(self) {
        self.place.with_value(|place| browser::forget(place));
    }

    fn keep(self) {
        if self.settled.get_value() {
            return;
        }
        let stored = Stored { fields: self.state.kept_fields(), opinion: untrack(|| self.opinion.written()) };
        let is_changed = !stored.fields.is_empty() || untrack(|| self.opinion.is_changed());
        match serde_json::to_string(&stored) {
            Ok(text) if is_changed => {
                self.place.with_value(|place| browser::remember(place, &text));
            }
            _nothing_to_keep => self.forget(),
        }
    }
}

/// What was kept, if it differs from what is there.
fn read(place: &str, state: FormState, opinion: Opinion) -> Option<(Map<String, Json>, String)> {
    let stored: Stored = serde_json::from_str(&browser::remembered(place)?).ok()?;
    let says_more = untrack(|| opinion.written()).trim() != stored.opinion.trim();
    if says_more || state.says_more(&stored.fields) {
        return Some((stored.fields, stored.opinion));
    }
    browser::forget(place);
    None
}

/// Offers what was entered and not sent the last time.
#[component]
pub fn UnsentBanner(unsent: Unsent) -> impl IntoView {
    let found = unsent.found;
    let restore = move |()| {
        if let Some((fields, opinion)) = found.get_untracked() {
            unsent.state.take_kept(&fields);
            unsent.opinion.restore(opinion);
        }
        found.set(None);
    };
    let drop_it = move |()| {
        unsent.forget();
        found.set(None);
    };
    move || found.with(Option::is_some).then(|| view! { <KeptBanner on_restore=restore on_drop=drop_it/> })
}
