//! One of several options.

use engine::value::fold;
use leptos::html::Div;
use leptos::prelude::*;

use super::button::{ControlSize, classes};
use super::empty::nothing_found;
use super::field::{FieldContext, unique_id};
use super::options::{SEARCH_FROM, headings, matching};
use super::picker::is_text_input;
use super::popover::{focus_end, move_focus};
use super::{Choice, ChoiceChip, Icon, IconSize, Popover, SearchBox};
use crate::{t, text};

pub(super) const OPTION: &str = "[role=option]:not([aria-disabled=true])";

/// A select with search. `None` is no choice.
#[component]
pub fn Select(
    #[prop(into)] choices: Signal<Vec<Choice>>,
    /// The key of the chosen option.
    #[prop(into)]
    value: Signal<Option<String>>,
    #[prop(into)] on_change: Callback<Option<String>>,
    #[prop(optional, into)] placeholder: Option<Signal<String>>,
    /// The choice may be taken away again.
    #[prop(optional)]
    clearable: bool,
    /// Takes a choice that is none of the list, as it was typed.
    #[prop(default = None)]
    on_new: Option<Callback<String>>,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(optional, into)] invalid: Signal<bool>,
    #[prop(optional, into)] label: Option<Signal<String>>,
    #[prop(optional)] size: ControlSize,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let chosen = Memo::new(move |_| {
        let key = value.get()?;
        let known = choices.with(|choices| choices.iter().find(|choice| choice.key == key).cloned());
        Some(known.unwrap_or_else(|| Choice::new(key.clone(), key)))
    });
    let placeholder = placeholder.unwrap_or_else(|| Signal::derive(t!("ui-choose")));
    let choose = move |key: Option<String>| {
        open.set(false);
        on_change.run(key);
    };
    let on_new = on_new.map(|on_new| {
        Callback::new(move |typed: String| {
            open.set(false);
            on_new.run(typed);
        })
    });
    let list = unique_id("list");
    view! {
        <button
            type="button"
            class=classes(&["input", size.class()])
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
            on:keydown=move |event| {
                if matches!(event.key().as_str(), "ArrowDown" | "ArrowUp") {
                    event.prevent_default();
                    open.set(true);
                }
            }
        >
            {move || match chosen.get() {
                Some(choice) => view! { <ChoiceChip choice=choice/> }.into_any(),
                None => view! { <span class="placeholder">{placeholder}</span> }.into_any(),
            }}
            <span class="end"><Icon name="down" size=IconSize::Small/></span>
        </button>
        <Popover open=open match_width=true class="menu" role="group" id=list.clone()>
            <ChoiceList
                choices=choices
                is_chosen=move |key: String| value.with(|value| value.as_ref() == Some(&key))
                on_choose=move |key: String| choose(Some(key))
                on_new=on_new
            />
            {(clearable && value.get().is_some()).then(|| view! {
                <div class="menu-line"></div>
                <button type="button" class="menu-item" on:click=move |_| choose(None)>
                    <Icon name="close"/>{t!("ui-clear")}
                </button>
            })}
        </Popover>
    }
}

/// A searchable list of options inside a popover. Where another choice may be entered, what is typed into the search is it.
#[component]
pub(crate) fn ChoiceList(
    choices: Signal<Vec<Choice>>,
    #[prop(into)] is_chosen: Callback<String, bool>,
    #[prop(into)] on_choose: Callback<String>,
    /// Takes what is none of the list, as it was typed.
    #[prop(default = None)]
    on_new: Option<Callback<String>>,
) -> impl IntoView {
    let query = RwSignal::new(String::new());
    let shown = Memo::new(move |_| choices.with(|choices| matching(choices, &query.get())));
    let list = NodeRef::<Div>::new();
    let searched = on_new.is_some() || choices.with_untracked(|choices| choices.len() >= SEARCH_FROM);
    // The text that is no option yet and may become one.
    let other = Memo::new(move |_| {
        let typed = query.with(|query| query.trim().to_string());
        let is_new = on_new.is_some() && choices.with(|choices| is_other(choices, &typed));
        is_new.then_some(typed)
    });
    let take_other = move || {
        if let (Some(on_new), Some(typed)) = (on_new, other.get_untracked()) {
            query.set(String::new());
            on_new.run(typed);
        }
    };
    let placeholder = move || match on_new {
        Some(_) => text!("ui-search-or-other"),
        None => text!("ui-search"),
    };
    if !searched {
        list.on_load(|list| {
            request_animation_frame(move || focus_end(&list, OPTION, false));
        });
    }
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        let Some(list) = list.get() else { return };
        match event.key().as_str() {
            "ArrowDown" => move_focus(&list, OPTION, 1),
            "ArrowUp" => move_focus(&list, OPTION, -1),
            "Enter" if is_text_input(&event) && !event.is_composing() => {
                let searched = query.with_untracked(|query| !query.trim().is_empty());
                let first =
                    shown.with_untracked(|shown| shown.iter().find(|choice| !choice.disabled).cloned());
                match first.filter(|_| searched) {
                    Some(first) => on_choose.run(first.key),
                    None => take_other(),
                }
            }
            _other_key => return,
        }
        event.prevent_default();
    };
    let option = move |choice: Choice| {
        let key = StoredValue::new(choice.key.clone());
        let note = choice.note.clone();
        let icon = choice.icon.clone();
        let disabled = choice.disabled;
        // One of them is on the way of Tab: a list that scrolls is reached without a mouse.
        let is_first = move || {
            shown.with(|shown| key.with_value(|key| shown.first().is_some_and(|first| first.key == *key)))
        };
        view! {
            <button
                type="button"
                class="menu-item"
                role="option"
                tabindex=move || if is_first() { "0" } else { "-1" }
                aria-checked=move || is_chosen.run(key.get_value()).to_string()
                aria-selected=move || is_chosen.run(key.get_value()).then_some("true")
                aria-disabled=disabled.then_some("true")
                on:click=move |_| {
                    if !disabled {
                        on_choose.run(key.get_value());
                    }
                }
            >
                {icon.map(|icon| view! { <Icon name=icon/> })}
                <ChoiceChip choice=choice/>
                {note.map(|note| view! { <span class="end">{note}</span> })}
                <Icon name="check" class="tick"/>
            </button>
        }
    };
    let headed = Memo::new(move |_| shown.with(|shown| headings(shown)));
    // The options under a heading; without one where none has any.
    let block = move |heading: Option<String>| {
        let title = heading.clone();
        let own = Memo::new(move |_| {
            shown.with(|shown| {
                shown.iter().filter(|choice| choice.group == heading).cloned().collect::<Vec<_>>()
            })
        });
        let options = view! { <For each=move || own.get() key=|choice| choice.key.clone() children=option/> };
        match title {
            None => options.into_any(),
            Some(title) => {
                let name = title.clone();
                view! {
                    <div role="group" aria-label=name>
                        <div class="menu-title" aria-hidden="true">{title}</div>
                        {options}
                    </div>
                }
                .into_any()
            }
        }
    };
    view! {
        <div node_ref=list on:keydown=on_key>
            {searched.then(|| view! {
                <div class="menu-search">
                    <SearchBox
                        value=query
                        on_search=move |text| query.set(text)
                        placeholder=Signal::derive(placeholder)
                        size=ControlSize::Small
                        pause=0
                        autofocus=true
                    />
                </div>
            })}
            <div class="options" role="listbox" aria-label=t!("ui-choose")>
                <For each=move || headed.get() key=Option::clone children=block/>
                {move || other.get().map(|typed| view! {
                    <button type="button" class="menu-item" role="option" tabindex="-1" aria-selected="false" on:click=move |_| take_other()>
                        <Icon name="plus"/>
                        <span class="clip">{text!("ui-other", choice = typed)}</span>
                    </button>
                })}
            </div>
            {move || (shown.with(Vec::is_empty) && other.with(Option::is_none)).then(|| view! {
                <div class="empty small-empty">
                    <span class="muted">{move || nothing_found(&query.get())}</span>
                </div>
            })}
        </div>
    }
}

/// Whether a text is a choice that is not there yet.
fn is_other(choices: &[Choice], typed: &str) -> bool {
    let folded = fold(typed);
    !typed.is_empty() && !choices.iter().any(|choice| choice.key == typed || fold(&choice.label) == folded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_another_choice_where_none_is_called_so() {
        let choices = [Choice::new("basel", "Basel"), Choice::new("bern", "Bern")];
        assert!(is_other(&choices, "Chur") && is_other(&choices, "Bas"));
        assert!(!is_other(&choices, "bASEL") && !is_other(&choices, "bern") && !is_other(&choices, ""));
    }
}
