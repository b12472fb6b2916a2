//! What else can be done with a record: deleting it, with a way back.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::records::Record;

use super::rights::{is_in_approval, may_delete};
use crate::api::forms::OpenForm;
use crate::api::records;
use crate::ui::{ConfirmDialog, ControlSize, MenuButton, MenuItem, Placement, toast};
use crate::{t, text};

/// The menu of a record; nothing for who may do nothing else with it. `on_gone` is called once it was deleted, `on_back`
/// when it was taken back.
#[component]
pub fn RecordMenu(
    form: OpenForm,
    record: Signal<Record>,
    #[prop(optional)] size: ControlSize,
    #[prop(into)] on_gone: Callback<()>,
    #[prop(into)] on_back: Callback<Record>,
) -> impl IntoView {
    let form_id = form.info.id;
    let asking = RwSignal::new(false);
    let delete = move |()| {
        asking.set(false);
        let (id, version) = record.with_untracked(|record| (record.id, record.version));
        spawn_local(async move {
            match records::delete(form_id, id, version).await {
                Ok(()) => {
                    toast::show_with(text!("record-deleted"), text!("ui-undo"), move || {
                        spawn_local(async move {
                            if let Ok(record) = records::restore(form_id, id).await {
                                on_back.run(record);
                            }
                        });
                    });
                    on_gone.run(());
                }
                Err(problem) => toast::show(problem.detail),
            }
        });
    };
    let runs = Memo::new(move |_| record.with(is_in_approval));
    record.with_untracked(may_delete).then(|| {
        view! {
            <span class="anchor">
                <MenuButton icon="more" label=Signal::derive(t!("record-more")) size=size placement=Placement::End>
                    <MenuItem icon="trash" danger=true on_choose=move |()| asking.set(true)>{t!("record-delete")}</MenuItem>
                </MenuButton>
            </span>
            <ConfirmDialog open=asking title=Signal::derive(t!("record-delete-question")) action=Signal::derive(t!("record-delete")) on_confirm=delete>
                {move || if runs.get() { t!("record-delete-running")() } else { t!("record-delete-text")() }}
            </ConfirmDialog>
        }
    })
}
