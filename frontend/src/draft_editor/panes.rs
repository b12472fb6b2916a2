//! The panes of an editor: beside each other where there is room, else one at a time.

use leptos::prelude::*;

use crate::t;
use crate::ui::{Tab, Tabs};

/// The pane with the drawing of what is edited.
pub const CANVAS: &str = "canvas";
/// The pane with what can be put into it.
pub const KINDS: &str = "kinds";
/// The pane with the settings of what is selected.
pub const SETTINGS: &str = "settings";
/// The pane where it is tried out.
pub const TRIAL: &str = "trial";

/// Panes, each an element that names itself in `data-pane`. Where there is no room for all of them, tabs above say which
/// one is shown; what is selected and typed in the others stays.
#[component]
pub fn Panes(
    /// The panes in their order, by the names they have in `data-pane`.
    tabs: Vec<Tab>,
    #[prop(into)] shown: Signal<&'static str>,
    #[prop(into)] on_show: Callback<&'static str>,
    /// More classes.
    #[prop(optional, into)]
    class: Signal<String>,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="pane-switch">
            <Tabs
                tabs=tabs
                selected=Signal::derive(move || shown.get().to_string())
                on_select=on_show
                label=Signal::derive(t!("designer-panes"))
            />
        </div>
        <main class=move || format!("panes {}", class.get()) data-shown=move || shown.get()>{children()}</main>
    }
}
