//! Lines over groups in order, mostly periods.

use leptos::prelude::*;

use super::canvas::Canvas;
use super::columns::{BOTTOM, TOP, every, room_for, slots};
use super::picture::{Picture, Series};
use super::scale::{Scale, axis_text};
use crate::t;

/// The room that the words about dashed lines take below the chart.
const WORDS: f64 = 24.0;

#[component]
pub fn LineChart(
    picture: Picture,
    #[prop(into)] label: String,
    #[prop(default = 240.0)] height: f64,
    /// Fills the space under a single line.
    #[prop(optional)]
    filled: bool,
    #[prop(optional)] on_pick: Option<Callback<usize>>,
) -> impl IntoView {
    let hovered = RwSignal::new(None::<(usize, f64)>);
    let scale = Scale::over(picture.series.iter().flat_map(|series| series.values.iter().flatten().copied()));
    let unit = picture.series.first().and_then(|series| series.unit.clone());
    let shown = picture.clone();
    let dashed = dashed(&picture.series);
    let words = told(&picture.series, &dashed);
    let height = if words.is_some() { height - WORDS } else { height };
    let draw = move |width: f64| {
        let ticks: Vec<String> = scale.ticks.iter().map(|tick| axis_text(*tick, unit.as_deref())).collect();
        let left = room_for(&ticks);
        let y = |value: f64| scale.place(value, height - BOTTOM, TOP);
        let slot = (width - left - 8.0) / shown.names.len().max(1) as f64;
        let x = |place: usize| left + slot * (place as f64 + 0.5);
        let grid = scale.ticks.iter().zip(ticks).map(|(tick, text)| {
            let class = if *tick == 0.0 { "axis" } else { "gridline" };
            let at = y(*tick).to_string();
            view! {
                <line class=class x1=left.to_string() x2=width.to_string() y1=at.clone() y2=at/>
                <text class="endx" x=(left - 8.0).to_string() y=(y(*tick) + 4.0).to_string()>{text}</text>
            }
        });
        let grid = grid.collect_view();
        let alone = match shown.series.as_slice() {
            [series] if filled => Some(series),
            _ => None,
        };
        let area = alone.map(|series| {
            let points = points(series, &x, &y);
            let (first, last) = (points.first().map_or(left, |p| p.0), points.last().map_or(left, |p| p.0));
            let base = y(0.0);
            let path = format!("{first},{base} {} {last},{base}", joined(&points));
            view! { <polygon class="area" points=path/> }
        });
        let lines = shown.series.iter().enumerate().map(|(number, series)| {
            let points = points(series, &x, &y);
            let over = if dashed.contains(&number) { " over" } else { "" };
            let class = format!("line l{}{over}", series.colour);
            let last = points.last().map(|(x, y)| {
                let class = format!("pt p{}", series.colour);
                view! { <circle class=class cx=x.to_string() cy=y.to_string() r="4"/> }
            });
            view! { <polyline class=class points=joined(&points)/>{last} }
        });
        let lines = lines.collect_view();
        let every = every(&shown.names, slot);
        let names = shown.names.iter().enumerate().filter(|(place, _)| place % every == 0);
        let names = names.map(|(place, name)| {
            view! { <text class="mid" x=x(place).to_string() y=(height - 8.0).to_string()>{name.clone()}</text> }
        });
        let names = names.collect_view();
        let slots = slots(shown.names.len(), left, slot, height, hovered, on_pick);
        view! { {grid}{area}{slots}{lines}{names} }.into_any()
    };
    view! { <Canvas height=height label=label picture=picture hovered=hovered draw=draw/> {words} }
}

/// The lines that are dashed, by their places.
fn dashed(series: &[Series]) -> Vec<usize> {
    let hides = |place: &usize| {
        let (own, earlier) = (series.get(*place), series.get(..*place).unwrap_or_default());
        own.is_some_and(|own| runs_along(own, earlier))
    };
    (0..series.len()).filter(hides).collect()
}

/// What dashes mean, with the names of the lines that have them: the legend is not enough, since it shows colours alone.
fn told(series: &[Series], dashed: &[usize]) -> Option<impl IntoView + use<>> {
    let lines = dashed.iter().filter_map(|place| series.get(*place));
    let lines: Vec<(String, String)> =
        lines.map(|line| (format!("dashes s{}", line.colour), line.label.clone())).collect();
    (!lines.is_empty()).then(|| {
        let lines = lines.into_iter().map(|(class, label)| {
            view! { <span><i class=class></i>{t!("chart-dashed", label = label)}</span> }
        });
        view! { <div class="legend dashed">{lines.collect_view()}</div> }
    })
}

/// Whether a line would hide a part of one that is drawn before it: both have the same values at two places in a row.
fn runs_along(series: &Series, earlier: &[Series]) -> bool {
    let alike =
        |(own, other): (&[Option<f64>], &[Option<f64>])| own.iter().all(Option::is_some) && own == other;
    earlier.iter().any(|other| series.values.windows(2).zip(other.values.windows(2)).any(alike))
}

fn points(series: &Series, x: &dyn Fn(usize) -> f64, y: &dyn Fn(f64) -> f64) -> Vec<(f64, f64)> {
    series.values.iter().enumerate().filter_map(|(place, value)| Some((x(place), y((*value)?)))).collect()
}

fn joined(points: &[(f64, f64)]) -> String {
    points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_over_another_one_lets_it_be_seen() {
        let series = |values: &[Option<f64>]| Series { values: values.to_vec(), ..Series::default() };
        let full = [series(&[Some(5.0), Some(5.0), Some(7.0)])];
        assert!(runs_along(&series(&[Some(5.0), Some(5.0), Some(6.0)]), &full));
        assert!(!runs_along(&series(&[Some(5.0), Some(4.0), Some(7.0)]), &full));
        assert!(!runs_along(&series(&[None, None, Some(7.0)]), &[series(&[None, None, Some(7.0)])]));
        assert!(!runs_along(&full[0], &[]));
        // The legend names each of them, and no other.
        let all = [full[0].clone(), series(&[Some(1.0); 3]), series(&[Some(5.0), Some(5.0), Some(6.0)])];
        assert_eq!(dashed(&all), [2]);
    }
}
