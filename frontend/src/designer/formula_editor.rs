//! Writing a formula: labels on the screen, keys in the document, faults and suggestions while somebody types.

use std::time::Duration;

use engine::form::FormulaInput;
use engine::formula::functions::Topic;
use engine::formula::{CallHelp, Completion, Span, Suggestion, SuggestionKind, Type};
use engine::text::Fault;
use leptos::html;
use leptos::prelude::*;

use super::formula_marks::{CallLine, FormulaMarks};
use super::other_forms::learn_further;
use super::palette::kind_icon;
use super::state::{Designer, Unfinished, kind_name};
use crate::fill::sentence;
use crate::ui::{Icon, IconSize, unique_id};
use crate::{browser, i18n, t, text};

/// How many suggestions are shown.
const MOST_SHOWN: usize = 8;
/// How long nothing is typed before it is said that something is wrong.
const PAUSE: Duration = Duration::from_millis(600);

/// A right formula as it is stored. All that come of typing without leaving the input name the same `typing`.
#[derive(Clone, Debug)]
pub struct Written {
    pub formula: String,
    pub typing: String,
    /// What it gives, where that was to be found out and is not what was wanted.
    pub gives: Option<Type>,
}

/// An input for a formula of the field at `path`. It goes on with what is unfinished there.
#[component]
pub fn FormulaEditor(
    designer: Designer,
    path: String,
    /// The member of the field that it is written for.
    member: &'static str,
    /// What the formula has to give.
    wanted: Signal<Type>,
    /// Whether what it gives is found by the formula: then what else it gives is right as well.
    finds: bool,
    /// The formula as it is stored.
    #[prop(into)]
    value: Signal<String>,
    /// Whether it is said what the canvas shows in the field, which the formula gives.
    #[prop(into)]
    tried: Signal<bool>,
    /// What is typed and not stored; nothing while it shows what is stored.
    typed: RwSignal<Option<String>>,
    /// What somebody takes from a list beside it, to be put in where the cursor is.
    inserts: Option<RwSignal<Option<String>>>,
    /// Hears right formulas: once typing pauses, and when the input is left. Only then that there is to be none.
    #[prop(into)]
    on_change: Callback<Written>,
) -> impl IntoView {
    let place = StoredValue::new((path.clone(), member));
    let of = StoredValue::new(path);
    let cursor = RwSignal::new(0usize);
    let area = NodeRef::<html::Textarea>::new();
    let stored_as_shown = Memo::new(move |_| ask(designer, of, |input| input.to_labels(&value.get())));
    let shown = Signal::derive(move || typed.get().unwrap_or_else(|| stored_as_shown.get()));
    let checked = Memo::new(move |_| {
        let source = shown.get();
        if source.trim().is_empty() {
            return Ok(String::new());
        }
        // What is stored and gives something else is wrong: its type was chosen.
        let finds = finds && typed.with(Option::is_some);
        ask(designer, of, |input| {
            let wanted = wanted.get();
            let found = if finds { given(input, &source, &wanted) } else { None };
            match found {
                Some(found) => input.check(&source, &found),
                None => input.check(&source, &wanted),
            }
        })
    });
    let completion = Memo::new_with_compare(
        move |_| match typed.get() {
            Some(source) => ask(designer, of, |input| input.complete(&source, cursor.get())),
            None => Completion::default(),
        },
        |_, _| true,
    );
    // Whoever counts records may mean those of another app.
    Effect::new(move || {
        let counts = |call: &CallHelp| call.function.topic == Topic::Records;
        if completion.with(|completion| completion.call.as_ref().is_some_and(counts)) {
            learn_further(designer);
        }
    });
    // The suggestion that the keyboard is at, and whether somebody wants none for now.
    let active = RwSignal::new(None::<usize>);
    let dismissed = RwSignal::new(typed.with_untracked(Option::is_some));
    let listed = move || -> Vec<Suggestion> {
        if dismissed.get() {
            return Vec::new();
        }
        let source = typed.get().unwrap_or_default();
        completion.with(|completion| offered(completion, &source).to_vec())
    };
    let read_cursor = move |source: &str| {
        let units = area.get_untracked().and_then(|area| area.selection_start().ok().flatten());
        cursor.set(units.map_or_else(|| source.chars().count(), |units| characters(source, units)));
    };
    let settled = RwSignal::new(true);
    let turn = StoredValue::new(0u32);
    let typing = StoredValue::new(unique_id("typing"));
    let take = move |formula: String, gives: Option<Type>| {
        if formula != value.get_untracked() {
            on_change.run(Written { formula, typing: typing.get_value(), gives });
        }
    };
    // What the formula gives that is written, where that is something else than what was wanted.
    let gives_else = move || {
        let source = typed.get_untracked().filter(|_| finds)?;
        untrack(|| ask(designer, of, |input| given(input, &source, &wanted.get())))
    };
    let take_what_is_right = move || {
        let formula = typed.with_untracked(Option::is_some).then(|| checked.get_untracked().ok()).flatten();
        if let Some(formula) = formula.filter(|formula| !formula.is_empty()) {
            take(formula, gives_else());
        }
    };
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
                    take_what_is_right();
                }
            },
            PAUSE,
        );
    };
    // Says what is written and can't be taken, which stands in the way of publishing; whether there was such a thing before.
    let tell = move |source: Option<String>, fault: Option<Fault>| {
        let written = source.zip(fault).map(|(source, fault)| Unfinished { source, fault });
        place.with_value(|place| designer.hear_unfinished(place, written))
    };
    let finish = move || {
        settled.set(true);
        // At once: whoever goes to another field takes this editor away.
        tell(typed.get_untracked(), checked.get_untracked().err().map(Fault::from));
        let Some(Ok(stored)) = typed.get_untracked().map(|_| checked.get_untracked()) else { return };
        let gives = gives_else();
        typed.set(None);
        take(stored, gives);
        typing.set_value(unique_id("typing"));
    };
    // A formula that is right by itself may lead back to its own field.
    let circle = Memo::new(move |_| {
        let stored = checked.get().ok().filter(|stored| settled.get() && !stored.is_empty())?;
        let source = shown.get();
        ask(designer, of, |input| input.circle(&source, &stored, member))
    });
    let wrong = move || checked.get().err().filter(|_| settled.get()).or_else(|| circle.get());
    Effect::new(move |before: Option<()>| {
        if !settled.get() {
            return;
        }
        let fault = checked.get().err().map(Fault::from);
        let is_right = fault.is_none();
        let was_unfinished = tell(typed.get(), fault);
        // Also where another result or another field has made it right, and what was left in another editor of it.
        if (was_unfinished || before.is_none()) && is_right {
            untrack(take_what_is_right);
        }
    });
    let put = move |span: Span, insert: String| {
        let source = shown.get_untracked();
        let before: String = source.chars().take(span.at).collect();
        let after: String = source.chars().skip(span.at + span.length).collect();
        cursor.set(span.at + insert.chars().count());
        let caret = format!("{before}{insert}").encode_utf16().count() as u32;
        write(format!("{before}{insert}{after}"));
        dismissed.set(true);
        active.set(None);
        if let Some(area) = area.get_untracked() {
            let _ = area.focus();
            // Once the text is there.
            request_animation_frame(move || drop(area.set_selection_range(caret, caret)));
        }
    };
    let choose =
        move |insert: String| put(completion.with_untracked(|completion| completion.replaces), insert);
    if let Some(inserts) = inserts {
        // In the dialog there is nothing else to begin with.
        area.on_load(|area| {
            request_animation_frame(move || {
                let _ = area.focus();
            });
        });
        Effect::new(move || {
            let Some(insert) = inserts.get() else { return };
            inserts.set(None);
            untrack(|| {
                read_cursor(&shown.get_untracked());
                put(Span { at: cursor.get_untracked(), length: 0 }, insert);
            });
        });
    }
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        if event.is_composing() || event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let found = untrack(listed);
        let chosen = active.get_untracked().and_then(|place| found.get(place));
        match (event.key().as_str(), chosen) {
            _ if found.is_empty() => return,
            ("ArrowDown", _) => active.update(|active| *active = moved(*active, found.len(), 1)),
            ("ArrowUp", _) => active.update(|active| *active = moved(*active, found.len(), -1)),
            ("Enter" | "Tab", Some(suggestion)) if !event.shift_key() => choose(suggestion.insert.clone()),
            ("Escape", _) => {
                dismissed.set(true);
                active.set(None);
                // What is around the input stays open.
                event.stop_propagation();
            }
            _other_key => return,
        }
        event.prevent_default();
    };
    let list = StoredValue::new(unique_id("suggestions"));
    let option = move |place: usize| list.with_value(|list| format!("{list}-{place}"));
    let suggestions = move || {
        let found = listed().into_iter().enumerate();
        let line = move |(place, suggestion): (usize, Suggestion)| {
            let (icon, said) = (icon_of(&suggestion.kind), said_of(&suggestion));
            let insert = suggestion.insert;
            view! {
                <button
                    type="button"
                    class="menu-item"
                    role="option"
                    id=option(place)
                    tabindex="-1"
                    aria-selected=move || (active.get() == Some(place)).to_string()
                    // The input keeps the focus, so that typing goes on.
                    on:mousedown=move |event| {
                        event.prevent_default();
                        choose(insert.clone());
                    }
                >
                    <Icon name=icon/>
                    <span class="nowrap">{suggestion.label}</span>
                    <span class="note muted clip">{said}</span>
                </button>
            }
        };
        found.map(line).collect_view()
    };
    let gives = move || {
        let is_right = settled.get() && circle.with(Option::is_none);
        let formula = checked.get().ok().filter(|formula| is_right && !formula.is_empty())?;
        let gives = wanted.with(|wanted| i18n::lookup(&format!("designer-gives-{}", wanted.code()), &[]));
        let taken = tried.get() && formula == value.get();
        let here = of.with_value(|of| taken.then(|| designer.shown_on_canvas(of)).flatten());
        let words = match here {
            Some(here) => text!("designer-gives-here", gives = gives, value = here),
            None => gives,
        };
        Some(view! {
            <span class="row gap-1 ok-text" data-right="true">
                <Icon name="check" size=IconSize::Small/>
                {words}
            </span>
        })
    };
    let names = Memo::new(move |_| ask(designer, of, |input| input.named_spans(&shown.get())));
    let marked = Memo::new(move |_| wrong().map(|fault| fault.span));
    let top = RwSignal::new(0);
    let follow = move |_: web_sys::Event| {
        top.set(area.get_untracked().map(|area| area.scroll_top()).unwrap_or_default());
    };
    let call = Signal::derive(move || completion.with(|completion| completion.call.clone()));
    let fault = move || {
        wrong().map(|fault| {
            let span = fault.span;
            let place = span.of(&shown.get());
            let is_mended = matches!(fault.code, "unknown_field_like" | "formula_brackets");
            let like = is_mended.then(|| fault.args.get("like").cloned()).flatten();
            let mend = like.map(|like| {
                let words = text!("designer-formula-replace", name = like.clone());
                let mend = move |event: leptos::ev::MouseEvent| {
                    event.prevent_default();
                    put(span, like.clone());
                };
                view! { <button type="button" class="link" on:mousedown=move |event| event.prevent_default() on:click=mend>{words}</button> }
            });
            let fault = of.with_value(|of| {
                let rows = of.split_once('.').map(|(rows, _)| rows);
                designer.told_removed(Fault::from(fault), rows)
            });
            // What is gone is mended by whoever knows what is meant now.
            let mend = mend.filter(|_| fault.code != "removed_field");
            let words = sentence(&fault);
            // Where the words quote the place, once is enough.
            let named = !place.is_empty() && !words.contains(&place);
            let words = if named { t!("designer-formula-at", place = place, fault = words)() } else { words };
            view! {
                <span class="error">
                    <Icon name="error"/>
                    <span>{words}" "{mend}</span>
                </span>
            }
        })
    };
    view! {
        <div class="stack g1">
            <div class="formula">
            <FormulaMarks source=shown names=names fault=marked top=top/>
            <textarea
                node_ref=area
                on:scroll=follow
                rows=3
                spellcheck="false"
                aria-autocomplete="list"
                aria-controls=list.get_value()
                aria-activedescendant=move || active.get().filter(|place| *place < listed().len()).map(option)
                aria-label=t!("designer-formula")
                aria-invalid=move || wrong().map(|_| "true")
                placeholder=t!("designer-formula-hint")
                prop:value=shown
                on:input=move |event| {
                    let source = event_target_value(&event);
                    read_cursor(&source);
                    write(source.clone());
                    dismissed.set(false);
                    active.set(completion.with_untracked(|completion| preselected(completion, &source)));
                }
                on:keydown=on_key
                on:keyup=move |_| {
                    let before = cursor.get_untracked();
                    read_cursor(&shown.get_untracked());
                    if cursor.get_untracked() != before {
                        active.set(None);
                    }
                }
                on:blur=move |_| {
                    dismissed.set(true);
                    finish();
                }
            ></textarea>
            </div>
            <CallLine call=call/>
            <div aria-live="polite" class="note-slot">{fault}{gives}</div>
            <div role="listbox" id=list.get_value() aria-label=t!("designer-suggestions") hidden=move || listed().is_empty()>
                {suggestions}
            </div>
        </div>
    }
}

/// What a formula gives, where a field can be computed so and it is not what was wanted.
fn given(input: &FormulaInput, source: &str, wanted: &Type) -> Option<Type> {
    let is_result =
        |found: &Type| matches!(found, Type::Bool | Type::Number | Type::Text | Type::Date | Type::DateTime);
    input.gives(source).filter(|found| is_result(found) && !found.fits(wanted))
}

/// What is shown of the suggestions: the best ones, none where all there is stands in the formula already.
fn offered<'c>(completion: &'c Completion, source: &str) -> &'c [Suggestion] {
    match completion.suggestions.as_slice() {
        [only] if only.insert == completion.replaces.of(source) => &[],
        all => all.get(..MOST_SHOWN).unwrap_or(all),
    }
}

/// The suggestion that Enter takes without more ado: the best one for a name that is begun and not written out.
fn preselected(completion: &Completion, source: &str) -> Option<usize> {
    let word = completion.replaces.of(source);
    let best = completion.suggestions.first()?;
    (!word.is_empty() && best.insert != word).then_some(0)
}

/// The place after one step of an arrow among `count`, round the ends.
fn moved(active: Option<usize>, count: usize, step: isize) -> Option<usize> {
    let last = count.checked_sub(1)?;
    Some(match (active, step > 0) {
        (Some(place), true) if place < last => place + 1,
        (None | Some(_), true) => 0,
        (Some(place), false) if (1..=last).contains(&place) => place - 1,
        (None | Some(_), false) => last,
    })
}

/// What the form says about formulas of the field at `of`.
pub(super) fn ask<T>(
    designer: Designer,
    of: StoredValue<String>,
    question: impl FnOnce(&FormulaInput) -> T,
) -> T {
    let (sketch, catalogue) = (designer.sketch(), designer.catalogue());
    of.with_value(|of| {
        let input = FormulaInput {
            sketch: &sketch,
            catalogue: &catalogue,
            of,
            language: i18n::language(),
            initials: Some(browser::initials),
        };
        question(&input)
    })
}

/// The icon of a field's kind; functions have one of their own.
fn icon_of(kind: &SuggestionKind) -> &'static str {
    match kind {
        SuggestionKind::Field { kind, .. } => kind.map_or("form", kind_icon),
        SuggestionKind::Form(_) => "form",
        SuggestionKind::Function(_) => "formula",
    }
}

/// What is said behind a suggestion: what a function does, of which kind a field is.
fn said_of(suggestion: &Suggestion) -> String {
    match &suggestion.kind {
        SuggestionKind::Field { kind: Some(kind), .. } => kind_name(kind),
        SuggestionKind::Field { kind: None, .. } | SuggestionKind::Form(_) | SuggestionKind::Function(_) => {
            suggestion.help.clone()
        }
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

    fn suggestion(insert: &str) -> Suggestion {
        Suggestion {
            kind: SuggestionKind::Field { key: "a".into(), ty: Type::Any, kind: None },
            label: insert.into(),
            insert: insert.into(),
            help: String::new(),
        }
    }

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
    fn arrows_go_round_the_suggestions() {
        assert_eq!((moved(None, 3, 1), moved(None, 3, -1)), (Some(0), Some(2)));
        assert_eq!((moved(Some(2), 3, 1), moved(Some(0), 3, -1)), (Some(0), Some(2)));
        assert_eq!((moved(Some(0), 3, 1), moved(Some(2), 3, -1)), (Some(1), Some(1)));
        assert_eq!(moved(Some(5), 0, 1), None);
    }

    #[test]
    fn a_name_that_is_begun_is_taken_by_enter_and_one_that_is_there_is_not() {
        let of = |at: usize, length: usize| Completion {
            replaces: Span { at, length },
            suggestions: vec![suggestion("Amount"), suggestion("Amount due")],
            call: None,
        };
        assert_eq!(preselected(&of(2, 3), "1+Amo"), Some(0));
        assert_eq!(preselected(&of(2, 6), "1+Amount"), None);
        assert_eq!(preselected(&of(2, 0), "1+"), None);
        assert_eq!(preselected(&Completion::default(), "1+"), None);
    }

    #[test]
    fn a_name_that_is_written_out_is_not_offered_again() {
        let of = |length: usize, inserts: &[&str]| Completion {
            replaces: Span { at: 2, length },
            suggestions: inserts.iter().map(|insert| suggestion(insert)).collect(),
            call: None,
        };
        let count = |completion: &Completion, source: &str| offered(completion, source).len();
        assert_eq!(count(&of(6, &["Amount"]), "1+Amount"), 0);
        assert_eq!(count(&of(3, &["Amount"]), "1+Amo"), 1);
        assert_eq!(count(&of(6, &["Amount", "Amount due"]), "1+Amount"), 2);
        assert_eq!(count(&of(0, &["a"; 20]), "1+"), MOST_SHOWN);
        assert_eq!(count(&Completion::default(), "1+"), 0);
    }

    #[test]
    fn the_cursor_is_counted_in_characters() {
        assert_eq!(characters("金额+1", 2), 2);
        assert_eq!(characters("😀+1", 3), 2);
        assert_eq!(characters("ab", 9), 2);
    }
}
