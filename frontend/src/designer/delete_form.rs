//! Deleting the form that is designed.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_navigate;

use super::state::Designer;
use crate::api::bin;
use crate::draft_editor::DraftEditor;
use crate::records::app_param;
use crate::shell::ShellContext;
use crate::ui::{Button, ButtonKind, ControlSize, Dialog, DialogSize, Field, TextInput, toast};
use crate::{browser, i18n, t, text};

/// A button that puts the form into the recycle bin, once the name that it has now was typed.
#[component]
pub fn DeleteForm(designer: Designer) -> impl IntoView {
    let shell = ShellContext::expect();
    let app = app_param();
    let navigate = StoredValue::new(use_navigate());
    let (asking, busy) = (RwSignal::new(false), RwSignal::new(false));
    let typed = RwSignal::new(String::new());
    let delete = move |_| {
        busy.set(true);
        let to = untrack(|| format!("/apps/{}", app.get()));
        spawn_local(async move {
            // The draft comes back with the form.
            designer.save_now().await;
            match bin::delete_form(designer.id).await {
                Ok(()) => {
                    toast::show_with(text!("designer-form-deleted"), text!("grid-bin"), || {
                        browser::follow("/settings/bin")
                    });
                    shell.forms.refetch();
                    if designer.editing().is_over() {
                        return;
                    }
                    navigate.with_value(|navigate| navigate(&to, Default::default()));
                }
                Err(problem) => {
                    toast::refused(&problem);
                    let _ = (busy.try_set(false), asking.try_set(false));
                }
            }
        });
    };
    let name = Signal::derive(move || {
        designer.document.with(|document| document.label.get(i18n::language()).to_string())
    });
    let title = Signal::derive(move || text!("designer-delete-form-question", name = name.get()));
    let differs = Signal::derive(move || {
        let same = typed.with(|typed| typed.trim() == name.get().trim());
        (!same).then(|| text!("app-delete-type", name = name.get()))
    });
    let ask = move |_| {
        typed.set(String::new());
        asking.set(true);
    };
    let foot = move || {
        view! {
            <Button on_press=move |_| asking.set(false)>{t!("ui-cancel")}</Button>
            <Button kind=ButtonKind::Danger busy=busy disabled_reason=differs on_press=delete>{t!("designer-delete-form")}</Button>
        }
    };
    view! {
        <div class="row">
            <Button kind=ButtonKind::DangerQuiet size=ControlSize::Small icon="trash" on_press=ask>
                {t!("designer-delete-form")}
            </Button>
        </div>
        <Dialog open=asking title=title size=DialogSize::Small foot=Some(ViewFn::from(foot))>
            <div class="stack g4">
                <p>{t!("designer-delete-form-text")}</p>
                <Field label=Signal::derive(move || text!("app-delete-type", name = name.get()))>
                    <TextInput value=typed on_input=move |text| typed.set(text) autofocus=true name="form-to-delete"/>
                </Field>
            </div>
        </Dialog>
    }
}
