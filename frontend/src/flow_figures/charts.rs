//! What comes and goes over time, and the steps where requests wait longest.

use leptos::prelude::*;
use wire::flow_figures::{FlowFigure, FlowPeriodFigure, FlowStepFigure};

use super::scope::{Question, narrowed, within};
use super::tables::step_name;
use super::words::{count, lasting};
use crate::api::flow_figures::Asked;
use crate::chart::{BarList, ColumnChart, LineChart, Picture, Series};
use crate::ui::Empty;
use crate::{t, text};

/// More periods than this are drawn as lines.
const MOST_COLUMNS: usize = 16;
/// The slowest steps that are named.
const SLOWEST: usize = 5;

/// What began and what was done, by period.
#[component]
pub fn Trend(periods: Vec<FlowPeriodFigure>, scope: Asked, ask: Callback<Question>) -> impl IntoView {
    let series = |label: String, colour: usize, of: fn(&FlowFigure) -> i64| Series {
        label,
        unit: None,
        colour,
        values: periods.iter().map(|period| Some(of(&period.figure) as f64)).collect(),
        texts: periods.iter().map(|period| count(of(&period.figure))).collect(),
    };
    let picture = Picture {
        names: periods.iter().map(|period| period.name.clone()).collect(),
        series: vec![
            series(text!("flow-figures-begun"), 5, |figure| figure.begun),
            series(text!("flow-figures-done"), 1, |figure| figure.done),
        ],
    };
    let legend = picture.series.iter().map(|series| {
        view! { <span><i class=format!("swatch s{}", series.colour)></i>{series.label.clone()}</span> }
    });
    let legend = legend.collect_view();
    let label = text!("flow-figures-over-time");
    let is_long = periods.len() > MOST_COLUMNS;
    let pick = Callback::new(move |place: usize| {
        if let Some(period) = periods.get(place) {
            ask.run(Question {
                title: format!("{} {}", period.name, text!("flow-figures-done")),
                told: count(period.figure.done),
                which: "done",
                scope: within(&scope, &period.from, &period.to),
            });
        }
    });
    let chart = if is_long {
        view! { <LineChart picture=picture label=label.clone() on_pick=pick/> }.into_any()
    } else {
        view! { <ColumnChart picture=picture label=label.clone() on_pick=pick/> }.into_any()
    };
    view! {
        <section class="card w12">
            <div class="card-head"><h2>{label}</h2><span class="legend push">{legend}</span></div>
            <div class="card-body">{chart}</div>
        </section>
    }
}

/// The steps that take longest, by their median.
#[component]
pub fn Slowest(steps: Vec<FlowStepFigure>, scope: Asked, ask: Callback<Question>) -> impl IntoView {
    let slow = slowest(steps);
    let body = if slow.is_empty() {
        view! { <Empty icon="clock" title=t!("flow-figures-none-done")/> }.into_any()
    } else {
        let times: Vec<i64> = slow.iter().filter_map(|step| step.figure.median).collect();
        let median = Series {
            label: text!("flow-figures-median"),
            unit: None,
            colour: 1,
            values: times.iter().map(|seconds| Some(*seconds as f64)).collect(),
            texts: times.iter().map(|seconds| lasting(*seconds)).collect(),
        };
        let longest = Series {
            label: text!("flow-figures-p90"),
            unit: None,
            colour: 5,
            values: slow.iter().map(|step| step.figure.p90.map(|seconds| seconds as f64)).collect(),
            texts: slow.iter().map(|step| lasting(step.figure.p90.unwrap_or_default())).collect(),
        };
        let picture = Picture { names: slow.iter().map(step_name).collect(), series: vec![median, longest] };
        let pick = Callback::new(move |place: usize| {
            if let Some(step) = slow.get(place) {
                ask.run(Question {
                    title: step_name(step),
                    told: lasting(step.figure.median.unwrap_or_default()),
                    which: "done",
                    scope: narrowed(&scope, "step", &step.step),
                });
            }
        });
        view! { <BarList picture=picture ranked=true on_pick=pick/> }.into_any()
    };
    view! {
        <section class="card w12" data-slowest="">
            <div class="card-head"><h2>{t!("flow-figures-slowest")}</h2></div>
            <div class="card-body">{body}</div>
        </section>
    }
}

fn slowest(steps: Vec<FlowStepFigure>) -> Vec<FlowStepFigure> {
    let mut slow: Vec<FlowStepFigure> =
        steps.into_iter().filter(|step| step.figure.median.is_some()).collect();
    slow.sort_by_key(|step| std::cmp::Reverse(step.figure.median));
    slow.truncate(SLOWEST);
    slow
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slowest_step_comes_first_and_those_without_a_time_not_at_all() {
        let step = |key: &str, median: Option<i64>| FlowStepFigure {
            step: key.to_string(),
            label: Default::default(),
            kind: "approve".to_string(),
            figure: FlowFigure { median, ..FlowFigure::default() },
        };
        let steps = vec![step("a", Some(5)), step("b", None), step("c", Some(9)), step("d", Some(5))];
        let keys: Vec<String> = slowest(steps).into_iter().map(|step| step.step).collect();
        assert_eq!(keys, ["c", "a", "d"]);
    }
}
