//! The forms of the apps that the app which is shown builds on: the customers of a CRM lie in another app.

use leptos::prelude::*;
use leptos_router::components::A;
use wire::{App, Form, FormState};

use super::{ShellContext, app_icon};
use crate::api::apps;
use crate::ui::{Icon, icon_or};
use crate::{i18n, t};

/// An app that another one builds on, with the forms of it that the reader may open.
#[derive(Clone)]
pub struct Related {
    pub app: App,
    pub forms: Vec<Form>,
}

/// Those of the app that is shown, near ones first. What can't be had now is left out: it is found in its own app, too.
pub(super) async fn related(of: Option<App>, all: Vec<App>) -> Vec<Related> {
    let mut found = Vec::new();
    for key in of.map(|app| app.needs).unwrap_or_default() {
        let Some(app) = all.iter().find(|app| app.key == key) else { continue };
        let forms = apps::forms(&key).await.unwrap_or_default();
        let forms: Vec<Form> = forms.into_iter().filter(|form| form.state == FormState::Published).collect();
        if !forms.is_empty() {
            found.push(Related { app: app.clone(), forms });
        }
    }
    found
}

/// The related apps in the navigation of an app: each with its forms.
#[component]
pub(super) fn RelatedApps() -> impl IntoView {
    let shell = ShellContext::expect();
    let form_line = |app: &str, form: Form| {
        let href = format!("/apps/{app}/forms/{}", form.id);
        let label = form.label;
        let words = Signal::derive(move || label.get(i18n::language()).to_string());
        view! {
            <div class="nav-line inside">
                <A href=href attr:class="nav-item" attr:title=words>
                    <Icon name=icon_or(form.icon.as_deref(), "table")/><span>{words}</span>
                </A>
            </div>
        }
    };
    let app_lines = move |related: Related| {
        let (href, icon) = (format!("/apps/{}", related.app.key), app_icon(&related.app));
        let label = related.app.label;
        let words = Signal::derive(move || label.get(i18n::language()).to_string());
        let key = related.app.key;
        let forms = related.forms.into_iter().map(|form| form_line(&key, form)).collect_view();
        view! {
            <A href=href attr:class="nav-item" attr:title=words><Icon name=icon/><span>{words}</span></A>
            {forms}
        }
    };
    move || {
        let all = shell.related.get().unwrap_or_default();
        (!all.is_empty()).then(|| {
            view! {
                <div class="nav-title">{t!("nav-related")}</div>
                {all.into_iter().map(app_lines).collect_view()}
            }
        })
    }
}
