//! A few exclusive choices side by side.

use leptos::prelude::*;

use super::Icon;

/// One choice of a segmented control.
#[derive(Clone, Debug, PartialEq)]
pub struct Segment {
    pub key: &'static str,
    pub label: Signal<String>,
    pub icon: Option<&'static str>,
}

impl Segment {
    pub fn new(key: &'static str, label: impl Fn() -> String + Send + Sync + 'static) -> Segment {
        Segment { key, label: Signal::derive(label), icon: None }
    }

    pub fn icon(mut self, icon: &'static str) -> Segment {
        self.icon = Some(icon);
        self
    }
}

#[component]
pub fn Segmented(
    segments: Vec<Segment>,
    #[prop(into)] selected: Signal<String>,
    #[prop(into)] on_select: Callback<&'static str>,
    #[prop(into)] label: Signal<String>,
) -> impl IntoView {
    let segment = move |segment: Segment| {
        let key = segment.key;
        view! {
            <button
                type="button"
                aria-pressed=move || selected.with(|selected| selected == key).to_string()
                on:click=move |_| on_select.run(key)
            >
                {segment.icon.map(|icon| view! { <Icon name=icon/> })}
                {segment.label}
            </button>
        }
    };
    view! {
        <div class="segmented" role="group" aria-label=label>{segments.into_iter().map(segment).collect_view()}</div>
    }
}
