//! A whole number within bounds, by dragging or by arrows.

use leptos::prelude::*;

/// A slider: for what is set by feel, where the number itself stands beside it.
#[component]
pub fn Slider(
    #[prop(into)] value: Signal<u32>,
    /// The smallest number, the largest, and how far a step goes.
    range: (u32, u32, u32),
    #[prop(into)] on_input: Callback<u32>,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(into)] label: Signal<String>,
) -> impl IntoView {
    let (least, most, step) = range;
    let hear = move |event: web_sys::Event| {
        if let Ok(number) = event_target_value(&event).parse::<u32>() {
            on_input.run(number.clamp(least, most));
        }
    };
    view! {
        <input
            type="range"
            class="slider"
            min=least.to_string()
            max=most.to_string()
            step=step.to_string()
            prop:value=move || value.get().to_string()
            disabled=disabled
            aria-label=label
            on:input=hear
        />
    }
}
