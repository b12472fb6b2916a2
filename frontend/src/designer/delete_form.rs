//! Deleting the form that is designed.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_navigate;

use super::state::Designer;
use crate::api::bin;
use crate::draft_editor::DraftEditor;
use crate::records::app_param;
use crate::shell::ShellContext;
use crate::ui::{Button, ButtonKind, ConfirmDialog, ControlSize, toast};
use crate::{browser, i18n, t, text};

/// A button that puts the form into the recycle bin, and the question before.
#[component]
pub fn DeleteForm(designer: Designer) -> impl IntoView {
    let shell = ShellContext::expect();
    let app = app_param();
    let navigate = StoredValue::new(use_navigate());
    let (asking, busy) = (RwSignal::new(false), RwSignal::new(false));
    let delete = move |()| {
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
    let title = Signal::derive(move || {
        let name = designer.document.with(|document| document.label.get(i18n::language()).to_string());
        text!("designer-delete-form-question", name = name)
    });
    view! {
        <div class="row">
            <Button kind=ButtonKind::DangerQuiet size=ControlSize::Small icon="trash" on_press=move |_| asking.set(true)>
                {t!("designer-delete-form")}
            </Button>
        </div>
        <ConfirmDialog open=asking title=title action=Signal::derive(t!("designer-delete-form")) busy=busy on_confirm=delete>
            <p>{t!("designer-delete-form-text")}</p>
        </ConfirmDialog>
    }
}
