//! The bar at the top of a page: where one is, and the page's own actions.

use leptos::prelude::*;

use super::ShellContext;
use crate::browser;
use crate::t;
use crate::ui::{Breadcrumb, Crumb, IconButton};

/// The top bar. The last crumb is the page; it becomes the title of the browser's tab.
#[component]
pub fn Top(
    #[prop(into)] crumbs: Signal<Vec<Crumb>>,
    /// The actions at the right, the primary one last.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    Effect::new(move || {
        crumbs.with(|crumbs| {
            if let Some(here) = crumbs.last() {
                browser::set_title(&format!("{} – Formwork", here.label));
            }
        });
    });
    // Beside the navigation at a desk; a phone has none there.
    let search = use_context::<ShellContext>().map(|shell| {
        view! {
            <span class="phone-only top-search">
                <IconButton icon="search" label=Signal::derive(t!("nav-search")) on_press=move |_| shell.palette.set(true)/>
            </span>
        }
    });
    view! {
        <header class="top">
            <Breadcrumb crumbs=crumbs/>
            {children.map(|children| view! { <span class="push">{children()}</span> })}
            {search}
        </header>
    }
}
