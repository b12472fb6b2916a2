//! The second step on the security page.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::SecondFactor;

use super::said;
use super::set_up::{Recovery, SetUp};
use crate::api::{session, sign_in};
use crate::settings::again::Again;
use crate::ui::{Badge, Button, ButtonKind, ConfirmDialog, Loaded, Tone, toast};
use crate::{t, text};

#[component]
pub fn SecondFactorCard(again: Again) -> impl IntoView {
    let known = LocalResource::new(sign_in::second_factor);
    let refresh = Callback::new(move |()| {
        session::update_me(|me| me.must_set_up_second_factor = false);
        known.refetch();
    });
    let content = move |factor: SecondFactor| {
        if factor.enabled {
            view! { <Enabled factor=factor again=again on_change=refresh/> }.into_any()
        } else {
            view! { <SetUp again=again on_done=refresh/> }.into_any()
        }
    };
    view! {
        <section class="card" id="second-step">
            <div class="card-head"><h2>{t!("second-step-title")}</h2></div>
            <div class="card-body"><Loaded answer=known view=content/></div>
        </section>
    }
}

#[component]
fn Enabled(factor: SecondFactor, again: Again, on_change: Callback<()>) -> impl IntoView {
    let codes = RwSignal::new(Vec::<String>::new());
    let removing = RwSignal::new(false);
    let since = factor.since.as_deref().map(said).unwrap_or_default();
    let left = factor.recovery_codes_left;
    let renewing = Callback::new(move |()| renew(again, codes));
    let remove = Callback::new(move |()| take_away(again, removing, on_change));
    let shown = StoredValue::new(since);
    let state = move || {
        view! {
            <div class="stack g4">
                <div class="row">
                    <Badge tone=Tone::Success>{t!("second-step-enabled")}</Badge>
                    <span class="note muted">{move || text!("second-step-since", at = shown.get_value())}</span>
                </div>
                <span class="soft-text">{t!("second-step-left", count = left)}</span>
                <div class="row">
                    <Button icon="refresh" on_press=move |_| renewing.run(())>{t!("second-step-renew")}</Button>
                    <Button kind=ButtonKind::DangerQuiet on_press=move |_| removing.set(true)>{t!("second-step-remove")}</Button>
                </div>
            </div>
        }
    };
    view! {
        {move || if codes.with(Vec::is_empty) {
            state().into_any()
        } else {
            view! { <Recovery codes=codes.get() on_done=on_change/> }.into_any()
        }}
        <ConfirmDialog
            open=removing
            title=Signal::derive(|| text!("second-step-remove-question"))
            action=Signal::derive(|| text!("second-step-remove"))
            on_confirm=move |()| remove.run(())
        >
            <p>{t!("second-step-remove-text")}</p>
        </ConfirmDialog>
    }
}

fn renew(again: Again, codes: RwSignal<Vec<String>>) {
    spawn_local(async move {
        match sign_in::renew_recovery_codes().await {
            Ok(made) => codes.set(made.codes),
            Err(problem) => again.meet(&problem, Callback::new(move |()| renew(again, codes))),
        }
    });
}

fn take_away(again: Again, removing: RwSignal<bool>, on_change: Callback<()>) {
    spawn_local(async move {
        let answer = sign_in::remove_second_factor().await;
        removing.set(false);
        match answer {
            Ok(()) => {
                toast::show(text!("second-step-removed"));
                on_change.run(());
            }
            Err(problem) => {
                let retry = Callback::new(move |()| take_away(again, removing, on_change));
                again.meet(&problem, retry);
            }
        }
    });
}
