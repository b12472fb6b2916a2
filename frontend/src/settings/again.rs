//! Showing anew who one is, where the server asks for it; what was to be done is done after it.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::{Confirmation, Problem};

use crate::api::sign_in;
use crate::ui::{Button, ButtonKind, Dialog, DialogSize, Field, InputType, TextInput, toast};
use crate::{t, text};

/// What waits until its owner has shown who they are.
#[derive(Clone, Copy)]
pub struct Again {
    open: RwSignal<bool>,
    waiting: StoredValue<Option<Callback<()>>>,
}

impl Again {
    pub fn new() -> Again {
        Again { open: RwSignal::new(false), waiting: StoredValue::new(None) }
    }

    /// Asks who it is where that is what a call lacked, and calls `retry` after it; says every other problem.
    pub fn meet(self, problem: &Problem, retry: Callback<()>) {
        if is_asked_again(problem) {
            self.waiting.set_value(Some(retry));
            self.open.set(true);
        } else {
            toast::refused(problem);
        }
    }
}

/// Whether a call lacked nothing but that its caller shows anew who they are.
pub fn is_asked_again(problem: &Problem) -> bool {
    problem.code == "reauth_required"
}

#[component]
pub fn AgainDialog(again: Again) -> impl IntoView {
    let secret = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let fault = RwSignal::new(None::<String>);
    let send = move || {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        fault.set(None);
        let given = secret.get_untracked();
        // Six digits are a code; no password is as short.
        let is_code = given.trim().len() == 6 && given.trim().bytes().all(|byte| byte.is_ascii_digit());
        let confirmation = match is_code {
            true => Confirmation { code: Some(given.trim().to_string()), ..Confirmation::default() },
            false => Confirmation { password: Some(given), ..Confirmation::default() },
        };
        spawn_local(async move {
            let answer = sign_in::confirm(&confirmation).await;
            busy.set(false);
            match answer {
                Ok(()) => {
                    secret.set(String::new());
                    again.open.set(false);
                    if let Some(retry) = again.waiting.get_value() {
                        retry.run(());
                    }
                }
                Err(problem) => fault.set(Some(problem.sentence())),
            }
        });
    };
    let foot = move || {
        view! {
            <Button on_press=move |_| again.open.set(false)>{t!("ui-cancel")}</Button>
            <Button kind=ButtonKind::Primary busy=busy on_press=move |_| send()>{t!("security-again-action")}</Button>
        }
    };
    view! {
        <Dialog open=again.open title=Signal::derive(|| text!("security-again-title")) size=DialogSize::Small foot=Some(ViewFn::from(foot))>
            <form
                class="stack g4"
                on:submit=move |event| {
                    event.prevent_default();
                    send();
                }
            >
                <p class="soft-text">{t!("security-again-text")}</p>
                <Field label=t!("security-again-secret") error=fault>
                    <TextInput
                        value=secret
                        on_input=move |text| secret.set(text)
                        kind=InputType::Password
                        autocomplete="current-password"
                        name="again"
                        autofocus=true
                    />
                </Field>
            </form>
        </Dialog>
    }
}
