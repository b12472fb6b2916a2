//! The figures of the whole flow, large.

use leptos::prelude::*;
use wire::flow_figures::{FlowCompared, FlowFigure, FlowFigures};

use super::scope::Question;
use super::words::{change, count, time};
use crate::api::flow_figures::Asked;
use crate::inbox::flow_state_name;
use crate::{t, text};

/// A number of more letters is written smaller where there is little room.
const LONG: usize = 9;

/// The cards at the top. `ask` is called with a number that was pressed.
#[component]
pub fn Totals(found: FlowFigures, scope: Asked, ask: Callback<Question>) -> impl IntoView {
    let FlowFigures { total, states, compared, .. } = found;
    let of = |state: &str| states.get(state).copied().unwrap_or_default();
    let ends = ["approved", "rejected", "terminated"].map(|state| (state, of(state)));
    let ended: Vec<String> = ends
        .into_iter()
        .filter(|(_, number)| *number > 0)
        .map(|(state, number)| format!("{} {}", flow_state_name(state), count(number)))
        .collect();
    let withdrawn = of("withdrawn");
    let withdrawn = (withdrawn > 0).then(|| format!("{} {}", flow_state_name("withdrawn"), count(withdrawn)));
    let before = |of: fn(&FlowFigure) -> String| {
        let FlowCompared { version, total, .. } = compared.as_ref()?;
        Some(text!("flow-figures-before", version = version, value = of(total)))
    };
    let earlier = compared.as_ref().map(|compared| &compared.total);
    let median = earlier.and_then(|earlier| change(total.median, earlier.median));
    let p90 = earlier.and_then(|earlier| change(total.p90, earlier.p90));
    let card = move |key: &'static str,
                     label: String,
                     value: String,
                     which: &'static str,
                     lines: Vec<Option<String>>| {
        let question = Question { title: label.clone(), told: value.clone(), which, scope: scope.clone() };
        let class = if value.chars().count() > LONG { "big long" } else { "big" };
        let lines = lines.into_iter().flatten();
        let lines = lines.map(|line| view! { <div class="sub-line">{line}</div> }).collect_view();
        let press = move |_| ask.run(question.clone());
        view! {
            <section class="card figure w8 pos" data-figure=key>
                <span class="name">{label}</span>
                <button type="button" class="number" title=t!("flow-figures-show") on:click=press>
                    <span class=class>{value}</span>
                </button>
                {lines}
            </section>
        }
    };
    let ended = (!ended.is_empty()).then(|| ended.join(" · "));
    let late = (total.late > 0).then(|| text!("flow-figures-late-line", count = total.late));
    let running = vec![withdrawn, before(|figure| count(figure.running))];
    let done = vec![ended, before(|figure| count(figure.done))];
    let median = vec![before(|figure| time(figure.median)), median];
    let p90 = vec![before(|figure| time(figure.p90)), p90];
    let overdue = vec![late, before(|figure| count(figure.overdue))];
    let returned = vec![before(|figure| count(figure.returned))];
    let cards = vec![
        card("running", text!("flow-figures-running"), count(total.running), "running", running).into_any(),
        card("done", text!("flow-figures-done"), count(total.done), "done", done).into_any(),
        card("median", text!("flow-figures-median"), time(total.median), "done", median).into_any(),
        card("p90", text!("flow-figures-p90"), time(total.p90), "done", p90).into_any(),
        card("overdue", text!("flow-figures-overdue"), count(total.overdue), "overdue", overdue).into_any(),
        card("returned", text!("flow-figures-returned"), count(total.returned), "returned", returned)
            .into_any(),
    ];
    view! { <div class="dash">{cards}</div> }
}
