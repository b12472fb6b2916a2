//! A table of a report or tile.

use std::collections::BTreeSet;

use leptos::prelude::*;
use serde_json::{Map, Value as Json};
use wire::FigureColumn;

use super::figure::Reason;
use crate::chart::{decimals, unit_text, with_decimals};
use crate::i18n::{self, group_digits};
use crate::ui::{Icon, IconSize};
use crate::{t, text};

/// A cell that was pressed: its row and column.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    pub row: Map<String, Json>,
    pub column: FigureColumn,
    /// The row is the total of all.
    pub total: bool,
}

/// The reason that a row has no number in this column.
pub fn reason_of(row: &Map<String, Json>, column: &FigureColumn) -> Option<Reason> {
    Some(Reason::of(row.get("reasons")?.get(&column.key)?.as_str()?, &column.unseen))
}

/// The forms of which the reader sees a part in these columns, where a number of theirs is shown at all.
pub fn narrowed_in(columns: &[FigureColumn]) -> Vec<String> {
    let shown = columns.iter().filter(|column| column.unseen.is_empty());
    let forms: BTreeSet<&String> = shown.flat_map(|column| &column.narrowed).collect();
    forms.into_iter().cloned().collect()
}

fn name_of(row: &Map<String, Json>, column: &str) -> Option<String> {
    let label = row.get("labels").and_then(|labels| labels.get(column)).or_else(|| row.get(column));
    label.and_then(Json::as_str).filter(|name| !name.is_empty()).map(str::to_string)
}

/// A number that stands alone, with its unit.
pub fn with_unit(value: &str, unit: Option<&str>) -> String {
    let digits = group_digits(value);
    unit.map_or(digits.clone(), |unit| format!("{digits}\u{a0}{}", untrack(|| unit_text(unit))))
}

/// The unit that stands with each number; the others stand at the head of the column.
fn beside(column: &FigureColumn) -> Option<String> {
    column.unit.as_deref().filter(|unit| *unit == "%").map(|unit| format!("\u{a0}{unit}"))
}

fn head(column: &FigureColumn) -> String {
    match column.unit.as_deref().filter(|unit| !matches!(*unit, "%" | "×")) {
        Some(unit) => format!("{} ({})", column.label, unit_text(unit)),
        None => column.label.clone(),
    }
}

fn cell(
    row: &Map<String, Json>,
    column: &FigureColumn,
    decimals: usize,
    total: bool,
    on_cell: Option<Callback<Cell>>,
) -> AnyView {
    let Some(value) = row.get(&column.key).and_then(Json::as_str) else {
        let reason = reason_of(row, column).map(|why| why.text());
        return view! { <td class="num"><span class="muted" title=reason>"—"</span></td> }.into_any();
    };
    let text =
        format!("{}{}", group_digits(&with_decimals(value, decimals)), beside(column).unwrap_or_default());
    match on_cell {
        Some(on_cell) => {
            let asked = Cell { row: row.clone(), column: column.clone(), total };
            view! { <td class="num"><button type="button" class="cell-link" on:click=move |_| on_cell.run(asked.clone())>{text}</button></td> }
                .into_any()
        }
        None => view! { <td class="num">{text}</td> }.into_any(),
    }
}

/// A row; of each column there is how many decimals it is shown with.
fn line(
    columns: &[(FigureColumn, usize)],
    row: &Map<String, Json>,
    total: bool,
    on_cell: Option<Callback<Cell>>,
) -> AnyView {
    let groups = columns.iter().filter(|(column, _)| column.group).enumerate().map(|(place, (column, _))| {
        let name = match (total, place) {
            (true, 0) => t!("report-total")(),
            (true, _) => String::new(),
            (false, _) => name_of(row, &column.key).unwrap_or_else(t!("report-without")),
        };
        view! { <td class="title">{name}</td> }
    });
    let groups = groups.collect_view();
    let measured = columns.iter().filter(|(column, _)| !column.group);
    let cells =
        measured.map(|(column, decimals)| cell(row, column, *decimals, total, on_cell)).collect_view();
    let class = if total { "total" } else { "" };
    view! { <tr class=class>{groups}{cells}</tr> }.into_any()
}

/// What is said below numbers: of which forms they count a part alone, and of which columns nothing is known to the reader,
/// and why.
pub fn notes(
    columns: &[FigureColumn],
    rows: &[Map<String, Json>],
    total: Option<&Map<String, Json>>,
) -> Vec<String> {
    let narrowed = narrowed_in(columns);
    let part = (!narrowed.is_empty()).then(|| text!("report-scope-part", forms = i18n::listed(&narrowed)));
    let mut unknown: Vec<(String, Vec<&str>)> = Vec::new();
    for column in columns {
        let why = rows.iter().chain(total).find_map(|row| reason_of(row, column));
        // A form that its reader may not know of has no name here.
        let why = why.filter(|why| !column.unseen.is_empty() || why.is_of_sight());
        let Some(why) = why else { continue };
        let words = why.text();
        match unknown.iter_mut().find(|(known, _)| *known == words) {
            Some((_, labels)) => labels.push(column.label.as_str()),
            None => unknown.push((words, vec![column.label.as_str()])),
        }
    }
    let unknown = unknown.into_iter();
    let unknown = unknown
        .map(|(why, columns)| text!("report-unknown-columns", columns = i18n::listed(columns), reason = why));
    part.into_iter().chain(unknown).collect()
}

/// The notes below a table; they come anew with the answer, in the reader's language.
pub fn note_lines(notes: Vec<String>) -> impl IntoView {
    let line = |words: String| {
        view! { <p class="part-note"><Icon name="eye" size=IconSize::Small/><span>{words}</span></p> }
    };
    notes.into_iter().map(line).collect_view()
}

/// Rows and columns, the total last.
#[component]
pub fn FigureTable(
    columns: Vec<FigureColumn>,
    rows: Vec<Map<String, Json>>,
    #[prop(optional_no_strip)] total: Option<Map<String, Json>>,
    #[prop(optional)] on_cell: Option<Callback<Cell>>,
    /// The numbers of the total can be pressed like the others.
    #[prop(optional)]
    asks_total: bool,
) -> impl IntoView {
    let heads = columns.iter().map(|column| {
        let class = if column.group { "" } else { "num" };
        view! { <th class=class title=column.definition.clone()><span>{head(column)}</span></th> }
    });
    let heads = heads.collect_view();
    let all = || rows.iter().chain(&total);
    let decimals: Vec<usize> = columns.iter().map(|column| decimals(column, all())).collect();
    let columns: Vec<(FigureColumn, usize)> = columns.into_iter().zip(decimals).collect();
    let lines = rows.iter().map(|row| line(&columns, row, false, on_cell)).collect_view();
    let total = total.as_ref().map(|row| line(&columns, row, true, on_cell.filter(|_| asks_total)));
    view! {
        <div class="sub-scroll">
            <table class="grid plain auto figures"><thead><tr>{heads}</tr></thead><tbody>{lines}{total}</tbody></table>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use wire::ReportTable;

    use super::*;

    #[test]
    fn a_table_says_what_its_reader_does_not_see() {
        i18n::set_language(i18n::Language::En);
        let table: ReportTable =
            serde_json::from_value(serde_json::json!({"key": "t", "label": "T", "columns": [
            {"key": "year", "label": "Year", "group": true},
            {"key": "cost", "label": "Cost", "narrowed": ["Costs"], "unseen": ["Costs"]},
            {"key": "net", "label": "Net", "narrowed": ["Costs", "Gains"], "unseen": ["Costs"]},
            {"key": "gain", "label": "Gain", "narrowed": ["Gains"]}],
            "rows": [{"year": "2022", "cost": null, "net": null, "gain": "5.00",
                "reasons": {"cost": "NONE_VISIBLE", "net": "NONE_VISIBLE"}}]}))
            .unwrap();
        assert_eq!(
            notes(&table.columns, &table.rows, None),
            ["Only what you may see of: Gains", "Cost, Net: None that you may see: Costs"]
        );
    }

    #[test]
    fn a_form_that_its_reader_may_not_know_of_is_not_named() {
        i18n::set_language(i18n::Language::En);
        let table: ReportTable =
            serde_json::from_value(serde_json::json!({"key": "t", "label": "T", "columns": [
            {"key": "year", "label": "Year", "group": true}, {"key": "cost", "label": "Cost"}],
            "rows": [{"year": "2022", "cost": null, "reasons": {"cost": "NOT_READABLE"}}]}))
            .unwrap();
        assert_eq!(
            notes(&table.columns, &table.rows, None),
            ["Cost: You may not see the data that this needs"]
        );
    }
}
