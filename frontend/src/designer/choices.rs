//! The choices of a select: their words, colours, order and number; many at once from lines.

use leptos::html;
use leptos::prelude::*;
use serde_json::{Value as Json, json};

use super::choice_lines::{ChoiceLines, Listed, add_last};
use super::properties::text_in;
use super::state::Designer;
use crate::ui::{Button, ButtonKind, ControlSize, Dialog, Field, Menu, TextArea, press_by_key, unique_id};
use crate::{t, text};

/// How many option colours there are.
const COLOURS: u8 = 12;

/// The choices that are listed. A choice's key never changes.
#[component]
pub fn Choices(designer: Designer, path: String) -> impl IntoView {
    let from = designer.member(&path, "options.from");
    let listed = Listed::of(designer, path);
    let lines = NodeRef::<html::Div>::new();
    let add = move |_| add_last(listed, lines.get_untracked().map(Into::into));
    let writing = RwSignal::new(false);
    let written = move |all: Vec<Json>| listed.set(all);
    let name = unique_id("choices");
    let labelled = name.clone();
    let body = move || {
        view! {
            <div class="field" role="group" aria-labelledby=labelled.clone()>
                <span class="label" id=name.clone()>{t!("designer-choices")}</span>
                <div class="stack g1">
                    <div class="stack g1 choice-lines" node_ref=lines><ChoiceLines listed=listed/></div>
                    <div class="row wrap">
                        <Button kind=ButtonKind::Ghost size=ControlSize::Small icon="plus" on_press=add>{t!("designer-add-choice")}</Button>
                        <Button kind=ButtonKind::Ghost size=ControlSize::Small icon="edit" on_press=move |_| writing.set(true)>{t!("designer-write-choices")}</Button>
                        <Button kind=ButtonKind::Ghost size=ControlSize::Small icon="spark" on_press=move |_| listed.change(|all| paint_all(all))>{t!("designer-paint-choices")}</Button>
                    </div>
                </div>
            </div>
            <Writing open=writing choices=Signal::derive(move || listed.all()) on_done=written/>
        }
    };
    // What another form gives is not listed here.
    let is_listed = Memo::new(move |_| from.with(Json::is_null));
    view! { {move || is_listed.get().then(&body)} }
}

/// The colour of a choice: a press shows all of them.
#[component]
pub fn ColourChoice(
    #[prop(into)] colour: Signal<Option<String>>,
    #[prop(into)] on_choose: Callback<Option<String>>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let class = move |colour: Option<&str>| format!("chip {} option-colour", colour.unwrap_or("plain"));
    let own = move || colour.with(|colour| class(colour.as_deref()));
    let choose = move |colour: Option<String>| {
        open.set(false);
        on_choose.run(colour);
    };
    let swatch = move |name: Option<String>| {
        let number = name.as_deref().map(|name| name.trim_start_matches('o').to_string());
        let label = move || match &number {
            Some(number) => text!("designer-colour", number = number.clone()),
            None => text!("designer-no-colour"),
        };
        let (by_press, by_key) = (name.clone(), name.clone());
        view! {
            <span
                class=class(name.as_deref())
                role="menuitem"
                tabindex="-1"
                aria-label=label
                on:click=move |_| choose(by_press.clone())
                on:keydown=move |event| press_by_key(&event, || choose(by_key.clone()))
            ></span>
        }
    };
    view! {
        <button
            type="button"
            class=own
            aria-label=t!("designer-choice-colour")
            aria-haspopup="menu"
            aria-expanded=move || open.get().to_string()
            on:click=move |_| open.update(|open| *open = !*open)
        ></button>
        <Menu open=open>
            <div class="option-colours">
                {std::iter::once(None).chain((1..=COLOURS).map(|number| Some(format!("o{number}")))).map(swatch).collect_view()}
            </div>
        </Menu>
    }
}

/// The choices as lines: pasted from a spreadsheet, say.
#[component]
fn Writing(
    open: RwSignal<bool>,
    choices: Signal<Vec<Json>>,
    #[prop(into)] on_done: Callback<Vec<Json>>,
) -> impl IntoView {
    let written = RwSignal::new(String::new());
    Effect::new(move |_| {
        if open.get() {
            let names = untrack(|| choices.get());
            let names: Vec<String> = names
                .iter()
                .map(|choice| untrack(|| text_in(&choice.get("label").cloned().unwrap_or_default())))
                .collect();
            written.set(names.join("\n"));
        }
    });
    let take = move |_| {
        let before = choices.get_untracked();
        open.set(false);
        on_done.run(read_lines(&written.get_untracked(), &before));
    };
    let foot = move || {
        view! {
            <Button on_press=move |_| open.set(false)>{t!("ui-cancel")}</Button>
            <Button kind=ButtonKind::Primary on_press=take>{t!("designer-take-choices")}</Button>
        }
    };
    view! {
        <Dialog open=open title=t!("designer-write-choices") asks=true foot=Some(ViewFn::from(foot))>
            <Field label=t!("designer-choices-lines") help=Signal::derive(t!("designer-choices-lines-help"))>
                <TextArea value=written on_input=move |text: String| written.set(text) rows=12 name="choice-lines"/>
            </Field>
        </Dialog>
    }
}

/// Replaces a member; `null` takes it away.
pub(super) fn put(choice: &mut Json, member: &str, value: Json) {
    let Some(members) = choice.as_object_mut() else { return };
    match value {
        Json::Null => drop(members.remove(member)),
        value => drop(members.insert(member.to_string(), value)),
    }
}

pub(super) fn free_key(taken: &[Json]) -> String {
    let is_free = |key: &String| {
        taken.iter().all(|choice| choice.get("key").and_then(Json::as_str) != Some(key.as_str()))
    };
    (1..).map(|number| format!("c{number}")).find(is_free).unwrap_or_default()
}

/// Gives each choice without a colour the next one.
fn paint_all(choices: &mut [Json]) {
    for (place, choice) in choices.iter_mut().enumerate() {
        if choice.get("color").is_none() {
            put(choice, "color", json!(format!("o{}", place % usize::from(COLOURS) + 1)));
        }
    }
}

/// The choices that lines name: one a line, or several parted by tabs. One that was there keeps its key, its colour and its
/// words in other languages; what is said twice is there once.
fn read_lines(text: &str, before: &[Json]) -> Vec<Json> {
    let mut names: Vec<&str> = Vec::new();
    for name in text.split(['\n', '\r', '\t']).map(str::trim).filter(|name| !name.is_empty()) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let said = |choice: &Json| untrack(|| text_in(&choice.get("label").cloned().unwrap_or_default()));
    let mut all: Vec<Json> = before.to_vec();
    let mut found = Vec::with_capacity(names.len());
    for name in names {
        let known = before.iter().find(|choice| said(choice) == name).cloned();
        let choice = known.unwrap_or_else(|| json!({ "key": free_key(&all), "label": name }));
        all.push(choice.clone());
        found.push(choice);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_choices_and_those_that_were_there_stay_what_they_were() {
        let before =
            [json!({"key": "c1", "label": "Red", "color": "o1"}), json!({"key": "c2", "label": "Green"})];
        let found = read_lines("Green\r\nBlue\tRed\n\n Blue \n", &before);
        let keys: Vec<&str> = found.iter().filter_map(|choice| choice["key"].as_str()).collect();
        assert_eq!(keys, ["c2", "c3", "c1"]);
        assert_eq!((&found[2]["color"], &found[1]["label"]), (&json!("o1"), &json!("Blue")));
        assert!(read_lines(" \n", &before).is_empty());
    }

    #[test]
    fn choices_without_a_colour_are_painted() {
        let mut choices: Vec<Json> = (1..=14).map(|number| json!({"key": format!("c{number}")})).collect();
        put(&mut choices[1], "color", json!("o9"));
        paint_all(&mut choices);
        let colours: Vec<&str> = choices.iter().filter_map(|choice| choice["color"].as_str()).collect();
        assert_eq!((colours[0], colours[1], colours[12]), ("o1", "o9", "o1"));
    }
}
