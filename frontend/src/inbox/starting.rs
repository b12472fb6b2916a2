//! Starting a request from the inbox: a menu of the forms that have a flow and that the reader may fill.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_navigate;
use wire::flows::Startable;

use crate::api::tasks;
use crate::ui::{IconButton, Menu, MenuItem, Placement, icon_or, toast};
use crate::{i18n, t, text};

/// The button and its menu: of one app, by its key or id, or of all that the reader sees.
#[component]
pub(super) fn StartRequest(app: Memo<Option<String>>) -> impl IntoView {
    let (open, forms) = (RwSignal::new(false), RwSignal::new(Vec::<Startable>::new()));
    let is_asking = StoredValue::new(false);
    // Which forms there are is asked for when somebody wants to know, and the menu opens with its first item in focus.
    let press = move |_| {
        if open.get_untracked() {
            return open.set(false);
        }
        if is_asking.get_value() {
            return;
        }
        is_asking.set_value(true);
        let wanted = app.get_untracked();
        spawn_local(async move {
            let answer = tasks::startable().await;
            let _ = is_asking.try_set_value(false);
            let mut found = match answer {
                Ok(found) => found,
                Err(problem) => return toast::refused(&problem),
            };
            found.retain(|form| wanted.as_deref().is_none_or(|app| is_of(form, app)));
            if found.is_empty() {
                return toast::show(text!("inbox-start-none"));
            }
            if forms.try_set(found).is_none() {
                let _ = open.try_set(true);
            }
        });
    };
    let navigate = StoredValue::new(use_navigate());
    let item = move |form: Startable| {
        let path = tasks::place_to_start(&form);
        let go = move |()| navigate.with_value(|navigate| navigate(&path, Default::default()));
        let (icon, label) = (icon_or(form.icon.as_deref(), "table"), form.label);
        view! { <MenuItem icon=icon on_choose=go>{move || label.get(i18n::language()).to_string()}</MenuItem> }
    };
    view! {
        <IconButton icon="plus" label=Signal::derive(t!("inbox-start")) expanded=open on_press=press/>
        <Menu open=open placement=Placement::End>
            {move || forms.get().into_iter().map(item).collect_view()}
        </Menu>
    }
}

fn is_of(form: &Startable, app: &str) -> bool {
    form.app_key == app || form.app.to_string() == app
}
