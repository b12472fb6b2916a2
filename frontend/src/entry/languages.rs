//! The languages as links at the foot of a page.

use leptos::prelude::*;

use crate::i18n::{self, Language};

#[component]
pub fn LanguageLinks() -> impl IntoView {
    let link = |(at, language): (usize, Language)| {
        view! {
            {(at > 0).then(|| view! { <i class="sep"></i> })}
            <button
                type="button"
                class="link"
                lang=language.tag()
                aria-pressed=move || (i18n::language() == language).to_string()
                on:click=move |_| i18n::set_language(language)
            >
                {i18n::own_name(language)}
            </button>
        }
    };
    view! { <span class="nowrap">{Language::ALL.into_iter().enumerate().map(link).collect_view()}</span> }
}
