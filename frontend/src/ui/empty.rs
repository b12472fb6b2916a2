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
    /// A button for the next step.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <span class="art"><Icon name=icon size=IconSize::Large/></span>
            <h2>{title}</h2>
            {text.map(|text| view! { <span>{text}</span> })}
            {children.map(|children| children())}
        </div>
    }
}
