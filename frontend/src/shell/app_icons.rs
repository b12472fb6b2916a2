//! The icons that an app or a form can have.

use leptos::prelude::*;

use crate::t;
use crate::ui::Icon;

/// Icons to choose from; the first is the general one of an app.
const APP_ICONS: [&str; 18] = [
    "apps", "members", "box", "gift", "trend", "stamp", "form", "table", "receipt", "money", "chart", "dept",
    "location", "phone", "rating", "bolt", "folder", "shield",
];

/// One of the icons that an app or a form can have.
#[component]
pub fn AppIcons(
    #[prop(into)] icon: Signal<String>,
    #[prop(into)] on_choose: Callback<&'static str>,
) -> impl IntoView {
    let choice = move |(place, name): (usize, &'static str)| {
        view! {
            <button
                type="button"
                class="chip o1"
                aria-label=t!("app-icon-number", number = place + 1)
                aria-checked=move || icon.with(|icon| icon == name).to_string()
                role="radio"
                on:click=move |_| on_choose.run(name)
            >
                <Icon name=name/>
            </button>
        }
    };
    view! {
        <div class="swatches" role="radiogroup" aria-label=t!("new-app-icon")>
            {APP_ICONS.into_iter().enumerate().map(choice).collect_view()}
        </div>
    }
}
