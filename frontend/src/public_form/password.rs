//! The password that a link asks for.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::public_forms::{self, OpenLink};
use crate::browser;
use crate::ui::{Button, ButtonKind, ControlSize, Field, InputType, TextInput};
use crate::{t, text};

#[component]
pub fn PasswordForm(token: StoredValue<String>, #[prop(into)] on_open: Callback<OpenLink>) -> impl IntoView {
    let password = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let fault = RwSignal::new(None::<String>);
    Effect::new(|| browser::set_title(&text!("public-locked")));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        if password.with_untracked(String::is_empty) {
            return fault.set(Some(text!("public-password-needed")));
        }
        busy.set(true);
        fault.set(None);
        spawn_local(async move {
            let answer = public_forms::open(&token.get_value(), Some(&password.get_untracked())).await;
            // The page may be gone by now.
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(open) => on_open.run(open),
                Err(problem) => fault.set(Some(problem.sentence())),
            }
        });
    };
    view! {
        <form class="stack g4" on:submit=submit>
            <div class="stack">
                <h1 class="big-title">{t!("public-locked")}</h1>
                <p class="soft-text">{t!("public-locked-text")}</p>
            </div>
            <Field label=t!("public-password") error=fault>
                <TextInput
                    value=password
                    on_input=move |text| password.set(text)
                    kind=InputType::Password
                    size=ControlSize::Large
                    autocomplete="off"
                    name="link-password"
                    autofocus=true
                />
            </Field>
            <Button kind=ButtonKind::Primary size=ControlSize::Large class="wide" submit=true busy=busy>
                {t!("public-unlock")}
            </Button>
        </form>
    }
}
