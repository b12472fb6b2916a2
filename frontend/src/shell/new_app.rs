//! The dialog that makes a blank app.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_navigate;

use super::ShellContext;
use super::app_icons::AppIcons;
use crate::api::apps;
use crate::ui::{Button, ButtonKind, Dialog, Field, TextInput, toast};
use crate::{t, text};

/// The dialog; the shell's `new_app` signal opens it.
#[component]
pub fn NewAppDialog() -> impl IntoView {
    let shell = ShellContext::expect();
    let open = shell.new_app;
    let name = RwSignal::new(String::new());
    let icon = RwSignal::new("apps");
    let busy = RwSignal::new(false);
    let fault = RwSignal::new(None::<String>);
    let navigate = StoredValue::new(use_navigate());
    let create = move || {
        let label = name.get_untracked().trim().to_string();
        if label.is_empty() {
            return fault.set(Some(text!("new-app-name-needed")));
        }
        busy.set(true);
        spawn_local(async move {
            let answer = apps::create_app(&label, icon.get_untracked()).await;
            busy.set(false);
            match answer {
                Ok(app) => {
                    open.set(false);
                    name.set(String::new());
                    fault.set(None);
                    shell.apps.refetch();
                    toast::show(text!("new-app-done", name = label));
                    navigate.with_value(|go| go(&format!("/apps/{}", app.key), Default::default()));
                    if shell.app_for_sheet.get_untracked() {
                        shell.ask_for_form(true);
                    }
                }
                Err(problem) => fault.set(Some(problem.sentence())),
            }
        });
    };
    let foot = move || {
        view! {
            <Button on_press=move |_| open.set(false)>{t!("ui-cancel")}</Button>
            <Button kind=ButtonKind::Primary busy=busy on_press=move |_| create()>{t!("new-app-create")}</Button>
        }
    };
    view! {
        <Dialog open=open title=t!("new-app-title") asks=true foot=Some(ViewFn::from(foot))>
            <form
                class="stack g4"
                on:submit=move |event| {
                    event.prevent_default();
                    create();
                }
            >
                <Field label=t!("new-app-name") required=true error=fault>
                    <TextInput
                        value=name
                        on_input=move |text| name.set(text)
                        placeholder=t!("new-app-name-example")
                        autofocus=true
                        name="app-name"
                    />
                </Field>
                <Field label=t!("new-app-icon")>
                    <AppIcons icon=Signal::derive(move || icon.get().to_string()) on_choose=move |name: &'static str| icon.set(name)/>
                </Field>
            </form>
        </Dialog>
    }
}
