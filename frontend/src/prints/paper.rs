//! A print-out inside the page: for the printer alone, or to be looked at.

use std::time::Duration;

use engine::print::Parts;
use leptos::html::Div;
use leptos::prelude::*;

use crate::browser::{self, PageStyle};

/// How long pictures have to be drawn before the paper is filled: they come with the document.
const SETTLES: Duration = Duration::from_millis(200);

/// A part of the page that is on paper alone, in place of everything else. It is printed as soon as it is there.
#[component]
pub fn PrintOut(parts: Parts) -> impl IntoView {
    let page = StoredValue::new_local(PageStyle::hold(&parts.page));
    let place = NodeRef::<Div>::new();
    Effect::new(move |shown: Option<bool>| {
        let Some(element) = place.get() else { return false };
        if shown != Some(true) {
            browser::show_print_out(&element, &parts.style, &parts.content);
            set_timeout(browser::print, SETTLES);
        }
        true
    });
    // The pages are as the template says until the paper is gone.
    on_cleanup(move || page.dispose());
    view! { <section class="print-out record-out"><div class="print-paper" node_ref=place></div></section> }
}

/// A sheet on the screen, as large as the paper.
#[component]
pub fn Paper(
    /// Its style and what stands on it.
    #[prop(into)]
    sheet: Signal<(String, String)>,
    #[prop(into)] label: Signal<String>,
) -> impl IntoView {
    let place = NodeRef::<Div>::new();
    Effect::new(move || {
        if let Some(element) = place.get() {
            sheet.with(|(style, content)| browser::show_print_out(&element, style, content));
        }
    });
    view! { <div class="paper-view" role="region" tabindex="0" aria-label=label><div class="print-paper" node_ref=place></div></div> }
}
