//! What flows of an app have called: what waits, what was taken, what was given up, and a button to try again.

use engine::value::{Id, parse_timestamp};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::{FlowCall, List};

use crate::api::sending;
use crate::ui::{Badge, Button, ButtonKind, ControlSize, Empty, Loaded, Tab, Tabs, Tone, toast};
use crate::{i18n, t, text};

/// Calls that are shown at first, how many come with each press, and the most of all.
const PAGE: u32 = 20;
const MOST: u32 = 500;

/// How a call stands: its words and their colour.
fn standing(call: &FlowCall) -> (Tone, String) {
    match (call.state.as_str(), call.attempts) {
        ("sent", _) => (Tone::Success, text!("calls-sent")),
        ("dead", _) => (Tone::Danger, text!("calls-dead")),
        ("held", _) => (Tone::Danger, text!("calls-held")),
        (_waiting, 0) => (Tone::Info, text!("calls-waiting")),
        _tried => (Tone::Warning, text!("calls-again")),
    }
}

/// What was answered, or why nothing was sent.
fn answered(call: &FlowCall) -> String {
    if call.state == "held" {
        return text!("calls-held-why");
    }
    match (call.status, call.answer.as_deref()) {
        (None, Some("call_chain_too_long")) => text!("calls-chain-too-long"),
        (None, Some("call_budget_spent")) => text!("calls-budget-spent"),
        (Some(status), Some(answer)) => format!("{status} {answer}"),
        (Some(status), None) => status.to_string(),
        (None, answer) => answer.unwrap_or_default().to_string(),
    }
}

/// The card of the calls of an app.
#[component]
pub fn AppCalls(app: Id) -> impl IntoView {
    let (state, limit) = (RwSignal::new("all"), RwSignal::new(PAGE));
    let answer = LocalResource::new(move || {
        let (state, limit) = (state.get(), limit.get());
        async move {
            let state = Some(state).filter(|state| *state != "all");
            sending::calls(&app.to_string(), state, limit).await
        }
    });
    let refresh = Callback::new(move |()| answer.refetch());
    let table = move |page: List<FlowCall>| {
        if page.items.is_empty() {
            return view! { <Empty icon="send" title=t!("calls-none")/> }.into_any();
        }
        let more = (page.next.is_some() && limit.get_untracked() < MOST).then(|| {
            let show = move |_| limit.update(|limit| *limit = (*limit + PAGE).min(MOST));
            view! { <Button kind=ButtonKind::Ghost on_press=show>{t!("notices-more")}</Button> }
        });
        let rows = page.items.into_iter().map(|call| view! { <Row call=call refresh=refresh/> });
        view! {
            <div class="sub-scroll">
                <table class="grid plain auto">
                    <thead>
                        <tr>
                            <th scope="col">{t!("calls-to")}</th>
                            <th scope="col">{t!("calls-state")}</th>
                            <th scope="col">{t!("calls-answer")}</th>
                            <th scope="col">{t!("calls-when")}</th>
                            <th><span class="sr">{t!("member-actions")}</span></th>
                        </tr>
                    </thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
            {more}
        }
        .into_any()
    };
    let tabs = vec![
        Tab::new("all", t!("calls-all")),
        Tab::new("waiting", t!("calls-waiting-tab")),
        Tab::new("dead", t!("calls-dead")),
        Tab::new("held", t!("calls-held")),
        Tab::new("sent", t!("calls-sent")),
    ];
    let select = move |key: &'static str| {
        limit.set(PAGE);
        state.set(key);
    };
    view! {
        <section class="card" id="app-calls">
            <div class="card-head">
                <h2>{t!("calls-title")}</h2>
                <span class="push">
                    <Button size=ControlSize::Small icon="refresh" on_press=move |_| answer.refetch()>{t!("calls-refresh")}</Button>
                </span>
            </div>
            <Tabs tabs=tabs selected=Signal::derive(move || state.get().to_string()) on_select=select/>
            <Loaded answer=answer view=table lines=3/>
        </section>
    }
}

#[component]
fn Row(call: FlowCall, refresh: Callback<()>) -> impl IntoView {
    let id = call.id;
    let busy = RwSignal::new(false);
    let again = move |_| {
        busy.set(true);
        spawn_local(async move {
            let answer = sending::retry(id).await;
            let _ = busy.try_set(false);
            match answer {
                Ok(_) => {
                    toast::show(text!("calls-tried"));
                    let _ = refresh.try_run(());
                }
                Err(problem) => toast::refused(&problem),
            }
        });
    };
    let (can_retry, is_held) = (call.state != "sent", call.state == "held");
    let at = parse_timestamp(call.tried_at.as_deref().unwrap_or(&call.created_at));
    let next = call.next_at.as_deref().and_then(parse_timestamp).filter(|_| call.attempts > 0);
    let to = format!("{} {}", call.method, call.url);
    let attempts = call.attempts;
    let shown = StoredValue::new(call);
    let said = move || shown.with_value(answered);
    let stands = move || {
        let (tone, words) = shown.with_value(standing);
        view! { <Badge tone=tone>{words}</Badge> }
    };
    view! {
        <tr>
            <td class="title"><span class="clip" title=to.clone()>{to.clone()}</span></td>
            <td>
                <span class="stack g1">
                    {stands}
                    {(attempts > 0).then(|| view! { <span class="note muted">{move || text!("calls-attempts", count = attempts)}</span> })}
                    {next.map(|next| view! { <span class="note muted">{move || text!("calls-next", time = i18n::around(next))}</span> })}
                </span>
            </td>
            <td><span class="clip" title=said>{said}</span></td>
            <td>{at.map(|at| move || i18n::around(at))}</td>
            <td class="text-right">
                {can_retry.then(|| view! {
                    <Button size=ControlSize::Small busy=busy on_press=again>
                        {move || if is_held { text!("calls-switch-on") } else { text!("calls-retry") }}
                    </Button>
                })}
            </td>
        </tr>
    }
}
