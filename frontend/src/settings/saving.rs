//! A card of settings that is saved as a whole, and what came of it.

use std::future::Future;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::Problem;
use crate::ui::{Banner, Button, ButtonKind, ProblemCode, Tone, toast};
use crate::{t, text};

/// Whether a card is being saved, and what is wrong with what it holds.
#[derive(Clone, Copy)]
pub struct Saving {
    busy: RwSignal<bool>,
    problem: RwSignal<Option<Problem>>,
}

impl Saving {
    pub fn new() -> Saving {
        Saving { busy: RwSignal::new(false), problem: RwSignal::new(None) }
    }

    /// What is wrong with the field that has this path.
    pub fn fault(self, path: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || self.problem.with(|problem| problem.as_ref()?.at(path).map(str::to_string)))
    }

    /// What is wrong with entries of the list at this path, which was sent: each fault with its entry.
    pub fn faults_among(self, path: &'static str, sent: StoredValue<Vec<String>>) -> Signal<Option<String>> {
        Signal::derive(move || {
            self.problem.with(|problem| sent.with_value(|sent| faults_among(problem.as_ref()?, path, sent)))
        })
    }

    /// Everything that is wrong, for what is told above the fields.
    fn told(self) -> Option<Problem> {
        self.problem.get()
    }

    /// Waits for the answer to what is sent, and says what came of it. `done` takes in what the server keeps now.
    pub fn save<T: 'static>(
        self,
        sent: impl Future<Output = Result<T, Problem>> + 'static,
        done: impl FnOnce(T) + 'static,
    ) {
        self.busy.set(true);
        self.problem.set(None);
        spawn_local(async move {
            let answer = sent.await;
            let _ = self.busy.try_set(false);
            match answer {
                Ok(kept) => {
                    done(kept);
                    toast::show(text!("record-saved"));
                }
                Err(problem) => drop(self.problem.try_set(Some(problem))),
            }
        });
    }
}

/// Faults of entries that are told at once.
const TOLD: usize = 5;

fn faults_among(problem: &Problem, path: &str, sent: &[String]) -> Option<String> {
    let told = problem.errors.iter().filter_map(|error| {
        let below = error.path.strip_prefix(path)?;
        if below.is_empty() {
            return Some(error.message.clone());
        }
        let place = below.strip_prefix('.')?.split('.').next()?.parse::<usize>().ok()?;
        let entry = sent.get(place)?.clone();
        Some(text!("settings-fault-of", entry = entry, fault = error.message))
    });
    let told: Vec<String> = told.take(TOLD).collect();
    (!told.is_empty()).then(|| told.join(" "))
}

/// A card with fields and a button that saves them.
#[component]
pub fn SavedCard(
    #[prop(into)] title: Signal<String>,
    saving: Saving,
    #[prop(into)] on_save: Callback<()>,
    children: Children,
) -> impl IntoView {
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        on_save.run(());
    };
    view! {
        <section class="card">
            <div class="card-head"><h2>{title}</h2></div>
            <form class="card-body stack g4" on:submit=submit>
                {move || saving.told().map(|problem| view! { <Banner tone=Tone::Danger>{problem.sentence()}<ProblemCode problem=problem/></Banner> })}
                {children()}
                <div class="row">
                    <Button kind=ButtonKind::Primary submit=true busy=saving.busy>{t!("ui-save")}</Button>
                </div>
            </form>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::i18n::{Language, set_language};

    #[test]
    fn a_fault_of_an_entry_stands_at_its_list_with_the_entry() {
        set_language(Language::En);
        let fault = |path: &str, message: &str| json!({"path": path, "code": "x", "message": message});
        let problem = json!({"type": "x", "title": "x", "status": 422, "code": "validation", "errors": [
            fault("calendar.hours.1.from", "This is not a time of day."), fault("calendar.holidays.0", "Not a date."),
            fault("calendar.worked", "Too many."),
        ]});
        let problem: Problem = serde_json::from_value(problem).unwrap();
        let sent = ["09:00-12:00".to_string(), "9-5".to_string()];
        let said = |path: &str| faults_among(&problem, path, &sent);
        assert_eq!(said("calendar.hours").as_deref(), Some("“9-5”: This is not a time of day."));
        assert_eq!(said("calendar.holidays").as_deref(), Some("“09:00-12:00”: Not a date."));
        assert_eq!(said("calendar.worked").as_deref(), Some("Too many."));
        assert_eq!(said("calendar.days"), None);
    }
}
