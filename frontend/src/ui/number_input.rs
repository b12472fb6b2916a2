//! Numbers: right-aligned, full-width digits welcome, thousands grouped while one types.

use engine::value::half_width;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::button::{ControlSize, classes};
use super::field::FieldContext;
use crate::i18n::group_digits;

/// A number as its exact decimal text (`"448698.00"`), or as typed while it is no number yet.
///
/// Its digits are grouped as they are typed, and the caret stays behind the digit that it was behind. What is no number is left as
/// it was typed, and so is what an input method is at work on.
#[component]
pub fn NumberInput(
    #[prop(into)] value: Signal<String>,
    /// Hears the text without grouping, digits made half-width.
    #[prop(optional, into)]
    on_input: Option<Callback<String>>,
    /// Hears the finished number.
    #[prop(optional, into)]
    on_change: Option<Callback<String>>,
    /// A unit before (`¥`) the number.
    #[prop(optional, into)]
    prefix: Option<Signal<String>>,
    /// A unit after (`%`, `天`) the number.
    #[prop(optional, into)]
    suffix: Option<Signal<String>>,
    /// The digits stand without separators, as those of a year do.
    #[prop(optional)]
    ungrouped: bool,
    #[prop(optional, into)] placeholder: Option<Signal<String>>,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(optional, into)] invalid: Signal<bool>,
    #[prop(optional, into)] label: Option<Signal<String>>,
    #[prop(optional)] size: ControlSize,
    #[prop(optional)] name: Option<&'static str>,
) -> impl IntoView {
    let typed = RwSignal::new(None::<String>);
    let at_rest = move || if ungrouped { value.get() } else { group_digits(&value.get()) };
    let shown = move || typed.get().unwrap_or_else(at_rest);
    view! {
        <div
            class=classes(&["input num", size.class()])
            aria-invalid=FieldContext::invalid(invalid)
            aria-disabled=move || disabled.get().then_some("true")
        >
            {prefix.map(|prefix| view! { <span class="unit">{prefix}</span> })}
            <input
                id=FieldContext::id()
                name=name
                aria-describedby=FieldContext::note()
                aria-required=FieldContext::required()
                aria-invalid=FieldContext::invalid(invalid)
                aria-label=label
                inputmode="decimal"
                autocomplete="off"
                prop:value=shown
                placeholder=placeholder
                disabled=disabled
                on:focus=move |event| {
                    typed.set(Some(untrack(at_rest)));
                    take_whole(&event);
                }
                on:compositionend=move |event| {
                    if let Some(input) = input_of(&event) {
                        typed.set(Some(rewritten(&input, !ungrouped)));
                    }
                }
                on:input=move |event| {
                    let composes = event.dyn_ref::<web_sys::InputEvent>().is_some_and(web_sys::InputEvent::is_composing);
                    let text = match input_of(&event) {
                        Some(input) if !composes => rewritten(&input, !ungrouped),
                        _ => event_target_value(&event),
                    };
                    typed.set(Some(text.clone()));
                    if let Some(on_input) = on_input {
                        on_input.run(plain_number(&text));
                    }
                }
                on:change=move |event| {
                    if let Some(on_change) = on_change {
                        on_change.run(plain_number(&event_target_value(&event)));
                    }
                }
                on:blur=move |_| typed.set(None)
            />
            {suffix.map(|suffix| view! { <span class="unit">{suffix}</span> })}
        </div>
    }
}

fn input_of(event: &web_sys::Event) -> Option<web_sys::HtmlInputElement> {
    event.target()?.dyn_into().ok()
}

/// Selects the number in the input that gets the focus: whoever comes by a key types in its place. A press of the mouse puts
/// the caret where it was meant after this.
fn take_whole(event: &web_sys::FocusEvent) {
    if let Some(input) = input_of(event) {
        input.select();
    }
}

/// Groups what is in an input, and gives it. The caret stays where it was among the digits.
fn rewritten(input: &web_sys::HtmlInputElement, is_grouped: bool) -> String {
    let typed = input.value();
    let written = while_typing(&typed, is_grouped);
    if written != typed {
        let caret = input.selection_start().ok().flatten().and_then(|caret| usize::try_from(caret).ok());
        input.set_value(&written);
        let place =
            caret.and_then(|caret| u32::try_from(caret_in(&written, signs_before(&typed, caret))).ok());
        if let Some(place) = place {
            let _ = input.set_selection_range(place, place);
        }
    }
    written
}

/// How a text stands in the input while somebody types: half-width and grouped where it is a number or the beginning of one.
fn while_typing(typed: &str, is_grouped: bool) -> String {
    let plain = plain_number(typed);
    let (whole, fraction) = plain.split_once('.').map_or((plain.as_str(), None), |(w, f)| (w, Some(f)));
    let are_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let digits = whole.strip_prefix('-').unwrap_or(whole);
    if plain.is_empty() || !are_digits(digits) || !fraction.is_none_or(are_digits) {
        return typed.to_string();
    }
    let whole = if is_grouped { group_digits(whole) } else { whole.to_string() };
    fraction.map_or_else(|| whole.clone(), |fraction| format!("{whole}.{fraction}"))
}

/// What stands between digits and is no part of the number.
fn is_separator(sign: char) -> bool {
    matches!(sign, ',' | '，' | ' ' | '　')
}

/// How many signs of the number lie before a place in the text.
fn signs_before(typed: &str, caret: usize) -> usize {
    typed.chars().take(caret).filter(|sign| !is_separator(*sign)).count()
}

/// The place behind so many signs of the number.
fn caret_in(written: &str, signs: usize) -> usize {
    let places = written.chars().enumerate().filter(|(_, sign)| !is_separator(*sign));
    match signs.checked_sub(1) {
        None => 0,
        Some(last) => places.map(|(place, _)| place + 1).nth(last).unwrap_or(written.chars().count()),
    }
}

/// What was typed as plain digits: half-width, without grouping and outer blanks. The engine decides whether
/// it is a number.
fn plain_number(typed: &str) -> String {
    half_width(typed).replace([',', ' '], "").trim().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_width_digits_and_grouping_are_taken() {
        assert_eq!(plain_number(" １，２３４．５０ "), "1234.50");
        assert_eq!(plain_number("1,234.5"), "1234.5");
        assert_eq!(plain_number("abc"), "abc");
    }

    #[test]
    fn digits_are_grouped_while_they_are_typed() {
        for (typed, shown) in [
            ("", ""),
            ("-", "-"),
            ("123", "123"),
            ("1234", "1,234"),
            ("1,2345", "12,345"),
            ("12,34", "1,234"),
            ("5198.", "5,198."),
            ("-5198.4", "-5,198.4"),
            (".5", ".5"),
            ("１２３４．５", "1,234.5"),
            ("12x4", "12x4"),
            ("1.2.3", "1.2.3"),
        ] {
            assert_eq!(while_typing(typed, true), shown, "{typed}");
        }
        assert_eq!(while_typing("２０２６", false), "2026");
        assert_eq!(while_typing("2,026", false), "2026");
    }

    #[test]
    fn the_caret_stays_behind_its_digit() {
        // `|` is where the caret stands.
        for (typed, shown) in [
            ("1234|", "1,234|"),
            ("12|34", "1,2|34"),
            ("12|,345,678", "12|,345,678"),
            ("1|2,345", "1|2,345"),
            ("12|345", "12|,345"),
            ("|1234", "|1,234"),
            ("1,|34", "1|34"),
            ("-1234|.5", "-1,234|.5"),
        ] {
            let (text, caret) = (typed.replace('|', ""), typed.find('|').unwrap());
            let written = while_typing(&text, true);
            let mut now = written.clone();
            now.insert(caret_in(&written, signs_before(&text, caret)), '|');
            assert_eq!(now, shown, "{typed}");
        }
    }
}
