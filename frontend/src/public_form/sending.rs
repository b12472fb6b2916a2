//! An answer on its way: kept in this browser until it is taken, sent once however often it has to be tried.

use std::time::Duration;

use engine::field::FieldKind;
use engine::form::Form;
use engine::value::Timestamp;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::{Map, Value as Json};
use wire::{PublicAnswer, PublicTaken};

use super::kept;
use crate::api::public_forms::{self, OpenLink, Visit};
use crate::api::{Problem, seconds_to_wait};
use crate::browser;
use crate::fill::FormState;
use crate::records::refuse;

/// The answer that is filled in. Cheap to copy; lives as long as its page.
#[derive(Clone, Copy)]
pub struct Sending {
    state: FormState,
    visit: StoredValue<Visit>,
    /// When the form was given out, and how many seconds filling it in takes at the least.
    given: StoredValue<(Timestamp, u32)>,
    /// Whether it is on its way.
    pub busy: RwSignal<bool>,
    /// Seconds until it is sent again, where the server wants some time.
    pub pause: RwSignal<Option<u32>>,
    /// Whether this browser keeps what is entered.
    pub keeps: RwSignal<bool>,
    /// Why it was not taken, where that is at no field.
    pub problem: RwSignal<Option<Problem>>,
    /// What stands in the input that no person sees.
    pub trap: RwSignal<String>,
    taken: StoredValue<bool>,
}

impl Sending {
    pub fn new(state: FormState, open: &OpenLink, visit: StoredValue<Visit>) -> Sending {
        let sending = Sending {
            state,
            visit,
            given: StoredValue::new((browser::now(), open.said.wait)),
            busy: RwSignal::new(false),
            pause: RwSignal::new(None),
            keeps: RwSignal::new(true),
            problem: RwSignal::new(None),
            trap: RwSignal::new(String::new()),
            taken: StoredValue::new(false),
        };
        Effect::new(move |before: Option<()>| {
            state.changes.track();
            if before.is_some() {
                sending.keep();
            }
        });
        sending
    }

    fn keep(self) {
        if self.taken.get_value() {
            return;
        }
        let mut fields = self.state.kept_fields();
        self.state.draft.with_untracked(|draft| leave_out_files(draft.form(), &mut fields));
        let token = self.visit.with_value(|visit| visit.token.clone());
        self.keeps.set(kept::keep(&token, &fields));
    }

    /// Whether leaving now would lose something.
    pub fn is_unsaved(self) -> bool {
        !self.taken.get_value() && !self.keeps.get_untracked() && untrack(|| self.state.has_entries())
    }

    /// Throws away what was entered and kept.
    pub fn forget(self) {
        self.visit.with_value(|visit| kept::forget(&visit.token));
    }

    /// Sends it, where nothing is wrong with it. `on_locked` hears that the link asks for its password once more.
    pub fn send(self, on_taken: Callback<PublicTaken>, on_locked: Callback<()>) {
        if self.busy.get_untracked() || !self.state.check() {
            return;
        }
        self.busy.set(true);
        self.problem.set(None);
        let answer =
            PublicAnswer { fields: self.state.changed_fields(), leave_empty: self.trap.get_untracked() };
        let visit = self.visit.get_value();
        spawn_local(async move {
            let token = visit.token.clone();
            let answered = self.until_let_in(visit, &answer).await;
            match &answered {
                Ok(_) => kept::forget(&token),
                Err(_) => kept::forget_sent(&token),
            }
            // The page may be gone by now.
            if self.busy.try_set(false).is_some() {
                return;
            }
            match answered {
                Ok(taken) => {
                    self.taken.set_value(true);
                    on_taken.run(taken);
                }
                Err(problem) if problem.code == "password_required" => on_locked.run(()),
                Err(problem) if problem.errors.is_empty() => self.problem.set(Some(problem)),
                Err(problem) => refuse(self.state, problem),
            }
        });
    }

    /// Sends it as often as the server wants some more time, and once more under another ticket where its own is no longer good.
    async fn until_let_in(self, mut visit: Visit, answer: &PublicAnswer) -> Result<PublicTaken, Problem> {
        let mut is_new_ticket = false;
        self.wait_for_the_least().await;
        loop {
            kept::keep_sent(&visit.token, &visit.ticket, answer);
            match public_forms::answer(&visit, answer).await {
                Err(problem) if !is_new_ticket && asks_for_another_ticket(&problem) => {
                    is_new_ticket = true;
                    let said = public_forms::open(&visit.token, None).await?.said;
                    visit.ticket = said.ticket;
                    let _ = self.given.try_set_value((browser::now(), said.wait));
                    let _ = self.visit.try_set_value(visit.clone());
                    self.wait_for_the_least().await;
                }
                Err(problem) => match seconds_to_wait(&problem) {
                    Some(seconds) => self.wait(seconds).await,
                    None => return Err(problem),
                },
                taken => return taken,
            }
        }
    }

    /// Nobody fills in a form in no time: what comes too soon would be refused.
    async fn wait_for_the_least(self) {
        let Some((given, least)) = self.given.try_get_value() else { return };
        let passed = browser::now().duration_since(given).as_secs();
        let left = i64::from(least) - passed;
        if (1..=i64::from(least)).contains(&left) {
            gloo_timers::future::sleep(Duration::from_secs(left.unsigned_abs())).await;
        }
    }

    /// Waits, and says how long that still takes.
    async fn wait(self, seconds: u32) {
        for left in (1..=seconds.max(1)).rev() {
            let _ = self.pause.try_set(Some(left));
            gloo_timers::future::sleep(Duration::from_secs(1)).await;
        }
        let _ = self.pause.try_set(None);
    }
}

/// Whether the answer could be taken under another ticket: this one is too old, or an answer has come under it.
fn asks_for_another_ticket(problem: &Problem) -> bool {
    matches!(problem.code.as_str(), "ticket_expired" | "idempotency_key_reused")
}

/// Files that no answer took are removed after an hour, and belong to one ticket: what is kept for longer has none.
fn leave_out_files(form: &Form, fields: &mut Map<String, Json>) {
    for column in form.all_columns().filter(|column| is_file(&column.field.kind)) {
        match column.path.split_once('.') {
            None => drop(fields.remove(&column.path)),
            Some((subform, key)) => {
                let rows = fields.get_mut(subform).and_then(Json::as_array_mut);
                for row in rows.into_iter().flatten().filter_map(Json::as_object_mut) {
                    row.remove(key);
                }
            }
        }
    }
}

fn is_file(kind: &FieldKind) -> bool {
    matches!(kind, FieldKind::Files(_) | FieldKind::Images(_) | FieldKind::Signature(_))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::form_of;

    #[test]
    fn what_is_kept_names_no_file() {
        let form = form_of(json!([
            {"key": "name", "label": "Name", "kind": "text"},
            {"key": "plan", "label": "Plan", "kind": "files"},
            {"key": "lines", "label": "Lines", "kind": "subform", "options": {"fields": [
                {"key": "qty", "label": "Qty", "kind": "number"}, {"key": "picture", "label": "Picture", "kind": "images"}]}}]));
        let mut fields =
            json!({"name": "Ann", "plan": ["7"], "lines": [{"qty": "1", "picture": ["8"]}, {"qty": "2"}]})
                .as_object()
                .cloned()
                .unwrap();
        leave_out_files(&form, &mut fields);
        assert_eq!(Json::Object(fields), json!({"name": "Ann", "lines": [{"qty": "1"}, {"qty": "2"}]}));
    }
}
