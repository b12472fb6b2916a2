//! What was entered at a task and not sent: it stays in this browser, and on the server for other devices, until it is put aside or
//! decided, and is offered again.

use engine::value::Id;
use leptos::prelude::*;
use serde_json::{Map, Value as Json};

use super::opinion::Opinion;
use crate::api::entries;
use crate::api::kept_here::TASKS;
use crate::browser;
use crate::fill::FormState;
use crate::records::{Elsewhere, KeptOffer, kept_draft};

/// The entries at a task.
#[derive(Clone, Copy)]
pub struct Unsent {
    form: Id,
    record: Id,
    place: StoredValue<String>,
    state: FormState,
    /// What was found when the task was opened.
    found: RwSignal<Option<Map<String, Json>>>,
    /// What another device has left; nothing of a task that its reader does not act on.
    elsewhere: Option<Elsewhere>,
    /// Whether the task is decided: then nothing is unsent any more.
    settled: StoredValue<bool>,
}

impl Unsent {
    /// Keeps from now on what is entered, and finds what was kept before. At a task that was decided elsewhere, or handed on,
    /// there is nothing left to send.
    pub fn new(
        task: &str,
        (form, record): (Id, Id),
        state: FormState,
        opinion: Opinion,
        acting: bool,
    ) -> Unsent {
        opinion.keep_in(state);
        let place = format!("{TASKS}.{task}");
        let found = if acting { kept_draft::kept(&place, state) } else { None };
        let elsewhere = acting.then(|| Elsewhere::at(place.clone(), form, Some(record), state));
        let unsent = Unsent {
            form,
            record,
            place: StoredValue::new(place),
            state,
            found: RwSignal::new(found),
            elsewhere,
            settled: StoredValue::new(false),
        };
        if !acting {
            unsent.settle();
            return unsent;
        }
        Effect::new(move |before: Option<()>| {
            state.changes.track();
            if before.is_some() && !unsent.settled.get_value() {
                unsent.place.with_value(|place| kept_draft::keep(place, state));
            }
        });
        unsent
    }

    /// Whether leaving would lose anything.
    pub fn is_there(self) -> bool {
        !self.settled.get_value() && self.state.has_entries()
    }

    /// The task is decided.
    pub fn settle(self) {
        self.settled.set_value(true);
        self.forget();
    }

    /// Throws it away, here and on the server.
    pub fn forget(self) {
        self.place.with_value(|place| browser::forget(place));
        entries::forget_own(self.form, Some(self.record), &kept_draft::place(self.form, Some(self.record)));
    }
}

/// Offers what was entered and not sent the last time.
#[component]
pub fn UnsentBanner(unsent: Unsent) -> impl IntoView {
    let found = unsent.found;
    view! { <KeptOffer found=found elsewhere=unsent.elsewhere state=unsent.state on_drop=move |()| unsent.forget()/> }
}
