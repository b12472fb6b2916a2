//! The views in the toolbar: the open one with what can be done with it, the others beside it.

use engine::view::{ViewKind, ViewScope};
use leptos::prelude::*;
use wire::View;

use super::dialog::{ViewDialog, icon_of};
use super::store::{Asking, Views};
use crate::api::session;
use crate::ui::{
    Banner, Button, ButtonKind, ConfirmDialog, ControlSize, Icon, IconButton, Menu, MenuItem, MenuLine, Tone,
};
use crate::{i18n, t, text};

/// Views that stand beside the open one; all of them are in its menu.
const BESIDE: usize = 4;

#[component]
pub fn ViewBar(views: Views) -> impl IntoView {
    let state = views.state;
    let menu = RwSignal::new(false);
    let name = move || views.name().unwrap_or_else(|| text!("view-all"));
    let icon = Signal::derive(move || icon_of(state.kind()).to_string());
    let is_locked =
        move || state.view.with(|view| view.as_ref().is_some_and(|view| view.scope == ViewScope::Locked));
    let open_id = move || state.view.with(|view| view.as_ref().map(|view| view.id));
    let others = move || {
        let open = open_id();
        let all = state.views.get().unwrap_or_default();
        all.into_iter().filter(|view| Some(view.id) != open).take(BESIDE).collect::<Vec<_>>()
    };
    let beside = move |view: View| {
        let (id, label) = (view.id, view.label.clone());
        view! {
            <Button kind=ButtonKind::Ghost size=ControlSize::Small icon=icon_of(view.kind) class="phone-hide" on_press=move |_| state.open_view(Some(id))>
                {move || label.get(i18n::language()).to_string()}
            </Button>
        }
    };
    let back = move || {
        state.names_view.get().then(|| view! {
            <Button kind=ButtonKind::Ghost size=ControlSize::Small icon="table" class="phone-hide" on_press=move |_| state.open_view(None)>
                {t!("view-all")}
            </Button>
        })
    };
    let question = move || text!("view-delete-question", name = name());
    view! {
        <span class="row view-bar">
            <span class="anchor">
                <Button kind=ButtonKind::Ghost size=ControlSize::Small icon=icon on=Signal::stored(true) expanded=menu class="view-open" on_press=move |_| menu.update(|open| *open = !*open)>
                    <span class="clip">{name}</span>
                    {move || is_locked().then(|| view! { <Icon name="lock"/> })}
                    <Icon name="down"/>
                </Button>
                <Menu open=menu><ViewMenu views=views/></Menu>
            </span>
            {back}
            <For each=others key=|view| (view.id, view.version) children=beside/>
            <IconButton icon="plus" label=Signal::derive(t!("view-new")) size=ControlSize::Small class="phone-hide" on_press=move |_| views.asking.set(Some(Asking::New))/>
        </span>
        <ViewDialog views=views/>
        <ConfirmDialog
            open=views.deleting
            title=Signal::derive(question)
            action=Signal::derive(t!("view-delete"))
            busy=views.busy
            on_confirm=move |()| views.delete()
        >
            <p>{t!("view-delete-text")}</p>
        </ConfirmDialog>
    }
}

/// All views, and what can be done with the open one.
#[component]
fn ViewMenu(views: Views) -> impl IntoView {
    let state = views.state;
    let open_id = move || state.view.with(|view| view.as_ref().map(|view| view.id));
    let all = state.views.get_untracked().unwrap_or_default();
    let item = move |view: View| {
        let (id, label) = (view.id, view.label.clone());
        let note = match view.scope {
            ViewScope::Own => String::new(),
            ViewScope::Shared => text!("view-shared"),
            ViewScope::Locked => text!("view-locked"),
        };
        view! {
            <MenuItem icon=icon_of(view.kind) checked=Signal::derive(move || open_id() == Some(id)) end=Signal::stored(note) on_choose=move |()| state.open_view(Some(id))>
                <span class="clip" title=label.get(i18n::language()).to_string()>{label.get(i18n::language()).to_string()}</span>
            </MenuItem>
        }
    };
    view! {
        <MenuItem icon=icon_of(ViewKind::Table) checked=Signal::derive(move || !state.names_view.get()) on_choose=move |()| state.open_view(None)>
            {t!("view-all")}
        </MenuItem>
        {all.into_iter().map(item).collect_view()}
        <MenuLine/>
        <OpenViewItems views=views/>
        <MenuItem icon="plus" on_choose=move |()| views.asking.set(Some(Asking::New))>{t!("view-save-as")}</MenuItem>
    }
}

/// What can be done with the open view; nothing where none is.
#[component]
fn OpenViewItems(views: Views) -> impl IntoView {
    let state = views.state;
    let Some(view) = state.view.get_untracked() else { return ().into_any() };
    let is_changed = state.is_changed.get_untracked();
    let is_own = session::me().is_some_and(|me| me.member.id == view.owner.id);
    let discard = is_changed.then(|| {
        view! {
            <MenuItem icon="undo" on_choose=move |()| state.settle()>{t!("view-discard")}</MenuItem>
        }
    });
    if !view.may_change {
        return discard.into_any();
    }
    let scope = |icon: &'static str, to: ViewScope, label: fn() -> String| {
        (view.may_share && view.scope != to).then(move || {
            view! {
                <MenuItem icon=icon on_choose=move |()| views.share(to)>{label}</MenuItem>
            }
        })
    };
    view! {
        {is_changed.then(|| view! {
            <MenuItem icon="check" on_choose=move |()| views.save()>{t!("view-save-changes")}</MenuItem>
        })}
        {discard}
        <MenuItem icon="edit" on_choose=move |()| views.asking.set(Some(Asking::Settings))>{t!("view-settings")}</MenuItem>
        {scope("share", ViewScope::Shared, || text!("view-share"))}
        {is_own.then(|| scope("lock", ViewScope::Locked, || text!("view-lock")))}
        {is_own.then(|| scope("member", ViewScope::Own, || text!("view-make-own")))}
        <MenuItem icon="trash" danger=true on_choose=move |()| views.deleting.set(true)>{t!("view-delete")}</MenuItem>
        <MenuLine/>
    }
    .into_any()
}

/// Says beside the filter that what is shown is not what the open view says, and saves it.
#[component]
pub fn Unsaved(views: Views) -> impl IntoView {
    let state = views.state;
    let may_change = move || state.view.with(|view| view.as_ref().is_some_and(|view| view.may_change));
    let save = move |_| if untrack(may_change) { views.save() } else { views.asking.set(Some(Asking::New)) };
    view! {
        <span class="push note muted nowrap phone-hide">
            {t!("view-unsaved")}
            <i class="sep"></i>
            <button type="button" class="link" on:click=save>
                {move || if may_change() { text!("view-save") } else { text!("view-save-as") }}
            </button>
        </span>
    }
}

/// Why the view that the address names can't be opened, with the ways on; nothing where it can.
#[component]
pub fn ViewTrouble(views: Views) -> impl IntoView {
    let state = views.state;
    let trouble = move || {
        let known = state.names_view.get() && state.views.with(Option::is_some);
        let view = state.view.get();
        match view {
            None => known.then(|| text!("view-missing")),
            Some(view) => view.faults.first().map(|fault| fault.message.clone()),
        }
    };
    let may_change = move || state.view.with(|view| view.as_ref().is_some_and(|view| view.may_change));
    move || {
        trouble().map(|sentence| view! {
            <div class="card-body stack g4">
                <Banner tone=Tone::Warning>{sentence}</Banner>
                <div class="row wrap">
                    <Button on_press=move |_| state.open_view(None)>{t!("view-show-all")}</Button>
                    {may_change().then(|| view! {
                        <Button icon="edit" on_press=move |_| views.asking.set(Some(Asking::Settings))>{t!("view-settings")}</Button>
                        <Button kind=ButtonKind::DangerQuiet icon="trash" on_press=move |_| views.deleting.set(true)>{t!("view-delete")}</Button>
                    })}
                </div>
            </div>
        })
    }
}
