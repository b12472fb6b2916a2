//! Tabs: several views of one thing.

use leptos::ev::KeyboardEvent;
use leptos::html::Div;
use leptos::prelude::*;

use super::popover::move_focus;
use super::{Count, Icon};

/// One tab.
#[derive(Clone, Debug, PartialEq)]
pub struct Tab {
    /// What `selected` holds while this tab is shown.
    pub key: &'static str,
    pub label: Signal<String>,
    pub icon: Option<&'static str>,
    pub count: Option<Signal<Option<u64>>>,
}

impl Tab {
    pub fn new(key: &'static str, label: impl Fn() -> String + Send + Sync + 'static) -> Tab {
        Tab { key, label: Signal::derive(label), icon: None, count: None }
    }

    pub fn icon(mut self, icon: &'static str) -> Tab {
        self.icon = Some(icon);
        self
    }

    pub fn count(mut self, count: impl Into<Signal<Option<u64>>>) -> Tab {
        self.count = Some(count.into());
        self
    }
}

/// Moves the focus between the tabs of a row, where an arrow is pressed.
pub fn walk_tabs(row: &web_sys::Element, event: &KeyboardEvent) {
    let step = match event.key().as_str() {
        "ArrowRight" => 1,
        "ArrowLeft" => -1,
        _other_key => return,
    };
    move_focus(row, "[role=tab]", step);
    event.prevent_default();
}

/// A row of tabs; arrows move between them.
#[component]
pub fn Tabs(
    tabs: Vec<Tab>,
    /// The key of the shown tab.
    #[prop(into)]
    selected: Signal<String>,
    #[prop(into)] on_select: Callback<&'static str>,
    /// Names the row for screen readers.
    #[prop(optional, into)]
    label: Option<Signal<String>>,
) -> impl IntoView {
    let row = NodeRef::<Div>::new();
    let tab = move |tab: Tab| {
        let key = tab.key;
        let is_selected = Memo::new(move |_| selected.with(|selected| selected == key));
        view! {
            <button
                type="button"
                role="tab"
                aria-selected=move || is_selected.get().to_string()
                tabindex=move || if is_selected.get() { "0" } else { "-1" }
                on:click=move |_| on_select.run(key)
            >
                {tab.icon.map(|icon| view! { <Icon name=icon/> })}
                {tab.label}
                {tab.count.map(|count| move || count.get().map(|count| view! { <Count value=count/> }))}
            </button>
        }
    };
    let on_key = move |event: KeyboardEvent| {
        if let Some(row) = row.get_untracked() {
            walk_tabs(&row, &event);
        }
    };
    view! {
        <div node_ref=row class="tabs" role="tablist" aria-label=label on:keydown=on_key>
            {tabs.into_iter().map(tab).collect_view()}
        </div>
    }
}
