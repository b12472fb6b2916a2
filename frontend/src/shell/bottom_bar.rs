//! The navigation of a phone, at the bottom.

use leptos::prelude::*;
use leptos_router::components::A;

use super::ShellContext;
use crate::t;
use crate::ui::{Count, CountTone, Icon};

#[component]
pub(super) fn BottomBar() -> impl IntoView {
    let shell = ShellContext::expect();
    let to_do = move || {
        shell
            .to_do
            .get()
            .filter(|count| *count > 0)
            .map(|count| view! { <Count value=count tone=CountTone::Hot/> })
    };
    let unread =
        move || shell.unread.get().filter(|count| *count > 0).map(|count| view! { <Count value=count/> });
    view! {
        <nav class="bottom-bar" aria-label=t!("nav-bottom")>
            <A href="/inbox"><Icon name="inbox"/>{t!("nav-to-do")}{to_do}</A>
            <A href="/" exact=true><Icon name="apps"/>{t!("nav-apps")}</A>
            <a
                href="#"
                role="button"
                aria-haspopup="dialog"
                aria-label=t!("nav-new-record")
                on:click=move |event| {
                    event.prevent_default();
                    shell.making.set(true);
                }
            >
                <span class="add"><Icon name="plus"/></span>
            </a>
            <A href="/notices"><Icon name="bell"/>{t!("nav-notices")}{unread}</A>
            <A href="/settings"><Icon name="member"/>{t!("nav-me-short")}</A>
        </nav>
    }
}
