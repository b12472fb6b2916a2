//! The picture of a template: its package's own, or a drawn form where it brings none.

use leptos::prelude::*;

use crate::api;

#[component]
pub(super) fn Picture(template: String) -> impl IntoView {
    let missing = RwSignal::new(false);
    let address = api::templates::picture(&template);
    move || {
        if missing.get() {
            view! {
                <svg viewBox="0 0 292 128" preserveAspectRatio="xMidYMid meet" aria-hidden="true">
                    <rect class="a" x="92" y="12" width="108" height="108" rx="6"/>
                    <rect class="b" x="106" y="26" width="44" height="6" rx="3"/>
                    <rect class="b" x="106" y="44" width="40" height="4" rx="2"/>
                    <rect class="b" x="166" y="44" width="20" height="4" rx="2"/>
                    <rect class="b" x="106" y="58" width="40" height="4" rx="2"/>
                    <rect class="b" x="166" y="58" width="20" height="4" rx="2"/>
                    <rect class="c" x="150" y="94" width="36" height="8" rx="2"/>
                </svg>
            }
            .into_any()
        } else {
            view! { <img src=address.clone() alt="" loading="lazy" on:error=move |_| missing.set(true)/> }
                .into_any()
        }
    }
}
