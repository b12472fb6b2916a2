//! Stars: to give, and as they were given.

use leptos::prelude::*;

use super::Icon;
use super::field::FieldContext;

fn icon(is_on: bool) -> String {
    if is_on { "rating-on" } else { "rating" }.to_string()
}

/// A rating by stars. The star that is given takes the rating away when it is pressed again.
#[component]
pub fn Rating(
    /// How many are given; none for what is not rated.
    #[prop(into)]
    value: Signal<Option<u32>>,
    /// How many there are.
    max: u32,
    #[prop(into)] on_change: Callback<Option<u32>>,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(optional, into)] invalid: Signal<bool>,
    /// Read aloud where there is no field around it.
    #[prop(optional, into)]
    label: Option<Signal<String>>,
) -> impl IntoView {
    let star = move |number: u32| {
        let is_on = move || value.get().is_some_and(|given| number <= given);
        let is_given = move || value.get() == Some(number);
        view! {
            <button
                type="button"
                role="radio"
                class=move || if is_on() { "on" } else { "" }
                aria-checked=move || is_given().to_string()
                aria-label=number.to_string()
                disabled=disabled
                on:click=move |_| on_change.run(if untrack(is_given) { None } else { Some(number) })
            >
                <Icon name=Signal::derive(move || icon(is_on()))/>
            </button>
        }
    };
    view! {
        <div
            class="rating"
            role="radiogroup"
            id=FieldContext::id()
            aria-label=label
            aria-describedby=FieldContext::note()
            aria-required=FieldContext::required()
            aria-invalid=FieldContext::invalid(invalid)
        >
            {(1..=max).map(star).collect_view()}
        </div>
    }
}

/// A rating that was given, to be read.
#[component]
pub fn Stars(given: u32, max: u32) -> impl IntoView {
    let star = move |number: u32| {
        let is_on = number <= given;
        let class = if is_on { "on" } else { "" };
        view! { <span class=class><Icon name=icon(is_on)/></span> }
    };
    view! {
        <span class="rating" role="img" aria-label=format!("{given} / {max}")>{(1..=max).map(star).collect_view()}</span>
    }
}
