//! What stands around a public form: a picture above, the card, and a line of small print below.

use leptos::prelude::*;

use crate::entry::LanguageLinks;
use crate::t;

#[component]
pub fn Frame(
    /// Whose form it is; nothing until that is known.
    whose: Signal<String>,
    /// Whether what stands in the card is still on its way: the small print comes with it.
    coming: Signal<bool>,
    children: Children,
) -> impl IntoView {
    let from = move || {
        let whose = whose.get();
        (!whose.is_empty())
            .then(|| view! { <span>{t!("public-from", workspace = whose)}</span><i class="sep"></i> })
    };
    view! {
        <div class="public">
            <div class="public-head"><Picture/></div>
            <main class="public-card">{children()}</main>
            <footer class="public-foot stack g1" class:not-yet=coming>
                <p>{from}<span>{t!("public-no-passwords")}</span></p>
                <p class="note muted center"><LanguageLinks/></p>
            </footer>
        </div>
    }
}

/// Sheets and shapes, as on every public form.
#[component]
fn Picture() -> impl IntoView {
    view! {
        <svg viewBox="0 0 1440 168" preserveAspectRatio="xMaxYMid slice" aria-hidden="true">
            <circle class="p1" cx="1180" cy="40" r="150"/>
            <rect class="p2" x="1010" y="70" width="120" height="120" rx="28" transform="rotate(-12 1070 130)"/>
            <circle class="p4" cx="1290" cy="64" r="34"/>
            <rect class="p3" x="1200" y="96" width="150" height="90" rx="16"/>
            <rect class="p1" x="1218" y="114" width="70" height="8" rx="4"/>
            <rect class="p1" x="1218" y="132" width="104" height="8" rx="4"/>
            <circle class="p1" cx="180" cy="150" r="110"/>
            <rect class="p3" x="90" y="54" width="130" height="84" rx="16"/>
            <rect class="p1" x="108" y="74" width="60" height="8" rx="4"/>
            <rect class="p1" x="108" y="92" width="92" height="8" rx="4"/>
            <circle class="p5" cx="262" cy="58" r="22"/>
            <rect class="p2" x="300" y="96" width="64" height="64" rx="16" transform="rotate(14 332 128)"/>
        </svg>
    }
}
