//! Rows of a file into a form: the file, its columns, a look at what would happen, the import.

use engine::form::system_label;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::{ImportInput, ImportMode, Imported, StoredFile, Undone};

use super::encoding_note::EncodingNote;
use super::mapping::{Mapping, MappingTable, Target, column_at, targets};
use super::outcome::{Outcome, Tense, UndoneView};
use super::run::{Run, RunProgress};
use super::sheet_choice::SheetChoice;
use super::sheet_input::SheetInput;
use crate::api::forms::OpenForm;
use crate::api::imports;
use crate::ui::{
    Banner, Button, ButtonKind, Checkbox, Choice, Dialog, DialogSize, Field, MultiSelect, Segment, Segmented,
    Steps, Tone, toast,
};
use crate::{i18n, t, text};

/// Where one is in the dialog.
#[derive(Clone, PartialEq)]
enum Stage {
    File,
    Columns,
    /// What a dry run found.
    Checked(Imported),
    Done(Imported),
    /// The import was taken back.
    Undone(Undone),
}

impl Stage {
    fn number(&self) -> usize {
        match self {
            Stage::File => 1,
            Stage::Columns => 2,
            Stage::Checked(_) => 3,
            Stage::Done(_) | Stage::Undone(_) => 4,
        }
    }
}

/// What the parts of the dialog share.
#[derive(Clone, Copy)]
struct Import {
    form: StoredValue<OpenForm>,
    stage: RwSignal<Stage>,
    file: RwSignal<Option<StoredFile>>,
    /// The sheets of a workbook, and the one that is read.
    sheets: RwSignal<Vec<String>>,
    sheet: RwSignal<Option<String>>,
    encoding: RwSignal<Option<String>>,
    rows: RwSignal<u64>,
    mapping: RwSignal<Mapping>,
    mode: RwSignal<ImportMode>,
    key: RwSignal<Vec<String>>,
    targets: Memo<Vec<Target>>,
    /// Whether the reader administers the app, who may bring what others may not.
    administers: RwSignal<bool>,
    is_list: RwSignal<bool>,
    /// What was wrong with the file.
    fault: RwSignal<Option<String>>,
    reading: RwSignal<bool>,
    /// Whether the form's flow starts for what comes in.
    start_flow: RwSignal<bool>,
    run: Run,
    on_imported: Callback<()>,
}

impl Import {
    fn start_over(self) {
        self.stage.set(Stage::File);
        self.file.set(None);
        self.fault.set(None);
        self.run.fault.set(None);
    }

    /// The server has the file: what is in it, or in a sheet of it?
    fn read(self, file: StoredFile, sheet: Option<String>) {
        self.reading.set(true);
        self.fault.set(None);
        let form = self.form.with_value(|form| form.info.id);
        spawn_local(async move {
            let answer = imports::preview(form, file.id, sheet).await;
            let _ = self.reading.try_set(false);
            match answer {
                Ok(preview) => {
                    let _ = self.administers.try_set(preview.administers);
                    let _ = self.is_list.try_set(is_list(&file.name));
                    let Some(targets) = self.targets.try_get_untracked() else { return };
                    self.rows.set(preview.rows);
                    self.sheets.set(preview.sheets);
                    self.sheet.set(preview.sheet);
                    self.encoding.set(preview.encoding);
                    self.mapping.set(Mapping::new(preview.columns, &targets));
                    self.file.set(Some(file));
                    self.stage.set(Stage::Columns);
                }
                Err(problem) => drop(self.fault.try_set(Some(problem.sentence()))),
            }
        });
    }

    fn obstacle(self) -> Option<String> {
        let targets = self.targets.get();
        let key = self.key.get();
        self.mapping.with(|mapping| mapping.obstacle(self.mode.get(), &key, &targets)).map(|it| it.sentence())
    }

    fn run(self, dry_run: bool) {
        let Some(file) = self.file.get_untracked() else { return };
        let mode = self.mode.get_untracked();
        let mapped = self.mapping.with_untracked(Mapping::fields);
        let mut key = if mode == ImportMode::Create { Vec::new() } else { self.key.get_untracked() };
        key.retain(|field| mapped.contains(field));
        let mapping = self.mapping.with_untracked(Mapping::by_header);
        let start_flow = self.start_flow.get_untracked();
        let (file, sheet) = (file.id, self.sheet.get_untracked());
        let input = ImportInput { file, sheet, mapping, mode, key, dry_run, start_flow, trigger: true };
        let form = self.form.with_value(|form| form.info.id);
        spawn_local(async move {
            let Some(outcome) = self.run.import(form, &input).await else { return };
            if dry_run {
                // A dry run that was cancelled says nothing.
                if self.run.fault.try_with_untracked(Option::is_none) == Some(true) {
                    self.stage.set(Stage::Checked(outcome));
                }
                return;
            }
            toast::show(text!("import-toast", count = outcome.created + outcome.updated));
            let _ = self.stage.try_set(Stage::Done(outcome));
            let _ = self.on_imported.try_run(());
        });
    }

    /// Takes back what the import that ended did.
    fn undo(self) {
        spawn_local(async move {
            let Some(undone) = self.run.undo().await else { return };
            let _ = self.stage.try_set(Stage::Undone(undone));
            let _ = self.on_imported.try_run(());
        });
    }

    fn label_of(self, path: &str) -> String {
        let path = column_at(path);
        let label = self.form.with_value(|form| {
            let column = form.form.column(&path);
            column.map(|column| column.field.label.get(i18n::language()).to_string())
        });
        let label = label.unwrap_or_else(|| system_label(&path, i18n::language()));
        if label.is_empty() { path } else { label }
    }
}

/// Whether a file is a list of objects, which have their sub-forms whole.
fn is_list(name: &str) -> bool {
    name.rsplit('.').next().unwrap_or_default().eq_ignore_ascii_case("json")
}

/// The import dialog of a form.
#[component]
pub fn ImportDialog(
    open: RwSignal<bool>,
    form: StoredValue<OpenForm>,
    /// Records came in.
    #[prop(into)]
    on_imported: Callback<()>,
) -> impl IntoView {
    let (administers, mode) = (RwSignal::new(false), RwSignal::new(ImportMode::Create));
    let is_list = RwSignal::new(false);
    let import = Import {
        form,
        stage: RwSignal::new(Stage::File),
        file: RwSignal::new(None),
        sheets: RwSignal::default(),
        sheet: RwSignal::new(None),
        encoding: RwSignal::new(None),
        rows: RwSignal::new(0),
        mapping: RwSignal::default(),
        mode,
        key: RwSignal::default(),
        targets: Memo::new(move |_| {
            let (mode, administers, is_list) = (mode.get(), administers.get(), is_list.get());
            form.with_value(|form| targets(form, mode, administers, is_list))
        }),
        administers,
        is_list,
        fault: RwSignal::new(None),
        reading: RwSignal::new(false),
        start_flow: RwSignal::new(false),
        run: Run::new(),
        on_imported,
    };
    // A new opening is a new import, unless the last one still runs.
    Effect::new(move || {
        if open.get() && !import.run.running.get_untracked() {
            import.start_over();
        }
    });
    let title = move || {
        let name = form.with_value(|form| form.info.label.get(i18n::language()).to_string());
        text!("import-title", form = name)
    };
    let labels = move || {
        vec![
            Signal::derive(t!("import-step-file")),
            Signal::derive(t!("import-step-columns")),
            Signal::derive(t!("import-step-check")),
            Signal::derive(t!("import-step-done")),
        ]
    };
    let at = Signal::derive(move || import.stage.with(Stage::number));
    view! {
        <Dialog
            open=open
            title=Signal::derive(title)
            size=DialogSize::Large
            foot=Some(ViewFn::from(move || view! { <Foot import=import open=open/> }))
        >
            <div class="stack g4">
                <Steps labels=labels() at=at/>
                {move || import.run.fault.get().map(|sentence| view! { <Banner tone=Tone::Danger>{sentence}</Banner> })}
                <Body import=import/>
            </div>
        </Dialog>
    }
}

#[component]
fn Body(import: Import) -> impl IntoView {
    let label = move |path: String| import.label_of(&path);
    move || {
        match import.stage.get() {
        Stage::File => view! {
            <SheetInput on_sent=move |file| import.read(file, None) fault=import.fault reading=import.reading/>
        }
        .into_any(),
        Stage::Columns => view! { <Columns import=import/> }.into_any(),
        Stage::Checked(outcome) => view! {
            <Verdict outcome=outcome.clone()/>
            <Outcome outcome=outcome tense=Tense::Would label=label/>
            <Running import=import label=Signal::derive(t!("import-running"))/>
        }
        .into_any(),
        Stage::Done(outcome) => view! {
            <Outcome outcome=outcome tense=Tense::Did label=label/>
            <Running import=import label=Signal::derive(t!("import-undoing"))/>
        }
        .into_any(),
        Stage::Undone(undone) => view! { <UndoneView undone=undone/> }.into_any(),
    }
    }
}

/// The second step: columns, mode, key.
#[component]
fn Columns(import: Import) -> impl IntoView {
    let operations = import.form.with_value(|form| (form.may("create"), form.may("edit")));
    let (may_create, may_edit) = operations;
    if !may_create {
        import.mode.set(ImportMode::Update);
    }
    let modes = [
        (ImportMode::Create, may_create, Segment::new("create", t!("import-mode-create"))),
        (ImportMode::Update, may_edit, Segment::new("update", t!("import-mode-update"))),
        (ImportMode::Upsert, may_create && may_edit, Segment::new("upsert", t!("import-mode-upsert"))),
    ];
    let name = move || match import.mode.get() {
        ImportMode::Create => "create",
        ImportMode::Update => "update",
        ImportMode::Upsert => "upsert",
    };
    let choose = move |name: &'static str| {
        import.mode.set(match name {
            "update" => ImportMode::Update,
            "upsert" => ImportMode::Upsert,
            _create => ImportMode::Create,
        });
        // Serial numbers find records, and are given to new ones by few.
        let targets = import.targets.get_untracked();
        import.mapping.update(|mapping| mapping.keep(&targets));
    };
    let segments =
        modes.into_iter().filter(|(_, may, _)| *may).map(|(.., segment)| segment).collect::<Vec<_>>();
    let only_one = segments.len() < 2;
    let mapped = Memo::new(move |_| import.mapping.with(Mapping::fields));
    let keys = Signal::derive(move || {
        let mapped = mapped.get();
        // A row of a sub-form finds no record.
        let finds = |target: &Target| mapped.contains(&target.key) && !target.key.contains('.');
        let of_file = import.targets.get().into_iter().filter(finds);
        of_file.map(|target| Choice::new(target.key, target.label)).collect::<Vec<_>>()
    });
    let key = Signal::derive(move || {
        let mapped = mapped.get();
        import.key.get().into_iter().filter(|field| mapped.contains(field)).collect::<Vec<_>>()
    });
    let mode_help = move || match import.mode.get() {
        ImportMode::Create => text!("import-mode-create-help"),
        ImportMode::Update => text!("import-mode-update-help"),
        ImportMode::Upsert => text!("import-mode-upsert-help"),
    };
    let file = move || import.file.get().map(|file| file.name).unwrap_or_default();
    let choose_sheet = move |sheet: String| {
        if let Some(file) = import.file.get_untracked() {
            import.read(file, Some(sheet));
        }
    };
    view! {
        {move || import.fault.get().map(|sentence| view! { <Banner tone=Tone::Danger>{sentence}</Banner> })}
        <SheetChoice sheets=import.sheets sheet=import.sheet on_choose=choose_sheet/>
        <p class="small-text soft-text">{t!("import-file-rows", file = file(), count = import.rows.get())}</p>
        <EncodingNote encoding=import.encoding/>
        <MappingTable mapping=import.mapping targets=import.targets/>
        {(!only_one).then(|| view! {
            <Field label=t!("import-mode") help=Signal::derive(mode_help)>
                <Segmented segments=segments selected=Signal::derive(move || name().to_string()) on_select=choose label=Signal::derive(t!("import-mode"))/>
            </Field>
        })}
        <Show when=move || import.mode.get() != ImportMode::Create>
            <Field label=t!("import-key") required=true help=Signal::derive(t!("import-key-help"))>
                <MultiSelect choices=keys value=key on_change=move |keys| import.key.set(keys)/>
            </Field>
        </Show>
        {import.form.with_value(|form| form.info.flow.is_some()).then(|| view! {
            <Checkbox checked=import.start_flow on_change=move |on| import.start_flow.set(on)>{t!("import-start-flow")}</Checkbox>
        })}
        {move || import.obstacle().map(|sentence| view! { <Banner tone=Tone::Warning>{sentence}</Banner> })}
        <Running import=import label=Signal::derive(t!("import-checking"))/>
    }
}

#[component]
fn Running(import: Import, label: Signal<String>) -> impl IntoView {
    move || import.run.running.get().then(|| view! { <RunProgress run=import.run label=label/> })
}

/// One sentence about what a dry run found.
#[component]
fn Verdict(outcome: Imported) -> impl IntoView {
    let good = outcome.created + outcome.updated;
    let (refused, unchanged) = (outcome.failed, outcome.unchanged);
    match (good, refused) {
        (0, 0) => view! { <Banner tone=Tone::Info>{t!("import-check-nothing", count = unchanged)}</Banner> }
            .into_any(),
        (_, 0) => {
            view! { <Banner tone=Tone::Success>{t!("import-check-good", count = good)}</Banner> }.into_any()
        }
        (0, _) => {
            view! { <Banner tone=Tone::Danger>{t!("import-check-bad", count = refused)}</Banner> }.into_any()
        }
        _some => view! { <Banner tone=Tone::Warning>{t!("import-check-some", count = refused)}</Banner> }
            .into_any(),
    }
}

#[component]
fn Foot(import: Import, open: RwSignal<bool>) -> impl IntoView {
    let running = import.run.running;
    let cancel = move |_| match running.get_untracked() {
        true => import.run.cancel(),
        false => open.set(false),
    };
    let back = move |stage: Stage| {
        import.run.fault.set(None);
        import.stage.set(stage);
    };
    let busy_back = Signal::derive(move || running.get().then(|| text!("import-busy")));
    let primary = move || {
        match import.stage.get() {
        Stage::File => ().into_any(),
        Stage::Columns => view! {
            <Button disabled_reason=busy_back on_press=move |_| import.start_over()>{t!("import-back")}</Button>
            <Button
                kind=ButtonKind::Primary
                busy=running
                disabled_reason=Signal::derive(move || import.obstacle())
                on_press=move |_| import.run(true)
            >
                {t!("import-check")}
            </Button>
        }
        .into_any(),
        Stage::Checked(outcome) => {
            let good = outcome.created + outcome.updated;
            view! {
                <Button disabled_reason=busy_back on_press=move |_| back(Stage::Columns)>{t!("import-back")}</Button>
                <Button
                    kind=ButtonKind::Primary
                    busy=running
                    disabled_reason=Signal::derive(move || (good == 0).then(|| text!("import-nothing-to-do")))
                    on_press=move |_| import.run(false)
                >
                    {t!("import-run", count = good)}
                </Button>
            }
            .into_any()
        }
        Stage::Done(outcome) => {
            // A dry run, or one that brought nothing, leaves nothing to take back.
            let undoable = outcome.batch.is_some() && outcome.created + outcome.updated > 0;
            view! {
                {undoable.then(|| view! {
                    <Button busy=running on_press=move |_| import.undo()>{t!("import-undo")}</Button>
                })}
                <Button kind=ButtonKind::Primary disabled_reason=busy_back on_press=move |_| open.set(false)>{t!("import-close")}</Button>
            }
            .into_any()
        }
        Stage::Undone(_) => view! {
            <Button kind=ButtonKind::Primary on_press=move |_| open.set(false)>{t!("import-close")}</Button>
        }
        .into_any(),
    }
    };
    let is_over = move || import.stage.with(|stage| matches!(stage, Stage::Done(_) | Stage::Undone(_)));
    let may_cancel = move || !is_over() || running.get();
    view! {
        {move || may_cancel().then(|| view! { <Button on_press=cancel>{t!("ui-cancel")}</Button> })}
        {primary}
    }
}
