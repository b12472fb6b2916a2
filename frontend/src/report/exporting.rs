//! A report as a file. The server makes it, also of a single table: it knows what its reader may see, and notes who took it away.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::{ReportExportInput, ReportFormat};

use crate::api::reports;
use crate::browser;
use crate::t;
use crate::ui::{Button, ButtonKind, ControlSize, MenuButton, MenuItem, Placement, toast};

/// The ending of such a file, and its media type.
fn kind_of(format: ReportFormat) -> (&'static str, &'static str) {
    match format {
        ReportFormat::Xlsx => ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ReportFormat::Csv => ("csv", "text/csv;charset=utf-8"),
    }
}

/// Has a file made of a report, and hands it out under this name; one at a time.
pub fn export(report: String, name: String, input: ReportExportInput, busy: RwSignal<bool>) {
    if busy.get_untracked() {
        return;
    }
    busy.set(true);
    let (ending, media_type) = kind_of(input.format);
    spawn_local(async move {
        let made = reports::export(&report, &input).await;
        let _ = busy.try_set(false);
        match made {
            Ok(bytes) => browser::hand_out(&format!("{name}.{ending}"), media_type, &bytes),
            Err(problem) => toast::refused(&problem),
        }
    });
}

/// What a report can be exported as: with words at a desk, as a sign on a phone.
#[component]
pub fn ExportMenu(#[prop(into)] on_export: Callback<ReportFormat>) -> impl IntoView {
    let label = Signal::derive(t!("report-export"));
    let items = move || {
        view! {
            <MenuItem icon="table" on_choose=move |()| on_export.run(ReportFormat::Xlsx)>{t!("export-xlsx")}</MenuItem>
            <MenuItem icon="table" on_choose=move |()| on_export.run(ReportFormat::Csv)>{t!("export-csv")}</MenuItem>
        }
    };
    view! {
        <span class="anchor phone-hide">
            <MenuButton icon="export" label=label text=label kind=ButtonKind::Plain placement=Placement::End>{items}</MenuButton>
        </span>
        <span class="anchor phone-only">
            <MenuButton icon="export" label=label placement=Placement::End>{items}</MenuButton>
        </span>
    }
}

/// A button that gives one table as a file.
#[component]
pub fn CsvButton(#[prop(into)] on_press: Callback<()>) -> impl IntoView {
    view! {
        <Button kind=ButtonKind::Ghost size=ControlSize::Small icon="download" on_press=move |_| on_press.run(())>
            {t!("report-csv")}
        </Button>
    }
}
