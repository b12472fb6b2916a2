//! Several of several options.

use leptos::prelude::*;

use super::field::{FieldContext, unique_id};
use super::select::ChoiceList;
use super::{Choice, ChoiceChip, Icon, IconSize, Popover};
use crate::t;

/// A select with search for any number of options, in the order in which they were chosen.
#[component]
pub fn MultiSelect(
    #[prop(into)] choices: Signal<Vec<Choice>>,
    /// The keys of the chosen options.
    #[prop(into)]
    value: Signal<Vec<String>>,
    #[prop(into)] on_change: Callback<Vec<String>>,
    #[prop(optional, into)] placeholder: Option<Signal<String>>,
    /// Takes one more choice that is none of the list, as it was typed.
    #[prop(default = None)]
    on_new: Option<Callback<String>>,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(optional, into)] invalid: Signal<bool>,
    #[prop(optional, into)] label: Option<Signal<String>>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let chosen = Memo::new(move |_| {
        value.with(|keys| {
            choices.with(|choices| keys.iter().map(|key| known(choices, key)).collect::<Vec<_>>())
        })
    });
    // What is chosen and not listed has a line too: there it is taken away.
    let listed = Signal::derive(move || {
        choices.with(|choices| {
            let others =
                chosen.get().into_iter().filter(|one| !choices.iter().any(|known| known.key == one.key));
            choices.iter().cloned().chain(others).collect::<Vec<_>>()
        })
    });
    let placeholder = placeholder.unwrap_or_else(|| Signal::derive(t!("ui-choose")));
    let turn = move |key: String| {
        let mut keys = value.get_untracked();
        match keys.iter().position(|chosen| *chosen == key) {
            Some(at) => {
                keys.remove(at);
            }
            None => keys.push(key),
        }
        on_change.run(keys);
    };
    let list = unique_id("list");
    view! {
        <button
            type="button"
            class="input chips"
            id=FieldContext::id()
            role="combobox"
            aria-haspopup="listbox"
            aria-controls=list.clone()
            aria-expanded=move || open.get().to_string()
            aria-label=label
            aria-describedby=FieldContext::note()
                aria-required=FieldContext::required()
            aria-invalid=FieldContext::invalid(invalid)
            disabled=disabled
            on:click=move |_| open.update(|open| *open = !*open)
        >
            {move || {
                let chosen = chosen.get();
                if chosen.is_empty() {
                    view! { <span class="placeholder">{placeholder}</span> }.into_any()
                } else {
                    chosen
                        .into_iter()
                        .map(|choice| Choice { colour: Some(choice.colour.unwrap_or(1)), ..choice })
                        .map(|choice| view! { <ChoiceChip choice=choice/> })
                        .collect_view()
                        .into_any()
                }
            }}
            <span class="end"><Icon name="down" size=IconSize::Small/></span>
        </button>
        <Popover open=open match_width=true class="menu" role="group" id=list.clone()>
            <ChoiceList
                choices=listed
                is_chosen=move |key: String| value.with(|value| value.contains(&key))
                on_choose=turn
                on_new=on_new
            />
        </Popover>
    }
}

fn known(choices: &[Choice], key: &str) -> Choice {
    let found = choices.iter().find(|choice| choice.key == key);
    found.cloned().unwrap_or_else(|| Choice::new(key, key))
}
