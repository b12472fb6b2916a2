//! A forgotten password: asking for a letter, or being told who helps where none is sent, and choosing a new one by a link.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use wire::Problem;

use super::LanguageLinks;
use super::set_up::password_words;
use crate::api::{session, sign_in};
use crate::browser;
use crate::ui::{Banner, Button, ButtonKind, ControlSize, Field, InputType, Logo, Skeleton, TextInput, Tone};
use crate::{t, text};

/// Where somebody says whose password is forgotten.
#[component]
pub fn ForgottenPage() -> impl IntoView {
    let email = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let sent = RwSignal::new(false);
    let fault = RwSignal::new(None::<String>);
    let ways = LocalResource::new(sign_in::ways);
    let sends = Memo::new(move |_| match ways.get()? {
        Ok(ways) => Some(ways.reset),
        // Asked in vain, it says why.
        Err(_) => Some(true),
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        if email.with_untracked(|email| email.trim().is_empty()) {
            return fault.set(Some(text!("set-up-needed")));
        }
        busy.set(true);
        fault.set(None);
        spawn_local(async move {
            let answer = sign_in::ask_for_reset(email.get_untracked().trim()).await;
            let _ = busy.try_set(false);
            match answer {
                Ok(()) => sent.set(true),
                Err(problem) => fault.set(Some(problem.sentence())),
            }
        });
    };
    let form = move || {
        view! {
            <form class="stack g4" on:submit=submit>
                <Field label=t!("sign-in-email") error=fault>
                    <TextInput
                        value=email
                        on_input=move |text| email.set(text)
                        kind=InputType::Email
                        size=ControlSize::Large
                        autocomplete="username"
                        name="email"
                        autofocus=true
                    />
                </Field>
                <Button kind=ButtonKind::Primary size=ControlSize::Large class="wide" submit=true busy=busy>
                    {t!("forgotten-action")}
                </Button>
            </form>
        }
    };
    let subtitle = Signal::derive(move || match sends.get() {
        Some(true) => text!("forgotten-subtitle"),
        Some(false) => text!("forgotten-no-mail"),
        None => String::new(),
    });
    view! {
        <Entrance title=Signal::derive(t!("forgotten-title")) subtitle=subtitle>
            {move || match sends.get() {
                _ if sent.get() => view! { <Banner tone=Tone::Success>{t!("forgotten-sent")}</Banner> }.into_any(),
                None => view! { <Skeleton lines=3/> }.into_any(),
                Some(true) => form().into_any(),
                Some(false) => view! { <Banner tone=Tone::Info>{t!("forgotten-no-mail-text")}</Banner> }.into_any(),
            }}
        </Entrance>
    }
}

/// Where the link of a letter leads.
#[component]
pub fn NewPasswordPage() -> impl IntoView {
    let token = StoredValue::new(browser::fragment());
    let password = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let done = RwSignal::new(false);
    let problem = RwSignal::new(None::<Problem>);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        problem.set(None);
        spawn_local(async move {
            let answer = sign_in::redeem_reset(&token.get_value(), &password.get_untracked()).await;
            let _ = busy.try_set(false);
            match answer {
                Ok(()) => done.set(true),
                Err(found) => problem.set(Some(found)),
            }
        });
    };
    let fault = Signal::derive(move || problem.get().map(|problem| problem.sentence()));
    let shortest = LocalResource::new(session::shortest_password);
    let help = Signal::derive(move || password_words(shortest));
    let form = move || {
        view! {
            <form class="stack g4" on:submit=submit>
                <Field label=t!("settings-password-new") help=help error=fault>
                    <TextInput
                        value=password
                        on_input=move |text| password.set(text)
                        kind=InputType::Password
                        size=ControlSize::Large
                        autocomplete="new-password"
                        name="new-password"
                        autofocus=true
                    />
                </Field>
                <Button kind=ButtonKind::Primary size=ControlSize::Large class="wide" submit=true busy=busy>
                    {t!("new-password-action")}
                </Button>
            </form>
        }
    };
    view! {
        <Entrance title=Signal::derive(t!("new-password-title")) subtitle=Signal::derive(t!("new-password-subtitle"))>
            {move || if done.get() {
                view! { <Banner tone=Tone::Success>{t!("new-password-done")}</Banner> }.into_any()
            } else {
                form().into_any()
            }}
        </Entrance>
    }
}

/// What stands around a page before one is inside.
#[component]
pub fn Entrance(title: Signal<String>, subtitle: Signal<String>, children: Children) -> impl IntoView {
    Effect::new(move || browser::set_title(&format!("{} – Formwork", title.get())));
    view! {
        <main class="stage">
            <div class="stage-in stack g6">
                <div class="stack g4">
                    <div class="brand"><Logo/>"Formwork"</div>
                    <div class="stack g1"><h1>{title}</h1><span class="muted">{subtitle}</span></div>
                </div>
                {children()}
                <p class="note muted center">
                    <A href="/sign-in" attr:class="link">{t!("forgotten-back")}</A>
                    <i class="sep"></i>
                    <LanguageLinks/>
                </p>
            </div>
        </main>
    }
}
