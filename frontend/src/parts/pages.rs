//! Where the program is cut.
//!
//! Functions with the same name in `#[wasm_split]` make one part. What only that part needs goes with it, what several
//! parts need becomes a file of its own, and what anything outside them needs stays in what is loaded first: so nothing
//! else may call these pages.
//!
//! Few parts: what some of them share is a file for each combination of parts.

use engine::value::Id;
use leptos::prelude::*;
use leptos::wasm_split::{SplitLoaderError, wasm_split};

use crate::aggregates::{AggregateEditPage, AggregatePage, AggregatesPage};
use crate::api::forms::OpenForm;
use crate::boards::{Board, BoardView};
use crate::bulk_edit::{BulkEditDialog, Meant};
use crate::dashboard::DashboardPage;
use crate::designer::DesignPage;
use crate::entry::{ForgottenPage, NewPasswordPage};
use crate::fill::Titles;
use crate::flow_designer::FlowPage;
use crate::flow_figures::FlowFiguresPage;
use crate::gallery::GalleryPage;
use crate::grid::GridPage;
use crate::home::AppSettingsPage;
use crate::imports::{ExportDialog, ImportDialog, Shown};
use crate::inbox::InboxPage;
use crate::jobs::JobsPage;
use crate::links::LinksPage;
use crate::notices::NoticesPage;
use crate::permissions::{ExplainDialog, PermissionsPage};
use crate::prints::{PrintDesignPage, PrintsPage};
use crate::public_form::PublicFormPage;
use crate::records::{NewRecordPage, RecordPage};
use crate::recycle_bin::{AppBinDialog, BinPage};
use crate::report::ReportPage;
use crate::scripts::{ScriptPage, ScriptsPage};
use crate::settings::{AuditPage, MembersPage, PreferencesPage, RolesPage, WorkspacePage};
use crate::settings::{DelegationsPage, NoticeSettingsPage};
use crate::settings::{SecondStepPage, SecurityPage};
use crate::shell::NewFormDialog;
use crate::templates::TemplatesPage;

/// What opening a part comes to. An error means that its files did not come; it can be opened again.
pub type Arrived = Result<AnyView, SplitLoaderError>;

/// The records of a form.
#[wasm_split(records, wasm_split_path = ::leptos::wasm_split, fallible, preload(fetch_records))]
pub fn grid() -> Arrived {
    Ok(view! { <GridPage/> }.into_any())
}

/// A new record.
#[wasm_split(records, wasm_split_path = ::leptos::wasm_split, fallible)]
pub fn new_record() -> Arrived {
    Ok(view! { <NewRecordPage/> }.into_any())
}

/// A record.
#[wasm_split(records, wasm_split_path = ::leptos::wasm_split, fallible)]
pub fn record() -> Arrived {
    Ok(view! { <RecordPage/> }.into_any())
}

/// What waits for one's decision.
#[wasm_split(records, wasm_split_path = ::leptos::wasm_split, fallible)]
pub fn inbox() -> Arrived {
    Ok(view! { <InboxPage/> }.into_any())
}

/// A form that visitors fill in: they fetch nothing of the pages of members.
#[wasm_split(public, wasm_split_path = ::leptos::wasm_split, fallible)]
pub fn public_form() -> Arrived {
    Ok(view! { <PublicFormPage/> }.into_any())
}

/// The records of a form as something else than a table.
#[wasm_split(boards, wasm_split_path = ::leptos::wasm_split, fallible)]
pub fn board(of: Board) -> Arrived {
    Ok(view! { <BoardView board=of/> }.into_any())
}

/// The form designer.
#[wasm_split(design, wasm_split_path = ::leptos::wasm_split, fallible)]
pub fn form_designer() -> Arrived {
    Ok(view! { <DesignPage/> }.into_any())
}

/// The transaction scripts of an app.
#[wasm_split(design, wasm_split_path = ::leptos::wasm_split, fallible)]
pub fn scripts() -> Arrived {
    Ok(view! { <ScriptsPage/> }.into_any())
}

/// The desk of a transaction script.
#[wasm_split(design, wasm_split_path = ::leptos::wasm_split, fallible)]
pub fn script() -> Arrived {
    Ok(view! { <ScriptPage/> }.into_any())
}

/// The flow editor.
#[wasm_split(design, wasm_split_path = ::leptos::wasm_split, fallible)]
pub fn flow_designer() -> Arrived {
    Ok(view! { <FlowPage/> }.into_any())
}

/// The print templates of a form.
#[wasm_split(design, wasm_split_path = ::leptos::wasm_split, fallible)]
pub fn prints() -> Arrived {
    Ok(view! { <PrintsPage/> }.into_any())
}

/// The designer of a print template.
#[wasm_split(design, wasm_split_path = ::leptos::wasm_split, fallible)]
pub fn print_designer() -> Arrived {
    Ok(view! { <PrintDesignPage/> }.into_any())
}

/// The permission groups of a form.
#[wasm_split(design, wasm_split_path = ::leptos::wasm_split, fallible)]
pub fn permissions() -> Arrived {
    Ok(view! { <PermissionsPage/> }.into_any())
}

/// The public links of a form.
#[wasm_split(design, wasm_split_path = ::leptos::wasm_split, fallible)]
pub fn links() -> Arrived {
    Ok(view! { <LinksPage/> }.into_any())
}

/// The dialog that tells why somebody may do something with a record.
#[wasm_split(design, wasm_split_path = ::leptos::wasm_split, fallible)]
pub fn explain_dialog(open: RwSignal<bool>, form: StoredValue<OpenForm>, record: Id) -> Arrived {
    Ok(view! { <ExplainDialog open=open form=form record=record/> }.into_any())
}

/// The dialog that makes a form: blank, or of a table.
#[wasm_split(sheets, wasm_split_path = ::leptos::wasm_split, fallible)]
pub fn new_form() -> Arrived {
    Ok(view! { <NewFormDialog/> }.into_any())
}

/// The import dialog of a form.
#[wasm_split(sheets, wasm_split_path = ::leptos::wasm_split, fallible)]
pub fn import_dialog(
    open: RwSignal<bool>,
    form: StoredValue<OpenForm>,
    on_imported: Callback<()>,
) -> Arrived {
    Ok(view! { <ImportDialog open=open form=form on_imported=on_imported/> }.into_any())
}

/// The export dialog of a list.
#[wasm_split(sheets, wasm_split_path = ::leptos::wasm_split, fallible)]
pub fn export_dialog(open: RwSignal<bool>, form: StoredValue<OpenForm>, shown: Shown) -> Arrived {
    Ok(view! { <ExportDialog open=open form=form shown=shown/> }.into_any())
}

/// The dialog that changes every record of a list.
#[wasm_split(sheets, wasm_split_path = ::leptos::wasm_split, fallible)]
pub fn bulk_edit_dialog(
    open: RwSignal<bool>,
    form: StoredValue<OpenForm>,
    of: Meant,
    titles: Titles,
    on_changed: Callback<()>,
) -> Arrived {
    let dialog = view! { <BulkEditDialog open=open form=form of=of titles=titles on_changed=on_changed/> };
    Ok(dialog.into_any())
}

/// A report.
#[wasm_split(workspace, wasm_split_path = ::leptos::wasm_split, fallible)]
pub fn report() -> Arrived {
    Ok(view! { <ReportPage/> }.into_any())
}

/// A dashboard.
#[wasm_split(workspace, wasm_split_path = ::leptos::wasm_split, fallible)]
pub fn dashboard() -> Arrived {
    Ok(view! { <DashboardPage/> }.into_any())
}

/// The figures of a flow.
#[wasm_split(workspace, wasm_split_path = ::leptos::wasm_split, fallible)]
pub fn flow_figures() -> Arrived {
    Ok(view! { <FlowFiguresPage/> }.into_any())
}

/// The aggregate tables of an app.
#[wasm_split(workspace, wasm_split_path = ::leptos::wasm_split, fallible)]
pub fn aggregates() -> Arrived {
    Ok(view! { <AggregatesPage/> }.into_any())
}

/// The groups of an aggregate table.
#[wasm_split(workspace, wasm_split_path = ::leptos::wasm_split, fallible)]
pub fn aggregate() -> Arrived {
    Ok(view! { <AggregatePage/> }.into_any())
}

/// The design of an aggregate table.
#[wasm_split(design, wasm_split_path = ::leptos::wasm_split, fallible)]
pub fn aggregate_design() -> Arrived {
    Ok(view! { <AggregateEditPage/> }.into_any())
}

/// The settings of an app.
#[wasm_split(workspace, wasm_split_path = ::leptos::wasm_split, fallible)]
pub fn app_settings() -> Arrived {
    Ok(view! { <AppSettingsPage/> }.into_any())
}

/// The template centre.
#[wasm_split(workspace, wasm_split_path = ::leptos::wasm_split, fallible)]
pub fn templates() -> Arrived {
    Ok(view! { <TemplatesPage/> }.into_any())
}

/// One's own settings.
#[wasm_split(workspace, wasm_split_path = ::leptos::wasm_split, fallible)]
pub fn preferences() -> Arrived {
    Ok(view! { <PreferencesPage/> }.into_any())
}

/// Long work of one's own.
#[wasm_split(workspace, wasm_split_path = ::leptos::wasm_split, fallible)]
pub fn jobs() -> Arrived {
    Ok(view! { <JobsPage/> }.into_any())
}

/// What one was told of.
#[wasm_split(workspace, wasm_split_path = ::leptos::wasm_split, fallible)]
pub fn notices() -> Arrived {
    Ok(view! { <NoticesPage/> }.into_any())
}

/// Of what one is told, and how.
#[wasm_split(workspace, wasm_split_path = ::leptos::wasm_split, fallible)]
pub fn notice_settings() -> Arrived {
    Ok(view! { <NoticeSettingsPage/> }.into_any())
}

/// Who decides in one's place.
#[wasm_split(workspace, wasm_split_path = ::leptos::wasm_split, fallible)]
pub fn delegations() -> Arrived {
    Ok(view! { <DelegationsPage/> }.into_any())
}

/// How one signs in.
#[wasm_split(workspace, wasm_split_path = ::leptos::wasm_split, fallible)]
pub fn security() -> Arrived {
    Ok(view! { <SecurityPage/> }.into_any())
}

/// A second step that must be set up before anything else.
#[wasm_split(workspace, wasm_split_path = ::leptos::wasm_split, fallible)]
pub fn second_step() -> Arrived {
    Ok(view! { <SecondStepPage/> }.into_any())
}

/// Asking for a letter about a forgotten password.
#[wasm_split(workspace, wasm_split_path = ::leptos::wasm_split, fallible)]
pub fn forgotten_password() -> Arrived {
    Ok(view! { <ForgottenPage/> }.into_any())
}

/// Choosing a new password by its link.
#[wasm_split(workspace, wasm_split_path = ::leptos::wasm_split, fallible)]
pub fn new_password() -> Arrived {
    Ok(view! { <NewPasswordPage/> }.into_any())
}

/// The people of the workspace.
#[wasm_split(workspace, wasm_split_path = ::leptos::wasm_split, fallible)]
pub fn members() -> Arrived {
    Ok(view! { <MembersPage/> }.into_any())
}

/// The audit trail.
#[wasm_split(workspace, wasm_split_path = ::leptos::wasm_split, fallible)]
pub fn audit() -> Arrived {
    Ok(view! { <AuditPage/> }.into_any())
}

/// The roles of the workspace.
#[wasm_split(workspace, wasm_split_path = ::leptos::wasm_split, fallible)]
pub fn roles() -> Arrived {
    Ok(view! { <RolesPage/> }.into_any())
}

/// What the workspace says for everybody in it.
#[wasm_split(workspace, wasm_split_path = ::leptos::wasm_split, fallible)]
pub fn workspace() -> Arrived {
    Ok(view! { <WorkspacePage/> }.into_any())
}

/// The recycle bin of apps and forms.
#[wasm_split(workspace, wasm_split_path = ::leptos::wasm_split, fallible)]
pub fn recycle_bin() -> Arrived {
    Ok(view! { <BinPage/> }.into_any())
}

/// The deleted forms of an app.
#[wasm_split(workspace, wasm_split_path = ::leptos::wasm_split, fallible)]
pub fn app_bin(open: RwSignal<bool>, app: Id, on_restored: Callback<()>) -> Arrived {
    Ok(view! { <AppBinDialog open=open app=app on_restored=on_restored/> }.into_any())
}

/// The design system in all its states.
#[wasm_split(design, wasm_split_path = ::leptos::wasm_split, fallible)]
pub fn gallery() -> Arrived {
    Ok(view! { <GalleryPage/> }.into_any())
}
