//! One line of text.

use leptos::prelude::*;

use super::button::{ControlSize, classes};
use super::field::FieldContext;
use super::{Icon, IconSize};
use crate::t;

/// What the text is, for keyboards of phones and for password stores.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InputType {
    #[default]
    Text,
    Email,
    Password,
    Phone,
    Url,
}

impl InputType {
    fn attribute(self) -> &'static str {
        match self {
            InputType::Text => "text",
            InputType::Email => "email",
            InputType::Password => "password",
            InputType::Phone => "tel",
            InputType::Url => "url",
        }
    }
}

/// A text input. `on_input` hears every keystroke, `on_change` the finished text.
#[component]
pub fn TextInput(
    #[prop(into)] value: Signal<String>,
    #[prop(optional, into)] on_input: Option<Callback<String>>,
    #[prop(optional, into)] on_change: Option<Callback<String>>,
    #[prop(optional)] kind: InputType,
    #[prop(optional, into)] placeholder: Option<Signal<String>>,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(optional, into)] invalid: Signal<bool>,
    /// A server-side check runs.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// What a password store should fill in: `email`, `current-password` …
    #[prop(optional)]
    autocomplete: Option<&'static str>,
    /// Read aloud where there is no field around it.
    #[prop(optional, into)]
    label: Option<Signal<String>>,
    #[prop(optional)] size: ControlSize,
    /// Name of the input, for browsers and tests.
    #[prop(optional)]
    name: Option<&'static str>,
    #[prop(optional)] autofocus: bool,
    #[prop(optional)] class: &'static str,
) -> impl IntoView {
    let shown = RwSignal::new(kind != InputType::Password);
    let attribute =
        move || if shown.get() && kind == InputType::Password { "text" } else { kind.attribute() };
    let tall = if size == ControlSize::Large { "tall" } else { size.class() };
    let input = NodeRef::<leptos::html::Input>::new();
    if autofocus {
        input.on_load(|input| {
            request_animation_frame(move || {
                let _ = input.focus();
            });
        });
    }
    view! {
        <div
            class=classes(&["input", tall, class])
            aria-invalid=FieldContext::invalid(invalid)
            aria-disabled=move || disabled.get().then_some("true")
            aria-busy=move || busy.get().then_some("true")
        >
            <input
                node_ref=input
                id=FieldContext::id()
                aria-describedby=FieldContext::note()
                aria-required=FieldContext::required()
                type=attribute
                name=name
                prop:value=value
                placeholder=placeholder
                disabled=disabled
                autocomplete=autocomplete
                aria-label=label
                aria-invalid=FieldContext::invalid(invalid)
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
            />
            {move || busy.get().then(|| view! { <span class="spinner tiny"></span> })}
            {(kind == InputType::Password).then(|| view! {
                <button
                    type="button"
                    aria-label=t!("ui-show-password")
                    aria-pressed=move || shown.get().to_string()
                    on:click=move |_| shown.update(|shown| *shown = !*shown)
                >
                    <Icon name=Signal::derive(move || if shown.get() { "eye-off" } else { "eye" }.to_string()) size=IconSize::Small/>
                </button>
            })}
        </div>
    }
}
