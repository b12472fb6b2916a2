//! Several lines of text.

use leptos::prelude::*;

use super::field::FieldContext;

/// A text area; it can be dragged larger.
#[component]
pub fn TextArea(
    #[prop(into)] value: Signal<String>,
    #[prop(optional, into)] on_input: Option<Callback<String>>,
    #[prop(optional, into)] on_change: Option<Callback<String>>,
    #[prop(optional, into)] placeholder: Option<Signal<String>>,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(optional, into)] invalid: Signal<bool>,
    #[prop(default = 3)] rows: u32,
    #[prop(optional, into)] label: Option<Signal<String>>,
    #[prop(optional)] name: Option<&'static str>,
    #[prop(optional)] autofocus: bool,
) -> impl IntoView {
    let area = NodeRef::<leptos::html::Textarea>::new();
    if autofocus {
        area.on_load(|area| {
            request_animation_frame(move || {
                let _ = area.focus();
            });
        });
    }
    view! {
        <textarea
            node_ref=area
            class="input"
            id=FieldContext::id()
            name=name
            aria-describedby=FieldContext::note()
                aria-required=FieldContext::required()
            aria-invalid=FieldContext::invalid(invalid)
            aria-label=label
            rows=rows
            prop:value=value
            placeholder=placeholder
            disabled=disabled
            on:input=move |event| {
                if let Some(on_input) = on_input {
                    on_input.run(event_target_value(&event));
                }
            }
            on:change=move |event| {
                if let Some(on_change) = on_change {
                    on_change.run(event_target_value(&event));
                }
            }
        ></textarea>
    }
}
