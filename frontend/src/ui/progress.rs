//! How far a long job is.

use leptos::prelude::*;

use super::Tone;

/// A bar from 0 to `max`.
#[component]
pub fn Progress(
    #[prop(into)] value: Signal<u64>,
    /// The whole; 0 while it is not known.
    #[prop(into)]
    max: Signal<u64>,
    #[prop(optional)] tone: Tone,
    #[prop(into)] label: Signal<String>,
) -> impl IntoView {
    let class = super::button::classes(&["progress", tone.class()]);
    view! {
        <progress
            class=class
            aria-label=label
            max=move || max.get().max(1).to_string()
            value=move || value.get().to_string()
        ></progress>
    }
}
