//! Numbers: right-aligned, full-width digits welcome, thousands grouped when one leaves.

use engine::value::half_width;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::button::{ControlSize, classes};
use super::field::FieldContext;
use crate::i18n::group_digits;

/// A number as its exact decimal text (`"448698.00"`), or as typed while it is no number yet.
///
/// While the input has the focus it shows what is typed; otherwise the grouped digits.
#[component]
pub fn NumberInput(
    #[prop(into)] value: Signal<String>,
    /// Hears the text without grouping, digits made half-width.
    #[prop(optional, into)]
    on_input: Option<Callback<String>>,
    /// Hears the finished number.
    #[prop(optional, into)]
    on_change: Option<Callback<String>>,
    /// A unit before (`¥`) the number.
    #[prop(optional, into)]
    prefix: Option<Signal<String>>,
    /// A unit after (`%`, `天`) the number.
    #[prop(optional, into)]
    suffix: Option<Signal<String>>,
    /// The digits stand without separators, as those of a year do.
    #[prop(optional)]
    ungrouped: bool,
    #[prop(optional, into)] placeholder: Option<Signal<String>>,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(optional, into)] invalid: Signal<bool>,
    #[prop(optional, into)] label: Option<Signal<String>>,
    #[prop(optional)] size: ControlSize,
    #[prop(optional)] name: Option<&'static str>,
) -> impl IntoView {
    let typed = RwSignal::new(None::<String>);
    let at_rest = move || if ungrouped { value.get() } else { group_digits(&value.get()) };
    let shown = move || typed.get().unwrap_or_else(at_rest);
    view! {
        <div
            class=classes(&["input num", size.class()])
            aria-invalid=FieldContext::invalid(invalid)
            aria-disabled=move || disabled.get().then_some("true")
        >
            {prefix.map(|prefix| view! { <span class="unit">{prefix}</span> })}
            <input
                id=FieldContext::id()
                name=name
                aria-describedby=FieldContext::note()
                aria-required=FieldContext::required()
                aria-invalid=FieldContext::invalid(invalid)
                aria-label=label
                inputmode="decimal"
                autocomplete="off"
                prop:value=shown
                placeholder=placeholder
                disabled=disabled
                on:focus=move |event| {
                    let plain = value.get_untracked();
                    typed.set(Some(plain.clone()));
                    take_whole(&event, &plain);
                }
                on:input=move |event| {
                    let text = event_target_value(&event);
                    typed.set(Some(text.clone()));
                    if let Some(on_input) = on_input {
                        on_input.run(plain_number(&text));
                    }
                }
                on:change=move |event| {
                    if let Some(on_change) = on_change {
                        on_change.run(plain_number(&event_target_value(&event)));
                    }
                }
                on:blur=move |_| typed.set(None)
            />
            {suffix.map(|suffix| view! { <span class="unit">{suffix}</span> })}
        </div>
    }
}

/// Puts the number without its grouping into the input that gets the focus, and selects it: whoever comes by a key types in
/// its place. A press of the mouse puts the caret where it was meant after this.
fn take_whole(event: &web_sys::FocusEvent, plain: &str) {
    let Some(input) = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok())
    else {
        return;
    };
    if input.value() != plain {
        input.set_value(plain);
    }
    input.select();
}

/// What was typed as plain digits: half-width, without grouping and outer blanks. The engine decides whether
/// it is a number.
fn plain_number(typed: &str) -> String {
    half_width(typed).replace([',', ' '], "").trim().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_width_digits_and_grouping_are_taken() {
        assert_eq!(plain_number(" １，２３４．５０ "), "1234.50");
        assert_eq!(plain_number("1,234.5"), "1234.5");
        assert_eq!(plain_number("abc"), "abc");
    }
}
