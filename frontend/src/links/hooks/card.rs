//! One hook: whether it takes anything, what it does with it, and what can be done with the hook.

use engine::value::parse_timestamp;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::{Hook, HookMode, HookPatch, HookProof};

use super::address;
use super::section::HookDesk;
use crate::api::{Problem, hooks};
use crate::ui::{
    Badge, Banner, Button, ButtonKind, ConfirmDialog, ControlSize, MenuButton, MenuItem, Placement, Switch,
    Tone, toast,
};
use crate::{i18n, t, text};

fn state_name(hook: &Hook) -> (String, Tone) {
    match (hook.on, hook.secrets) {
        (false, _) => (text!("hooks-state-off"), Tone::Neutral),
        (true, 0) => (text!("hooks-state-no-secret"), Tone::Danger),
        (true, _) => (text!("hooks-state-on"), Tone::Success),
    }
}

pub(super) fn mode_name(mode: HookMode) -> String {
    match mode {
        HookMode::Create => text!("hooks-mode-create"),
        HookMode::Update => text!("hooks-mode-update"),
        HookMode::Upsert => text!("hooks-mode-upsert"),
    }
}

pub(super) fn proof_name(proof: HookProof) -> String {
    match proof {
        HookProof::Sign => text!("hooks-proof-sign"),
        HookProof::Bearer => text!("hooks-proof-bearer"),
    }
}

/// The label of a field, or its key where there is none any more.
fn label_of(desk: HookDesk, path: &str) -> String {
    desk.form.with_value(|form| {
        let column = form.form.column(path);
        column.map_or(path.to_string(), |column| column.field.label.get(i18n::language()).to_string())
    })
}

/// What it does, how senders show who they are, and when something came last.
fn facts(desk: HookDesk, hook: &Hook) -> Vec<String> {
    let mode = match &hook.key {
        Some(key) => text!("hooks-by-key", mode = mode_name(hook.mode), field = label_of(desk, key)),
        None => mode_name(hook.mode),
    };
    let fields = text!("hooks-fields-count", count = hook.map.len());
    let last = hook.taken_at.as_deref().and_then(parse_timestamp);
    let last = last.map_or(text!("hooks-never"), |at| text!("hooks-last", at = i18n::ago(at)));
    let two = (hook.secrets > 1).then(|| text!("hooks-two-secrets"));
    [mode, fields, proof_name(hook.proof), last].into_iter().chain(two).collect()
}

#[component]
pub(super) fn HookCard(desk: HookDesk, hook: Hook) -> impl IntoView {
    let hook = StoredValue::new(hook);
    let busy = RwSignal::new(false);
    let (removing, renewing, ending) = (RwSignal::new(false), RwSignal::new(false), RwSignal::new(false));
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
        let before = hook.get_value();
        spawn_local(async move {
            let patch = HookPatch { on: Some(on), ..HookPatch::default() };
            let answer = hooks::change(&before, &patch).await;
            let _ = busy.try_set(false);
            match answer {
                Ok(changed) => desk.put(changed),
                Err(problem) => refused(problem),
            }
        });
    };
    let renew = move |()| {
        let before = hook.get_value();
        renewing.set(false);
        spawn_local(async move {
            match hooks::renew_secret(&before).await {
                Ok(changed) => {
                    desk.put(changed.clone());
                    let _ = desk.told.try_set(Some(changed));
                }
                Err(problem) => refused(problem),
            }
        });
    };
    let end = move |()| {
        let before = hook.get_value();
        ending.set(false);
        spawn_local(async move {
            match hooks::end_former_secret(&before).await {
                Ok(changed) => {
                    desk.put(changed);
                    toast::show(text!("hooks-ended"));
                }
                Err(problem) => refused(problem),
            }
        });
    };
    let remove = move |()| {
        let before = hook.get_value();
        removing.set(false);
        spawn_local(async move {
            match hooks::remove(&before).await {
                Ok(()) => {
                    desk.remove(before.id);
                    toast::show(text!("hooks-removed"));
                }
                Err(problem) => refused(problem),
            }
        });
    };
    let edit = move |()| {
        desk.edited.set(Some(hook.get_value()));
        desk.editing.set(true);
    };
    let name = hook.with_value(|hook| hook.name.clone());
    let badge = move || {
        let (words, tone) = hook.with_value(state_name);
        view! { <Badge tone=tone>{words}</Badge> }
    };
    let line = move || {
        let facts = hook.with_value(|hook| facts(desk, hook)).into_iter().enumerate();
        let facts = facts
            .map(|(at, fact)| view! { {(at > 0).then(|| view! { <i class="sep"></i> })}<span>{fact}</span> });
        view! { <p class="note muted">{facts.collect_view()}</p> }
    };
    // A record without these is refused, unless a rule or a package fills them in.
    let unfilled = hook.with_value(|hook| hook.unfilled.clone());
    let hint = move || {
        let labels: Vec<String> = unfilled.iter().map(|path| label_of(desk, path)).collect();
        let words = text!("hooks-unfilled", fields = labels.join(&text!("hooks-and")));
        (!labels.is_empty()).then(|| view! { <Banner tone=Tone::Warning>{words}</Banner> })
    };
    let sent_to = hook.with_value(address);
    let sent_to = sent_to.map(|whole| view! { <code class="wrap-anywhere">{whole}</code> });
    let (switched, has_two) = hook.with_value(|hook| (hook.on, hook.secrets > 1));
    let named = StoredValue::new(name.clone());
    let switch_label = Signal::derive(move || text!("hooks-on-of", name = named.get_value()));
    let more_label = Signal::derive(move || text!("hooks-more-of", name = named.get_value()));
    let remove_title = Signal::derive(move || text!("hooks-remove-title", name = named.get_value()));
    let renew_title = Signal::derive(move || text!("hooks-renew-title", name = named.get_value()));
    let end_title = Signal::derive(move || text!("hooks-end-title", name = named.get_value()));
    let end_item = move || {
        has_two.then(|| {
            view! { <MenuItem icon="lock" on_choose=move |()| ending.set(true)>{t!("hooks-end")}</MenuItem> }
        })
    };
    let watch = move |_| desk.watched.set(Some(hook.get_value()));
    let heading = name.clone();
    view! {
        <section class="card" data-hook=hook.with_value(|hook| hook.id.to_string())>
            <div class="card-head">
                <h3 class="clip" title=name>{heading}</h3>
                {badge}
                <span class="push row">
                    <Switch checked=Signal::stored(switched) on_change=turn disabled=busy label=switch_label/>
                    <span class="anchor">
                        <MenuButton icon="more" label=more_label size=ControlSize::Small placement=Placement::End>
                            <MenuItem icon="edit" on_choose=edit>{t!("hooks-edit")}</MenuItem>
                            <MenuItem icon="refresh" on_choose=move |()| renewing.set(true)>{t!("hooks-renew")}</MenuItem>
                            {end_item}
                            <MenuItem icon="trash" danger=true on_choose=move |()| removing.set(true)>{t!("hooks-remove")}</MenuItem>
                        </MenuButton>
                    </span>
                </span>
            </div>
            <div class="card-body stack g2">
                {sent_to}
                {line}
                {hint}
                <div class="row">
                    <Button icon="history" size=ControlSize::Small on_press=watch>{t!("hooks-deliveries")}</Button>
                </div>
            </div>
        </section>
        <ConfirmDialog open=removing title=remove_title action=Signal::derive(t!("hooks-remove")) on_confirm=remove>
            <p>{t!("hooks-remove-text")}</p>
        </ConfirmDialog>
        <ConfirmDialog
            open=renewing
            title=renew_title
            action=Signal::derive(t!("hooks-renew"))
            kind=ButtonKind::Primary
            on_confirm=renew
        >
            <p>{t!("hooks-renew-text")}</p>
        </ConfirmDialog>
        <ConfirmDialog open=ending title=end_title action=Signal::derive(t!("hooks-end")) on_confirm=end>
            <p>{t!("hooks-end-text")}</p>
        </ConfirmDialog>
    }
}
