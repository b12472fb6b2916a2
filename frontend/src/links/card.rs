//! One link: whether it lets anybody in, how many answers came by it, and what can be done with it.

use engine::value::parse_timestamp;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::{Link, LinkPatch, LinkState};

use super::address;
use super::page::Desk;
use crate::api::{Problem, links};
use crate::ui::{
    Badge, Button, ButtonKind, ConfirmDialog, ControlSize, MenuButton, MenuItem, Placement, Switch, Tone,
    toast,
};
use crate::{i18n, t, text};

fn state_name(state: LinkState) -> (String, Tone) {
    match state {
        LinkState::Open => (text!("links-state-open"), Tone::Success),
        LinkState::Off => (text!("links-state-off"), Tone::Neutral),
        LinkState::Expired => (text!("links-state-expired"), Tone::Warning),
        LinkState::Full => (text!("links-state-full"), Tone::Warning),
        LinkState::Revoked => (text!("links-state-revoked"), Tone::Neutral),
    }
}

/// How many answers came, when the last one did, and what ends it.
fn facts(link: &Link) -> Vec<String> {
    let moment = |text: &Option<String>| parse_timestamp(text.as_deref()?);
    let answers = match link.limit {
        Some(limit) => text!("links-answers-of", count = link.answers, limit = limit),
        None => text!("links-answers", count = link.answers),
    };
    let last = moment(&link.answered_at).map(|at| text!("links-last", at = i18n::ago(at)));
    let until = moment(&link.expires).map(|at| text!("links-until", at = i18n::date_time(at)));
    let locked = link.password.then(|| text!("links-with-password"));
    let framed = (!link.embed.is_empty()).then(|| text!("links-embedded", count = link.embed.len()));
    std::iter::once(answers).chain(last).chain(until).chain(locked).chain(framed).collect()
}

#[component]
pub(super) fn LinkCard(desk: Desk, link: Link) -> impl IntoView {
    let link = StoredValue::new(link);
    let busy = RwSignal::new(false);
    let (removing, renewing) = (RwSignal::new(false), RwSignal::new(false));
    // What somebody else has changed meanwhile is shown as it is now.
    let refused = move |problem: Problem| {
        toast::refused(&problem);
        spawn_local(desk.reload());
    };
    let turn = move |on: bool| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let before = link.get_value();
        spawn_local(async move {
            let patch = LinkPatch { on: Some(on), ..LinkPatch::default() };
            let answer = links::change(&before, &patch).await;
            let _ = busy.try_set(false);
            match answer {
                Ok(changed) => desk.put(changed),
                Err(problem) => refused(problem),
            }
        });
    };
    let renew = move |()| {
        let before = link.get_value();
        renewing.set(false);
        spawn_local(async move {
            match links::renew(&before).await {
                Ok(changed) => {
                    desk.put(changed.clone());
                    let _ = desk.shown.try_set(Some(changed));
                }
                Err(problem) => refused(problem),
            }
        });
    };
    let remove = move |()| {
        let before = link.get_value();
        removing.set(false);
        spawn_local(async move {
            match links::revoke(&before).await {
                Ok(()) => {
                    desk.remove(before.id);
                    toast::show(text!("links-removed"));
                }
                Err(problem) => refused(problem),
            }
        });
    };
    let edit = move |()| {
        desk.edited.set(Some(link.get_value()));
        desk.editing.set(true);
    };
    let name = link.with_value(|link| link.name.clone());
    let state = link.with_value(|link| link.state);
    let badge = move || {
        let (words, tone) = state_name(state);
        view! { <Badge tone=tone>{words}</Badge> }
    };
    let line = move || {
        let facts = link.with_value(facts).into_iter().enumerate();
        let facts = facts
            .map(|(at, fact)| view! { {(at > 0).then(|| view! { <i class="sep"></i> })}<span>{fact}</span> });
        view! { <p class="note muted">{facts.collect_view()}</p> }
    };
    let whole = link.with_value(address);
    let has_address = whole.is_some();
    let leads = whole.map(|whole| {
        view! { <a class="link wrap-anywhere" href=whole.clone() target="_blank" rel="noopener">{whole.clone()}</a> }
    });
    let switched = link.with_value(|link| link.on);
    let of_name = name.clone();
    let switch_label = Signal::derive(move || text!("links-on-of", name = of_name));
    let more_label = {
        let name = name.clone();
        Signal::derive(move || text!("links-more-of", name = name))
    };
    let (removed, renewed) = (name.clone(), name.clone());
    view! {
        <section class="card" data-link=link.with_value(|link| link.id.to_string())>
            <div class="card-head">
                <h2 class="clip" title=name.clone()>{name.clone()}</h2>
                {badge}
                <span class="push row">
                    <Switch checked=Signal::stored(switched) on_change=turn disabled=busy label=switch_label/>
                    <span class="anchor">
                        <MenuButton icon="more" label=more_label size=ControlSize::Small placement=Placement::End>
                            <MenuItem icon="edit" on_choose=edit>{t!("links-edit")}</MenuItem>
                            <MenuItem icon="refresh" on_choose=move |()| renewing.set(true)>{t!("links-renew")}</MenuItem>
                            <MenuItem icon="trash" danger=true on_choose=move |()| removing.set(true)>{t!("links-remove")}</MenuItem>
                        </MenuButton>
                    </span>
                </span>
            </div>
            <div class="card-body stack g2">
                {leads}
                {line}
                {has_address.then(|| view! {
                    <div class="row">
                        <Button icon="share" size=ControlSize::Small on_press=move |_| desk.shown.set(Some(link.get_value()))>{t!("links-code")}</Button>
                    </div>
                })}
            </div>
        </section>
        <ConfirmDialog
            open=removing
            title=Signal::derive(move || text!("links-remove-title", name = removed))
            action=Signal::derive(t!("links-remove"))
            on_confirm=remove
        >
            <p>{t!("links-remove-text")}</p>
        </ConfirmDialog>
        <ConfirmDialog
            open=renewing
            title=Signal::derive(move || text!("links-renew-title", name = renewed))
            action=Signal::derive(t!("links-renew"))
            kind=ButtonKind::Primary
            on_confirm=renew
        >
            <p>{t!("links-renew-text")}</p>
        </ConfirmDialog>
    }
}
