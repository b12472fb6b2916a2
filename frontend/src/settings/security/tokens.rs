//! API tokens: what programs use in one's name.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::{List, Problem, Scope, Token, TokenInput};

use super::said;
use crate::api::sign_in;
use crate::ui::{
    Banner, Button, ButtonKind, Checkbox, ControlSize, Dialog, Field, Loaded, Segment, Segmented, TextInput,
    Tone, toast,
};
use crate::{t, text};

const SCOPES: [Scope; 4] = [Scope::Read, Scope::Write, Scope::Design, Scope::Administer];

fn scope_name(scope: Scope) -> String {
    match scope {
        Scope::Read => text!("scope-read"),
        Scope::Write => text!("scope-write"),
        Scope::Design => text!("scope-design"),
        Scope::Administer => text!("scope-administer"),
    }
}

#[component]
pub fn Tokens() -> impl IntoView {
    let tokens = LocalResource::new(sign_in::tokens);
    let adding = RwSignal::new(false);
    let refresh = Callback::new(move |()| tokens.refetch());
    let table = move |list: List<Token>| {
        if list.items.is_empty() {
            return view! { <div class="card-body"><span class="muted">{t!("token-none")}</span></div> }
                .into_any();
        }
        view! {
            <div class="sub-scroll">
                <table class="grid plain auto">
                    <thead>
                        <tr>
                            <th>{t!("member-name")}</th>
                            <th>{t!("token-scopes")}</th>
                            <th>{t!("security-seen")}</th>
                            <th>{t!("token-end")}</th>
                            <th><span class="sr">{t!("member-actions")}</span></th>
                        </tr>
                    </thead>
                    <tbody>
                        {list.items.into_iter().map(|token| view! { <Row token=token refresh=refresh/> }).collect_view()}
                    </tbody>
                </table>
            </div>
        }
        .into_any()
    };
    view! {
        <section class="card" id="tokens">
            <div class="card-head">
                <h2>{t!("token-title")}</h2>
                <a class="btn small ghost" href="/api/docs" target="_blank" rel="noopener">{t!("token-docs")}</a>
                <Button size=ControlSize::Small icon="plus" on_press=move |_| adding.set(true)>{t!("token-add")}</Button>
            </div>
            <Loaded answer=tokens view=table/>
        </section>
        <AddDialog open=adding on_added=refresh/>
    }
}

#[component]
fn Row(token: Token, refresh: Callback<()>) -> impl IntoView {
    let id = token.id;
    let end = move |_| {
        spawn_local(async move {
            match sign_in::end_token(id).await {
                Ok(()) => refresh.run(()),
                Err(problem) => toast::refused(&problem),
            }
        });
    };
    let scopes = StoredValue::new(token.scopes);
    let named = move || {
        let scopes = scopes.get_value();
        if scopes.is_empty() {
            text!("scope-all")
        } else {
            crate::i18n::listed(scopes.into_iter().map(scope_name))
        }
    };
    let seen = StoredValue::new(token.seen_at);
    let seen = move || seen.get_value().map_or_else(|| text!("token-unused"), |at| said(&at));
    let until = StoredValue::new(token.expires_at);
    let until = move || {
        let at = until.get_value().and_then(|at| engine::value::parse_timestamp(&at));
        at.map_or_else(|| text!("token-never"), crate::i18n::date_time)
    };
    view! {
        <tr>
            <td class="title">{token.name}</td>
            <td>{named}</td>
            <td>{seen}</td>
            <td>{until}</td>
            <td class="text-right"><Button size=ControlSize::Small on_press=end>{t!("token-revoke")}</Button></td>
        </tr>
    }
}

#[component]
fn AddDialog(open: RwSignal<bool>, on_added: Callback<()>) -> impl IntoView {
    let name = RwSignal::new(String::new());
    let chosen = RwSignal::new(vec![Scope::Read]);
    let days = RwSignal::new("90");
    let busy = RwSignal::new(false);
    let made = RwSignal::new(None::<String>);
    let problem = RwSignal::new(None::<Problem>);
    Effect::new(move || {
        if open.get() {
            name.set(String::new());
            made.set(None);
            problem.set(None);
        }
    });
    let add = move || {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        problem.set(None);
        let new = TokenInput {
            name: name.get_untracked().trim().to_string(),
            scopes: chosen.get_untracked(),
            days: days.get_untracked().parse().ok(),
        };
        spawn_local(async move {
            let answer = sign_in::create_token(&new).await;
            busy.set(false);
            match answer {
                Ok(token) => {
                    made.set(token.token);
                    on_added.run(());
                }
                Err(found) => problem.set(Some(found)),
            }
        });
    };
    let fault = Signal::derive(move || problem.get().map(|problem| problem.sentence()));
    let buttons = move || {
        if made.with(Option::is_some) {
            view! { <Button kind=ButtonKind::Primary on_press=move |_| open.set(false)>{t!("second-step-done")}</Button> }.into_any()
        } else {
            view! {
                <Button on_press=move |_| open.set(false)>{t!("ui-cancel")}</Button>
                <Button kind=ButtonKind::Primary busy=busy on_press=move |_| add()>{t!("token-add")}</Button>
            }
            .into_any()
        }
    };
    let foot = move || view! { {buttons} };
    let scope = move |scope: Scope| {
        let is_chosen = Signal::derive(move || chosen.with(|chosen| chosen.contains(&scope)));
        let toggle = move |on: bool| {
            chosen.update(|chosen| {
                chosen.retain(|known| *known != scope);
                if on {
                    chosen.push(scope);
                }
            });
        };
        view! { <Checkbox checked=is_chosen on_change=toggle>{move || scope_name(scope)}</Checkbox> }
    };
    let ends = || {
        vec![
            Segment::new("30", t!("token-days", count = 30)),
            Segment::new("90", t!("token-days", count = 90)),
            Segment::new("365", t!("token-days", count = 365)),
            Segment::new("never", t!("token-never")),
        ]
    };
    let form = move || {
        view! {
            <form
                class="stack g4"
                on:submit=move |event| {
                    event.prevent_default();
                    add();
                }
            >
                <Field label=t!("member-name") help=Signal::derive(t!("token-name-help")) required=true error=fault>
                    <TextInput value=name on_input=move |text| name.set(text) name="token-name" autofocus=true/>
                </Field>
                <div class="field">
                    <span class="label">{t!("token-scopes")}</span>
                    <div class="stack g1">{SCOPES.into_iter().map(scope).collect_view()}</div>
                    <span class="note muted">{t!("token-scopes-help")}</span>
                </div>
                <div class="field">
                    <span class="label">{t!("token-end")}</span>
                    <div>
                        <Segmented
                            segments=ends()
                            selected=Signal::derive(move || days.get().to_string())
                            on_select=move |key: &'static str| days.set(key)
                            label=Signal::derive(|| text!("token-end"))
                        />
                    </div>
                </div>
            </form>
        }
    };
    view! {
        <Dialog open=open title=Signal::derive(|| text!("token-add")) asks=true foot=Some(ViewFn::from(foot))>
            {move || match made.get() {
                Some(token) => view! {
                    <div class="stack g4">
                        <Banner tone=Tone::Success>{t!("token-once")}</Banner>
                        <code class="wrap-anywhere" data-token="">{token}</code>
                    </div>
                }
                .into_any(),
                None => form().into_any(),
            }}
        </Dialog>
    }
}
