//! The dialog that makes a blank form.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_navigate;

use super::ShellContext;
use crate::api::apps;
use crate::ui::{Button, ButtonKind, Dialog, Field, TextInput};
use crate::{browser, t, text};

/// Makes a blank form and opens the designer.
#[component]
pub(super) fn NewFormDialog() -> impl IntoView {
    let shell = ShellContext::expect();
    let open = shell.new_form;
    let app = shell.app_key;
    let name = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let fault = RwSignal::new(None::<String>);
    let navigate = StoredValue::new(use_navigate());
    let create = move || {
        let label = name.get_untracked().trim().to_string();
        if label.is_empty() {
            return fault.set(Some(text!("app-form-name-needed")));
        }
        busy.set(true);
        spawn_local(async move {
            let Some(app) = app.get_untracked() else { return };
            let answer = apps::create_form(&app, &new_key(), &label, &text!("app-first-field")).await;
            busy.set(false);
            match answer {
                Ok(form) => {
                    open.set(false);
                    name.set(String::new());
                    shell.forms.refetch();
                    let path = format!("/apps/{app}/forms/{}/design", form.id);
                    navigate.with_value(|go| go(&path, Default::default()));
                }
                Err(problem) => fault.set(Some(problem.sentence())),
            }
        });
    };
    let foot = move || {
        view! {
            <Button on_press=move |_| open.set(false)>{t!("ui-cancel")}</Button>
            <Button kind=ButtonKind::Primary busy=busy on_press=move |_| create()>{t!("app-create-form")}</Button>
        }
    };
    view! {
        <Dialog open=open title=t!("app-new-form") foot=Some(ViewFn::from(foot))>
            <form
                class="stack g4"
                on:submit=move |event| {
                    event.prevent_default();
                    create();
                }
            >
                <Field label=t!("app-form-name") required=true error=fault>
                    <TextInput
                        value=name
                        on_input=move |text| name.set(text)
                        placeholder=t!("app-form-name-example")
                        autofocus=true
                        name="form-name"
                    />
                </Field>
            </form>
        </Dialog>
    }
}

/// A form's key never changes and is not read aloud; labels may be in any script.
fn new_key() -> String {
    format!("form_{}", &browser::random_key()[..8])
}
