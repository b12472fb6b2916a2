//! The figures in tables: by step, by person, by period.

use engine::flow::document::START;
use leptos::prelude::*;
use wire::flow_figures::{FlowCompared, FlowFigure, FlowPeriodFigure, FlowPersonFigure, FlowStepFigure};

use super::scope::{Question, narrowed, within};
use super::words::{change, count, time};
use crate::api::flow_figures::Asked;
use crate::{i18n, t, text};

/// A column: what it is of a figure, and what a press on a number lists.
struct Column {
    label: String,
    which: &'static str,
    of: fn(&FlowFigure) -> Cell,
}

/// A number as it stands in a cell.
struct Cell {
    text: String,
    /// There is something behind it.
    opens: bool,
}

fn counted(number: i64) -> Cell {
    Cell { text: count(number), opens: number > 0 }
}

fn lasted(seconds: Option<i64>) -> Cell {
    Cell { text: time(seconds), opens: seconds.is_some() }
}

fn column(label: String, which: &'static str, of: fn(&FlowFigure) -> Cell) -> Column {
    Column { label, which, of }
}

/// What goes on now.
fn open_columns() -> [Column; 2] {
    [
        column(text!("flow-figures-running"), "running", |figure| counted(figure.running)),
        column(text!("flow-figures-overdue"), "overdue", |figure| counted(figure.overdue)),
    ]
}

/// What was done in the period.
fn done_columns() -> [Column; 6] {
    [
        column(text!("flow-figures-done"), "done", |figure| counted(figure.done)),
        column(text!("flow-figures-median"), "done", |figure| lasted(figure.median)),
        column(text!("flow-figures-p90"), "done", |figure| lasted(figure.p90)),
        column(text!("flow-figures-late"), "late", |figure| counted(figure.late)),
        column(text!("flow-figures-returned"), "returned", |figure| counted(figure.returned)),
        column(text!("flow-figures-rejected"), "rejected", |figure| counted(figure.rejected)),
    ]
}

/// A row: its name, perhaps a press that narrows everything to it, and what its numbers list.
struct Row {
    key: String,
    name: String,
    narrow: Option<Callback<()>>,
    figure: FlowFigure,
    scope: Asked,
    /// Further cells, which open nothing.
    more: Vec<String>,
}

fn row_view(columns: &[Column], row: Row, ask: Callback<Question>) -> impl IntoView + use<> {
    let Row { key, name, narrow, figure, scope, more } = row;
    let cells = columns.iter().map(|column| {
        let Cell { text, opens } = (column.of)(&figure);
        if !opens {
            return view! { <td class="num muted">{text}</td> }.into_any();
        }
        let question = Question {
            title: format!("{name} · {}", column.label),
            told: text.clone(),
            which: column.which,
            scope: scope.clone(),
        };
        let press = move |_| ask.run(question.clone());
        view! { <td class="num"><button type="button" class="cell-link" on:click=press>{text}</button></td> }
            .into_any()
    });
    let cells = cells.collect_view();
    let more = more.into_iter().map(|text| view! { <td class="num">{text}</td> }).collect_view();
    let name = match narrow {
        Some(narrow) => {
            let press = move |_| narrow.run(());
            view! { <button type="button" class="cell-link" title=t!("flow-figures-narrow") on:click=press>{name}</button> }
                .into_any()
        }
        None => name.into_any(),
    };
    view! { <tr data-row=key><td class="title">{name}</td>{cells}{more}</tr> }
}

/// A card with a table of figures.
fn table(
    key: &'static str,
    title: String,
    first: String,
    columns: Vec<Column>,
    more: Vec<String>,
    rows: Vec<Row>,
    ask: Callback<Question>,
) -> impl IntoView {
    let labels = columns.iter().map(|column| column.label.clone()).chain(more);
    let heads = labels.map(|label| view! { <th class="num"><span>{label}</span></th> }).collect_view();
    let nothing =
        rows.is_empty().then(|| view! { <p class="card-body note muted">{t!("flow-figures-nothing")}</p> });
    let lines = rows.into_iter().map(|row| row_view(&columns, row, ask)).collect_view();
    view! {
        <section class="card w24" data-table=key>
            <div class="card-head"><h2>{title}</h2></div>
            <div class="sub-scroll">
                <table class="grid plain auto figures">
                    <thead><tr><th><span>{first}</span></th>{heads}</tr></thead>
                    <tbody>{lines}</tbody>
                </table>
            </div>
            {nothing}
        </section>
    }
}

/// What a step is called. The submitter's own has no label of its own.
pub fn step_name(step: &FlowStepFigure) -> String {
    let label = step.label.get(i18n::language());
    match label {
        "" if step.step == START => text!("flow-figures-start"),
        "" => step.step.clone(),
        label => label.to_string(),
    }
}

#[component]
pub fn StepTable(
    steps: Vec<FlowStepFigure>,
    compared: Option<FlowCompared>,
    scope: Asked,
    /// Narrows the page to a step.
    choose: Callback<Option<String>>,
    ask: Callback<Question>,
) -> impl IntoView {
    let columns: Vec<Column> = open_columns().into_iter().chain(done_columns()).collect();
    let more = compared.as_ref().map(|other| {
        let version = other.version;
        vec![
            text!("flow-figures-done-in", version = version),
            text!("flow-figures-median-in", version = version),
            text!("flow-figures-change"),
        ]
    });
    let rows = steps.into_iter().map(|step| {
        let (key, name) = (step.step.clone(), step_name(&step));
        let before = compared.as_ref().map(|other| other.steps.get(&key).cloned().unwrap_or_default());
        let more = before.map(|before| {
            let change = change(step.figure.median, before.median).unwrap_or_else(|| "—".to_string());
            vec![count(before.done), time(before.median), change]
        });
        let chosen = key.clone();
        Row {
            name,
            narrow: Some(Callback::new(move |()| choose.run(Some(chosen.clone())))),
            scope: narrowed(&scope, "step", &key),
            figure: step.figure,
            key,
            more: more.unwrap_or_default(),
        }
    });
    let rows = rows.collect();
    let (title, first) = (text!("flow-figures-by-step"), text!("flow-figures-step"));
    table("steps", title, first, columns, more.unwrap_or_default(), rows, ask)
}

#[component]
pub fn PersonTable(
    people: Vec<FlowPersonFigure>,
    scope: Asked,
    /// Narrows the page to a person.
    choose: Callback<Option<String>>,
    ask: Callback<Question>,
) -> impl IntoView {
    let columns = open_columns().into_iter().chain(done_columns()).collect();
    let rows = people.into_iter().map(|person| {
        let key = person.member.to_string();
        let chosen = key.clone();
        Row {
            name: person.name,
            narrow: Some(Callback::new(move |()| choose.run(Some(chosen.clone())))),
            scope: narrowed(&scope, "person", &key),
            figure: person.figure,
            key,
            more: Vec::new(),
        }
    });
    let rows = rows.collect();
    let (title, first) = (text!("flow-figures-by-person"), text!("flow-figures-person"));
    table("people", title, first, columns, Vec::new(), rows, ask)
}

#[component]
pub fn PeriodTable(periods: Vec<FlowPeriodFigure>, scope: Asked, ask: Callback<Question>) -> impl IntoView {
    let begun = column(text!("flow-figures-begun"), "begun", |figure| counted(figure.begun));
    let columns = std::iter::once(begun).chain(done_columns()).collect();
    // The latest first: it is what one looks for.
    let rows = periods.into_iter().rev().map(|period| Row {
        scope: within(&scope, &period.from, &period.to),
        key: period.name.clone(),
        name: period.name,
        narrow: None,
        figure: period.figure,
        more: Vec::new(),
    });
    let rows = rows.collect();
    let (title, first) = (text!("flow-figures-by-period"), text!("flow-figures-period"));
    table("periods", title, first, columns, Vec::new(), rows, ask)
}
