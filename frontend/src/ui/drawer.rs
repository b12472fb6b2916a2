//! A column at the right of a page for one thing of a list: a record beside its grid.

use leptos::ev::{self, KeyboardEvent};
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::{ControlSize, IconButton};
use crate::t;

/// A drawer. It is part of the page: the page decides whether it is there.
#[component]
pub fn Drawer(
    #[prop(into)] title: Signal<String>,
    /// Buttons beside the title, before the cross.
    #[prop(optional, into)]
    actions: Option<ViewFn>,
    /// A bar at the bottom, such as unsaved changes.
    #[prop(optional, into)]
    foot: Option<ViewFn>,
    /// More classes.
    #[prop(optional)]
    class: &'static str,
    /// The children bring their own scrolling body.
    #[prop(optional)]
    bare: bool,
    /// It answers what was pressed elsewhere on the page: it takes the focus, and the page gives it back.
    #[prop(optional)]
    answers: bool,
    #[prop(into)] on_close: Callback<()>,
    children: Children,
) -> impl IntoView {
    let drawer = NodeRef::<html::Aside>::new();
    let escape = move |event: &KeyboardEvent| {
        if event.key() == "Escape" && !event.default_prevented() && !belongs_above(event) {
            on_close.run(());
        }
    };
    // Wherever the focus is: on the card or row that opened it, as a rule.
    let keys = window_event_listener(ev::keydown, move |event| escape(&event));
    on_cleanup(move || keys.remove());
    if answers {
        drawer.on_load(|drawer| {
            // After a note that closes, which gives the focus back to its own control.
            request_animation_frame(move || {
                let _ = drawer.focus();
            });
        });
    }
    view! {
        <aside
            node_ref=drawer
            class=super::button::classes(&["drawer", class])
            aria-label=title
            tabindex=answers.then_some("-1")
        >
            <div class="drawer-head">
                <h1 class="grow clip" title=title>{title}</h1>
                {actions.map(|actions| actions.run())}
                <IconButton icon="close" label=t!("ui-close") size=ControlSize::Small on_press=move |_| on_close.run(())/>
            </div>
            {if bare { children().into_any() } else { view! { <div class="drawer-body">{children()}</div> }.into_any() }}
            {foot.map(|foot| view! { <div class="save-bar">{foot.run()}</div> })}
        </aside>
    }
}

/// Whether a key belongs to something that lies over the drawer: a list, a menu or a dialog that is open. Escape closes
/// that, and only that.
fn belongs_above(event: &KeyboardEvent) -> bool {
    const ABOVE: &str = ":popover-open:not(.toasts), dialog[open]";
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let within = target.and_then(|target| target.closest("[popover], dialog").ok().flatten());
    within.is_some() || document().query_selector(ABOVE).ok().flatten().is_some()
}
