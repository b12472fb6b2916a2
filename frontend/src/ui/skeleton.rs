//! Grey lines in the place of what is still on its way.

use leptos::prelude::*;

/// Lines of a text that is on its way.
#[component]
pub fn Skeleton(#[prop(default = 3)] lines: usize) -> impl IntoView {
    let width = |line: usize| match line % 3 {
        0 => "skeleton half",
        1 => "skeleton",
        2.. => "skeleton most",
    };
    view! {
        <div class="stack g3" aria-busy="true">
            {(0..lines).map(|line| view! { <span class=width(line)></span> }).collect_view()}
        </div>
    }
}
