//! Setting up a second step: a QR code for the authenticator, a code that shows it is there, recovery codes.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::{Problem, SecondFactorOffer};

use crate::api::{segment, session, sign_in};
use crate::entry::Entrance;
use crate::settings::again::{Again, AgainDialog, is_asked_again};
use crate::ui::{Banner, Button, ButtonKind, Field, TextInput, Tone};
use crate::{browser, t};

/// The page of who can do nothing before they have a second step.
#[component]
pub fn SecondStepPage() -> impl IntoView {
    let again = Again::new();
    // The page is opened as the first one, too.
    let me = LocalResource::new(session::load);
    let content = move || match me.get() {
        None => view! { <span class="spinner"></span> }.into_any(),
        Some(Ok(me)) if me.must_set_up_second_factor => {
            view! { <SetUp again=again on_done=move |()| browser::go_anew("/")/> }.into_any()
        }
        Some(_) => view! { <a class="btn primary" href="/">{t!("not-found-home")}</a> }.into_any(),
    };
    view! {
        <Entrance title=Signal::derive(t!("second-step-title")) subtitle=Signal::derive(t!("second-step-required"))>
            {content}
        </Entrance>
        <AgainDialog again=again/>
    }
}

/// The three steps of it.
#[component]
pub fn SetUp(again: Again, #[prop(into)] on_done: Callback<()>) -> impl IntoView {
    let offer = RwSignal::new(None::<SecondFactorOffer>);
    let codes = RwSignal::new(Vec::<String>::new());
    let busy = RwSignal::new(false);
    let begin = Callback::new(move |()| ask(again, busy, offer));
    let start = move || {
        view! {
            <div class="stack g4">
                <p class="soft-text">{t!("second-step-text")}</p>
                <div class="row">
                    <Button kind=ButtonKind::Primary icon="shield" busy=busy on_press=move |_| begin.run(())>
                        {t!("second-step-begin")}
                    </Button>
                </div>
            </div>
        }
    };
    move || {
        if codes.with(|codes| !codes.is_empty()) {
            view! { <Recovery codes=codes.get() on_done=on_done/> }.into_any()
        } else if let Some(offer) = offer.get() {
            view! { <Scan offer=offer again=again codes=codes/> }.into_any()
        } else {
            start().into_any()
        }
    }
}

/// Asks for a secret; again, once its owner has shown who they are.
fn ask(again: Again, busy: RwSignal<bool>, offer: RwSignal<Option<SecondFactorOffer>>) {
    busy.set(true);
    spawn_local(async move {
        let answer = sign_in::offer_second_factor().await;
        busy.set(false);
        match answer {
            Ok(made) => offer.set(Some(made)),
            Err(problem) => again.meet(&problem, Callback::new(move |()| ask(again, busy, offer))),
        }
    });
}

#[component]
fn Scan(offer: SecondFactorOffer, again: Again, codes: RwSignal<Vec<String>>) -> impl IntoView {
    let code = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(None::<Problem>);
    let send = Callback::new(move |()| enable(again, code, busy, problem, codes));
    let fault = Signal::derive(move || problem.get().map(|problem| problem.sentence()));
    let picture = format!("data:image/svg+xml,{}", segment(&offer.picture));
    view! {
        <form
            class="stack g4"
            on:submit=move |event| {
                event.prevent_default();
                send.run(());
            }
        >
            <p class="soft-text">{t!("second-step-scan")}</p>
            <img class="qr" src=picture alt=t!("second-step-picture") width="200" height="200"/>
            <p class="note muted">{t!("second-step-by-hand")}" "<code class="wrap-anywhere" data-secret="">{offer.secret}</code></p>
            <Field label=t!("second-step-code") error=fault>
                <TextInput
                    value=code
                    on_input=move |text| code.set(text)
                    autocomplete="one-time-code"
                    name="code"
                    autofocus=true
                />
            </Field>
            <div class="row">
                <Button kind=ButtonKind::Primary submit=true busy=busy>{t!("second-step-enable")}</Button>
            </div>
        </form>
    }
}

fn enable(
    again: Again,
    code: RwSignal<String>,
    busy: RwSignal<bool>,
    problem: RwSignal<Option<Problem>>,
    codes: RwSignal<Vec<String>>,
) {
    if busy.get_untracked() {
        return;
    }
    busy.set(true);
    problem.set(None);
    spawn_local(async move {
        let answer = sign_in::enable_second_factor(code.get_untracked().trim()).await;
        busy.set(false);
        match answer {
            Ok(made) => codes.set(made.codes),
            Err(found) if is_asked_again(&found) => {
                let retry = Callback::new(move |()| enable(again, code, busy, problem, codes));
                again.meet(&found, retry);
            }
            Err(found) => problem.set(Some(found)),
        }
    });
}

/// The recovery codes, shown once.
#[component]
pub fn Recovery(codes: Vec<String>, #[prop(into)] on_done: Callback<()>) -> impl IntoView {
    let text = StoredValue::new(codes.join("\n"));
    let save = move |_| browser::download("formwork-recovery-codes.txt", "text/plain", &text.get_value());
    view! {
        <div class="stack g4">
            <Banner tone=Tone::Success>{t!("second-step-on")}</Banner>
            <p class="soft-text">{t!("second-step-recovery")}</p>
            <ul class="recovery-codes">
                {codes.into_iter().map(|code| view! { <li><code>{code}</code></li> }).collect_view()}
            </ul>
            <div class="row">
                <Button icon="download" on_press=save>{t!("second-step-save")}</Button>
                <Button kind=ButtonKind::Primary on_press=move |_| on_done.run(())>{t!("second-step-done")}</Button>
            </div>
        </div>
    }
}
