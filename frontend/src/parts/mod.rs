//! Parts of the program that are fetched when they are opened: what the first page does not need.
//!
//! `pages.rs` says where the program is cut. The rest is about the time until a part is here: what is shown meanwhile,
//! and what is said when it does not come.

mod absence;
mod arriving;
mod dialog;
mod page;
mod pages;

pub use dialog::DialogPart;
pub use page::Part;
pub use pages::{
    aggregate, aggregate_design, aggregates, app_bin, app_settings, audit, board, bulk_edit_dialog,
    dashboard, delegations, explain_dialog, export_dialog, flow_designer, flow_figures, forgotten_password,
    form_designer, gallery, grid, import_dialog, inbox, jobs, links, members, new_form, new_password,
    new_record, notice_settings, notices, permissions, preferences, print_designer, prints, public_form,
    record, recycle_bin, report, roles, script, scripts, second_step, security, templates, workspace,
};

/// Fetches the part with the daily pages before one of them is opened.
pub fn fetch_daily_pages() {
    leptos::task::spawn_local(async {
        // What does not come now is asked for again when it is opened.
        let _ = pages::fetch_records().await;
    });
}
