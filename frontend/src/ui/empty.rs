//! What a place shows while there is nothing in it: why, and the next step.

use leptos::prelude::*;

use super::{Icon, IconSize};
use crate::text;

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

/// What a list says that has nothing to choose from: that nothing fits what was typed, or that there is nothing yet.
pub fn nothing_found(query: &str) -> String {
    match query.trim() {
        "" => text!("ui-nothing-there"),
        query => text!("ui-nothing-found", query = query),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n;

    #[test]
    fn a_list_without_anything_does_not_say_that_nothing_was_looked_for() {
        i18n::set_language(i18n::Language::ZhCn);
        assert_eq!(nothing_found(" "), "这里还没有内容");
        assert!(nothing_found("桌").contains("桌"));
    }
}
