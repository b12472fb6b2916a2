//! Chips show a choice or a tag in its colour.

use leptos::prelude::*;

use super::Icon;
use crate::text;

/// A choice. `colour` is 1–12.
#[component]
pub fn Chip(
    #[prop(default = 1)] colour: u8,
    /// Shows a cross that takes the choice away.
    #[prop(optional, into)]
    on_remove: Option<Callback<()>>,
    children: Children,
) -> impl IntoView {
    let remove = on_remove.map(|on_remove| {
        view! {
            <button type="button" aria-label=move || text!("ui-remove") on:click=move |event| {
                event.stop_propagation();
                on_remove.run(());
            }>
                <Icon name="close"/>
            </button>
        }
    });
    view! { <span class=chip_class(colour)>{children()}{remove}</span> }
}

/// The class of an option colour; anything outside 1–12 is grey.
pub(super) fn chip_class(colour: u8) -> String {
    let colour = if (1..=12).contains(&colour) { colour } else { 1 };
    format!("chip o{colour}")
}
