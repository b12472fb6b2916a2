//! Choices that another form gives: those that are chosen, and a picker over what the server offers of them. What is chosen is a
//! text.

use engine::value::Value;
use leptos::prelude::*;
use serde_json::{Value as Json, json};

use super::state::FormState;
use crate::t;
use crate::ui::{Chip, FieldContext, Found, Icon, IconSize, Picker, Popover, Searching, unique_id};

/// The control of a select whose choices are taken from another form.
#[component]
pub fn TakenInput(
    state: FormState,
    path: String,
    /// Whether several may be chosen.
    is_many: bool,
    /// Whether what nobody offers may be entered too.
    is_open: bool,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let value = state.value(path.clone());
    let typed = state.typed(path.clone());
    let at = StoredValue::new(path);
    let search = Callback::new(move |query: String| -> Searching {
        let asked = state.loaders.options.run(at.with_value(|path| state.sought(path, query)));
        Box::pin(async move {
            let by_text = |found: Found| Found { id: found.title.clone(), ..found };
            Ok(asked.await?.into_iter().map(by_text).collect())
        })
    });
    let set = move |texts: Vec<String>| {
        let entered = match is_many {
            true => json!(texts),
            false => texts.into_iter().next().map_or(Json::Null, Json::String),
        };
        at.with_value(|path| state.enter(path, entered));
    };
    let turn = move |found: Found| {
        if !is_many {
            open.set(false);
            set(vec![found.title]);
            return;
        }
        let mut texts = value.with_untracked(texts_of);
        match texts.iter().position(|known| *known == found.title) {
            Some(place) => drop(texts.remove(place)),
            None => texts.push(found.title),
        }
        set(texts);
    };
    let remove = move |text: &str| {
        let mut texts = value.with_untracked(texts_of);
        texts.retain(|known| known != text);
        set(texts);
    };
    let on_new = is_open.then(|| {
        Callback::new(move |entered: String| {
            if !entered.is_empty() {
                open.set(false);
                turn(Found { id: entered.clone(), title: entered, ..Found::default() });
            }
        })
    });
    let picked = Signal::derive(move || value.with(texts_of));
    let chip = move |text: String| {
        let gone = text.clone();
        view! {
            <Chip on_remove=move |()| remove(&gone)><span class="clip" title=text.clone()>{text.clone()}</span></Chip>
        }
    };
    let placeholder = move || {
        if let Some(typed) = typed.get() {
            return Some(view! { <span class="clip">{typed}</span> }.into_any());
        }
        value
            .with(Value::is_empty)
            .then(|| view! { <span class="placeholder">{t!("ui-choose")}</span> }.into_any())
    };
    let list = unique_id("list");
    view! {
        <div
            class="input chips"
            id=FieldContext::id()
            role="combobox"
            tabindex="0"
            aria-haspopup="listbox"
            aria-controls=list.clone()
            aria-expanded=move || open.get().to_string()
            aria-labelledby=FieldContext::label()
            aria-describedby=FieldContext::note()
            aria-required=FieldContext::required()
            aria-invalid=FieldContext::invalid(Signal::stored(false))
            on:click=move |_| open.update(|open| *open = !*open)
            on:keydown=move |event| {
                // A chip's own button presses itself.
                let is_own = event.target() == event.current_target();
                if is_own && matches!(event.key().as_str(), "Enter" | " " | "ArrowDown") {
                    event.prevent_default();
                    open.set(true);
                }
            }
        >
            {placeholder}
            <For each=move || value.with(texts_of) key=|text| text.clone() children=chip/>
            <span class="end"><Icon name="down" size=IconSize::Small/></span>
        </div>
        <Popover open=open match_width=true class="menu" role="group" id=list.clone()>
            <Picker search=search on_pick=turn placeholder=t!("ui-search") picked=picked on_new=on_new/>
        </Popover>
    }
}

fn texts_of(value: &Value) -> Vec<String> {
    value.items().iter().filter_map(Value::as_text).map(str::to_string).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_choice_and_several_are_read_alike() {
        assert_eq!(texts_of(&Value::text("Basel")), ["Basel"]);
        assert_eq!(texts_of(&Value::List(vec![Value::text("a"), Value::text("b")])), ["a", "b"]);
        assert_eq!(texts_of(&Value::Empty), [""; 0]);
    }
}
