//! A place: what it is called, its degrees, and a button for where one is.

use engine::field::FieldKind;
use engine::field::options::Location;
use leptos::prelude::*;
use serde_json::{Value as Json, json};

use super::state::FormState;
use crate::ui::{Button, CellField, ControlSize, TextInput, toast, unique_id};
use crate::{browser, t, text};

/// The control of a location.
#[component]
pub fn LocationInput(state: FormState, path: String, options: Location) -> impl IntoView {
    let value = state.value(path.clone());
    let typed = state.typed(path.clone());
    let at = StoredValue::new(path);
    let current_only = options.current_only;
    let kind = StoredValue::new(FieldKind::Location(options));
    let part = move |name: &str| {
        let json = kind.with_value(|kind| kind.to_json(&value.get()));
        json.get(name).and_then(Json::as_str).unwrap_or_default().to_string()
    };
    // What is typed and no place yet stays in sight.
    let degrees = Signal::derive(move || match (typed.get(), part("lat")) {
        (Some(typed), _) => typed,
        (None, lat) if lat.is_empty() => lat,
        (None, lat) => format!("{lat},{}", part("lng")),
    });
    let name = Signal::derive(move || if typed.get().is_some() { String::new() } else { part("address") });
    let enter = move |degrees: &str, name: &str| {
        let line = if degrees.trim().is_empty() { String::new() } else { format!("{degrees} {name}") };
        at.with_value(|path| state.enter(path, json!(line.trim())));
    };
    let is_waiting = RwSignal::new(false);
    let heard = Callback::new(move |found: Option<String>| {
        is_waiting.try_set(false);
        match found {
            Some(found) => enter(&found, &name.get_untracked()),
            None => toast::show(text!("fill-no-position")),
        }
    });
    let ask = move |_| {
        is_waiting.set(true);
        browser::ask_position(heard);
    };
    view! {
        <div class="stack g1">
            <div class="row gap-1">
                <TextInput
                    value=degrees
                    on_change=move |typed: String| enter(&typed, &name.get_untracked())
                    placeholder=Signal::derive(|| "31.23,121.47".to_string())
                    disabled=current_only
                    class="grow"
                />
                {browser::knows_position().then(|| view! {
                    <Button size=ControlSize::Small icon="location" busy=is_waiting on_press=ask>{t!("fill-position")}</Button>
                })}
            </div>
            <CellField id=unique_id("place") error=Signal::stored(None::<String>) required=false>
                <TextInput
                    value=name
                    on_change=move |typed: String| enter(&degrees.get_untracked(), &typed)
                    placeholder=Signal::derive(t!("fill-place-name"))
                    label=Signal::derive(t!("fill-place-name"))
                />
            </CellField>
        </div>
    }
}
