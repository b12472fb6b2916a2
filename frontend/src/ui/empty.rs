//! What a place shows while there is nothing in it: why, and the next step.

use leptos::prelude::*;

use super::{Icon, IconSize};

/// An empty place.
#[component]
pub fn Empty(
    #[prop(into)] icon: Signal<String>,
    #[prop(into)] title: Signal<String>,
    /// One sentence more.
    #[prop(optional, into)]
    text: Option<Signal<String>>,
    /// Whether it is all that its page shows.
    #[prop(optional)]
    whole_page: bool,
    /// A button for the next step.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <span class="art"><Icon name=icon size=IconSize::Large/></span>
            {if whole_page { view! { <h1>{title}</h1> }.into_any() } else { view! { <h2>{title}</h2> }.into_any() }}
            {text.map(|text| view! { <span>{text}</span> })}
            {children.map(|children| children())}
        </div>
    }
}
