//! Where one is in a short series of steps.

use leptos::prelude::*;

use super::{Icon, IconSize};

/// Numbered steps; those before the present one are ticked.
#[component]
pub fn Steps(
    labels: Vec<Signal<String>>,
    /// The present step, from 1.
    #[prop(into)]
    at: Signal<usize>,
) -> impl IntoView {
    let step = move |(place, label): (usize, Signal<String>)| {
        let number = place + 1;
        let mark = move || {
            if number < at.get() {
                view! { <Icon name="check" size=IconSize::Tiny/> }.into_any()
            } else {
                number.to_string().into_any()
            }
        };
        view! {
            <li class:done=move || number < at.get() aria-current=move || (number == at.get()).then_some("step")>
                <span class="n">{mark}</span>
                {label}
            </li>
        }
    };
    view! { <ol class="steps">{labels.into_iter().enumerate().map(step).collect_view()}</ol> }
}
