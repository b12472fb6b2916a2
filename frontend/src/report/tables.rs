//! A table of a report with its charts.

use std::collections::BTreeSet;

use leptos::prelude::*;
use serde_json::Value as Json;
use wire::{FigureColumn, ReportTable};

use super::exporting::CsvButton;
use super::figure::{Reason, part_note};
use super::table::{Cell, FigureTable, narrowed_in, note_lines, notes, reason_of};
use crate::chart::{BarList, ColumnChart, LineChart, Picture, by_period, unit_text};
use crate::t;
use crate::ui::Empty;

/// More periods than this are drawn as lines.
const MOST_COLUMNS: usize = 16;
/// More parts than this are a table.
const MOST_PARTS: usize = 16;
/// Amounts that are drawn together.
const MOST_SERIES: usize = 3;

/// How a table is shown.
enum Look {
    /// Periods: amounts and one rate as charts, then the table.
    Periods {
        amounts: Vec<String>,
        rate: Option<String>,
    },
    /// A few groups with an amount and at most a share: one list of bars.
    Parts,
    Plain,
}

fn look(table: &ReportTable) -> Look {
    let measured: Vec<&FigureColumn> = table.columns.iter().filter(|column| !column.group).collect();
    let is_rate = |column: &&&FigureColumn| matches!(column.unit.as_deref(), Some("%" | "×"));
    if table.rows.len() > 1 && by_period(&table.columns, &table.rows) && in_turn(table) {
        let amounts = measured.iter().filter(|column| !is_rate(column)).take(MOST_SERIES);
        let amounts: Vec<String> = amounts.map(|column| column.key.clone()).collect();
        let rate = measured.iter().filter(is_rate).find(|column| column.unit.as_deref() == Some("%"));
        return Look::Periods { amounts, rate: rate.map(|column| column.key.clone()) };
    }
    let is_short = table.rows.len() <= MOST_PARTS && (1..=2).contains(&measured.len());
    if is_short && !table.rows.is_empty() { Look::Parts } else { Look::Plain }
}

/// Whether the rows follow each other: periods in the order of a figure are no chart over time.
fn in_turn(table: &ReportTable) -> bool {
    let Some(group) = table.columns.iter().find(|column| column.group) else { return false };
    table.rows.iter().map(|row| row.get(&group.key).and_then(Json::as_str)).is_sorted()
}

/// The key of a table, and what its file is called.
fn named(table: &ReportTable) -> (String, String) {
    let name = if table.label.is_empty() { &table.key } else { &table.label };
    (table.key.clone(), name.clone())
}

/// The charts of all tables, then the tables themselves. `on_cell` is called with a number that was pressed, and its
/// table.
#[component]
pub fn Tables(
    tables: Vec<ReportTable>,
    #[prop(into)] on_cell: Callback<(ReportTable, Cell)>,
    /// Hears of which table a file is wanted: its key and its name.
    #[prop(into)]
    on_export: Callback<(String, String)>,
) -> impl IntoView {
    let mut charts: Vec<AnyView> = Vec::new();
    let mut parts: Vec<ReportTable> = Vec::new();
    let mut plain: Vec<AnyView> = Vec::new();
    for table in tables {
        let kept = table.clone();
        let on_cell = Callback::new(move |cell: Cell| on_cell.run((kept.clone(), cell)));
        match look(&table) {
            Look::Parts => parts.push(table),
            Look::Plain => {
                plain.push(view! { <TableCard table=table on_cell=on_cell on_export=on_export/> }.into_any())
            }
            Look::Periods { amounts, rate } => {
                charts.extend(of_periods(&table, &amounts, rate, on_cell));
                plain.push(view! { <TableCard table=table on_cell=on_cell on_export=on_export/> }.into_any());
            }
        }
    }
    // A single one takes the whole width.
    let class = if parts.len() == 1 { "card w24" } else { "card w12" };
    let parts = parts.into_iter().map(|table| {
        let kept = table.clone();
        let on_cell = Callback::new(move |cell: Cell| on_cell.run((kept.clone(), cell)));
        view! { <Parts table=table class=class on_cell=on_cell on_export=on_export/> }
    });
    let parts = parts.collect_view();
    let dash = |views: Vec<AnyView>| (!views.is_empty()).then(|| view! { <div class="dash">{views}</div> });
    view! { {dash(charts)}<div class="dash">{parts}</div>{dash(plain)} }
}

/// The amounts of a table by period, and its rate beside them.
fn of_periods(
    table: &ReportTable,
    amounts: &[String],
    rate: Option<String>,
    on_cell: Callback<Cell>,
) -> Vec<AnyView> {
    let class = if rate.is_some() && !amounts.is_empty() { "card w12" } else { "card w24" };
    let mut charts = Vec::new();
    if !amounts.is_empty() {
        let shown: Vec<&str> = amounts.iter().map(String::as_str).collect();
        let picture = Picture::of(&table.columns, &table.rows, &shown);
        let pick = pick_of(table, &shown, on_cell);
        let untold = shown.iter().map(|column| untold(table, column)).collect();
        let narrowed = narrowed_of(table, &shown);
        charts.push(chart_card(class, table.label.clone(), picture, untold, narrowed, pick).into_any());
    }
    if let Some(rate) = rate {
        let picture = Picture::of(&table.columns, &table.rows, &[rate.as_str()]);
        let label = picture.series.first().map(|series| series.label.clone()).unwrap_or_default();
        let pick = pick_of(table, &[rate.as_str()], on_cell);
        let chart = match untold(table, &rate) {
            Some(reason) => {
                view! { <Empty icon="chart" title=Signal::derive(move || reason.text())/> }.into_any()
            }
            None => {
                view! { <LineChart picture=picture label=label.clone() filled=true on_pick=pick/> }.into_any()
            }
        };
        let card = view! {
            <section class=class>
                <div class="card-head"><h2>{label}</h2><span class="note muted push">"%"</span></div>
                <div class="card-body">{chart}</div>
                {part_note(&narrowed_of(table, &[rate.as_str()]))}
            </section>
        };
        charts.push(card.into_any());
    }
    charts
}

/// The reason where no period has a number in this column: there is no line of it, and its place says why.
fn untold(table: &ReportTable, column: &str) -> Option<Reason> {
    let known = table.columns.iter().find(|known| known.key == column)?;
    let first = reason_of(table.rows.first()?, known)?;
    table.rows.iter().all(|row| row.get(column).is_none_or(Json::is_null)).then_some(first)
}

/// The forms of which the reader sees a part in what is drawn.
fn narrowed_of(table: &ReportTable, shown: &[&str]) -> Vec<String> {
    let drawn = table.columns.iter().filter(|column| shown.contains(&column.key.as_str()));
    let drawn: Vec<FigureColumn> = drawn.cloned().collect();
    narrowed_in(&drawn)
}

/// A press on a period asks about everything that is drawn there.
fn pick_of(table: &ReportTable, shown: &[&str], on_cell: Callback<Cell>) -> Callback<usize> {
    let drawn: Vec<&FigureColumn> =
        table.columns.iter().filter(|column| shown.contains(&column.key.as_str())).collect();
    let column = match drawn.as_slice() {
        [only] => (*only).clone(),
        several => {
            let inputs: BTreeSet<&String> = several.iter().flat_map(|column| &column.inputs).collect();
            let inputs = inputs.into_iter().cloned().collect();
            FigureColumn { label: table.label.clone(), inputs, ..FigureColumn::default() }
        }
    };
    let rows = table.rows.clone();
    Callback::new(move |place: usize| {
        if let Some(row) = rows.get(place).filter(|_| !column.inputs.is_empty()) {
            on_cell.run(Cell { row: row.clone(), column: column.clone(), total: false });
        }
    })
}

/// A chart with its legend; `untold` has, for each series, the reason why nothing of it is drawn.
fn chart_card(
    class: &'static str,
    title: String,
    picture: Picture,
    untold: Vec<Option<Reason>>,
    narrowed: Vec<String>,
    pick: Callback<usize>,
) -> impl IntoView {
    let unit = picture.series.first().and_then(|series| series.unit.clone());
    let legend = picture.series.iter().zip(untold).map(|(series, untold)| {
        let why = untold.map(|why| view! { <span class="muted">"— "{move || why.text()}</span> });
        view! { <span><i class=format!("swatch s{}", series.colour)></i>{series.label.clone()}{why}</span> }
    });
    let legend = legend.collect_view();
    let chart = if picture.names.len() > MOST_COLUMNS {
        view! { <LineChart picture=picture label=title.clone() on_pick=pick/> }.into_any()
    } else {
        view! { <ColumnChart picture=picture label=title.clone() on_pick=pick/> }.into_any()
    };
    view! {
        <section class=class>
            <div class="card-head">
                <h2>{title}</h2>
                <span class="legend push">{legend}</span>
                {unit.map(|unit| view! { <span class="note muted">{move || unit_text(&unit)}</span> })}
            </div>
            <div class="card-body">{chart}</div>
            {part_note(&narrowed)}
        </section>
    }
}

#[component]
fn Parts(
    table: ReportTable,
    class: &'static str,
    on_cell: Callback<Cell>,
    on_export: Callback<(String, String)>,
) -> impl IntoView {
    let file = named(&table);
    let measured: Vec<&FigureColumn> = table.columns.iter().filter(|column| !column.group).collect();
    let keys: Vec<&str> = measured.iter().map(|column| column.key.as_str()).collect();
    let picture = Picture::of(&table.columns, &table.rows, &keys);
    let unit = measured.first().and_then(|column| column.unit.clone());
    let told = notes(&table.columns, &table.rows, table.total.as_ref());
    let total = table.total.as_ref().map(|total| {
        let series = Picture::of(&table.columns, std::slice::from_ref(total), &keys).series;
        series.into_iter().map(|series| series.texts.first().cloned().unwrap_or_default()).collect::<Vec<_>>()
    });
    let (rows, column, cut) = (table.rows.clone(), measured.first().copied().cloned(), table.cut);
    let pick = Callback::new(move |place: usize| {
        if let (Some(row), Some(column)) = (rows.get(place), &column) {
            on_cell.run(Cell { row: row.clone(), column: column.clone(), total: false });
        }
    });
    view! {
        <section class=class data-table=table.key.clone()>
            <div class="card-head">
                <h2>{table.label.clone()}</h2>
                <span class="push row">
                    {unit.map(|unit| view! { <span class="note muted">{move || unit_text(&unit)}</span> })}
                    <CsvButton on_press=move |()| on_export.run(file.clone())/>
                </span>
            </div>
            <div class="card-body">
                <BarList picture=picture coloured=true total=total.unwrap_or_default() on_pick=pick/>
                {cut_note(cut)}
            </div>
            {note_lines(told)}
        </section>
    }
}

#[component]
fn TableCard(
    table: ReportTable,
    on_cell: Callback<Cell>,
    on_export: Callback<(String, String)>,
) -> impl IntoView {
    let file = named(&table);
    let (columns, rows, total) = (table.columns.clone(), table.rows.clone(), table.total.clone());
    let (key, label, cut) = (table.key.clone(), table.label.clone(), table.cut);
    let told = notes(&columns, &rows, total.as_ref());
    let nothing =
        rows.is_empty().then(|| view! { <p class="card-body note muted">{t!("report-no-rows")}</p> });
    view! {
        <section class="card w24" data-table=key>
            <div class="card-head">
                <h2>{label}</h2>
                <span class="push"><CsvButton on_press=move |()| on_export.run(file.clone())/></span>
            </div>
            <FigureTable columns=columns rows=rows total=total on_cell=on_cell asks_total=true/>
            {nothing}
            {cut_note(cut)}
            {note_lines(told)}
        </section>
    }
}

/// How many rows are left out below a table.
fn cut_note(cut: u64) -> Option<impl IntoView> {
    (cut > 0).then(|| view! { <p class="card-body note muted">{t!("report-cut", count = cut)}</p> })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_column_without_any_number_has_its_reason_in_place_of_a_line() {
        let row = |month: &str, gain: Json, reasons: Json| json!({"month": month, "gain": gain, "cost": "1.00", "reasons": reasons});
        let table = |rows: Vec<Json>| -> ReportTable {
            serde_json::from_value(json!({"key": "t", "label": "T", "columns": [{"key": "gain", "label": "Gain"}, {"key": "cost", "label": "Cost"}], "rows": rows})).unwrap()
        };
        let missing = json!({"gain": "GAIN_MISSING"});
        let none = table(vec![
            row("2024-04", Json::Null, missing.clone()),
            row("2024-05", Json::Null, missing.clone()),
        ]);
        assert_eq!(untold(&none, "gain"), Some(Reason::of("GAIN_MISSING", &[])));
        assert_eq!(untold(&none, "cost"), None);
        let some = table(vec![row("2024-04", Json::Null, missing), row("2024-05", json!("0.00"), json!({}))]);
        assert_eq!(untold(&some, "gain"), None);
    }
}
