//! The browser part of Formwork: everything that people see.
//!
//! It decides nothing by itself: rules are `engine`'s, the same code that the server runs.

mod aggregates;
mod api;
mod app;
mod boards;
mod browser;
mod bulk_edit;
mod chart;
mod conditions;
mod dashboard;
mod designer;
mod draft_editor;
mod entry;
mod fill;
mod flow_designer;
mod flow_figures;
mod gallery;
mod grid;
mod home;
mod i18n;
mod imports;
mod inbox;
mod jobs;
mod links;
mod notices;
mod parts;
mod permissions;
mod presence;
mod prints;
mod public_form;
mod recent;
mod records;
mod recycle_bin;
mod report;
mod scripts;
mod settings;
mod shell;
mod templates;
#[cfg(test)]
mod testing;
mod theme;
mod ui;

fn main() {
    console_error_panic_hook::set_once();
    theme::apply();
    browser::set_document_language(i18n::language_now().tag());
    browser::hear_way_back();
    leptos::mount::mount_to_body(app::App);
}
