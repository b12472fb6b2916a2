//! A switch: on or off, at once.

use leptos::prelude::*;

use super::field::FieldContext;

#[component]
pub fn Switch(
    #[prop(into)] checked: Signal<bool>,
    #[prop(into)] on_change: Callback<bool>,
    #[prop(optional, into)] disabled: Signal<bool>,
    /// Read aloud where there is no field around it.
    #[prop(optional, into)]
    label: Option<Signal<String>>,
    #[prop(optional)] name: Option<&'static str>,
) -> impl IntoView {
    view! {
        <input
            type="checkbox"
            role="switch"
            class="switch"
            id=FieldContext::id()
            name=name
            aria-label=label
            prop:checked=checked
            disabled=disabled
            on:change=move |event| on_change.run(event_target_checked(&event))
        />
    }
}
