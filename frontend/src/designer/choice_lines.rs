//! The choices of a field line by line: their texts are typed one after the other without leaving the keys.

use std::collections::BTreeMap;

use engine::field::{Choice, choices_twice};
use engine::text::{Fault, Language};
use leptos::ev::{FocusEvent, KeyboardEvent};
use leptos::prelude::*;
use serde_json::{Value as Json, json};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement};

use super::choices::{ColourChoice, free_key, put};
use super::entry_buttons::EntryButtons;
use super::properties::{text_in, with_text};
use super::state::Designer;
use crate::fill::sentence;
use crate::ui::{CellField, TextInput, unique_id};
use crate::{i18n, t};

/// What all lines lie in, and the input of each.
const LINES: &str = ".choice-lines";
const INPUTS: &str = ".choice-line input";

/// The choices that a field lists, as the draft has them.
#[derive(Clone, Copy)]
pub(super) struct Listed {
    designer: Designer,
    path: StoredValue<String>,
    stored: Memo<Json>,
}

/// A choice among those of its field: its key, and which of those with this key it is. Only a faulty form has several.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Line {
    key: String,
    nth: usize,
}

impl Listed {
    pub(super) fn of(designer: Designer, path: String) -> Listed {
        let stored = designer.member(&path, "options.choices");
        Listed { designer, path: StoredValue::new(path), stored }
    }

    /// Every choice; tracked.
    pub(super) fn all(self) -> Vec<Json> {
        self.stored.with(|stored| stored.as_array().cloned().unwrap_or_default())
    }

    pub(super) fn set(self, all: Vec<Json>) {
        self.path.with_value(|path| self.designer.set(path, "options.choices", Json::Array(all)));
    }

    pub(super) fn change(self, change: impl FnOnce(&mut Vec<Json>)) {
        let mut all = untrack(|| self.all());
        change(&mut all);
        self.set(all);
    }

    /// Puts in one more choice at a place, under a preset text that none has.
    fn add_at(self, place: usize) {
        self.change(|all| {
            let choice = json!({ "key": free_key(all), "label": free_text(all) });
            all.insert(place.min(all.len()), choice);
        });
    }

    fn place_of(self, line: &Line) -> Option<usize> {
        lines_of(&untrack(|| self.all())).iter().position(|other| other == line)
    }
}

fn key_of(choice: &Json) -> String {
    choice.get("key").and_then(Json::as_str).unwrap_or_default().to_string()
}

fn label_of(choice: &Json) -> Json {
    choice.get("label").cloned().unwrap_or_default()
}

fn lines_of(choices: &[Json]) -> Vec<Line> {
    let mut counts = BTreeMap::<String, usize>::new();
    let line = |choice: &Json| {
        let key = key_of(choice);
        let count = counts.entry(key.clone()).or_default();
        *count += 1;
        Line { key, nth: *count }
    };
    choices.iter().map(line).collect()
}

/// The text that a choice begins with.
fn preset(language: Language, number: i64) -> String {
    i18n::in_language(language, "designer-choice", &[("number", number.into())])
}

/// The first preset text that no choice has.
fn free_text(taken: &[Json]) -> String {
    let language = i18n::language_now();
    let texts: Vec<String> = taken.iter().map(|choice| untrack(|| text_in(&label_of(choice)))).collect();
    let first = i64::try_from(taken.len() + 1).unwrap_or_default();
    let mut presets = (first..).map(|number| preset(language, number));
    presets.find(|text| !texts.contains(text)).unwrap_or_default()
}

/// Whether a text is one that a choice begins with, in whichever language it was put in: whoever comes there types over it.
fn is_preset(text: &str) -> bool {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let number = digits.parse::<i64>().ok();
    number.is_some_and(|number| Language::ALL.into_iter().any(|language| preset(language, number) == text))
}

/// The places of choices that have the text of one before them, with what is to be said there.
fn faults_of(choices: Vec<Json>) -> BTreeMap<usize, Fault> {
    let choices = serde_json::from_value::<Vec<Choice>>(Json::Array(choices)).unwrap_or_default();
    let fault = |(place, text): (usize, &str)| (place, Fault::new("", "choice_twice").arg("choice", text));
    choices_twice(&choices).into_iter().map(fault).collect()
}

/// Gives the focus to the input of the line at a place, once the lines are as the draft says.
fn focus_line(lines: Element, place: usize) {
    request_animation_frame(move || {
        let inputs = lines.query_selector_all(INPUTS).ok();
        let input = inputs.and_then(|inputs| inputs.get(u32::try_from(place).unwrap_or_default()));
        if let Some(input) = input.and_then(|input| input.dyn_into::<HtmlInputElement>().ok()) {
            let _ = input.focus();
        }
    });
}

/// Marks a preset text, so that typing replaces it. After the press that came here has put the caret somewhere.
fn mark_preset(input: HtmlInputElement) {
    request_animation_frame(move || {
        if is_preset(&input.value()) {
            input.select();
        }
    });
}

fn input_of(event: &web_sys::Event) -> Option<HtmlInputElement> {
    event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok())
}

/// Puts in a choice after all others and goes there to name it.
pub(super) fn add_last(listed: Listed, lines: Option<Element>) {
    let place = untrack(|| listed.all()).len();
    listed.add_at(place);
    if let Some(lines) = lines {
        focus_line(lines, place);
    }
}

/// The lines. Each stays what it is while others and its own text change, so that typing goes on.
#[component]
pub(super) fn ChoiceLines(listed: Listed) -> impl IntoView {
    let lines = Memo::new(move |_| lines_of(&listed.all()));
    let faults = Memo::new(move |_| faults_of(listed.all()));
    let line = move |line: Line| view! { <ChoiceLine listed=listed line=line faults=faults/> };
    view! { <For each=move || lines.get() key=Line::clone children=line/> }
}

#[component]
fn ChoiceLine(listed: Listed, line: Line, faults: Memo<BTreeMap<usize, Fault>>) -> impl IntoView {
    let line = StoredValue::new(line);
    let found = Memo::new(move |_| {
        let all = listed.all();
        let place = line.with_value(|line| lines_of(&all).iter().position(|other| other == line))?;
        all.get(place).cloned().map(|choice| (place, choice))
    });
    let label = Signal::derive(move || {
        found.with(|found| found.as_ref().map(|(_, choice)| text_in(&label_of(choice)))).unwrap_or_default()
    });
    let colour = Signal::derive(move || {
        found.with(|found| {
            let (_, choice) = found.as_ref()?;
            choice.get("color").and_then(Json::as_str).map(str::to_string)
        })
    });
    let fault = Signal::derive(move || {
        let (place, _) = found.get()?;
        faults.with(|faults| faults.get(&place).map(sentence))
    });
    let change = move |change: &dyn Fn(&mut Vec<Json>, usize)| {
        if let Some(place) = line.with_value(|line| listed.place_of(line)) {
            listed.change(|all| change(all, place));
        }
    };
    let rename = move |text: String| {
        let text = text.trim();
        if text.is_empty() || label.with_untracked(|label| label == text) {
            return;
        }
        change(&|all, place| {
            if let Some(choice) = all.get_mut(place) {
                let renamed = with_text(&label_of(choice), text);
                put(choice, "label", renamed);
            }
        });
    };
    let paint = move |colour: Option<String>| {
        change(&|all, place| {
            if let Some(choice) = all.get_mut(place) {
                put(choice, "color", colour.clone().map_or(Json::Null, Json::String));
            }
        });
    };
    let remove = move || change(&|all, place| drop(all.remove(place)));
    let shift = move |step: isize| {
        change(&|all, place| {
            if let Some(to) = place.checked_add_signed(step).filter(|to| *to < all.len()) {
                all.swap(place, to);
            }
        });
    };
    let on_key = move |event: KeyboardEvent| {
        let Some(input) = input_of(&event) else { return };
        let Some(place) = line.with_value(|line| listed.place_of(line)) else { return };
        let Some(lines) = input.closest(LINES).ok().flatten() else { return };
        if event.is_composing() || event.ctrl_key() || event.meta_key() || event.shift_key() {
            return;
        }
        let last = untrack(|| listed.all()).len().saturating_sub(1);
        match (event.key().as_str(), event.alt_key()) {
            ("Enter", false) => {
                rename(input.value());
                if place == last {
                    listed.add_at(place + 1);
                }
                focus_line(lines, place + 1);
            }
            ("Backspace", false) if input.value().is_empty() => {
                remove();
                focus_line(lines, place.saturating_sub(1));
            }
            ("ArrowUp", false) => focus_line(lines, place.saturating_sub(1)),
            ("ArrowDown", false) => focus_line(lines, (place + 1).min(last)),
            ("ArrowUp", true) => {
                rename(input.value());
                shift(-1);
                focus_line(lines, place.saturating_sub(1));
            }
            ("ArrowDown", true) => {
                rename(input.value());
                shift(1);
                focus_line(lines, (place + 1).min(last));
            }
            _other_key => return,
        }
        event.prevent_default();
    };
    let on_come = move |event: FocusEvent| {
        if let Some(input) = input_of(&event) {
            mark_preset(input);
        }
    };
    // A choice has a text: where none is left there, the former one stays.
    let on_leave = move |event: FocusEvent| {
        let empty = input_of(&event).filter(|input| input.value().trim().is_empty());
        if let Some((input, label)) = empty.zip(label.try_get_untracked()) {
            input.set_value(&label);
        }
    };
    let id = unique_id("choice");
    let note = format!("{id}-note");
    let told = move || fault.get().map(|fault| view! { <span class="error">{fault}</span> });
    view! {
        <div class="choice-line" on:keydown=on_key on:focusin=on_come on:focusout=on_leave>
            <div class="row">
                <ColourChoice colour=colour on_choose=paint/>
                <CellField id=id error=fault required=false>
                    <TextInput value=label on_change=rename class="grow" label=Signal::derive(t!("designer-choice-name"))/>
                </CellField>
                <EntryButtons on_up=move |()| shift(-1) on_down=move |()| shift(1) on_remove=move |()| remove()/>
            </div>
            <div id=note aria-live="polite">{told}</div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choices(labels: &[&str]) -> Vec<Json> {
        let choice = |(place, label): (usize, &&str)| json!({"key": format!("c{place}"), "label": label});
        labels.iter().enumerate().map(choice).collect()
    }

    #[test]
    fn a_preset_text_is_known_in_every_language_and_no_other_is() {
        for text in ["Choice 1", "选项 2", "選項 12"] {
            assert!(is_preset(text), "{text}");
        }
        for text in ["", "Choice", "Choice one", "事假 1", "2026"] {
            assert!(!is_preset(text), "{text}");
        }
    }

    #[test]
    fn a_new_choice_has_a_text_that_none_has() {
        i18n::set_language(Language::En);
        assert_eq!(free_text(&choices(&["Choice 1", "Choice 2"])), "Choice 3");
        assert_eq!(free_text(&choices(&["Choice 1", "Choice 3"])), "Choice 4", "the second was taken out");
        assert_eq!(free_text(&[]), "Choice 1");
    }

    #[test]
    fn a_line_is_known_by_its_key_also_where_a_faulty_form_has_two_of_it() {
        let mut all = choices(&["A", "B"]);
        let before = lines_of(&all);
        put(&mut all[0], "label", json!("Ant"));
        assert_eq!(lines_of(&all), before, "a line stays what it is under another text");
        put(&mut all[1], "key", json!("c0"));
        let lines = lines_of(&all);
        assert_eq!((lines[0].nth, lines[1].nth), (1, 2));
    }

    #[test]
    fn two_choices_of_one_text_are_told_at_the_second() {
        let faults = faults_of(choices(&["Red", "Green", "RED"]));
        let codes: Vec<(usize, &str)> =
            faults.iter().map(|(place, fault)| (*place, fault.code.as_ref())).collect();
        assert_eq!(codes, [(2, "choice_twice")]);
    }
}
