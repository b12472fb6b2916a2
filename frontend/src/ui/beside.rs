//! A thing, and what stands beside it where there is room; where there is none, tabs choose between the two.

use leptos::prelude::*;

use super::{Tab, Tabs};

/// The tabs; the style sheets show them only where the window is too narrow for both. The page's frame carries the class
/// `shows-side` while `beside` is set.
#[component]
pub fn BesideTabs(
    beside: RwSignal<bool>,
    /// What the thing itself is called.
    #[prop(into)]
    thing: Signal<String>,
    /// What stands beside it.
    #[prop(into)]
    side: Signal<String>,
) -> impl IntoView {
    let tabs = vec![Tab::new("thing", move || thing.get()), Tab::new("side", move || side.get())];
    let selected = Signal::derive(move || if beside.get() { "side" } else { "thing" }.to_string());
    view! {
        <div class="beside-tabs"><Tabs tabs=tabs selected=selected on_select=move |key: &'static str| beside.set(key == "side")/></div>
    }
}
