//! What scripts are offered, by topic, with what each does and an example.

use engine::script::{OFFERED, Offered, ScriptTopic};
use engine::text::{Language, Texts};
use leptos::prelude::*;

use crate::ui::SearchBox;
use crate::{i18n, t};

/// The list; `on_choose` hears what is written to begin with one.
#[component]
pub fn Help(#[prop(into)] on_choose: Callback<String>) -> impl IntoView {
    let query = RwSignal::new(String::new());
    let line = move |offered: &'static Offered| {
        let does = move || said(i18n::language(), &offered.text_key());
        let example = |(source, gives): &(&'static str, &'static str)| {
            let gives = (!gives.is_empty()).then(|| format!(" → {gives}"));
            view! { <div class="note"><code translate="no">{*source}</code><span class="muted">{gives}</span></div> }
        };
        let examples = offered.examples.iter().map(example).collect_view();
        view! {
            <li class="stack g1">
                <button type="button" class="link code" translate="no" on:click=move |_| on_choose.run(offered.begun())>
                    {offered.call}
                </button>
                <p class="small-text soft-text">{does}</p>
                {examples}
            </li>
        }
    };
    let body = move || {
        let found = by_topic(query.get().trim(), i18n::language());
        if found.is_empty() {
            return view! { <p class="note muted">{t!("scripts-help-none")}</p> }.into_any();
        }
        let topic = |(topic, found): (ScriptTopic, Vec<&'static Offered>)| {
            let name = move || said(i18n::language(), topic.text_key());
            let lines = found.into_iter().map(line).collect_view();
            view! { <section class="stack g2"><h2>{name}</h2><ul class="stack g3 offered">{lines}</ul></section> }
        };
        found.into_iter().map(topic).collect_view().into_any()
    };
    let search = move |text: String| query.set(text);
    view! {
        <div class="stack g4">
            <SearchBox value=query on_search=search placeholder=t!("scripts-help-find")/>
            {body}
        </div>
    }
}

/// What the engine says under a key.
pub fn said(language: Language, key: &str) -> String {
    Texts::of(language).get(key, &Default::default()).unwrap_or_default()
}

/// What contains the words that are sought, by topic; topics without anything are left out.
fn by_topic(query: &str, language: Language) -> Vec<(ScriptTopic, Vec<&'static Offered>)> {
    let query = query.to_lowercase();
    let fits = |offered: &&'static Offered| {
        offered.name.contains(&query) || said(language, &offered.text_key()).to_lowercase().contains(&query)
    };
    let of = |topic: ScriptTopic| {
        let found = OFFERED.iter().filter(|offered| offered.topic == topic).filter(fits);
        (topic, found.collect::<Vec<_>>())
    };
    ScriptTopic::ALL.into_iter().map(of).filter(|(_, found)| !found.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_listed_and_found_by_name_and_purpose() {
        let names = |query: &str, language: Language| -> Vec<&'static str> {
            let found = by_topic(query, language).into_iter().flat_map(|(_, found)| found);
            found.map(|offered| offered.name).collect()
        };
        assert_eq!(names("", Language::En).len(), OFFERED.len());
        assert!(names("回收站", Language::ZhCn).contains(&"remove"));
        assert!(names("彙總表", Language::ZhTw).contains(&"aggregate"));
        assert!(names("nothing is called so", Language::En).is_empty());
    }
}
