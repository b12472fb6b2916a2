//! What stands in the way of publishing, and what is worth a look.

use leptos::prelude::*;

use crate::ui::{Count, Icon};
use crate::{browser, t};

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

/// What is worth a look and stands in no way, in [`ProblemLine`]s that are warnings, apart from what does; not there where
/// nothing is. It can be folded: nothing of it is pressing.
#[component]
pub fn Warnings(#[prop(into)] count: Signal<usize>, children: ChildrenFn) -> impl IntoView {
    let children = StoredValue::new(children);
    let number = Signal::derive(move || count.get() as u64);
    // On a phone the room is the form's.
    let opens = !browser::is_phone();
    view! {
        <Show when=move || count.get() != 0>
            <details class="warnings" open=opens>
                <summary class="problems-head">
                    <Icon name="right"/>
                    <b class="strong">{t!("designer-warnings")}</b>
                    <Count value=number/>
                    <span class="note muted">{t!("designer-warnings-text")}</span>
                </summary>
                <ul>{children.with_value(|children| children())}</ul>
            </details>
        </Show>
    }
}

/// One thing that is wrong, or worth a look.
#[component]
pub fn ProblemLine(
    /// What it is about, as it is called on the screen.
    name: Option<String>,
    message: String,
    /// What to do about it.
    #[prop(default = None)]
    advice: Option<String>,
    /// Whether it stands in no way.
    #[prop(default = false)]
    is_warning: bool,
    /// Leads there.
    go: Option<Callback<()>>,
) -> impl IntoView {
    let (tone, icon) = if is_warning { ("warn-text", "warning") } else { ("error", "error") };
    view! {
        <li>
            <span class=tone><Icon name=icon/></span>
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
