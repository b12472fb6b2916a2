//! Checkboxes and radio buttons.

use leptos::prelude::*;

/// A checkbox with its words.
#[component]
pub fn Checkbox(
    #[prop(into)] checked: Signal<bool>,
    #[prop(into)] on_change: Callback<bool>,
    /// Some, but not all, of what it stands for.
    #[prop(optional, into)]
    mixed: Signal<bool>,
    #[prop(optional, into)] disabled: Signal<bool>,
    /// Read aloud where there are no words beside it.
    #[prop(optional, into)]
    label: Option<Signal<String>>,
    #[prop(optional)] name: Option<&'static str>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <label class="check">
            <input
                type="checkbox"
                name=name
                class:mixed=mixed
                prop:indeterminate=mixed
                aria-label=label
                prop:checked=checked
                disabled=disabled
                on:change=move |event| on_change.run(event_target_checked(&event))
            />
            {children.map(|children| children())}
        </label>
    }
}

/// One of several exclusive choices; those of a group share `name`.
#[component]
pub fn Radio(
    #[prop(into)] name: String,
    #[prop(into)] checked: Signal<bool>,
    #[prop(into)] on_choose: Callback<()>,
    #[prop(optional, into)] disabled: Signal<bool>,
    children: Children,
) -> impl IntoView {
    view! {
        <label class="check">
            <input
                type="radio"
                name=name
                prop:checked=checked
                disabled=disabled
                on:change=move |_| on_choose.run(())
            />
            {children()}
        </label>
    }
}
