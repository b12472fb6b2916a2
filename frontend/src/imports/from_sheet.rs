//! A new form made of a table: the file, the fields it proposes, the form, its records.

use engine::value::Id;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::{Form, ImportInput, ImportMode, Imported, StoredFile};

use super::encoding_note::EncodingNote;
use super::mapping::{Samples, kind_name};
use super::outcome::{Outcome, Tense};
use super::proposal::{Plan, PlannedField, name_of};
use super::run::{Run, RunProgress};
use super::sheet_choice::SheetChoice;
use super::sheet_input::SheetInput;
use crate::api::{Problem, apps, imports};
use crate::ui::{
    Banner, Button, ButtonKind, Checkbox, Choice, ControlSize, Field, Select, TextInput, Tone, toast,
};
use crate::{t, text};

/// A form that is being made of a file. Lives as long as the dialog around it.
#[derive(Clone, Copy)]
pub struct FromSheet {
    file: RwSignal<Option<StoredFile>>,
    /// The sheets of a workbook, and the one that is read.
    sheets: RwSignal<Vec<String>>,
    sheet: RwSignal<Option<String>>,
    encoding: RwSignal<Option<String>>,
    plan: RwSignal<Option<Plan>>,
    reading: RwSignal<bool>,
    /// What was wrong with the file, or with the form.
    fault: RwSignal<Option<String>>,
    making: RwSignal<bool>,
    made: RwSignal<Option<Id>>,
    /// What came in, where some lines did not.
    outcome: RwSignal<Option<Imported>>,
    run: Run,
}

impl FromSheet {
    pub fn new() -> FromSheet {
        FromSheet {
            file: RwSignal::new(None),
            sheets: RwSignal::default(),
            sheet: RwSignal::new(None),
            encoding: RwSignal::new(None),
            plan: RwSignal::new(None),
            reading: RwSignal::new(false),
            fault: RwSignal::new(None),
            making: RwSignal::new(false),
            made: RwSignal::new(None),
            outcome: RwSignal::new(None),
            run: Run::new(),
        }
    }

    /// Whether the fields of a file are on the screen, which need room.
    pub fn is_wide(self) -> bool {
        self.plan.with(Option::is_some)
    }

    /// Forgets the file, unless its records come in just now.
    pub fn start_over(self) {
        if self.is_busy() {
            return;
        }
        self.file.set(None);
        self.plan.set(None);
        self.fault.set(None);
        self.run.fault.set(None);
        self.made.set(None);
        self.outcome.set(None);
    }

    fn is_busy(self) -> bool {
        self.making.get_untracked() || self.run.running.get_untracked()
    }

    fn read(self, app: String, file: StoredFile, sheet: Option<String>) {
        self.reading.set(true);
        self.fault.set(None);
        spawn_local(async move {
            let name = name_of(&file.name);
            let answer = imports::propose(&app, file.id, sheet, &name).await;
            self.reading.set(false);
            match answer {
                Ok((document, proposal)) => {
                    self.sheets.set(proposal.sheets.clone());
                    self.sheet.set(proposal.sheet.clone());
                    self.encoding.set(proposal.encoding.clone());
                    self.plan.set(Some(Plan::new(document, proposal, name)));
                    self.file.set(Some(file));
                }
                Err(problem) => self.fault.set(Some(problem.sentence())),
            }
        });
    }

    /// What is missing before the form can be made.
    fn obstacle(self) -> Option<String> {
        self.plan.with(|plan| {
            let plan = plan.as_ref()?;
            if plan.label.trim().is_empty() {
                Some(text!("app-form-name-needed"))
            } else if plan.is_empty() {
                Some(text!("import-nothing-mapped"))
            } else {
                plan.has_nameless_field().then(|| text!("sheet-nameless-field"))
            }
        })
    }

    /// Makes the form, then takes in the rows. `on_made` hears the form at once, `on_done` when its records are in.
    fn make(self, app: String, on_made: Callback<Form>, on_done: Callback<Id>) {
        let (Some(plan), Some(file)) = (self.plan.get_untracked(), self.file.get_untracked()) else { return };
        self.making.set(true);
        self.fault.set(None);
        spawn_local(async move {
            let form = match apps::create_form_of(&app, &plan.document()).await {
                Ok(form) => form,
                Err(problem) => {
                    self.making.set(false);
                    return self.fault.set(Some(in_words(&plan, &problem)));
                }
            };
            self.made.set(Some(form.id));
            self.making.set(false);
            let id = form.id;
            on_made.run(form);
            let mapping = plan.mapping();
            let input = ImportInput {
                file: file.id,
                sheet: self.sheet.get_untracked(),
                mapping,
                mode: ImportMode::Create,
                key: Vec::new(),
                dry_run: false,
                start_flow: false,
                trigger: true,
            };
            let outcome = self.run.import(id, &input).await;
            if let Some(outcome) = &outcome {
                toast::show(text!("import-toast", count = outcome.created));
            }
            match outcome {
                Some(outcome) if outcome.failed == 0 && self.run.fault.with_untracked(Option::is_none) => {
                    on_done.run(id);
                }
                outcome => self.outcome.set(outcome),
            }
        });
    }
}

/// A refusal of the form, naming the field that it is about.
fn in_words(plan: &Plan, problem: &Problem) -> String {
    let Some(error) = problem.errors.first() else { return problem.sentence() };
    let place = error.path.trim_start_matches('/').strip_prefix("fields/");
    let place = place.and_then(|rest| rest.split('/').next()).and_then(|place| place.parse::<usize>().ok());
    let label = place.and_then(|place| plan.columns.iter().filter(|column| !column.left_out).nth(place));
    match label {
        Some(column) => text!("sheet-field-fault", field = column.label, fault = error.message),
        None => error.message.clone(),
    }
}

/// The inside of the dialog.
#[component]
pub fn SheetBody(sheet: FromSheet, app: Memo<Option<String>>) -> impl IntoView {
    let read = move |file: StoredFile| {
        if let Some(app) = app.get_untracked() {
            sheet.read(app, file, None);
        }
    };
    let has_plan = Memo::new(move |_| sheet.plan.with(Option::is_some));
    let label = move |path: String| {
        sheet.plan.with(|plan| plan.as_ref().map_or_else(|| path.clone(), |plan| plan.label_of(&path)))
    };
    move || {
        if let Some(outcome) = sheet.outcome.get() {
            return view! {
                {move || sheet.run.fault.get().map(|sentence| view! { <Banner tone=Tone::Danger>{sentence}</Banner> })}
                <Outcome outcome=outcome tense=Tense::Did label=label/>
            }
            .into_any();
        }
        if !has_plan.get() {
            return view! { <SheetInput on_sent=read fault=sheet.fault reading=sheet.reading/> }.into_any();
        }
        view! { <PlanView sheet=sheet app=app/> }.into_any()
    }
}

/// The proposed form: its name and its fields.
#[component]
fn PlanView(sheet: FromSheet, app: Memo<Option<String>>) -> impl IntoView {
    let name = Signal::derive(move || {
        sheet.plan.with(|plan| plan.as_ref().map(|plan| plan.label.clone())).unwrap_or_default()
    });
    let rows = move || sheet.plan.with(|plan| plan.as_ref().map_or(0, |plan| plan.rows));
    let set_name = move |text: String| {
        sheet.plan.update(|plan| {
            if let Some(plan) = plan {
                plan.label = text;
            }
        });
    };
    // Another sheet has other lines, in the same places.
    let lines = move || {
        let known = |(place, field): (usize, &PlannedField)| {
            (place, field.header.clone(), field.samples.first().cloned())
        };
        let of = |plan: &Plan| plan.columns.iter().enumerate().map(known).collect::<Vec<_>>();
        sheet.plan.with(|plan| plan.as_ref().map(of).unwrap_or_default())
    };
    let fault = move || sheet.fault.get().or_else(|| sheet.run.fault.get());
    let choose_sheet = move |name: String| {
        if let (Some(app), Some(file)) = (app.get_untracked(), sheet.file.get_untracked()) {
            sheet.read(app, file, Some(name));
        }
    };
    view! {
        {move || fault().map(|sentence| view! { <Banner tone=Tone::Danger>{sentence}</Banner> })}
        <SheetChoice sheets=sheet.sheets sheet=sheet.sheet on_choose=choose_sheet/>
        <EncodingNote encoding=sheet.encoding/>
        <Field label=t!("app-form-name") required=true>
            <TextInput value=name on_input=set_name name="form-name"/>
        </Field>
        <div class="field">
            <span class="label">{t!("sheet-fields")}<span class="aside">{t!("sheet-rows", count = rows())}</span></span>
            <div class="frame sheet-table">
                <table class="grid plain auto">
                    <thead>
                        <tr>
                            <th class="pick"><span class="sr">{t!("sheet-taken")}</span></th>
                            <th>{t!("sheet-label")}</th>
                            <th>{t!("sheet-kind")}</th>
                            <th class="phone-hide">{t!("import-samples")}</th>
                        </tr>
                    </thead>
                    <tbody><For each=lines key=|line| line.clone() children=move |(place, ..)| view! { <PlanLine sheet=sheet place=place/> }/></tbody>
                </table>
            </div>
            <span class="help">{t!("sheet-fields-help")}</span>
        </div>
        {move || sheet.run.running.get().then(|| view! { <RunProgress run=sheet.run label=Signal::derive(t!("import-running"))/> })}
    }
}

#[component]
fn PlanLine(sheet: FromSheet, place: usize) -> impl IntoView {
    let of = move |read: fn(&PlannedField) -> String| {
        Signal::derive(move || {
            let field = |plan: &Plan| plan.columns.get(place).map(read);
            sheet.plan.with(|plan| plan.as_ref().and_then(field)).unwrap_or_default()
        })
    };
    let change = move |change: &dyn Fn(&mut PlannedField)| {
        sheet.plan.update(|plan| {
            if let Some(field) = plan.as_mut().and_then(|plan| plan.columns.get_mut(place)) {
                change(field);
            }
        });
    };
    let start =
        sheet.plan.with_untracked(|plan| plan.as_ref().and_then(|plan| plan.columns.get(place).cloned()));
    let start = start?;
    let kept = Memo::new(move |_| {
        sheet.plan.with(|plan| {
            plan.as_ref().and_then(|plan| plan.columns.get(place)).is_some_and(|it| !it.left_out)
        })
    });
    let (header, for_label, for_kind) = (start.header.clone(), start.header.clone(), start.header.clone());
    let kinds = start.kinds();
    let choices = Signal::derive(move || {
        kinds.iter().map(|kind| Choice::new(kind, kind_name(kind))).collect::<Vec<_>>()
    });
    let kind = of(|field| field.kind.clone());
    let choose = move |kind: Option<String>| {
        if let Some(kind) = kind {
            change(&|field| field.kind = kind.clone());
        }
    };
    let disabled = Signal::derive(move || !kept.get());
    let misfits = Memo::new(move |_| {
        sheet.plan.with(|plan| {
            let field = plan.as_ref().and_then(|plan| plan.columns.get(place));
            field.and_then(PlannedField::misfits).cloned()
        })
    });
    Some(view! {
        <tr class:off=move || !kept.get()>
            <td class="pick">
                <Checkbox
                    checked=kept
                    on_change=move |on: bool| change(&|field| field.left_out = !on)
                    label=Signal::derive(t!("sheet-take", column = header))
                />
            </td>
            <td>
                <TextInput
                    value=of(|field| field.label.clone())
                    on_input=move |text: String| change(&|field| field.label = text.clone())
                    disabled=disabled
                    label=Signal::derive(t!("sheet-label-of", column = for_label))
                    size=ControlSize::Small
                />
            </td>
            <td>
                <Select
                    choices=choices
                    value=Signal::derive(move || Some(kind.get()))
                    on_change=choose
                    disabled=disabled
                    label=Signal::derive(t!("sheet-kind-of", column = for_kind))
                    size=ControlSize::Small
                />
                {move || misfits.get().map(|it| view! {
                    <p class="note warn-text" title=it.message>
                        {t!("sheet-misfits", count = it.count, line = it.line, value = it.value.clone())}
                    </p>
                })}
            </td>
            <td class="phone-hide"><Samples samples=start.samples/></td>
        </tr>
    })
}

/// The buttons of the dialog.
#[component]
pub fn SheetFoot(
    sheet: FromSheet,
    app: Memo<Option<String>>,
    open: RwSignal<bool>,
    /// The form is there; its records are still coming.
    #[prop(into)]
    on_made: Callback<Form>,
    /// All is done: shows the records.
    #[prop(into)]
    on_done: Callback<Id>,
) -> impl IntoView {
    let busy = Signal::derive(move || sheet.making.get() || sheet.run.running.get());
    let make = move |_| {
        if let Some(app) = app.get_untracked() {
            sheet.make(app, on_made, on_done);
        }
    };
    let cancel = move |_| match sheet.run.running.get_untracked() {
        true => sheet.run.cancel(),
        false => open.set(false),
    };
    let rows = move || sheet.plan.with(|plan| plan.as_ref().map_or(0, |plan| plan.rows));
    move || {
        match (sheet.made.get(), sheet.run.running.get()) {
        (Some(form), false) => view! {
            <Button kind=ButtonKind::Primary on_press=move |_| on_done.run(form)>{t!("sheet-open-form")}</Button>
        }
        .into_any(),
        _not_yet => view! {
            <Button on_press=cancel>{t!("ui-cancel")}</Button>
            {move || sheet.is_wide().then(|| view! {
                <Button kind=ButtonKind::Primary busy=busy disabled_reason=Signal::derive(move || sheet.obstacle()) on_press=make>
                    {t!("sheet-create", count = rows())}
                </Button>
            })}
        }
        .into_any(),
    }
    }
}
