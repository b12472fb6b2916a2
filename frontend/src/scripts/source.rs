//! The editor of a script: lines with their numbers, what is wrong underlined, names completed. Escape, then Tab leaves it.

use engine::text::Fault;
use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;

use super::suggest::{Suggestion, suggestions};
use crate::fill::sentence;
use crate::ui::{Icon, unique_id};
use crate::{i18n, t};

/// What a Tab writes.
const INDENT: &str = "    ";

/// Something that is wrong: from which character on, and how many.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Mark {
    at: usize,
    length: usize,
}

#[component]
pub fn SourceEditor(
    source: RwSignal<String>,
    #[prop(into)] faults: Signal<Vec<Fault>>,
    /// The fields of the record, where it is known of which form it is.
    #[prop(into)]
    fields: Signal<Vec<String>>,
    /// What somebody takes from a list beside it, to be put in where the cursor is.
    inserts: RwSignal<Option<String>>,
) -> impl IntoView {
    let area = NodeRef::<html::Textarea>::new();
    let (top, left) = (RwSignal::new(0), RwSignal::new(0));
    // Whether the next Tab leaves.
    let leaves = RwSignal::new(false);
    let offered = RwSignal::new((0_usize, Vec::<Suggestion>::new()));
    let active = RwSignal::new(0_usize);
    let marks = Memo::new(move |_| {
        let source = source.get();
        faults.with(|faults| faults.iter().filter_map(|fault| mark_of(&source, fault)).collect::<Vec<Mark>>())
    });
    let selection = move || -> (usize, usize) {
        let Some(area) = area.get_untracked() else { return (0, 0) };
        let text = source.get_untracked();
        let at = |units: Option<u32>| {
            units.map_or(text.chars().count(), |units| characters(&text, units as usize))
        };
        (at(area.selection_start().ok().flatten()), at(area.selection_end().ok().flatten()))
    };
    // Puts something in the place of what lies between two characters, and the cursor behind it.
    let put = move |from: usize, to: usize, insert: &str| {
        let text = source.get_untracked();
        let before: String = text.chars().take(from).collect();
        let after: String = text.chars().skip(to).collect();
        let caret = format!("{before}{insert}").encode_utf16().count() as u32;
        source.set(format!("{before}{insert}{after}"));
        if let Some(area) = area.get_untracked() {
            let _ = area.focus();
            request_animation_frame(move || drop(area.set_selection_range(caret, caret)));
        }
    };
    let dismiss = move || offered.set((0, Vec::new()));
    let choose = move |place: usize| {
        let (length, found) = offered.get_untracked();
        let Some(chosen) = found.get(place) else { return };
        let (_, to) = selection();
        put(to.saturating_sub(length), to, &chosen.insert);
        dismiss();
    };
    Effect::new(move || {
        let Some(insert) = inserts.get() else { return };
        inserts.set(None);
        untrack(|| {
            let (from, to) = selection();
            put(from, to, &insert);
        });
    });
    let on_key = move |event: KeyboardEvent| {
        if event.is_composing() || event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let count = offered.with_untracked(|(_, found)| found.len());
        let was_leaving = leaves.get_untracked();
        if event.key() != "Shift" {
            leaves.set(false);
        }
        match event.key().as_str() {
            "Escape" if count > 0 => {
                dismiss();
                event.stop_propagation();
            }
            "Escape" => {
                leaves.set(true);
                return;
            }
            "ArrowDown" if count > 0 => active.update(|place| *place = (*place + 1) % count),
            "ArrowUp" if count > 0 => active.update(|place| *place = (*place + count - 1) % count),
            "Enter" | "Tab" if count > 0 && !event.shift_key() => choose(active.get_untracked()),
            "Tab" if was_leaving || event.shift_key() => return,
            "Tab" => {
                let (from, to) = selection();
                put(from, to, INDENT);
            }
            "Enter" => {
                let (from, to) = selection();
                let indent = indent_at(&source.get_untracked(), from);
                put(from, to, &format!("\n{indent}"));
            }
            _other_key => return,
        }
        event.prevent_default();
    };
    let follow = move |_: web_sys::Event| {
        if let Some(area) = area.get_untracked() {
            top.set(area.scroll_top());
            left.set(area.scroll_left());
        }
    };
    let numbers = move || {
        let lines = source.with(|source| source.split('\n').count());
        let wrong: Vec<usize> = faults.with(|faults| faults.iter().filter_map(line_of).collect());
        let number = |line: usize| {
            let is_wrong = wrong.contains(&line).then_some("true");
            view! { <div data-wrong=is_wrong>{line}</div> }
        };
        (1..=lines).map(number).collect_view()
    };
    let drawn = move || {
        let piece = |(text, wrong): (String, bool)| {
            view! { <span data-wrong=wrong.then_some("true")>{text}</span> }
        };
        marks.with(|marks| pieces(&source.get(), marks)).into_iter().map(piece).collect_view()
    };
    let moved = move || format!("translate({}px, {}px)", -left.get(), -top.get());
    let list = StoredValue::new(unique_id("names"));
    let option = move |place: usize| list.with_value(|list| format!("{list}-{place}"));
    let help = StoredValue::new(unique_id("leave"));
    let note = StoredValue::new(unique_id("faults"));
    let options = move || {
        let found = offered.with(|(_, found)| found.clone()).into_iter().enumerate();
        let line = move |(place, suggestion): (usize, Suggestion)| {
            let help = suggestion.help.map(|key| super::help::said(i18n::language(), &key));
            view! {
                <button
                    type="button"
                    class="menu-item"
                    role="option"
                    id=option(place)
                    tabindex="-1"
                    aria-selected=move || (active.get() == place).to_string()
                    on:mousedown=move |event| {
                        event.prevent_default();
                        choose(place);
                    }
                >
                    <span class="nowrap code" translate="no">{suggestion.label}</span>
                    <span class="note muted clip">{help}</span>
                </button>
            }
        };
        found.map(line).collect_view()
    };
    let is_offering = move || offered.with(|(_, found)| !found.is_empty());
    let told = move || {
        let line = |fault: Fault| {
            let (line, column) = (line_of(&fault).unwrap_or(1), place_of(&fault, "column").unwrap_or(1));
            let words = sentence(&fault);
            let go = move |_| {
                let text = source.get_untracked();
                let at = offset(&text, line, column);
                let before: String = text.chars().take(at).collect();
                let caret = before.encode_utf16().count() as u32;
                if let Some(area) = area.get_untracked() {
                    let _ = area.focus();
                    let _ = area.set_selection_range(caret, caret);
                }
            };
            view! {
                <li class="error">
                    <Icon name="error"/>
                    <button type="button" class="link" on:click=go>{words}</button>
                </li>
            }
        };
        faults.get().into_iter().map(line).collect_view()
    };
    view! {
        <div class="stack g2">
            <div class="code-box" translate="no">
                <div class="code-lines" aria-hidden="true">
                    <div style:transform=move || format!("translateY({}px)", -top.get())>{numbers}</div>
                </div>
                <div class="code-text">
                    <div class="code-marks" aria-hidden="true" data-under="source">
                        <div style:transform=moved>{drawn}</div>
                    </div>
                    <textarea
                        node_ref=area
                        name="source"
                        wrap="off"
                        spellcheck="false"
                        autocapitalize="off"
                        autocomplete="off"
                        aria-label=t!("scripts-source")
                        aria-describedby=move || format!("{} {}", help.get_value(), note.get_value())
                        aria-autocomplete="list"
                        aria-controls=list.get_value()
                        aria-activedescendant=move || is_offering().then(|| option(active.get()))
                        aria-invalid=move || faults.with(|faults| !faults.is_empty()).then_some("true")
                        prop:value=source
                        on:scroll=follow
                        on:keydown=on_key
                        on:input=move |event| {
                            let text = event_target_value(&event);
                            source.set(text.clone());
                            let (_, cursor) = selection();
                            offered.set(fields.with_untracked(|fields| suggestions(&text, cursor, fields)));
                            active.set(0);
                        }
                        on:blur=move |_| dismiss()
                    ></textarea>
                </div>
            </div>
            <div role="listbox" class="code-names" id=list.get_value() aria-label=t!("scripts-names") hidden=move || !is_offering()>
                {options}
            </div>
            <p class="note muted" id=help.get_value()>{t!("scripts-leave")}</p>
            <ul class="stack g1 note-slot" id=note.get_value() aria-live="polite">{told}</ul>
        </div>
    }
}

fn place_of(fault: &Fault, name: &str) -> Option<usize> {
    fault.args.get(name)?.parse().ok()
}

/// The line that a fault names, counted from one.
fn line_of(fault: &Fault) -> Option<usize> {
    place_of(fault, "line")
}

/// Which character stands at a line and a column, both counted from one. Beyond the end it is the last one.
fn offset(source: &str, line: usize, column: usize) -> usize {
    let before = source.split('\n').take(line.saturating_sub(1)).map(|line| line.chars().count() + 1);
    let length = source.split('\n').nth(line.saturating_sub(1)).map_or(0, |line| line.chars().count());
    before.sum::<usize>() + column.saturating_sub(1).min(length)
}

/// What is underlined: the name that a fault is about, or the word that stands there; at the end of a line its last character.
fn mark_of(source: &str, fault: &Fault) -> Option<Mark> {
    let at = offset(source, line_of(fault)?, place_of(fault, "column").unwrap_or(1));
    let letters: Vec<char> = source.chars().collect();
    let is_of_word = |letter: &&char| letter.is_alphanumeric() || **letter == '_';
    let length = letters.iter().skip(at).take_while(is_of_word).count().max(1);
    if letters.get(at).is_some_and(|letter| *letter != '\n') {
        return Some(Mark { at, length });
    }
    let before = at.checked_sub(1)?;
    Some(Mark { at: before, length: 1 })
}

/// The text cut where something wrong begins or ends.
fn pieces(source: &str, marks: &[Mark]) -> Vec<(String, bool)> {
    let is_wrong = |place: usize| marks.iter().any(|mark| (mark.at..mark.at + mark.length).contains(&place));
    let mut found: Vec<(String, bool)> = Vec::new();
    for (place, letter) in source.chars().enumerate() {
        let wrong = is_wrong(place);
        match found.last_mut() {
            Some((text, was)) if *was == wrong => text.push(letter),
            _ => found.push((letter.to_string(), wrong)),
        }
    }
    found
}

/// The white space with which the line of a character begins; after `{` one step more.
fn indent_at(source: &str, at: usize) -> String {
    let before: String = source.chars().take(at).collect();
    let line = before.rsplit('\n').next().unwrap_or_default();
    let indent: String = line.chars().take_while(|letter| *letter == ' ').collect();
    let more = if line.trim_end().ends_with('{') { INDENT } else { "" };
    format!("{indent}{more}")
}

/// How many characters come to so many units of UTF-16.
fn characters(source: &str, units: usize) -> usize {
    let mut left = units;
    let is_before = |letter: &char| {
        let room = left > 0;
        left = left.saturating_sub(letter.len_utf16());
        room
    };
    source.chars().take_while(is_before).count()
}

#[cfg(test)]
mod tests {
    use engine::script::Script;

    use super::*;

    fn underlined(source: &str) -> Vec<String> {
        let faults = Script::compile(source).err().unwrap_or_default();
        let marks: Vec<Mark> = faults.iter().filter_map(|fault| mark_of(source, fault)).collect();
        pieces(source, &marks).into_iter().filter(|(_, wrong)| *wrong).map(|(text, _)| text).collect()
    }

    #[test]
    fn what_the_compiler_finds_wrong_is_underlined_where_it_stands() {
        assert_eq!(underlined("let a = 1;\n  sleep(5);"), ["sleep"]);
        assert!(underlined("let 数 = 1;\nnobody(数)").contains(&"nobody".to_string()));
        assert_eq!(underlined("record.qty = 1;"), Vec::<String>::new());
        // What is missing at the end is shown at the last character.
        assert_eq!(underlined("let a = ").len(), 1);
    }

    #[test]
    fn a_new_line_begins_below_the_one_before() {
        assert_eq!(indent_at("if a {", 6), "    ");
        assert_eq!(indent_at("x\n    let b = 1;", 16), "    ");
        assert_eq!(indent_at("", 0), "");
    }

    #[test]
    fn characters_are_counted_however_long_they_are() {
        assert_eq!((characters("a😀b", 3), characters("数a", 1)), (2, 1));
        assert_eq!((offset("ab\ncd", 2, 2), offset("ab\ncd", 2, 9), offset("", 1, 1)), (4, 5, 0));
    }
}
