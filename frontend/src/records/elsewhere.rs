//! What somebody typed and did not save, kept on the server beside this browser, and offered where it was typed on another device.

use std::time::Duration;

use engine::value::{Id, parse_timestamp};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::records::Fields;

use super::kept_draft;
use crate::api::entries;
use crate::browser;
use crate::fill::FormState;

/// How long nothing is typed before it is sent.
const PAUSE: Duration = Duration::from_secs(2);

/// What is kept on the server of a record that is filled in. Cheap to copy; lives as long as its page.
#[derive(Clone, Copy)]
pub struct Elsewhere {
    form: Id,
    record: Option<Id>,
    /// Where this browser keeps it.
    place: StoredValue<String>,
    state: FormState,
    /// What was entered on another device, and when.
    found: RwSignal<Option<(Fields, String)>>,
    /// Whether it was looked for.
    is_known: RwSignal<bool>,
}

impl Elsewhere {
    /// Looks whether another device has left something, and from now on keeps there what this browser keeps.
    pub fn new(form: Id, record: Option<Id>, state: FormState) -> Elsewhere {
        Elsewhere::at(kept_draft::place(form, record), form, record, state)
    }

    /// The same of what this browser keeps at another place than that of the record's page, as a task's.
    pub fn at(place: String, form: Id, record: Option<Id>, state: FormState) -> Elsewhere {
        let place = StoredValue::new(place);
        let (found, is_known) = (RwSignal::new(None), RwSignal::new(false));
        let elsewhere = Elsewhere { form, record, place, state, found, is_known };
        elsewhere.look();
        elsewhere.follow();
        elsewhere
    }

    fn look(self) {
        spawn_local(async move {
            let found = self.left_elsewhere().await;
            if found.is_some() {
                let _ = self.found.try_set(found);
            }
            let _ = self.is_known.try_set(true);
        });
    }

    /// What another device has left, and when.
    async fn left_elsewhere(self) -> Option<(Fields, String)> {
        let (form, record) = (self.form, self.record);
        let kept = entries::read(form, record).await.ok()?;
        let at = kept.at?;
        // The page may be gone by now.
        let place = self.place.try_get_value()?;
        if is_own(&place, &mark(form, record), (at.as_str(), &kept.fields)) {
            return None;
        }
        self.state.draft.try_with_untracked(|_| ())?;
        self.state.says_more(&kept.fields).then_some((kept.fields, at))
    }

    /// Whether it is known if another device has left something; tracked.
    pub fn is_known(self) -> bool {
        self.is_known.get()
    }

    /// Whether another device has left something that is not taken or thrown away yet; tracked.
    pub fn is_there(self) -> bool {
        self.found.with(Option::is_some)
    }

    /// When the other device kept it; tracked.
    pub fn kept_at(self) -> Option<String> {
        self.found.with(|found| found.as_ref().map(|(_, at)| at.clone()))
    }

    /// Whether it was kept there after this browser had kept its own there the last time. Where this browser never has, as
    /// without a connection, nobody knows.
    pub fn is_newer(self) -> bool {
        let own = browser::remembered(&mark(self.form, self.record)).and_then(|own| parse_timestamp(&own));
        let there = self.kept_at().and_then(|at| parse_timestamp(&at));
        own.zip(there).is_some_and(|(own, there)| own < there)
    }

    /// Fills in what the other device has left.
    pub fn restore(self) {
        if let Some((fields, at)) = self.found.get_untracked() {
            // It is this browser's own from now on: once it is saved or thrown away here, it is gone there as well.
            browser::remember(&mark(self.form, self.record), &at);
            self.state.take_kept(&fields);
        }
        self.found.set(None);
    }

    /// Goes on without it: what is entered here takes its place there.
    pub fn pass_by(self) {
        self.found.set(None);
    }

    /// Throws it away.
    pub fn forget(self) {
        self.found.set(None);
        let (form, record) = (self.form, self.record);
        spawn_local(async move {
            let _ = entries::forget(form, record).await;
        });
    }

    fn follow(self) {
        let (form, record, place) = (self.form, self.record, self.place.get_value());
        let (turn, waits) = (StoredValue::new(0u32), StoredValue::new(false));
        Effect::new(move |before: Option<()>| {
            self.state.changes.track();
            if before.is_none() {
                return;
            }
            waits.set_value(true);
            let now = turn.try_update_value(|turn| {
                *turn += 1;
                *turn
            });
            let place = self.place.get_value();
            set_timeout(
                move || {
                    if now.is_some() && turn.try_get_value() == now {
                        waits.set_value(false);
                        send(form, record, place);
                    }
                },
                PAUSE,
            );
        });
        // Who leaves at once leaves it there as well.
        on_cleanup(move || {
            if waits.try_get_value() == Some(true) {
                send(form, record, place);
            }
        });
    }
}

/// Where this browser remembers when it last kept something of a record there: one for all its pages.
fn mark(form: Id, record: Option<Id>) -> String {
    entries::mark(&kept_draft::place(form, record))
}

/// Whether what lies there came from this browser, or says what this browser keeps itself.
fn is_own(place: &str, mark: &str, (at, there): (&str, &Fields)) -> bool {
    let here = browser::remembered(place).and_then(|text| serde_json::from_str::<Fields>(&text).ok());
    browser::remembered(mark).is_some_and(|own| own == at) || here.as_ref() == Some(there)
}

/// Sends what this browser keeps; what it keeps no more is forgotten there too.
fn send(form: Id, record: Option<Id>, place: String) {
    let here = browser::remembered(&place).and_then(|text| serde_json::from_str::<Fields>(&text).ok());
    let Some(fields) = here else {
        return entries::forget_own(form, record, &kept_draft::place(form, record));
    };
    spawn_local(async move {
        // Where it fails this browser still has it.
        let Ok(kept) = entries::keep(form, record, fields).await else { return };
        let Some(at) = kept.at else { return };
        if browser::remembered(&place).is_some() {
            browser::remember(&mark(form, record), &at);
        } else {
            // It was saved or discarded meanwhile.
            let _ = entries::forget(form, record).await;
        }
    });
}
