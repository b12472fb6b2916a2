//! Columns over the rows of a table, drawn as SVG with the theme's classes.

use engine::value::Decimal;
use leptos::prelude::*;
use serde_json::Value as Json;

use crate::api::reports::Table;

const WIDTH: f64 = 540.0;
const HEIGHT: f64 = 220.0;
const LEFT: f64 = 64.0;
const BOTTOM: f64 = 28.0;
const TOP: f64 = 12.0;

/// The numbers of a column, absent ones 0. Drawing may be inexact; the table beside it is not.
fn numbers(table: &Table, column: &str) -> Vec<f64> {
    let number = |row: &serde_json::Map<String, Json>| {
        let text = row.get(column).and_then(Json::as_str)?;
        text.parse::<Decimal>().ok().and_then(|number| number.to_string().parse::<f64>().ok())
    };
    table.rows.iter().map(|row| number(row).unwrap_or_default()).collect()
}

/// A round number at or above `value`: 1, 2 or 5 times a power of ten.
fn round_up(value: f64) -> f64 {
    if value <= 0.0 {
        return 1.0;
    }
    let power = 10f64.powf(value.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().find(|step| step * power >= value);
    step.unwrap_or(10.0) * power
}

/// An axis label in 万 from ten thousand on (English: thousands).
fn axis_text(value: f64) -> String {
    let english = crate::i18n::language() == engine::text::Language::En;
    let (divisor, unit) = if english { (1_000.0, "k") } else { (10_000.0, "万") };
    let traditional = crate::i18n::language() == engine::text::Language::ZhTw;
    let unit = if traditional { "萬" } else { unit };
    if value.abs() >= divisor { format!("{}\u{a0}{unit}", value / divisor) } else { format!("{value}") }
}

/// Columns side by side for each row, for at most a few dozen rows. Negative numbers hang below the line.
#[component]
pub fn ColumnChart(table: Table, columns: Vec<String>, title: String) -> impl IntoView {
    let series: Vec<Vec<f64>> = columns.iter().map(|column| numbers(&table, column)).collect();
    let all = || series.iter().flatten().copied();
    let high = round_up(all().fold(0.0, f64::max));
    let low = -(if all().any(|value| value < 0.0) { round_up(-all().fold(0.0, f64::min)) } else { 0.0 });
    let span = high - low;
    let y = move |value: f64| TOP + (high - value) / span * (HEIGHT - TOP - BOTTOM);
    let count = table.rows.len().max(1) as f64;
    let slot = (WIDTH - LEFT - 8.0) / count;
    let bar = (slot * 0.7 / series.len().max(1) as f64).min(44.0);
    let ticks = (0..=4).map(|tick| {
        let value = low + span * f64::from(tick) / 4.0;
        let at = y(value);
        view! {
            <line class="gridline" x1=LEFT.to_string() x2=WIDTH.to_string() y1=at.to_string() y2=at.to_string()/>
            <text class="endx" x=(LEFT - 8.0).to_string() y=(at + 4.0).to_string()>{move || axis_text(value)}</text>
        }
    });
    let bars = series.iter().enumerate().map(|(place, values)| {
        let class = format!("f{}", place % 6 + 1);
        let rects = values.iter().enumerate().map(|(row, value)| {
            let group = LEFT + slot * (row as f64 + 0.5) - bar * series.len() as f64 / 2.0;
            let x = group + bar * place as f64;
            let (from, to) = (y(value.max(0.0)), y(value.min(0.0)));
            view! {
                <rect
                    class=class.clone()
                    x=x.to_string()
                    y=from.to_string()
                    width=(bar - 2.0).max(1.0).to_string()
                    height=(to - from).max(0.0).to_string()
                    rx="2"
                />
            }
        });
        rects.collect_view()
    });
    let group = table.columns.first().map(|column| column.key.clone()).unwrap_or_default();
    // Only as many names as there is room for.
    let every = (count / 12.0).ceil() as usize;
    let names = table.rows.iter().enumerate().filter(|(row, _)| row % every == 0).map(|(row, values)| {
        let text =
            values.get("label").or_else(|| values.get(&group)).and_then(Json::as_str).unwrap_or_default();
        let x = LEFT + slot * (row as f64 + 0.5);
        view! { <text class="mid" x=x.to_string() y=(HEIGHT - 8.0).to_string()>{text.to_string()}</text> }
    });
    let labels = table.columns.iter().filter(|column| columns.contains(&column.key));
    let legend = labels.enumerate().map(|(place, column)| {
        let label = column.label.clone().unwrap_or_else(|| column.key.clone());
        view! { <span><i class=format!("swatch s{}", place % 6 + 1)></i>{label}</span> }
    });
    view! {
        <section class="card w24">
            <div class="card-head"><h2>{title.clone()}</h2><span class="legend">{legend.collect_view()}</span></div>
            <div class="card-body">
                <svg class="chart" viewBox=format!("0 0 {WIDTH} {HEIGHT}") role="img" aria-label=title>
                    {ticks.collect_view()}
                    {bars.collect_view()}
                    <line class="axis" x1=LEFT.to_string() x2=WIDTH.to_string() y1=y(0.0).to_string() y2=y(0.0).to_string()/>
                    {names.collect_view()}
                </svg>
            </div>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::round_up;

    #[test]
    fn axes_end_at_round_numbers() {
        for (value, end) in [(0.0, 1.0), (7.0, 10.0), (120.0, 200.0), (4_100_000.0, 5_000_000.0)] {
            assert!((round_up(value) - end).abs() < 1e-6, "{value}");
        }
    }
}
