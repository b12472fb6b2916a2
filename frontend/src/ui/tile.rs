//! A coloured square with an icon: an app, a form, a kind of thing.

use leptos::prelude::*;

use super::Icon;

/// A tile. `colour` is one of the option colours 1–12; those without a tile colour take the accent.
#[component]
pub fn Tile(
    #[prop(into)] icon: Signal<String>,
    #[prop(optional, into)] colour: Signal<u8>,
    /// `s`, `l` or nothing.
    #[prop(optional)]
    size: &'static str,
) -> impl IntoView {
    let class = move || {
        let colour = colour.get();
        let colour = if colour == 0 { String::new() } else { format!("t{colour}") };
        super::button::classes(&["tile", size, &colour])
    };
    view! { <span class=class aria-hidden="true"><Icon name=icon/></span> }
}
