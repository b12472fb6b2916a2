//! The product's mark.

use leptos::prelude::*;

#[component]
pub fn Logo() -> impl IntoView {
    view! {
        <svg class="logo" viewBox="0 0 32 32" aria-hidden="true">
            <rect width="32" height="32" rx="9" fill="currentColor"/>
            <rect class="cut" x="9" y="8" width="14" height="4" rx="2"/>
            <rect class="cut" x="9" y="14" width="10" height="4" rx="2"/>
            <rect class="cut" x="9" y="20" width="4" height="4" rx="2"/>
        </svg>
    }
}
