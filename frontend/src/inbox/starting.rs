//! Starting a request from the inbox: a menu of the forms that have a flow and that the reader may fill.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_navigate;
use wire::{App, Form};

use crate::api::apps;
use crate::shell::ShellContext;
use crate::ui::{IconButton, Menu, MenuItem, Placement, icon_or, toast};
use crate::{i18n, t, text};

/// A form in whose flow the reader may begin a request, with the key of its app.
type Startable = (String, Form);

/// The button and its menu: of one app, or of all that the reader sees.
#[component]
pub(super) fn StartRequest(app: Memo<Option<String>>) -> impl IntoView {
    let shell = ShellContext::expect();
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
            let found = startable(shell, wanted).await;
            let _ = is_asking.try_set_value(false);
            if found.is_empty() {
                return toast::show(text!("inbox-start-none"));
            }
            if forms.try_set(found).is_none() {
                let _ = open.try_set(true);
            }
        });
    };
    let navigate = StoredValue::new(use_navigate());
    let item = move |(app, form): Startable| {
        let path = format!("/apps/{app}/forms/{}/new", form.id);
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

/// The forms of the app, or of all apps, that can be started. An app that does not answer has none.
async fn startable(shell: ShellContext, wanted: Option<String>) -> Vec<Startable> {
    let all: Vec<App> = shell.apps.get_untracked().and_then(Result::ok).unwrap_or_default();
    let is_wanted =
        |app: &App| wanted.as_ref().is_none_or(|key| app.key == *key || app.id.to_string() == *key);
    let mut found = Vec::new();
    for app in all.into_iter().filter(is_wanted) {
        let forms = apps::forms(&app.key).await.unwrap_or_default();
        found.extend(forms.into_iter().filter(can_start).map(|form| (app.key.clone(), form)));
    }
    found
}

fn can_start(form: &Form) -> bool {
    form.flow.is_some() && form.may.operations.iter().any(|may| may == "create")
}
