//! A table of a report, and its csv.

use leptos::prelude::*;
use serde_json::{Map, Value as Json};

use super::figure::reason_text;
use crate::api::reports::{Column, Table};
use crate::i18n::group_digits;
use crate::t;
use crate::ui::{Button, ButtonKind, ControlSize};

/// The group's column is the first one.
fn group_of(table: &Table) -> Option<&Column> {
    table.columns.first()
}

fn reason_of(row: &Map<String, Json>, column: &str) -> Option<String> {
    row.get("reasons")?.get(column)?.as_str().map(reason_text)
}

fn cell(row: &Map<String, Json>, column: &Column) -> AnyView {
    match row.get(&column.key).and_then(Json::as_str) {
        Some(value) => {
            let unit = column.unit.as_deref().filter(|unit| *unit == "%").map(|unit| format!("\u{a0}{unit}"));
            view! { <td class="num">{group_digits(value)}{unit}</td> }.into_any()
        }
        None => {
            let reason = reason_of(row, &column.key);
            view! { <td class="num"><span class="muted" title=reason>"—"</span></td> }.into_any()
        }
    }
}

fn line(table: &Table, row: &Map<String, Json>, total: bool) -> AnyView {
    let group = group_of(table).map(|column| column.key.clone()).unwrap_or_default();
    let text = |name: &str| row.get(name).and_then(Json::as_str).map(str::to_string);
    let name = text("label").or_else(|| text(&group)).filter(|name| !name.is_empty());
    let cells = table.columns.iter().skip(1).map(|column| cell(row, column)).collect_view();
    let class = if total { "total" } else { "" };
    let name = match (name, total) {
        (_, true) => t!("report-total")(),
        (Some(name), false) => name,
        (None, false) => t!("report-without")(),
    };
    view! { <tr class=class><td class="title">{name}</td>{cells}</tr> }.into_any()
}

/// The table as csv with a byte order mark, so that spreadsheets read its letters right.
pub fn csv(table: &Table) -> String {
    let quote = |text: &str| {
        // A cell that a spreadsheet would run as a formula becomes text.
        let risky = text.starts_with(['=', '+', '@', '\t'])
            || (text.starts_with('-') && text.parse::<engine::value::Decimal>().is_err());
        let text = if risky { format!("'{text}") } else { text.to_string() };
        if text.contains([',', '"', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
    };
    let head = table.columns.iter().map(|column| quote(column.label.as_deref().unwrap_or(&column.key)));
    let mut lines = vec![head.collect::<Vec<_>>().join(",")];
    for row in table.rows.iter().chain(&table.total) {
        let first = table.columns.first().map(|column| column.key.as_str()).unwrap_or_default();
        let cells = table.columns.iter().map(|column| {
            let label = (column.key == first).then(|| row.get("label")).flatten();
            let value = label.or_else(|| row.get(&column.key));
            quote(value.and_then(Json::as_str).unwrap_or_default())
        });
        lines.push(cells.collect::<Vec<_>>().join(","));
    }
    format!("\u{feff}{}\r\n", lines.join("\r\n"))
}

/// A table in a card.
#[component]
pub fn ReportTable(table: Table) -> impl IntoView {
    let heads = table
        .columns
        .iter()
        .enumerate()
        .map(|(place, column)| {
            let label = column.label.clone().unwrap_or_else(|| column.key.clone());
            let class = if place == 0 { "" } else { "num" };
            view! { <th class=class><span>{label}</span></th> }
        })
        .collect_view();
    let rows = table.rows.iter().map(|row| line(&table, row, false)).collect_view();
    let total = table.total.as_ref().map(|row| line(&table, row, true));
    let (name, text) = (format!("{}.csv", table.key), csv(&table));
    let download = move |_| crate::browser::download(&name, "text/csv;charset=utf-8", &text);
    view! {
        <section class="card w24" data-table=table.key.clone()>
            <div class="card-head">
                <h2>{table.label.clone()}</h2>
                <span class="push">
                    <Button kind=ButtonKind::Ghost size=ControlSize::Small icon="export" on_press=download>{t!("report-csv")}</Button>
                </span>
            </div>
            <div class="sub-scroll">
                <table class="grid plain auto"><thead><tr>{heads}</tr></thead><tbody>{rows}{total}</tbody></table>
            </div>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csv_quotes_and_defuses() {
        let table: Table = serde_json::from_value(serde_json::json!({"key": "t", "columns": [
            {"key": "year", "label": "年度"}, {"key": "cost", "label": "a,b"}],
            "rows": [{"year": "2022", "cost": "-5.00"}, {"year": "=1+1", "label": "=cmd", "cost": null}]}))
        .unwrap();
        assert_eq!(csv(&table), "\u{feff}年度,\"a,b\"\r\n2022,-5.00\r\n'=cmd,\r\n");
    }
}
