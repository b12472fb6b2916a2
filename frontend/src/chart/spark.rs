//! A small line without axis or words: how a figure went in the last periods.

use leptos::prelude::*;

/// The drawing's own size, which is stretched to the room that there is.
const WIDTH: f64 = 100.0;
const HEIGHT: f64 = 24.0;
/// What is left free above and below, so that the stroke is not cut.
const EDGE: f64 = 2.0;

/// A line over values in order; what is missing is passed over. `label` says in words what is drawn.
#[component]
pub fn SparkLine(values: Vec<Option<f64>>, #[prop(into)] label: Signal<String>) -> impl IntoView {
    let points = joined(&points(&values));
    view! {
        <svg class="chart spark" role="img" aria-label=label viewBox=format!("0 0 {WIDTH} {HEIGHT}") preserveAspectRatio="none">
            <polyline class="line l1" points=points vector-effect="non-scaling-stroke"/>
        </svg>
    }
}

fn points(values: &[Option<f64>]) -> Vec<(f64, f64)> {
    let known = values.iter().flatten().copied();
    let (least, most) = known
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), value| (least.min(value), most.max(value)));
    let span = most - least;
    let step = WIDTH / values.len().saturating_sub(1).max(1) as f64;
    let y = |value: f64| {
        let part = if span > 0.0 { (value - least) / span } else { 0.5 };
        HEIGHT - EDGE - part * (HEIGHT - 2.0 * EDGE)
    };
    let placed = values.iter().enumerate();
    placed.filter_map(|(place, value)| Some((place as f64 * step, y((*value)?)))).collect()
}

fn joined(points: &[(f64, f64)]) -> String {
    points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_goes_from_edge_to_edge_and_passes_over_what_is_missing() {
        assert_eq!(joined(&points(&[Some(0.0), None, Some(10.0)])), "0.0,22.0 100.0,2.0");
        // What never changes is a line in the middle.
        assert_eq!(joined(&points(&[Some(3.0), Some(3.0)])), "0.0,12.0 100.0,12.0");
        assert!(points(&[None, None]).is_empty());
        assert!(points(&[]).is_empty());
    }
}
