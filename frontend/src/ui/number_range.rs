//! Two numbers with all that lie between them.

use leptos::prelude::*;

use super::button::ControlSize;
use super::field::FieldContext;
use super::{CellField, NumberInput, unique_id};
use crate::t;

/// The lowest and the highest number as their exact texts; an empty one is open. Both ends are handed on as they are typed,
/// also while they are turned round.
#[component]
pub fn NumberRange(
    #[prop(into)] value: Signal<[String; 2]>,
    #[prop(into)] on_input: Callback<[String; 2]>,
    /// A unit after each number.
    #[prop(optional, into)]
    suffix: Option<Signal<String>>,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(optional, into)] invalid: Signal<bool>,
    #[prop(optional)] size: ControlSize,
) -> impl IntoView {
    let input = move |end: usize, label: Signal<String>| {
        let shown = Signal::derive(move || value.with(|ends| ends.get(end).cloned().unwrap_or_default()));
        let enter = move |entered: String| {
            let mut ends = value.get_untracked();
            if let Some(end) = ends.get_mut(end) {
                *end = entered;
            }
            on_input.run(ends);
        };
        // Each has an id of its own: the label of a field around them is that of the group.
        view! {
            <CellField id=unique_id("range") error=Signal::stored(None::<String>) required=false>
                {match suffix {
                    Some(suffix) => view! {
                        <NumberInput value=shown on_input=enter label=label size=size disabled=disabled invalid=invalid suffix=suffix/>
                    }
                    .into_any(),
                    None => view! {
                        <NumberInput value=shown on_input=enter label=label size=size disabled=disabled invalid=invalid/>
                    }
                    .into_any(),
                }}
            </CellField>
        }
    };
    view! {
        <div class="row grow number-range" role="group" aria-labelledby=FieldContext::label() aria-describedby=FieldContext::note()>
            {input(0, Signal::derive(t!("ui-range-from")))}
            <span aria-hidden="true">"–"</span>
            {input(1, Signal::derive(t!("ui-range-to")))}
        </div>
    }
}
