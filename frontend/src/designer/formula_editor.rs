//! Writing a formula: labels on the screen, keys in the document, faults and suggestions while somebody types.

use std::time::Duration;

use engine::form::FormulaInput;
use engine::formula::{Completion, Suggestion, SuggestionKind, Type};
use engine::text::Fault;
use leptos::html;
use leptos::prelude::*;

use super::palette::kind_icon;
use super::state::Designer;
use crate::fill::sentence;
use crate::ui::Icon;
use crate::{i18n, t};

/// How many suggestions are shown.
const MOST_SHOWN: usize = 8;
/// How long nothing is typed before it is said that something is wrong.
const PAUSE: Duration = Duration::from_millis(600);

/// An input for the formula of the field at `path`.
#[component]
pub fn FormulaEditor(
    designer: Designer,
    path: String,
    /// What the formula has to give.
    wanted: Type,
    /// The formula as it is stored.
    #[prop(into)]
    value: Signal<String>,
    /// Hears a finished formula as it is stored; only right ones.
    #[prop(into)]
    on_change: Callback<String>,
) -> impl IntoView {
    let row_of = StoredValue::new(path.split_once('.').map(|(subform, _)| subform.to_string()));
    let wanted = StoredValue::new(wanted);
    let typed = RwSignal::new(None::<String>);
    let cursor = RwSignal::new(0usize);
    let area = NodeRef::<html::Textarea>::new();
    let stored_as_shown = Memo::new(move |_| ask(designer, row_of, |input| input.to_labels(&value.get())));
    let shown = Signal::derive(move || typed.get().unwrap_or_else(|| stored_as_shown.get()));
    let checked = Memo::new(move |_| {
        let source = shown.get();
        if source.trim().is_empty() {
            return Ok(String::new());
        }
        ask(designer, row_of, |input| wanted.with_value(|wanted| input.check(&source, wanted)))
    });
    let completion = Memo::new_with_compare(
        move |_| match typed.get() {
            Some(source) => ask(designer, row_of, |input| input.complete(&source, cursor.get())),
            None => Completion::default(),
        },
        |_, _| true,
    );
    let read_cursor = move |source: &str| {
        let units = area.get_untracked().and_then(|area| area.selection_start().ok().flatten());
        cursor.set(units.map_or_else(|| source.chars().count(), |units| characters(source, units)));
    };
    let settled = RwSignal::new(true);
    let turn = StoredValue::new(0u32);
    // Half of a formula is nearly always wrong: nobody is told while typing goes on.
    let write = move |source: String| {
        typed.set(Some(source));
        settled.set(false);
        turn.update_value(|turn| *turn += 1);
        let now = turn.get_value();
        set_timeout(
            move || {
                if turn.try_get_value() == Some(now) {
                    settled.set(true);
                }
            },
            PAUSE,
        );
    };
    let finish = move || {
        settled.set(true);
        let Some(Ok(stored)) = typed.get_untracked().map(|_| checked.get_untracked()) else { return };
        typed.set(None);
        if stored != value.get_untracked() {
            on_change.run(stored);
        }
    };
    let choose = move |insert: String| {
        let source = shown.get_untracked();
        let span = completion.with_untracked(|completion| completion.replaces);
        let before: String = source.chars().take(span.at).collect();
        let after: String = source.chars().skip(span.at + span.length).collect();
        cursor.set(span.at + insert.chars().count());
        write(format!("{before}{insert}{after}"));
        if let Some(area) = area.get_untracked() {
            let _ = area.focus();
        }
    };
    let suggestions = move || {
        let found = completion.get().suggestions.into_iter().take(MOST_SHOWN);
        let line = move |suggestion: Suggestion| {
            let icon = icon_of(&suggestion.kind);
            let insert = suggestion.insert;
            view! {
                <button
                    type="button"
                    class="menu-item"
                    role="option"
                    // The input keeps the focus, so that typing goes on.
                    on:mousedown=move |event| {
                        event.prevent_default();
                        choose(insert.clone());
                    }
                >
                    <Icon name=icon/>
                    <span class="nowrap">{suggestion.label}</span>
                    <span class="note muted clip">{suggestion.help}</span>
                </button>
            }
        };
        found.map(line).collect_view()
    };
    let fault = move || {
        checked.get().err().filter(|_| settled.get()).map(|fault| {
            let place = fault.span.of(&shown.get());
            let words = sentence(&Fault::from(fault));
            // Where the words quote the place, once is enough.
            let named = !place.is_empty() && !words.contains(&place);
            let words = if named { t!("designer-formula-at", place = place, fault = words)() } else { words };
            view! {
                <span class="error">
                    <Icon name="error"/>
                    {words}
                </span>
            }
        })
    };
    view! {
        <div class="stack g1">
            <textarea
                node_ref=area
                class="input code"
                rows=3
                spellcheck="false"
                aria-label=t!("designer-formula")
                aria-invalid=move || (settled.get() && checked.with(Result::is_err)).then_some("true")
                placeholder=t!("designer-formula-hint")
                prop:value=shown
                on:input=move |event| {
                    let source = event_target_value(&event);
                    read_cursor(&source);
                    write(source);
                }
                on:keyup=move |_| read_cursor(&shown.get_untracked())
                on:blur=move |_| finish()
            ></textarea>
            <div aria-live="polite" class="note-slot">{fault}</div>
            <div role="listbox" aria-label=t!("designer-suggestions")>{suggestions}</div>
        </div>
    }
}

fn ask<T>(
    designer: Designer,
    row_of: StoredValue<Option<String>>,
    question: impl FnOnce(&FormulaInput) -> T,
) -> T {
    let (sketch, catalogue) = (designer.sketch(), designer.catalogue());
    let row_of = row_of.get_value();
    let input = FormulaInput {
        sketch: &sketch,
        catalogue: &catalogue,
        row_of: row_of.as_deref(),
        language: i18n::language(),
    };
    question(&input)
}

/// The icon of a field's kind; functions have one of their own.
fn icon_of(kind: &SuggestionKind) -> &'static str {
    match kind {
        SuggestionKind::Field { kind, .. } => kind.map_or("form", kind_icon),
        SuggestionKind::Function(_) => "formula",
    }
}

/// How many characters the first `units` UTF-16 units of a text are: browsers count those.
fn characters(source: &str, units: u32) -> usize {
    let mut left = units as usize;
    source
        .chars()
        .take_while(|c| {
            let room = left > 0;
            left = left.saturating_sub(c.len_utf16());
            room
        })
        .count()
}

#[cfg(test)]
mod tests {
    use engine::formula::functions;

    use super::*;
    use crate::ui::ICON_NAMES;

    #[test]
    fn each_suggestion_has_the_icon_of_what_it_is() {
        let field = |kind| icon_of(&SuggestionKind::Field { key: "a".into(), ty: Type::Any, kind });
        assert_eq!((field(Some("money")), field(Some("switch")), field(None)), ("money", "bool", "form"));
        let sum = functions::find("SUM").unwrap();
        assert_eq!(icon_of(&SuggestionKind::Function(sum)), "formula");
        for kind in engine::field::FieldKind::NAMES {
            assert!(ICON_NAMES.contains(&kind_icon(kind)), "{kind}");
        }
    }

    #[test]
    fn the_cursor_is_counted_in_characters() {
        assert_eq!(characters("金额+1", 2), 2);
        assert_eq!(characters("😀+1", 3), 2);
        assert_eq!(characters("ab", 9), 2);
    }
}
