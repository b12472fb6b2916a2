//! Records into a file: which of their fields, which kind of file, and the file itself.

use engine::condition::Condition;
use engine::form::SYSTEM_FIELDS;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::records::SortBy;
use wire::{ExportFormat, ExportInput, Exported};

use super::run::{Run, RunProgress};
use crate::api::files;
use crate::api::forms::OpenForm;
use crate::api::records::Searched;
use crate::ui::{Banner, Button, ButtonKind, Checkbox, Dialog, Field, Icon, Segment, Segmented, Tone};
use crate::{i18n, t, text};

/// What a list shows.
#[derive(Clone, Copy)]
pub struct Shown {
    pub filter: Signal<Option<Condition>>,
    /// What is searched for among the records.
    pub search: Signal<Searched>,
    pub sort: Signal<Vec<SortBy>>,
    pub columns: Signal<Vec<String>>,
    /// The permission group whose records alone are shown.
    pub group: Signal<Option<String>>,
}

/// The export dialog of a form's list.
#[component]
pub fn ExportDialog(open: RwSignal<bool>, form: StoredValue<OpenForm>, shown: Shown) -> impl IntoView {
    let format = RwSignal::new(ExportFormat::Xlsx);
    let (all, labels) = (RwSignal::new(false), RwSignal::new(true));
    let run = Run::new();
    let exported = RwSignal::new(None::<Exported>);
    // A new opening is a new export, unless the last one still runs.
    Effect::new(move || {
        if open.get() && !run.running.get_untracked() {
            exported.set(None);
            run.fault.set(None);
        }
    });
    let start = move |_| {
        let known = |key: &String| {
            SYSTEM_FIELDS.contains(&key.as_str()) || form.with_value(|form| form.form.column(key).is_some())
        };
        let columns = || shown.columns.get_untracked().into_iter().filter(known).collect::<Vec<_>>();
        let search = shown.search.get_untracked();
        let input = ExportInput {
            filter: shown.filter.get_untracked(),
            q: search.words,
            q_fields: search.fields,
            sort: shown.sort.get_untracked(),
            fields: (!all.get_untracked()).then(columns),
            format: format.get_untracked(),
            labels: labels.get_untracked(),
            permission_group: shown.group.get_untracked(),
            view: None,
        };
        let form = form.with_value(|form| form.info.id);
        exported.set(None);
        spawn_local(async move {
            let done = run.export(form, &input).await;
            let _ = exported.try_set(done);
        });
    };
    let cancel = move |_| match run.running.get_untracked() {
        true => run.cancel(),
        false => open.set(false),
    };
    let running = run.running;
    let foot = move || {
        view! {
            <Button on_press=cancel>{move || if exported.with(Option::is_some) && !running.get() { text!("import-close") } else { text!("ui-cancel") }}</Button>
            <Button kind=ButtonKind::Primary icon="download" busy=running on_press=start>{t!("export-start")}</Button>
        }
    };
    let of_group = move || {
        let key = shown.group.get()?;
        let label = |group: &wire::NamedGroup| group.label.get(i18n::language()).to_string();
        form.with_value(|form| form.info.groups.iter().find(|group| group.key == key).map(label))
    };
    let title = move || {
        let name = form.with_value(|form| form.info.label.get(i18n::language()).to_string());
        text!("export-title", form = name)
    };
    view! {
        <Dialog open=open title=Signal::derive(title) foot=Some(ViewFn::from(foot))>
            <div class="stack g4">
                {move || run.fault.get().map(|sentence| view! { <Banner tone=Tone::Danger>{sentence}</Banner> })}
                <Choices format=format all=all labels=labels shown=shown of_group=Signal::derive(of_group)/>
                {move || running.get().then(|| view! { <RunProgress run=run label=Signal::derive(t!("export-running"))/> })}
                {move || exported.get().map(|exported| view! { <Ready exported=exported/> })}
            </div>
        </Dialog>
    }
}

/// What goes into which kind of file.
#[component]
fn Choices(
    format: RwSignal<ExportFormat>,
    all: RwSignal<bool>,
    labels: RwSignal<bool>,
    shown: Shown,
    /// What the permission group is called whose records alone go into it.
    of_group: Signal<Option<String>>,
) -> impl IntoView {
    let formats = vec![
        Segment::new("xlsx", t!("export-xlsx")),
        Segment::new("csv", t!("export-csv")),
        Segment::new("json", t!("export-json")),
    ];
    let choose = move |key: &'static str| {
        format.set(match key {
            "csv" => ExportFormat::Csv,
            "json" => ExportFormat::Json,
            _xlsx => ExportFormat::Xlsx,
        });
    };
    let fields = vec![Segment::new("view", t!("export-view")), Segment::new("all", t!("export-all"))];
    let chosen = Signal::derive(move || if all.get() { "all".to_string() } else { "view".to_string() });
    let format_help = move || match format.get() {
        ExportFormat::Xlsx => text!("export-xlsx-help"),
        ExportFormat::Csv => text!("export-csv-help"),
        ExportFormat::Json => text!("export-json-help"),
    };
    let is_narrowed =
        move || shown.filter.with(Option::is_some) || shown.search.with(|search| search.words.is_some());
    let records = move || match (of_group.get(), is_narrowed()) {
        (Some(group), true) => text!("export-group-filtered", group = group),
        (Some(group), false) => text!("export-group", group = group),
        (None, true) => text!("export-filtered"),
        (None, false) => text!("export-unfiltered"),
    };
    view! {
        <Field label=t!("export-format") help=Signal::derive(format_help)>
            <Segmented
                segments=formats
                selected=Signal::derive(move || format.get().ending().to_string())
                on_select=choose
                label=Signal::derive(t!("export-format"))
            />
        </Field>
        <Field label=t!("export-fields") help=Signal::derive(records)>
            <Segmented segments=fields selected=chosen on_select=move |key| all.set(key == "all") label=Signal::derive(t!("export-fields"))/>
        </Field>
        <Show when=move || format.get() != ExportFormat::Json>
            <Checkbox checked=labels on_change=move |on| labels.set(on)>{t!("export-labels")}</Checkbox>
        </Show>
    }
}

/// The file that is there now.
#[component]
fn Ready(exported: Exported) -> impl IntoView {
    let (records, cut) = (exported.records, exported.cut);
    let (file, named) = (exported.name.clone(), exported.name);
    view! {
        <Banner tone=Tone::Success>{t!("export-ready", count = records)}</Banner>
        {(cut > 0).then(|| view! { <Banner tone=Tone::Warning>{t!("export-cut", count = cut)}</Banner> })}
        <div class="row">
            <a class="btn" href=files::address(exported.file) download=file>
                <Icon name="download"/>
                {t!("export-download", name = named)}
            </a>
        </div>
    }
}
