//! Label, control, help and fault of one input.

use std::sync::atomic::{AtomicU32, Ordering};

use leptos::context::Provider;
use leptos::prelude::*;

use super::{Icon, IconSize};

/// What the control inside a field needs of it. Controls take it from the context.
#[derive(Clone, Copy)]
pub struct FieldContext {
    /// The control's element id, which the label names.
    pub id: StoredValue<String>,
    /// The id of help and fault.
    pub note: StoredValue<String>,
    pub error: Signal<Option<String>>,
    pub required: Signal<bool>,
}

impl FieldContext {
    pub fn id() -> Option<String> {
        use_context::<FieldContext>().map(|field| field.id.get_value())
    }

    /// The element id of the label, for controls that a `for` does not reach.
    pub fn label() -> Option<String> {
        use_context::<FieldContext>().map(|field| label_of(&field.id.get_value()))
    }

    pub fn note() -> Option<String> {
        use_context::<FieldContext>().map(|field| field.note.get_value())
    }

    /// `aria-required` of the control.
    pub fn required() -> Signal<Option<&'static str>> {
        let required = use_context::<FieldContext>().map(|field| field.required);
        Signal::derive(move || required.is_some_and(|required| required.get()).then_some("true"))
    }

    /// `aria-invalid` of the control: the field's fault, or `own`.
    pub fn invalid(own: Signal<bool>) -> Signal<Option<&'static str>> {
        let error = use_context::<FieldContext>().map(|field| field.error);
        Signal::derive(move || {
            let wrong = own.get() || error.is_some_and(|error| error.with(Option::is_some));
            wrong.then_some("true")
        })
    }
}

/// The element id of the label of the control with this id.
pub fn label_of(id: &str) -> String {
    format!("{id}-label")
}

/// What a control without a visible field around it needs, such as one in a cell of a table: its label names it by the id.
#[component]
pub fn CellField(
    /// The control's element id; see [`unique_id`].
    id: String,
    #[prop(into)] error: Signal<Option<String>>,
    #[prop(into)] required: Signal<bool>,
    children: Children,
) -> impl IntoView {
    let note = StoredValue::new(format!("{id}-note"));
    let context = FieldContext { id: StoredValue::new(id), note, error, required };
    view! { <Provider value=context>{children()}</Provider> }
}

/// An element id that no other element of the page has.
pub fn unique_id(prefix: &str) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    format!("{prefix}-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// A field of a form: the label above, help or the fault below the control.
#[component]
pub fn Field(
    #[prop(into)] label: Signal<String>,
    #[prop(optional, into)] required: Signal<bool>,
    #[prop(optional, into)] help: Option<Signal<String>>,
    /// What is wrong, in words; shown in place of the help.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Worth knowing, but no fault.
    #[prop(optional, into)]
    warning: Signal<Option<String>>,
    /// A link or note at the right of the label: beside it, so that it is neither read as a part of it nor leads into the control.
    #[prop(optional, into)]
    aside: Option<ViewFn>,
    /// More classes, such as `q2` for half the width.
    #[prop(optional, into)]
    class: String,
    children: Children,
) -> impl IntoView {
    let id = unique_id("field");
    let note = format!("{id}-note");
    // For this field's control alone: what stands beside the field must not take its id.
    let context = FieldContext {
        id: StoredValue::new(id.clone()),
        note: StoredValue::new(note.clone()),
        error,
        required,
    };
    let below = move || {
        if let Some(error) = error.get() {
            view! { <span class="error"><Icon name="error" size=IconSize::Tiny/>{error}</span> }.into_any()
        } else if let Some(warning) = warning.get() {
            view! { <span class="warn"><Icon name="warning" size=IconSize::Tiny/>{warning}</span> }.into_any()
        } else {
            help.map(|help| view! { <span class="help">{help}</span> }).into_any()
        }
    };
    let name = view! {
        <label class="label" id=label_of(&id) for=id>
            {label}
            {move || required.get().then(|| view! { <span class="req" aria-hidden="true">"*"</span> })}
        </label>
    };
    let above = match aside {
        Some(aside) => {
            view! { <div class="label-line">{name}<span class="aside">{aside.run()}</span></div> }.into_any()
        }
        None => name.into_any(),
    };
    view! {
        <div class=super::button::classes(&["field", &class])>
            {above}
            <Provider value=context>{children()}</Provider>
            <div id=note aria-live="polite" class="note-slot">{below}</div>
        </div>
    }
}
