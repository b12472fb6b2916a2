//! The first minutes: the administrator, then where to start from.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use leptos_router::hooks::use_query_map;

use super::LanguageLinks;
use wire::Setup;

use crate::api::{Problem, session};
use crate::browser;
use crate::ui::{
    Button, ButtonKind, ControlSize, Field, Icon, IconSize, InputType, Logo, Steps, TextInput, Tile,
};
use crate::{i18n, t, text};

/// The set-up page. The printed address carries the code: `/setup?code=…`.
#[component]
pub fn SetUpPage() -> impl IntoView {
    // Whoever has set it up is asked where to start also when the page is loaded anew.
    let me = LocalResource::new(session::load);
    let done = RwSignal::new(false);
    Effect::new(|| browser::set_title(&format!("{} – Formwork", text!("set-up-title"))));
    let step = move || match (done.get(), me.get()) {
        (true, _) | (false, Some(Ok(_))) => view! { <WhereToStart/> }.into_any(),
        (false, Some(Err(_))) => view! { <Administrator on_done=move |()| done.set(true)/> }.into_any(),
        (false, None) => view! { <span class="spinner" aria-busy="true"></span> }.into_any(),
    };
    view! { <main class="stage">{step}</main> }
}

#[component]
fn Head(at: usize) -> impl IntoView {
    let labels =
        vec![Signal::derive(t!("set-up-step-administrator")), Signal::derive(t!("set-up-step-start"))];
    view! {
        <div class="row between">
            <div class="brand"><Logo/>"Formwork"</div>
            <Steps labels=labels at=Signal::stored(at)/>
        </div>
    }
}

#[component]
fn Administrator(#[prop(into)] on_done: Callback<()>) -> impl IntoView {
    let code_given = use_query_map().with_untracked(|query| query.get("code")).unwrap_or_default();
    let code = RwSignal::new(code_given);
    let name = RwSignal::new(String::new());
    let workspace = RwSignal::new(String::new());
    let email = RwSignal::new(String::new());
    let password = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let faults = RwSignal::new(Vec::<(String, String)>::new());
    let general = RwSignal::new(None::<String>);
    let fault = move |field: &'static str| {
        Signal::derive(move || {
            faults.with(|faults| {
                faults.iter().find(|(path, _)| path == field).map(|(_, sentence)| sentence.clone())
            })
        })
    };

    // How long it has to be is said before one has thought of one.
    let shortest = LocalResource::new(session::shortest_password);
    let password_help = Signal::derive(move || password_words(shortest));
    let check = move || {
        let mut found = Vec::new();
        let mut need = |field: &str, value: RwSignal<String>| {
            if value.with_untracked(|text| text.trim().is_empty()) {
                found.push((field.to_string(), text!("set-up-needed")));
            }
        };
        need("code", code);
        need("name", name);
        need("email", email);
        need("password", password);
        found
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        general.set(None);
        let found = check();
        let sound = found.is_empty();
        faults.set(found);
        if !sound || busy.get_untracked() {
            return;
        }
        busy.set(true);
        let new = Setup {
            code: code.get_untracked().trim().to_string(),
            email: email.get_untracked().trim().to_string(),
            name: name.get_untracked().trim().to_string(),
            password: password.get_untracked(),
            workspace: Some(workspace.get_untracked().trim().to_string()).filter(|name| !name.is_empty()),
            language: Some(i18n::language_now()),
            zone: browser::zone_name(),
            currency: None,
        };
        spawn_local(async move {
            let answer = session::set_up(&new).await;
            busy.set(false);
            match answer {
                Ok(_) => on_done.run(()),
                Err(problem) if problem.status == 404 => general.set(Some(text!("set-up-closed"))),
                Err(problem) if problem.status == 403 => {
                    faults.set(vec![("code".to_string(), problem.sentence())])
                }
                Err(problem) if problem.errors.is_empty() => general.set(Some(problem.sentence())),
                Err(problem) => faults.set(problem.errors.into_iter().map(|e| (e.path, e.message)).collect()),
            }
        });
    };
    view! {
        <div class="stage-in stack g6">
            <Head at=1/>
            <div class="stack g1">
                <h1>{t!("set-up-title")}</h1>
                <span class="muted">{t!("set-up-subtitle")}</span>
            </div>
            <form class="stack g4" on:submit=submit>
                <Field label=t!("set-up-code") help=Signal::derive(t!("set-up-code-help")) error=fault("code") required=true>
                    <TextInput value=code on_input=move |text| code.set(text) name="code" size=ControlSize::Large autofocus=true/>
                </Field>
                <Field label=t!("set-up-name") error=fault("name") required=true>
                    <TextInput value=name on_input=move |text| name.set(text) name="name" autocomplete="name" size=ControlSize::Large/>
                </Field>
                <Field label=t!("set-up-workspace") help=Signal::derive(t!("set-up-workspace-help")) error=fault("workspace")>
                    <TextInput value=workspace on_input=move |text| workspace.set(text) name="workspace" autocomplete="organization" size=ControlSize::Large/>
                </Field>
                <Field label=t!("sign-in-email") error=fault("email") required=true>
                    <TextInput
                        value=email
                        on_input=move |text| email.set(text)
                        kind=InputType::Email
                        name="email"
                        autocomplete="username"
                        size=ControlSize::Large
                    />
                </Field>
                <Field
                    label=t!("sign-in-password")
                    help=password_help
                    error=fault("password")
                    required=true
                >
                    <TextInput
                        value=password
                        on_input=move |text| password.set(text)
                        kind=InputType::Password
                        name="password"
                        autocomplete="new-password"
                        size=ControlSize::Large
                    />
                </Field>
                {move || general.get().map(|sentence| view! {
                    <span class="error" role="alert"><Icon name="error" size=IconSize::Tiny/>{sentence}</span>
                })}
                <Button kind=ButtonKind::Primary size=ControlSize::Large class="wide" submit=true busy=busy>
                    {t!("set-up-action")}
                </Button>
            </form>
            <p class="note muted center">
                <A href="/sign-in" attr:class="link">{t!("set-up-has-account")}</A>
                <i class="sep"></i>
                <LanguageLinks/>
            </p>
        </div>
    }
}

/// What a password has to be like, once it is known how long.
pub(super) fn password_words(shortest: LocalResource<Result<u32, Problem>>) -> String {
    match shortest.get() {
        Some(Ok(shortest)) => text!("password-help", min = shortest),
        Some(Err(_)) | None => text!("set-up-password-help"),
    }
}

/// Template, spreadsheet or blank: each is one click to something real.
#[component]
fn WhereToStart() -> impl IntoView {
    let choice =
        |href: &'static str, icon: &'static str, colour: u8, title: Signal<String>, text: Signal<String>| {
            view! {
                <A href=href attr:class="card click choice">
                    <Tile icon=icon colour=colour size="l"/>
                    <span class="strong">{title}</span>
                    <span class="small-text soft-text">{text}</span>
                </A>
            }
        };
    view! {
        <div class="stage-in wide stack g6">
            <Head at=2/>
            <div class="stack g1">
                <h1>{t!("start-title")}</h1>
                <span class="muted">{t!("start-subtitle")}</span>
            </div>
            <div class="cards-3">
                {choice("/templates", "gallery", 9, Signal::derive(t!("start-template")), Signal::derive(t!("start-template-text")))}
                {choice("/?new=sheet", "table", 6, Signal::derive(t!("start-sheet")), Signal::derive(t!("start-sheet-text")))}
                {choice("/?new=blank", "form", 1, Signal::derive(t!("start-blank")), Signal::derive(t!("start-blank-text")))}
            </div>
            <div class="row between">
                <span></span>
                <A href="/" attr:class="btn ghost">{t!("start-skip")}</A>
            </div>
        </div>
    }
}
