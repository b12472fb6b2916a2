//! The functions of formulas by topic, with what each does and an example.

use engine::formula::functions::{self, Function, Topic};
use engine::text::{Language, Texts};
use leptos::prelude::*;

use super::formula_fields::Fold;
use crate::ui::SearchBox;
use crate::{i18n, t};

/// The functions that are used most.
const COMMON: [&str; 10] =
    ["IF", "SUM", "SUMIFS", "COUNT", "AVERAGE", "ROUND", "MAX", "TODAY", "DATEDIF", "TEXT"];
/// How many examples are shown of a function that knows only some words.
const MORE_EXAMPLES: usize = 3;

/// The functions; `on_choose` hears what is written to begin a call of one.
#[component]
pub fn FunctionList(
    /// Whether the formula is of a column, and so reads the rows around its own.
    in_row: bool,
    #[prop(into)] on_choose: Callback<String>,
) -> impl IntoView {
    let query = RwSignal::new(String::new());
    // The function that somebody points at.
    let told = RwSignal::new(None::<&'static Function>);
    let line = move |function: &'static Function| {
        let does = move || said(i18n::language(), &function.text_key());
        let is_told = move || (told.get().map(|told| told.name) == Some(function.name)).then_some("true");
        view! {
            <li>
                <button
                    type="button"
                    class="tree-item"
                    aria-current=is_told
                    on:mouseenter=move |_| told.set(Some(function))
                    on:focus=move |_| told.set(Some(function))
                    on:click=move |_| on_choose.run(begun(function))
                >
                    <span class="fn-name" translate="no">{function.name}</span>
                    <span class="end note muted clip" title=does>{does}</span>
                </button>
            </li>
        }
    };
    let topic = move |(topic, found): (Topic, Vec<&'static Function>), open: bool| {
        let name = Signal::derive(move || said(i18n::language(), topic.text_key()));
        let open = RwSignal::new(open || topic == Topic::Statistics);
        let found = StoredValue::new(found);
        view! {
            <Fold name=name open=open><ul>{found.get_value().into_iter().map(line).collect_view()}</ul></Fold>
        }
    };
    let body = move || {
        let query = query.get();
        let searches = !query.trim().is_empty();
        let found = by_topic(query.trim(), in_row, i18n::language());
        if found.is_empty() {
            return view! { <p class="note muted">{t!("designer-formula-no-function")}</p> }.into_any();
        }
        let common = (!searches).then(|| {
            let common = StoredValue::new(COMMON.into_iter().filter_map(functions::find).collect::<Vec<_>>());
            let name = Signal::derive(t!("designer-formula-common"));
            view! {
                <Fold name=name open=RwSignal::new(false)><ul>{common.get_value().into_iter().map(line).collect_view()}</ul></Fold>
            }
        });
        let topics = found.into_iter().map(|found| topic(found, searches)).collect_view();
        view! { <ul class="tree">{common}{topics}</ul> }.into_any()
    };
    let help = move || match told.get() {
        Some(function) => view! { <FunctionHelp function=function/> }.into_any(),
        None => view! { <p class="note muted">{t!("designer-formula-point")}</p> }.into_any(),
    };
    view! {
        <section class="formula-side" aria-label=t!("designer-formula-functions")>
            <SearchBox value=query on_search=move |text: String| query.set(text) placeholder=t!("designer-formula-find-function")/>
            <div class="formula-topics">{body}</div>
            <div class="fn-help">{help}</div>
        </section>
    }
}

/// How a function is called, what it does, and what comes of an example.
#[component]
fn FunctionHelp(function: &'static Function) -> impl IntoView {
    let parameters = move || said(i18n::language(), &function.parameters_key());
    let does = move || said(i18n::language(), &function.text_key());
    let words = move || words_of(function, i18n::language());
    let word = |(word, means): (&'static str, String)| {
        view! { <li><code translate="no">{quoted(word)}</code>" "{means}</li> }
    };
    // One that knows only some words is shown with several of them.
    let count = if function.known_words().is_some() { MORE_EXAMPLES } else { 1 };
    let example = |(source, gives): &(&'static str, &'static str)| {
        view! {
            <p class="note muted">{t!("designer-formula-example")}" "<code translate="no">{*source}</code>" → "{*gives}</p>
        }
    };
    let examples = function.examples.iter().take(count).map(example).collect_view();
    view! {
        <div class="hint-line code" translate="no">{function.name}"("<b>{parameters}</b>")"</div>
        <p class="small-text soft-text">{does}</p>
        {move || {
            let words = words();
            (!words.is_empty()).then(|| view! { <ul class="note fn-words">{words.into_iter().map(word).collect_view()}</ul> })
        }}
        {examples}
    }
}

/// The words that a function takes, with what each means.
pub fn words_of(function: &Function, language: Language) -> Vec<(&'static str, String)> {
    let Some((_, words)) = function.known_words() else { return Vec::new() };
    let meanings = said(language, &function.words_key());
    words.iter().copied().zip(meanings.split(',').map(|it| it.trim().to_string())).collect()
}

/// A word as it stands in a formula.
pub fn quoted(word: &str) -> String {
    format!("\"{word}\"")
}

fn said(language: Language, key: &str) -> String {
    Texts::of(language).get(key, &Default::default()).unwrap_or_default()
}

/// What begins a call.
fn begun(function: &Function) -> String {
    format!("{}({}", function.name, if function.named_parameters() == 0 { ")" } else { "" })
}

/// The functions whose name or sentence contains what is sought, by topic; topics without one are left out, and so are
/// functions over rows where there are none.
fn by_topic(query: &str, in_row: bool, language: Language) -> Vec<(Topic, Vec<&'static Function>)> {
    let query = query.to_lowercase();
    let readable = |function: &&'static Function| in_row || !function.over_rows;
    let fits = |function: &&'static Function| {
        function.name.to_lowercase().contains(&query)
            || said(language, &function.text_key()).to_lowercase().contains(&query)
    };
    let of = |topic: Topic| {
        let found = functions::all().filter(|function| function.topic == topic).filter(readable).filter(fits);
        (topic, found.collect::<Vec<_>>())
    };
    Topic::ALL.into_iter().map(of).filter(|(_, found)| !found.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_function_is_listed_and_found_by_name_and_purpose() {
        let names = |query: &str, language: Language| -> Vec<&'static str> {
            let found = by_topic(query, true, language).into_iter().flat_map(|(_, found)| found);
            found.map(|function| function.name).collect()
        };
        assert_eq!(names("", Language::En).len(), functions::all().count());
        assert!(names("sumif", Language::En).contains(&"SUMIFS"));
        assert!(names("求和", Language::ZhCn).contains(&"SUM"));
        assert!(names("加總", Language::ZhTw).contains(&"SUM"));
        assert!(names("nothing is called so", Language::En).is_empty());
    }

    #[test]
    fn what_goes_over_rows_is_listed_for_the_formula_of_a_column() {
        let is_listed = |in_row: bool| {
            let mut found =
                by_topic("running", in_row, Language::En).into_iter().flat_map(|(_, found)| found);
            found.any(|function| function.name == "RUNNING")
        };
        assert_eq!((is_listed(true), is_listed(false)), (true, false));
    }

    #[test]
    fn the_functions_that_are_used_most_are_there() {
        assert!(COMMON.into_iter().all(|name| functions::find(name).is_some()));
    }

    #[test]
    fn words_of_a_function_are_told_with_what_they_mean() {
        let words = |name: &str, language: Language| words_of(functions::find(name).unwrap(), language);
        assert_eq!(words("DATEDIF", Language::ZhCn)[0], ("Y", "整年".to_string()));
        assert_eq!(words("DATEDIF", Language::En)[2], ("D", "days".to_string()));
        assert!(words("SUM", Language::En).is_empty());
        assert_eq!(quoted("MD"), "\"MD\"");
    }

    #[test]
    fn a_call_is_begun_with_its_parenthesis() {
        let of = |name: &str| begun(functions::find(name).unwrap());
        assert_eq!((of("SUM").as_str(), of("TODAY").as_str()), ("SUM(", "TODAY()"));
    }
}
