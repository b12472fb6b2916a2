//! Joining by a link. What stands after `#` in the address is the invitation: no server and no log hears of it before
//! the page asks.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_navigate;
use wire::{InvitationAcceptance, InvitationSeen};

use super::LanguageLinks;
use crate::api::{Problem, session};
use crate::ui::{Banner, Button, ButtonKind, ControlSize, Field, InputType, Loaded, Logo, TextInput, Tone};
use crate::{browser, i18n, t, text};

/// The page of an invitation.
#[component]
pub fn InvitationPage() -> impl IntoView {
    let token = StoredValue::new(browser::fragment());
    let seen = LocalResource::new(move || {
        let token = token.get_value();
        async move { session::invitation(&token).await }
    });
    Effect::new(|| browser::set_title(&format!("{} – Formwork", text!("invitation-title"))));
    let form = move |seen: InvitationSeen| view! { <Joining seen=seen token=token/> };
    view! {
        <main class="stage">
            <div class="stage-in stack g6">
                <div class="brand"><Logo/>"Formwork"</div>
                <Loaded answer=seen view=form/>
                <p class="note muted center"><LanguageLinks/></p>
            </div>
        </main>
    }
}

/// A name and a password of one's own.
#[component]
fn Joining(seen: InvitationSeen, token: StoredValue<String>) -> impl IntoView {
    let navigate = StoredValue::new(use_navigate());
    let name = RwSignal::new(seen.name);
    let password = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(None::<Problem>);
    let fault = move |path: &'static str| {
        Signal::derive(move || problem.with(|problem| problem.as_ref()?.at(path).map(str::to_string)))
    };
    let general =
        move || problem.get().filter(|problem| problem.errors.is_empty()).map(|problem| problem.sentence());
    let offered = seen.languages;
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        problem.set(None);
        let language = i18n::language_now();
        let input = InvitationAcceptance {
            token: token.get_value(),
            password: password.get_untracked(),
            name: Some(name.get_untracked()),
            language: offered.contains(&language).then_some(language),
        };
        spawn_local(async move {
            let answer = session::accept_invitation(&input).await;
            let _ = busy.try_set(false);
            match answer {
                Ok(_) => navigate.with_value(|go| go("/", Default::default())),
                Err(found) => drop(problem.try_set(Some(found))),
            }
        });
    };
    let (workspace, email, least) = (seen.workspace, seen.email, seen.password.min_length);
    let help = Signal::derive(move || text!("invitation-password-help", min = least));
    view! {
        <div class="stack g1">
            <h1>{t!("invitation-heading", workspace = workspace)}</h1>
            <span class="muted">{email}</span>
        </div>
        <form class="stack g4" on:submit=submit>
            {move || general().map(|sentence| view! { <Banner tone=Tone::Danger>{sentence}</Banner> })}
            <Field label=t!("member-name") required=true error=fault("name")>
                <TextInput
                    value=name
                    on_input=move |text| name.set(text)
                    size=ControlSize::Large
                    autocomplete="name"
                    name="name"
                />
            </Field>
            <Field label=t!("sign-in-password") required=true help=help error=fault("password")>
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
                {t!("invitation-join")}
            </Button>
        </form>
    }
}
