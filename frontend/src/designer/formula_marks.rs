//! What is drawn under a formula while it is written: fields as chips, what is wrong underlined; and the call one is in.

use engine::formula::{CallHelp, Span};
use engine::text::Texts;
use leptos::prelude::*;

use super::formula_functions::{quoted, words_of};
use crate::i18n;

/// A piece of a formula, with how it is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Piece {
    text: String,
    /// A name of a field.
    name: bool,
    /// What is wrong.
    wrong: bool,
}

/// The drawing, of the same size and writing as the input that lies over it.
#[component]
pub fn FormulaMarks(
    source: Signal<String>,
    names: Memo<Vec<Span>>,
    fault: Memo<Option<Span>>,
    /// How far the input is scrolled down.
    top: RwSignal<i32>,
) -> impl IntoView {
    let drawn = move || {
        let piece = |piece: Piece| {
            let mark = piece.name.then_some("true");
            let wrong = piece.wrong.then_some("true");
            view! { <span data-name=mark data-wrong=wrong>{piece.text}</span> }
        };
        pieces(&source.get(), &names.get(), fault.get()).into_iter().map(piece).collect_view()
    };
    view! {
        <div class="formula-marks" aria-hidden="true">
            <div style:transform=move || format!("translateY({}px)", -top.get())>{drawn}</div>
        </div>
    }
}

/// The formula cut where something begins or ends.
fn pieces(source: &str, names: &[Span], fault: Option<Span>) -> Vec<Piece> {
    let length = source.chars().count();
    // A fault at the end of all is one of the last character.
    let fault = fault.map(|fault| {
        let at = fault.at.min(length.saturating_sub(1));
        Span { at, length: fault.length.max(1) }
    });
    let is_in = |span: &Span, place: usize| (span.at..span.at + span.length).contains(&place);
    let mut found: Vec<Piece> = Vec::new();
    let mut before = None::<usize>;
    for (place, c) in source.chars().enumerate() {
        let of = names.iter().position(|span| is_in(span, place));
        let wrong = fault.as_ref().is_some_and(|span| is_in(span, place));
        match found.last_mut() {
            Some(last) if before == of && last.wrong == wrong => last.text.push(c),
            _ => found.push(Piece { text: c.to_string(), name: of.is_some(), wrong }),
        }
        before = of;
    }
    found
}

/// The function around the cursor with its parameters, the one that is written marked.
#[component]
pub fn CallLine(call: Signal<Option<CallHelp>>) -> impl IntoView {
    move || {
        call.get().map(|call| {
            let texts = Texts::of(i18n::language());
            let said = |key: &str| texts.get(key, &Default::default()).unwrap_or_default();
            let names = said(&call.function.parameters_key());
            let help = said(&call.function.text_key());
            let parameters: Vec<&str> =
                names.split([',', '，']).map(str::trim).filter(|it| !it.is_empty()).collect();
            // At a place where only some words mean something, these are said.
            let here = call.function.known_words().is_some_and(|(place, _)| place == call.parameter);
            let words = if here { words_of(call.function, i18n::language()) } else { Vec::new() };
            let word = |(word, means): (&'static str, String)| {
                view! { <span class="fn-word"><code translate="no">{quoted(word)}</code>" "{means}</span>" " }
            };
            let words = words.into_iter().map(word).collect_view();
            let count = parameters.len();
            let parameter = |(place, name): (usize, &str)| {
                let is_here = place == call.parameter;
                let comma = if place + 1 < count { ", " } else { "" };
                view! { <span class:strong=is_here>{name.to_string()}</span>{comma} }
            };
            let parameters = parameters.into_iter().enumerate().map(parameter).collect_view();
            view! {
                <div class="note call-line" data-call=call.function.name>
                    <span class="code">{call.function.name}"("{parameters}")"</span>
                    " "<span class="muted">{help}</span>
                    " "{words}
                </div>
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_is_cut_at_names_and_at_what_is_wrong() {
        let span = |at: usize, length: usize| Span { at, length };
        let cut = |source: &str, names: &[Span], fault: Option<Span>| {
            let mark = |piece: &Piece| {
                format!(
                    "{}{}{}",
                    piece.text,
                    if piece.name { "'" } else { "" },
                    if piece.wrong { "!" } else { "" }
                )
            };
            pieces(source, names, fault).iter().map(mark).collect::<Vec<_>>().join("|")
        };
        assert_eq!(cut("金额+税 *2", &[span(0, 2), span(3, 1)], None), "金额'|+|税'| *2");
        assert_eq!(cut("a+b", &[span(0, 1)], Some(span(2, 1))), "a'|+|b!");
        assert_eq!(cut("a+", &[span(0, 1)], Some(span(2, 0))), "a'|+!");
        assert_eq!(cut("", &[], Some(span(0, 0))), "");
    }
}
