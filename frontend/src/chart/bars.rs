//! A list of groups with a bar each: for rankings, stages, shares.

use leptos::prelude::*;

use super::picture::Picture;
use crate::t;

/// One line for each group; the bar shows the first number, others follow as text.
#[component]
pub fn BarList(
    picture: Picture,
    /// Numbers the lines, for a ranking.
    #[prop(optional)]
    ranked: bool,
    /// Gives each line a colour of its own.
    #[prop(optional)]
    coloured: bool,
    /// The numbers of all lines together.
    #[prop(optional)]
    total: Option<Vec<String>>,
    #[prop(optional)] on_pick: Option<Callback<usize>>,
) -> impl IntoView {
    let total = total.filter(|numbers| !numbers.is_empty()).map(|numbers| {
        let numbers = numbers.into_iter().map(|number| view! { <b class="num text-right">{number}</b> });
        view! { <div class="bar-line total"><b>{t!("report-total")}</b><span></span>{numbers.collect_view()}</div> }
    });
    let first = picture.series.first().cloned().unwrap_or_default();
    let longest = first.values.iter().flatten().map(|value| value.abs()).fold(0.0f64, f64::max);
    let rest = picture.series.len().saturating_sub(1);
    let lines = picture.names.iter().enumerate().map(|(place, name)| {
        let value = first.values.get(place).copied().flatten().unwrap_or_default();
        let part = if longest > 0.0 { value.abs() / longest * 100.0 } else { 0.0 };
        let class = match (coloured, value < 0.0) {
            (_, true) => "f4".to_string(),
            (true, false) => format!("f{}", place % 6 + 1),
            (false, false) => "f1".to_string(),
        };
        let numbers = picture.series.iter().enumerate().map(|(number, series)| {
            let text = series.texts.get(place).cloned().unwrap_or_default();
            let class = if number == 0 { "num text-right" } else { "num text-right muted" };
            view! { <span class=class>{text}</span> }
        });
        let inside = view! {
            <span class="bar-name clip" title=name.clone()>
                {ranked.then(|| view! { <span class="bar-rank num">{place + 1}</span> })}
                {name.clone()}
            </span>
            <svg class="chart" viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">
                <rect class=class width=part.max(0.5).to_string() height="12" rx="0"/>
            </svg>
            {numbers.collect_view()}
        };
        match on_pick {
            Some(pick) => view! {
                <button type="button" class="bar-line click" on:click=move |_| pick.run(place)>{inside}</button>
            }
            .into_any(),
            None => view! { <div class="bar-line">{inside}</div> }.into_any(),
        }
    });
    let lines = lines.collect_view();
    let head = (rest > 0).then(|| {
        let labels = picture.series.iter().map(|series| {
            view! { <span class="note muted text-right">{series.label.clone()}</span> }
        });
        view! { <div class="bar-line head"><span></span><span></span>{labels.collect_view()}</div> }
    });
    let class = match rest {
        0 => "bar-list",
        1 => "bar-list two",
        _ => "bar-list three",
    };
    view! { <div class=class>{head}{lines}{total}</div> }
}
