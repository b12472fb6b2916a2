//! Choices as cards, all in sight: for visitors, who choose by finger and have never seen the list before.

use engine::field::FieldKind;
use leptos::prelude::*;

use super::reading::choices;
use super::state::FormState;
use crate::i18n;
use crate::ui::{Choice, FieldContext, unique_id};

/// Choices that are laid out at most; of more there is a list that opens.
const MOST: usize = 8;

/// Whether the choices of a field are laid out: a few, all of them known, outside of a table.
pub fn are_laid_out(state: FormState, path: &str, kind: &FieldKind) -> bool {
    let is_closed = match kind {
        FieldKind::Select(select) => !select.allow_other && select.from.is_none(),
        FieldKind::MultiSelect(select) => !select.allow_other && select.from.is_none(),
        _ => false,
    };
    let is_short = || choices(kind, i18n::language_now()).len() <= MOST;
    state.loaders.filled_by.is_visitor() && !path.contains('.') && is_closed && is_short()
}

/// A card for each choice, with a box where several may be chosen. The one that is chosen is given up by pressing it again.
#[component]
pub fn Picks(
    #[prop(into)] choices: Signal<Vec<Choice>>,
    /// The keys of what is chosen.
    #[prop(into)]
    chosen: Signal<Vec<String>>,
    is_many: bool,
    #[prop(into)] on_change: Callback<Vec<String>>,
) -> impl IntoView {
    let group = StoredValue::new(unique_id("picks"));
    let invalid = FieldContext::invalid(Signal::stored(false));
    let card = move |choice: Choice| {
        let key = StoredValue::new(choice.key.clone());
        let is_on = Memo::new(move |_| key.with_value(|key| chosen.with(|chosen| chosen.contains(key))));
        let turn = move |on: bool| {
            let key = key.get_value();
            let mut keys = if is_many { chosen.get_untracked() } else { Vec::new() };
            keys.retain(|known| *known != key);
            if on {
                keys.push(key);
            }
            on_change.run(keys);
        };
        view! {
            <label class="pick-card">
                <span class="check">
                    <input
                        type=if is_many { "checkbox" } else { "radio" }
                        name=group.get_value()
                        prop:checked=is_on
                        on:click=move |_| if !is_many && is_on.get_untracked() { turn(false) }
                        on:change=move |event| turn(event_target_checked(&event))
                    />
                    {choice.label}
                </span>
            </label>
        }
    };
    view! {
        <div
            class="picks"
            role=if is_many { "group" } else { "radiogroup" }
            id=FieldContext::id()
            aria-labelledby=FieldContext::label()
            aria-describedby=FieldContext::note()
            // A group of boxes is no control that could be wrong.
            aria-invalid=move || invalid.get().filter(|_| !is_many)
        >
            <For each=move || choices.get() key=|choice| (choice.key.clone(), choice.label.clone()) children=card/>
        </div>
    }
}
