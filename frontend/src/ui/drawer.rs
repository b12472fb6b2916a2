//! A column at the right of a page for one thing of a list: a record beside its grid.

use leptos::prelude::*;

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
    #[prop(into)] on_close: Callback<()>,
    children: Children,
) -> impl IntoView {
    view! {
        <aside class=super::button::classes(&["drawer", class]) aria-label=title on:keydown=move |event| {
            if event.key() == "Escape" && !event.default_prevented() {
                on_close.run(());
            }
        }>
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
