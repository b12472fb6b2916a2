//! Columns side by side for each group; negative numbers hang below the line.

use leptos::prelude::*;

use super::canvas::Canvas;
use super::picture::Picture;
use super::scale::{Scale, axis_text};

pub(super) const TOP: f64 = 20.0;
pub(super) const BOTTOM: f64 = 28.0;
/// Room for an axis number of so many letters.
pub(super) fn room_for(texts: &[String]) -> f64 {
    let letters =
        texts.iter().map(|text| text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<usize>());
    16.0 + 6.6 * letters.max().unwrap_or(1) as f64
}

/// Every how many names one is written, so that they don't touch.
pub(super) fn every(names: &[String], slot: f64) -> usize {
    let letters = |name: &String| name.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<usize>();
    let widest = names.iter().map(letters).max().unwrap_or(1) as f64 * 6.8 + 12.0;
    (widest / slot.max(1.0)).ceil().max(1.0) as usize
}

#[component]
pub fn ColumnChart(
    picture: Picture,
    #[prop(into)] label: String,
    #[prop(default = 240.0)] height: f64,
    /// A press on a group.
    #[prop(optional)]
    on_pick: Option<Callback<usize>>,
) -> impl IntoView {
    let hovered = RwSignal::new(None::<(usize, f64)>);
    let scale = Scale::over(picture.series.iter().flat_map(|series| series.values.iter().flatten().copied()));
    let unit = picture.series.first().and_then(|series| series.unit.clone());
    let shown = picture.clone();
    let draw = move |width: f64| {
        let ticks: Vec<String> = scale.ticks.iter().map(|tick| axis_text(*tick, unit.as_deref())).collect();
        let left = room_for(&ticks);
        let y = |value: f64| scale.place(value, height - BOTTOM, TOP);
        let count = shown.names.len().max(1) as f64;
        let slot = (width - left - 8.0) / count;
        let many = shown.series.len().max(1) as f64;
        let bar = (slot * 0.72 / many).min(44.0);
        let lines = scale.ticks.iter().zip(ticks).map(|(tick, text)| {
            let class = if *tick == 0.0 { "axis" } else { "gridline" };
            let at = y(*tick).to_string();
            view! {
                <line class=class x1=left.to_string() x2=width.to_string() y1=at.clone() y2=at/>
                <text class="endx" x=(left - 8.0).to_string() y=(y(*tick) + 4.0).to_string()>{text}</text>
            }
        });
        let lines = lines.collect_view();
        let round = if bar > 6.0 { "3" } else { "1" };
        let numbered = bar >= 34.0 && count * many <= 12.0;
        let bars = shown.series.iter().enumerate().map(|(number, series)| {
            let class = format!("f{}", series.colour);
            let rects = series.values.iter().enumerate().filter_map(|(place, value)| {
                let value = (*value)?;
                let x = left + slot * (place as f64 + 0.5) - bar * many / 2.0 + bar * number as f64;
                let (from, to) = (y(value.max(0.0)), y(value.min(0.0)));
                let text = (numbered && value != 0.0).then(|| {
                    let strong = if number + 1 == shown.series.len() { "mid strong" } else { "mid" };
                    let text = axis_text(value, series.unit.as_deref());
                    view! { <text class=strong x=(x + bar / 2.0).to_string() y=(from - 6.0).to_string()>{text}</text> }
                });
                Some(view! {
                    <rect
                        class=class.clone()
                        x=(x + 1.0).to_string()
                        y=from.to_string()
                        width=(bar - 2.0).max(1.0).to_string()
                        height=(to - from).max(0.0).to_string()
                        rx=round
                    />
                    {text}
                })
            });
            rects.collect_view()
        });
        let bars = bars.collect_view();
        let every = every(&shown.names, slot);
        let names = shown.names.iter().enumerate().filter(|(place, _)| place % every == 0);
        let names = names.map(|(place, name)| {
            let x = left + slot * (place as f64 + 0.5);
            view! { <text class="mid" x=x.to_string() y=(height - 8.0).to_string()>{name.clone()}</text> }
        });
        let names = names.collect_view();
        let slots = slots(shown.names.len(), left, slot, height, hovered, on_pick);
        view! { {lines}{bars}{names}{slots} }.into_any()
    };
    view! { <Canvas height=height label=label picture=picture hovered=hovered draw=draw/> }
}

/// What takes the pointer over each group.
pub(super) fn slots(
    count: usize,
    left: f64,
    slot: f64,
    height: f64,
    hovered: RwSignal<Option<(usize, f64)>>,
    on_pick: Option<Callback<usize>>,
) -> impl IntoView {
    (0..count)
        .map(|place| {
            let x = left + slot * place as f64;
            let class = move || match hovered.get() {
                Some((at, _)) if at == place => "slot on",
                _ => "slot",
            };
            let pick = move |_| {
                if let Some(pick) = on_pick {
                    pick.run(place);
                }
            };
            view! {
                <rect
                    class=class
                    class:click=on_pick.is_some()
                    x=x.to_string()
                    y="4"
                    width=slot.to_string()
                    height=(height - BOTTOM - 4.0).to_string()
                    rx="4"
                    on:pointerenter=move |_| hovered.set(Some((place, x + slot / 2.0)))
                    on:click=pick
                />
            }
        })
        .collect_view()
}
