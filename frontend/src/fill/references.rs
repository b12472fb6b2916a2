//! Several records, members or departments: those that are chosen, and a picker over what the server offers.

use engine::field::Reference;
use engine::value::{Id, Value};
use leptos::prelude::*;
use serde_json::json;

use super::making::{Making, MakingPlace};
use super::offered::nothing_words;
use super::state::FormState;
use crate::t;
use crate::ui::{
    Avatar, AvatarSize, Chip, FieldContext, Found, Icon, IconSize, Picker, Popover, Searching, unique_id,
};

/// The control of a field that holds several of something that the server knows.
#[component]
pub fn ReferencesInput(state: FormState, path: String, column: String) -> impl IntoView {
    let open = RwSignal::new(false);
    let value = state.value(path.clone());
    let typed = state.typed(path.clone());
    let at = StoredValue::new(path);
    let icon = state.draft.with_untracked(|draft| {
        let kind = draft.form().column(&column).map(|column| &column.field.kind);
        icon_of(kind.and_then(|kind| kind.reference()))
    });
    let person = icon == "member";
    let search = Callback::new(move |query: String| -> Searching {
        state.loaders.options.run(at.with_value(|path| state.sought(path, query)))
    });
    let set = move |ids: Vec<Id>| at.with_value(|path| state.enter(path, json!(ids)));
    let turn = move |found: Found| {
        let Ok(id) = found.id.parse::<Id>() else { return };
        state.titles.learn_one(id, found.title);
        let mut ids = value.with_untracked(ids_of);
        match ids.iter().position(|known| *known == id) {
            Some(place) => drop(ids.remove(place)),
            None => ids.push(id),
        }
        set(ids);
    };
    let remove = move |id: Id| {
        let mut ids = value.with_untracked(ids_of);
        ids.retain(|known| *known != id);
        set(ids);
    };
    let nothing = nothing_words(state.why_nothing(&column));
    // What was just made is chosen besides what is.
    let making = Making::of(state, &column, Callback::new(turn));
    let on_new = making.map(|making| {
        Callback::new(move |typed: String| {
            open.set(false);
            making.begin(typed);
        })
    });
    let picked = Signal::derive(move || {
        value.with(|value| ids_of(value).iter().map(Id::to_string).collect::<Vec<_>>())
    });
    let chip = move |id: Id| {
        let title = Signal::derive(move || state.titles.read(id));
        let mark = if person {
            view! { <Avatar name=title size=AvatarSize::Small/> }.into_any()
        } else {
            view! { <Icon name=icon size=IconSize::Small/> }.into_any()
        };
        view! { <Chip on_remove=move |()| remove(id)>{mark}<span class="clip" title=title>{title}</span></Chip> }
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
            <For each=move || value.with(ids_of) key=|id| *id children=chip/>
            <span class="end"><Icon name="down" size=IconSize::Small/></span>
        </div>
        <Popover open=open match_width=true class="menu" role="group" id=list.clone()>
            <Picker search=search on_pick=turn placeholder=t!("ui-search") picked=picked on_new=on_new nothing=nothing/>
        </Popover>
        {making.map(|making| view! { <MakingPlace state=state making=making/> })}
    }
}

/// The icon of what ids stand for.
pub fn icon_of(reference: Option<Reference>) -> &'static str {
    match reference {
        Some(Reference::Member) => "member",
        Some(Reference::Department) => "dept",
        Some(Reference::File) => "file",
        Some(Reference::Record) | None => "link",
    }
}

fn ids_of(value: &Value) -> Vec<Id> {
    value.items().iter().filter_map(Value::as_ref_id).collect()
}
