//! Deleting the draft of a flow: what new requests go by is worked on again.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::state::FlowDesigner;
use crate::api::flows;
use crate::draft_editor::DraftEditor;
use crate::ui::{Button, ButtonKind, ConfirmDialog, ControlSize, toast};
use crate::{browser, t, text};

/// A button that puts the draft into the recycle bin, and the question before; nothing where nothing was changed.
#[component]
pub fn DeleteDraft(designer: FlowDesigner) -> impl IntoView {
    let (asking, busy) = (RwSignal::new(false), RwSignal::new(false));
    let delete = move |()| {
        busy.set(true);
        spawn_local(async move {
            // What is in the bin is what was on the screen.
            let is_sent = designer.save_now().await;
            if designer.editing().is_over() {
                return;
            }
            if is_sent {
                let answer =
                    flows::delete_draft(&designer.form_id().to_string(), designer.draft_version()).await;
                if designer.editing().is_over() {
                    return;
                }
                match answer {
                    Ok(draft) => {
                        designer.take(draft);
                        designer.comparing.set(false);
                        toast::show_with(text!("flows-draft-deleted"), text!("grid-bin"), || {
                            browser::follow("/settings/bin")
                        });
                    }
                    Err(problem) => toast::refused(&problem),
                }
            }
            let _ = (busy.try_set(false), asking.try_set(false));
        });
    };
    let changed = designer.editing().changed;
    let button = move || {
        changed.get().then(|| {
            view! {
                <div class="row">
                    <Button kind=ButtonKind::DangerQuiet size=ControlSize::Small icon="trash" on_press=move |_| asking.set(true)>
                        {t!("flows-delete-draft")}
                    </Button>
                </div>
            }
        })
    };
    let title = Signal::derive(t!("flows-delete-draft-question"));
    view! {
        {button}
        <ConfirmDialog open=asking title=title action=Signal::derive(t!("flows-delete-draft")) busy=busy on_confirm=delete>
            <p>{t!("flows-delete-draft-text")}</p>
        </ConfirmDialog>
    }
}
