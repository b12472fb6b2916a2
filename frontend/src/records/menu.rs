//! What else can be done with a record: its request taken back or asked again, a copy, a print-out, another owner, deleting it with
//! a way back.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_navigate;
use wire::records::Record;

use super::given::COPIED;
use super::owner::OwnerDialog;
use super::print_out::RecordPrintOut;
use super::rights::{DRAFT, is_in_approval, is_refused, may_delete, may_give, may_void};
use super::void_dialog::VoidDialog;
use crate::api::forms::OpenForm;
use crate::api::records;
use crate::fill::Titles;
use crate::inbox::{OwnRequest, RequestItems, WithdrawRequest, asking_page};
use crate::parts::{self, DialogPart};
use crate::prints::PrintDialog;
use crate::shell::ShellContext;
use crate::ui::{ConfirmDialog, ControlSize, MenuButton, MenuItem, Placement, toast};
use crate::{t, text};

/// The menu of a record; nothing for who may do nothing else with it. `on_gone` is called once it was deleted.
#[component]
pub fn RecordMenu(
    form: OpenForm,
    record: Signal<Record>,
    titles: Titles,
    #[prop(optional)] size: ControlSize,
    #[prop(into)] on_gone: Callback<()>,
    /// Hears that it was taken back, when what showed it is gone: nothing that goes with that may be asked then.
    on_back: impl Fn(Record) + Send + Sync + 'static,
    /// Hears that it stands otherwise now: it was voided, its request taken back, or it is somebody else's.
    #[prop(into)]
    on_changed: Callback<()>,
) -> impl IntoView {
    let form_id = form.info.id;
    let asking = RwSignal::new(false);
    // Not kept by this page, which is left when the record is gone.
    let on_back: Arc<dyn Fn(Record) + Send + Sync> = Arc::new(on_back);
    let delete = Callback::new(move |()| {
        asking.set(false);
        let (id, version) = record.with_untracked(|record| (record.id, record.version));
        let on_back = on_back.clone();
        spawn_local(async move {
            match records::delete(form_id, id, version).await {
                Ok(()) => {
                    toast::show_with(text!("record-deleted"), text!("ui-undo"), move || {
                        let on_back = on_back.clone();
                        spawn_local(async move {
                            match records::restore(form_id, id).await {
                                Ok(record) => on_back(record),
                                Err(problem) => toast::refused(&problem),
                            }
                        });
                    });
                    on_gone.run(());
                }
                Err(problem) => toast::refused(&problem),
            }
        });
    });
    let has_bin = form.may("delete");
    let app_key = StoredValue::new(form.info.app_key.clone());
    let (prints, copies) = (form.may("print"), form.may("copy") && form.may("create"));
    let deletes = record.with_untracked(may_delete);
    let (voids, voiding) = (record.with_untracked(may_void), RwSignal::new(false));
    let gives = record.with_untracked(|record| may_give(&form, record));
    let giving = RwSignal::new(false);
    let is_draft = record.with_untracked(|record| record.system.flow_state.as_deref() == Some(DRAFT));
    let navigate = StoredValue::new(use_navigate());
    let new = app_key.with_value(|app| StoredValue::new(format!("/apps/{app}/forms/{form_id}/new?{COPIED}")));
    let copy = move |()| {
        let id = record.with_untracked(|record| record.id);
        let address = new.with_value(|new| format!("{new}={id}"));
        navigate.with_value(|navigate| navigate(&address, Default::default()));
    };
    let new_page = asking_page(&form);
    let asks = new_page.is_some();
    // It is there from when it is asked for until the browser has taken it.
    let printing = RwSignal::new(false);
    let choosing_print = RwSignal::new(false);
    let this_one = Signal::derive(move || vec![record.with(|record| record.id)]);
    let print_plainly = move |()| printing.set(true);
    let printed = window_event_listener_untyped("afterprint", move |_| printing.set(false));
    on_cleanup(move || printed.remove());
    let shared = StoredValue::new(form);
    let shell = ShellContext::expect();
    let explains = move || {
        let app = app_key.with_value(|app| shell.app(app));
        app.is_some_and(|app| app.administrator)
    };
    let explaining = RwSignal::new(false);
    let record_id = record.with_untracked(|record| record.id);
    let explain = move || parts::explain_dialog(explaining, shared, record_id);
    let runs = Memo::new(move |_| record.with(is_in_approval));
    let is_asked_again = Memo::new(move |_| asks && record.with(is_refused));
    let flow = Signal::derive(move || {
        let flow = record.with(|record| record.system.flow.as_ref().map(|flow| flow.instance.to_string()));
        flow.filter(|_| runs.get() || is_asked_again.get())
    });
    let request = OwnRequest::new(flow, new_page);
    let voided = move |_: Record| on_changed.run(());
    let menu = move || {
        view! {
            <span class="anchor">
                <MenuButton icon="more" label=Signal::derive(t!("record-more")) size=size placement=Placement::End>
                    <RequestItems request=request/>
                    {(copies && !is_draft).then(|| view! { <MenuItem icon="copy" on_choose=copy>{t!("record-copy")}</MenuItem> })}
                    {prints.then(|| view! {
                        <MenuItem icon="print" on_choose=move |()| choosing_print.set(true)>{t!("record-print")}</MenuItem>
                    })}
                    {gives.then(|| view! {
                        <MenuItem icon="transfer" on_choose=move |()| giving.set(true)>{t!("record-change-owner")}</MenuItem>
                    })}
                    {(deletes && explains()).then(|| view! {
                        <MenuItem icon="shield" on_choose=move |()| explaining.set(true)>{t!("record-explain")}</MenuItem>
                    })}
                    {voids.then(|| view! {
                        <MenuItem icon="refused" danger=true on_choose=move |()| voiding.set(true)>{t!("record-void")}</MenuItem>
                    })}
                    {deletes.then(|| view! {
                        <MenuItem icon="trash" danger=true on_choose=move |()| asking.set(true)>{t!("record-delete")}</MenuItem>
                    })}
                </MenuButton>
            </span>
            {move || printing.get().then(|| {
                view! { <RecordPrintOut form=shared.get_value() record=record.get_untracked() titles=Titles::default()/> }
            })}
            {prints.then(|| view! { <PrintDialog open=choosing_print form=form_id records=this_one plain=print_plainly/> })}
            {voids.then(|| view! { <VoidDialog form=form_id record=record_id open=voiding runs=runs on_voided=voided/> })}
            {gives.then(|| view! { <OwnerDialog form=form_id record=record titles=titles open=giving on_given=on_changed/> })}
            <WithdrawRequest request=request on_done=on_changed/>
            <DialogPart open=explaining title=t!("record-explain") load=explain/>
            <ConfirmDialog open=asking title=Signal::derive(t!("record-delete-question")) action=Signal::derive(t!("record-delete")) on_confirm=delete>
                {move || match (runs.get(), has_bin) {
                    (true, _) => text!("record-delete-running"),
                    (false, true) => text!("record-delete-text"),
                    // A draft of somebody who may delete nothing else.
                    (false, false) => text!("record-delete-undo"),
                }}
            </ConfirmDialog>
        }
    };
    let is_there =
        Memo::new(move |_| deletes || gives || voids || prints || (copies && !is_draft) || request.offers());
    move || is_there.get().then(menu)
}
