//! What is set: some fields, each to a value, to what a formula gives, or to nothing.

use engine::field::Shape;
use engine::form::{Column, FormulaInput};
use engine::record::Draft;
use engine::text::Fault;
use engine::value::{Value, Values, get};
use leptos::prelude::*;
use serde_json::{Map, Value as Json, json};

use crate::api::forms::OpenForm;
use crate::fill::{FieldInput, FormState, Titles, sentence};
use crate::records::{context, loaders};
use crate::ui::{
    Button, ButtonKind, Choice, ControlSize, Field, IconButton, Segment, Segmented, Select, TextArea,
};
use crate::{i18n, t, text};

/// What a field is set to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum How {
    #[default]
    Value,
    Formula,
    Nothing,
}

impl How {
    fn key(self) -> &'static str {
        match self {
            How::Value => "value",
            How::Formula => "formula",
            How::Nothing => "nothing",
        }
    }

    fn of(key: &str) -> How {
        match key {
            "formula" => How::Formula,
            "nothing" => How::Nothing,
            _value => How::Value,
        }
    }
}

/// One field that is set.
#[derive(Clone, Copy)]
struct Line {
    number: u32,
    field: RwSignal<Option<String>>,
    how: RwSignal<How>,
    /// The formula as it is written, with labels.
    formula: RwSignal<String>,
    /// Whether whoever writes it is done for now: half of a formula is nearly always wrong.
    settled: RwSignal<bool>,
}

/// Everything that is set. Cheap to copy; lives as long as the dialog.
#[derive(Clone, Copy)]
pub(super) struct Lines {
    form: StoredValue<OpenForm>,
    /// Holds what is entered as values.
    values: FormState,
    lines: RwSignal<Vec<Line>>,
    next: StoredValue<u32>,
    /// A line outlives the button that added it, which goes once every field has one.
    owner: StoredValue<Owner>,
}

/// Whether a field can hold the same in many records: what lies in one of them, as files and rows do, can't lie in others.
fn is_settable(column: &Column) -> bool {
    let is_shared = !matches!(column.shape, Shape::Rows | Shape::Nothing);
    is_shared && column.field.is_input() && column.field.kind.name() != "files"
}

impl Lines {
    pub fn new(form: StoredValue<OpenForm>, titles: Titles) -> Lines {
        let values = form.with_value(|form| {
            let context = context(form.params());
            let draft = Draft::open(form.form.clone(), context, Values::new(), Values::new());
            let state = FormState::new(draft, loaders(form, titles), titles);
            state.editable.set_value(Some(form.editable()));
            state
        });
        let (next, owner) = (StoredValue::new(0), StoredValue::new(Owner::new()));
        let lines = Lines { form, values, lines: RwSignal::default(), next, owner };
        lines.add();
        lines
    }

    fn add(self) {
        let number = self.next.get_value();
        self.next.set_value(number + 1);
        let line = self.owner.get_value().with(|| Line {
            number,
            field: RwSignal::new(None),
            how: RwSignal::default(),
            formula: RwSignal::default(),
            settled: RwSignal::new(true),
        });
        self.lines.update(|lines| lines.push(line));
    }

    /// The fields that a line can set: those that no other does.
    fn choices(self, line: Line) -> Vec<Choice> {
        let taken = |path: &str| {
            let lines = self.lines.get();
            lines.iter().any(|other| {
                other.number != line.number && other.field.with(|field| field.as_deref() == Some(path))
            })
        };
        self.form.with_value(|form| {
            let editable = form.editable();
            let columns = form.form.fields().filter(|column| is_settable(column));
            let open = columns.filter(|column| editable.contains(&column.path) && !taken(&column.path));
            let choice =
                |column: &Column| Choice::new(column.path.clone(), column.field.label.get(i18n::language()));
            open.map(choice).collect()
        })
    }

    /// What is set, by field, as the server takes it; else what is missing or wrong.
    pub fn set(self) -> Result<Map<String, Json>, String> {
        self.lines.get().into_iter().map(|line| self.entry(line)).collect()
    }

    fn entry(self, line: Line) -> Result<(String, Json), String> {
        let path = line.field.get().ok_or_else(|| text!("bulk-edit-no-field"))?;
        let json = match line.how.get() {
            How::Nothing => Json::Null,
            How::Formula => json!({ "formula": self.formula(&path, &line.formula.get())? }),
            How::Value => self.value(&path)?,
        };
        Ok((path, json))
    }

    fn value(self, path: &str) -> Result<Json, String> {
        if let Some(fault) = self.values.faults().into_iter().find(|fault| fault.path == path) {
            return Err(sentence(&fault));
        }
        self.values.draft.with(|draft| {
            let column = draft.form().column(path).ok_or_else(|| text!("bulk-edit-no-field"))?;
            match get(draft.values(), path) {
                // A switch that nobody turned is off.
                Value::Empty if column.shape == Shape::Bool => Ok(json!(false)),
                Value::Empty => Err(text!("bulk-edit-no-value")),
                value => Ok(column.field.kind.to_json(value)),
            }
        })
    }

    /// The formula as it is stored, from what was written with labels.
    fn formula(self, path: &str, source: &str) -> Result<String, String> {
        if source.trim().is_empty() {
            return Err(text!("bulk-edit-no-formula"));
        }
        self.form.with_value(|form| {
            let column = form.form.column(path).ok_or_else(|| text!("bulk-edit-no-field"))?;
            let (sketch, catalogue) = (&*form.form.sketch, &*form.catalogue);
            // It is no formula of the field's own: it may read what that holds.
            let input =
                FormulaInput { sketch, catalogue, of: "", language: i18n::language(), initials: None };
            let checked = input.check(source, &column.field.kind.formula_type());
            checked.map_err(|fault| sentence(&Fault::from(fault)))
        })
    }
}

/// The lines, and a button for one more.
#[component]
pub(super) fn LinesView(lines: Lines) -> impl IntoView {
    let is_full = move || {
        let all = lines.form.with_value(|form| {
            let editable = form.editable();
            let settable = form.form.fields().filter(|column| is_settable(column));
            settable.filter(|column| editable.contains(&column.path)).count()
        });
        lines.lines.with(Vec::len) >= all
    };
    let line = move |line: Line| view! { <LineView lines=lines line=line/> };
    view! {
        <div class="stack g6">
            <For each=move || lines.lines.get() key=|line| line.number children=line/>
        </div>
        <Show when=move || !is_full()>
            <div class="row">
                <Button kind=ButtonKind::Ghost icon="plus" on_press=move |_| lines.add()>{t!("bulk-edit-more")}</Button>
            </div>
        </Show>
    }
}

#[component]
fn LineView(lines: Lines, line: Line) -> impl IntoView {
    let choices = Signal::derive(move || lines.choices(line));
    let field = Signal::derive(move || line.field.get());
    let choose = move |path: Option<String>| line.field.set(path);
    let segments = vec![
        Segment::new("value", t!("bulk-edit-value")),
        Segment::new("formula", t!("bulk-edit-formula")),
        Segment::new("nothing", t!("bulk-edit-nothing")),
    ];
    let how = Signal::derive(move || line.how.get().key().to_string());
    let turn = move |key: &'static str| line.how.set(How::of(key));
    let is_alone = move || lines.lines.with(|lines| lines.len() < 2);
    let take_out = move |_| lines.lines.update(|all| all.retain(|other| other.number != line.number));
    // Typing does not build the input anew.
    let shown = Memo::new(move |_| (line.field.get(), line.how.get()));
    let control = move || match shown.get() {
        (Some(path), How::Value) => view! { <ValueInput lines=lines path=path/> }.into_any(),
        (Some(path), How::Formula) => view! { <Written lines=lines line=line path=path/> }.into_any(),
        (None, _) | (_, How::Nothing) => ().into_any(),
    };
    view! {
        <div class="form" role="group" aria-label=t!("bulk-edit-field")>
            <Field label=t!("bulk-edit-field") class="q1">
                <Select choices=choices value=field on_change=choose/>
            </Field>
            <div class="q2 row wrap">
                <Segmented segments=segments selected=how on_select=turn label=Signal::derive(t!("bulk-edit-how"))/>
                <Show when=move || !is_alone()>
                    <IconButton icon="trash" label=Signal::derive(t!("bulk-edit-take-out")) size=ControlSize::Small on_press=take_out/>
                </Show>
            </div>
            {control}
        </div>
    }
}

/// The input for a value of the field at a path.
#[component]
fn ValueInput(lines: Lines, path: String) -> impl IntoView {
    let label =
        lines.form.with_value(|form| form.form.column(&path).map(|column| column.field.label.clone()));
    let name = Signal::derive(move || {
        label.as_ref().map(|label| label.get(i18n::language()).to_string()).unwrap_or_default()
    });
    let fault = lines.values.fault_at(path.clone());
    view! {
        <Field label=name error=fault>
            <FieldInput state=lines.values path=path.clone() column=path/>
        </Field>
    }
}

/// The input for a formula.
#[component]
fn Written(lines: Lines, line: Line, path: String) -> impl IntoView {
    let write = move |source: String| {
        line.formula.set(source);
        line.settled.set(false);
    };
    let fault = Signal::derive(move || {
        let source = line.formula.get();
        let is_due = line.settled.get() && !source.trim().is_empty();
        is_due.then(|| lines.formula(&path, &source).err()).flatten()
    });
    view! {
        <Field label=t!("bulk-edit-formula") help=Signal::derive(t!("bulk-edit-formula-help")) error=fault>
            <TextArea value=line.formula on_input=write on_change=move |_| line.settled.set(true)/>
        </Field>
    }
}
