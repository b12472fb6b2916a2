//! Signing in.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::{use_navigate, use_query_map};

use super::LanguageLinks;
use crate::api::session;
use crate::browser;
use crate::ui::{Button, ButtonKind, ControlSize, Field, InputType, Logo, TextInput};
use crate::{t, text};

/// The sign-in page. `?next=` is the address to go on to.
#[component]
pub fn SignInPage() -> impl IntoView {
    let query = use_query_map();
    let navigate = StoredValue::new(use_navigate());
    let go_on = move |()| {
        let next = query.with_untracked(|query| query.get("next"));
        // Only a path of this site: an address that starts with two slashes leads elsewhere.
        let next = next.filter(|path| path.starts_with('/') && !path.starts_with("//"));
        navigate.with_value(|go| go(next.as_deref().unwrap_or("/"), Default::default()));
    };
    Effect::new(|| browser::set_title(&format!("{} – Formwork", text!("sign-in-title"))));
    view! {
        <main class="stage">
            <div class="stage-in stack g6">
                <div class="stack g4">
                    <div class="brand"><Logo/>"Formwork"</div>
                    <div class="stack g1">
                        <h1>{t!("sign-in-title")}</h1>
                        <span class="muted">{t!("sign-in-subtitle")}</span>
                    </div>
                </div>
                <SignInForm email=String::new() on_done=go_on/>
                <p class="note muted center">{t!("sign-in-no-account")}" "<LanguageLinks/></p>
            </div>
        </main>
    }
}

/// E-mail and password; used by the page and by the dialog over a page whose session ended.
#[component]
pub fn SignInForm(
    /// Filled in already where it is known.
    email: String,
    #[prop(into)] on_done: Callback<()>,
) -> impl IntoView {
    let known = !email.is_empty();
    let email = RwSignal::new(email);
    let password = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let fault = RwSignal::new(None::<String>);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        if email.with_untracked(|email| email.trim().is_empty()) || password.with_untracked(String::is_empty)
        {
            return fault.set(Some(text!("sign-in-both-needed")));
        }
        busy.set(true);
        fault.set(None);
        spawn_local(async move {
            let answer = session::sign_in(email.get_untracked().trim(), &password.get_untracked()).await;
            let _ = busy.try_set(false);
            match answer {
                Ok(_) => on_done.run(()),
                Err(problem) => {
                    let _ = fault.try_set(Some(problem.sentence()));
                }
            }
        });
    };
    view! {
        <form class="stack g4" on:submit=submit>
            <Field label=t!("sign-in-email")>
                <TextInput
                    value=email
                    on_input=move |text| email.set(text)
                    kind=InputType::Email
                    size=ControlSize::Large
                    autocomplete="username"
                    name="email"
                    autofocus=!known
                />
            </Field>
            <Field label=t!("sign-in-password") error=fault>
                <TextInput
                    value=password
                    on_input=move |text| password.set(text)
                    kind=InputType::Password
                    size=ControlSize::Large
                    autocomplete="current-password"
                    name="password"
                    autofocus=known
                />
            </Field>
            <Button kind=ButtonKind::Primary size=ControlSize::Large class="wide" submit=true busy=busy>
                {t!("sign-in-action")}
            </Button>
        </form>
    }
}
