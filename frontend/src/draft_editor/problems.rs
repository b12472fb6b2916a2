//! What stands in the way of publishing.

use leptos::prelude::*;

use crate::t;
use crate::ui::{Count, Icon};

/// Everything that stands in the way of publishing, in [`ProblemLine`]s; not there where nothing does.
#[component]
pub fn Problems(#[prop(into)] count: Signal<usize>, children: ChildrenFn) -> impl IntoView {
    let children = StoredValue::new(children);
    let number = Signal::derive(move || count.get() as u64);
    view! {
        <Show when=move || count.get() != 0>
            <div class="problems" role="status">
                <div class="problems-head"><b class="strong">{t!("designer-problems")}</b><Count value=number/></div>
                <ul>{children.with_value(|children| children())}</ul>
            </div>
        </Show>
    }
}

/// One thing that is wrong.
#[component]
pub fn ProblemLine(
    /// What it is about, as it is called on the screen.
    name: Option<String>,
    message: String,
    /// What to do about it.
    #[prop(default = None)]
    advice: Option<String>,
    /// Leads there.
    go: Option<Callback<()>>,
) -> impl IntoView {
    view! {
        <li>
            <span class="error"><Icon name="error"/></span>
            <span class="grow">
                {name.map(|name| view! { <b class="medium">{name}</b> " — " })}
                {message}
                {advice.map(|advice| view! { <span class="help">{advice}</span> })}
            </span>
            {go.map(|go| view! {
                <button type="button" class="link" on:click=move |_| go.run(())>{t!("designer-go")}</button>
            })}
        </li>
    }
}
