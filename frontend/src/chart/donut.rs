//! Parts of a whole.

use leptos::prelude::*;

use super::picture::Picture;
use crate::i18n;

/// So many parts are told apart; the rest is one.
const PARTS: usize = 6;
const RADIUS: f64 = 54.0;

struct Part {
    name: String,
    text: String,
    value: f64,
    /// Its place in the picture; none for the rest.
    place: Option<usize>,
}

#[component]
pub fn Donut(
    picture: Picture,
    #[prop(into)] label: String,
    #[prop(optional)] on_pick: Option<Callback<usize>>,
) -> impl IntoView {
    let parts = parts(&picture);
    let whole: f64 = parts.iter().map(|part| part.value).sum();
    let around = 2.0 * std::f64::consts::PI * RADIUS;
    let share = |value: f64| if whole > 0.0 { value / whole } else { 0.0 };
    let mut from = 0.0;
    let arcs = parts.iter().enumerate().map(|(number, part)| {
        let length = share(part.value) * around;
        let dash = format!("{:.2} {:.2}", (length - 1.5).max(0.5), around);
        let offset = format!("{:.2}", -from);
        from += length;
        let class = format!("arc a{}", number % PARTS + 1);
        view! { <circle class=class cx="70" cy="70" r=RADIUS.to_string() stroke-dasharray=dash stroke-dashoffset=offset transform="rotate(-90 70 70)"><title>{format!("{} {}", part.name, part.text)}</title></circle> }
    });
    let arcs = arcs.collect_view();
    let lines = parts.iter().enumerate().map(|(number, part)| {
        let percent = format!("{:.1}\u{a0}%", share(part.value) * 100.0);
        let swatch = format!("swatch s{}", number % PARTS + 1);
        let inside = view! {
            <span class="bar-name clip" title=part.name.clone()><i class=swatch></i>{part.name.clone()}</span>
            <span class="num text-right">{part.text.clone()}</span>
            <span class="num text-right muted">{percent}</span>
        };
        match (on_pick, part.place) {
            (Some(pick), Some(place)) => view! {
                <button type="button" class="bar-line click" on:click=move |_| pick.run(place)>{inside}</button>
            }
            .into_any(),
            _ => view! { <div class="bar-line">{inside}</div> }.into_any(),
        }
    });
    view! {
        <div class="donut">
            <svg class="chart" viewBox="0 0 140 140" role="img" aria-label=label>{arcs}</svg>
            <div class="donut-list">{lines.collect_view()}</div>
        </div>
    }
}

fn parts(picture: &Picture) -> Vec<Part> {
    let Some(series) = picture.series.first() else { return Vec::new() };
    let all = picture.names.iter().enumerate().map(|(place, name)| Part {
        name: name.clone(),
        text: series.texts.get(place).cloned().unwrap_or_default(),
        value: series.values.get(place).copied().flatten().unwrap_or_default().max(0.0),
        place: Some(place),
    });
    let mut all: Vec<Part> = all.collect();
    if all.len() > PARTS {
        let rest = all.split_off(PARTS - 1);
        let value = rest.iter().map(|part| part.value).sum();
        let count = rest.len();
        let name = i18n::lookup("chart-rest", &[("count", count.into())]);
        all.push(Part { name, text: String::new(), value, place: None });
    }
    all
}
