//! Signing in.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use leptos_router::hooks::{use_navigate, use_query_map};
use wire::SignInWays;

use super::LanguageLinks;
use crate::api::{Problem, session, sign_in};
use crate::browser;
use crate::ui::{Banner, Button, ButtonKind, ControlSize, Field, Icon, InputType, Logo, TextInput, Tone};
use crate::{t, text};

/// How one can sign in here, once it is known.
type Ways = LocalResource<Result<SignInWays, Problem>>;

/// The sign-in page. `?next=` is the address to go on to, `?problem=` why an identity provider's answer was no good.
#[component]
pub fn SignInPage() -> impl IntoView {
    let query = use_query_map();
    let navigate = StoredValue::new(use_navigate());
    // Only a path of this site: an address that starts with two slashes leads elsewhere.
    let next = move || {
        let next = query.with_untracked(|query| query.get("next"));
        let is_inside =
            |path: &String| path.starts_with('/') && !path.starts_with("//") && !path.contains('\\');
        next.filter(is_inside).unwrap_or_else(|| "/".to_string())
    };
    let go_on = move |()| navigate.with_value(|go| go(&next(), Default::default()));
    let problem = query.with_untracked(|query| query.get("problem"));
    let ways = LocalResource::new(sign_in::ways);
    // Most workspaces are not named to strangers; a name comes with the answer.
    let title = Signal::derive(move || {
        let named = ways.get().and_then(Result::ok).and_then(|ways| ways.workspace);
        named.map_or_else(|| text!("sign-in-title"), |name| text!("sign-in-to", workspace = name))
    });
    Effect::new(move || browser::set_title(&format!("{} – Formwork", title.get())));
    view! {
        <main class="stage">
            <div class="stage-in stack g6">
                <div class="stack g4">
                    <div class="brand"><Logo/>"Formwork"</div>
                    <div class="stack g1">
                        // However long it is, it takes one line: nothing below is pushed down by it.
                        <h1 class="clip" title=title>{title}</h1>
                        <span class="muted">{t!("sign-in-subtitle")}</span>
                    </div>
                </div>
                {problem.map(|code| view! { <Banner tone=Tone::Danger>{move || provider_problem(&code)}</Banner> })}
                <PlainHttp ways=ways/>
                <SignInForm email=String::new() on_done=go_on/>
                <ByProvider next=next() ways=ways/>
                <p class="note muted center">{t!("sign-in-no-account")}" "<LanguageLinks/></p>
            </div>
        </main>
    }
}

/// Why nobody came in by the identity provider.
fn provider_problem(code: &str) -> String {
    match code {
        "unknown_at_provider" => text!("sign-in-provider-unknown"),
        "visit_over" => text!("sign-in-provider-over"),
        "provider_unreachable" => text!("sign-in-provider-unreachable"),
        _other => text!("sign-in-provider-refused"),
    }
}

/// Says that a password typed here can be read by others on the way, where that is so.
#[component]
fn PlainHttp(ways: Ways) -> impl IntoView {
    move || {
        let is_plain = ways.get().and_then(Result::ok).is_some_and(|ways| ways.plain_http);
        is_plain.then(|| view! { <Banner tone=Tone::Warning>{t!("shell-plain-http")}</Banner> })
    }
}

/// The way by the identity provider, where there is one.
#[component]
fn ByProvider(next: String, ways: Ways) -> impl IntoView {
    let href = StoredValue::new(sign_in::provider_address(&next));
    move || {
        let name = ways.get().and_then(Result::ok).and_then(|ways| ways.provider)?;
        Some(view! {
            <div class="or"><span>{t!("sign-in-or")}</span></div>
            <a class="btn large wide" rel="external" href=href.get_value()>
                <Icon name="lock"/>{t!("sign-in-by-provider", name = name)}
            </a>
        })
    }
}

/// E-mail and password, and a code from whom it is asked; used by the page and by the dialog over a page whose session ended.
#[component]
pub fn SignInForm(
    /// Filled in already where it is known.
    email: String,
    #[prop(into)] on_done: Callback<()>,
) -> impl IntoView {
    let known = !email.is_empty();
    let email = RwSignal::new(email);
    let password = RwSignal::new(String::new());
    let code = RwSignal::new(String::new());
    let asks_code = RwSignal::new(false);
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
            let given = code.get_untracked();
            let given = Some(given.trim()).filter(|code| asks_code.get_untracked() && !code.is_empty());
            let answer =
                session::sign_in(email.get_untracked().trim(), &password.get_untracked(), given).await;
            let _ = busy.try_set(false);
            match answer {
                Ok(_) => on_done.run(()),
                Err(problem) if problem.code == "second_step_required" => {
                    let _ = asks_code.try_set(true);
                }
                Err(problem) => {
                    let _ = fault.try_set(Some(problem.sentence()));
                }
            }
        });
    };
    let password_fault = Signal::derive(move || fault.get().filter(|_| !asks_code.get()));
    let code_fault = Signal::derive(move || fault.get().filter(|_| asks_code.get()));
    // Where no mail is sent, the page behind it says who helps.
    let forgotten =
        || view! { <A href="/forgotten-password" attr:class="link aside">{t!("sign-in-forgotten")}</A> };
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
            <Field label=t!("sign-in-password") error=password_fault aside=ViewFn::from(forgotten)>
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
            {move || asks_code.get().then(|| view! {
                <Field label=t!("sign-in-code") help=Signal::derive(t!("sign-in-code-help")) error=code_fault>
                    <TextInput
                        value=code
                        on_input=move |text| code.set(text)
                        size=ControlSize::Large
                        autocomplete="one-time-code"
                        name="code"
                        autofocus=true
                    />
                </Field>
            })}
            <Button kind=ButtonKind::Primary size=ControlSize::Large class="wide" submit=true busy=busy>
                {t!("sign-in-action")}
            </Button>
        </form>
    }
}
