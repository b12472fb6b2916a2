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
