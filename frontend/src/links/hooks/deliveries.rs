//! What came by a hook lately, and why something of it was refused.

use engine::value::{Id, parse_timestamp};
use leptos::prelude::*;
use wire::{HookDelivery, HookOutcome};

use super::section::HookDesk;
use crate::api::hooks;
use crate::records::app_param;
use crate::ui::{Badge, Button, Dialog, DialogSize, Empty, Loaded, Tone};
use crate::{i18n, t, text};

fn outcome_name(outcome: HookOutcome) -> (String, Tone) {
    match outcome {
        HookOutcome::Created => (text!("hooks-created"), Tone::Success),
        HookOutcome::Updated => (text!("hooks-updated"), Tone::Success),
        HookOutcome::Unchanged => (text!("hooks-unchanged"), Tone::Neutral),
        HookOutcome::Repeated => (text!("hooks-repeated"), Tone::Neutral),
        HookOutcome::Refused => (text!("hooks-refused"), Tone::Danger),
    }
}

/// Why it was refused: what is wrong at which members, or the sentence of the whole.
fn reasons(delivery: &HookDelivery) -> Vec<(String, String)> {
    if delivery.errors.is_empty() {
        return delivery.reason.iter().map(|reason| (String::new(), reason.clone())).collect();
    }
    delivery.errors.iter().map(|error| (error.path.clone(), error.message.clone())).collect()
}

#[component]
pub(super) fn DeliveriesDialog(desk: HookDesk) -> impl IntoView {
    let open = RwSignal::new(false);
    Effect::new(move || {
        if desk.watched.with(Option::is_some) {
            open.set(true);
        }
    });
    Effect::new(move || {
        if !open.get() {
            desk.watched.set(None);
        }
    });
    let title = Signal::derive(move || {
        desk.watched.with(|hook| hook.as_ref().map(|hook| hook.name.clone()).unwrap_or_default())
    });
    view! {
        <Dialog open=open title=title size=DialogSize::Large>
            {move || desk.watched.get().map(|hook| view! { <Deliveries form=hook.form hook=hook.id/> })}
        </Dialog>
    }
}

#[component]
fn Deliveries(form: Id, hook: Id) -> impl IntoView {
    let answer = LocalResource::new(move || async move { hooks::deliveries(form, hook).await });
    let table = move |deliveries: Vec<HookDelivery>| {
        if deliveries.is_empty() {
            return view! { <Empty icon="inbox" title=t!("hooks-no-deliveries")/> }.into_any();
        }
        let rows = deliveries.into_iter().map(|delivery| view! { <Row form=form delivery=delivery/> });
        view! {
            <div class="sub-scroll">
                <table class="grid plain auto">
                    <thead>
                        <tr>
                            <th scope="col">{t!("hooks-when")}</th>
                            <th scope="col">{t!("hooks-outcome")}</th>
                            <th scope="col">{t!("hooks-what")}</th>
                            <th scope="col">{t!("hooks-message")}</th>
                        </tr>
                    </thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
        }
        .into_any()
    };
    view! {
        <div class="stack g3">
            <div class="row">
                <span class="soft-text">{t!("hooks-deliveries-text")}</span>
                <span class="push">
                    <Button icon="refresh" on_press=move |_| answer.refetch()>{t!("hooks-refresh")}</Button>
                </span>
            </div>
            <Loaded answer=answer view=table lines=4/>
        </div>
    }
}

#[component]
fn Row(form: Id, delivery: HookDelivery) -> impl IntoView {
    let app = app_param();
    let at = parse_timestamp(&delivery.at);
    let outcome = delivery.outcome;
    let badge = move || {
        let (words, tone) = outcome_name(outcome);
        view! { <Badge tone=tone>{words}</Badge> }
    };
    let record = delivery.record.map(|record| {
        let to = move || format!("/apps/{}/forms/{form}/records/{record}", app.get());
        view! { <a class="link" href=to>{t!("hooks-record")}</a> }
    });
    let reasons = reasons(&delivery).into_iter().map(|(place, words)| {
        let place = (!place.is_empty()).then(|| view! { <code>{place}</code>" " });
        view! { <span class="wrap-anywhere">{place}{words}</span> }
    });
    let reasons = reasons.collect_view();
    let (message, from) = (delivery.message.unwrap_or_default(), delivery.address.unwrap_or_default());
    view! {
        <tr>
            <td>{at.map(|at| move || i18n::around(at))}</td>
            <td>{badge}</td>
            <td><span class="stack g1">{record}{reasons}</span></td>
            <td><span class="stack g1"><span class="wrap-anywhere">{message}</span><span class="note muted">{from}</span></span></td>
        </tr>
    }
}
