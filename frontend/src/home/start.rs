//! What the reader can ask for, one press away: the forms in whose flow they may begin a request.

use engine::text::Language;
use leptos::prelude::*;
use leptos_router::components::A;
use wire::flows::Startable;

use crate::api::tasks::{place_to_start, startable};
use crate::shell::{ShellContext, app_colour};
use crate::ui::{Button, ButtonKind, ControlSize, SearchBox, Tile, icon_or, wait_for};
use crate::{browser, i18n, t, text};

/// How many are shown before somebody wants to see all of them; where there are more, they can be searched.
const SHOWN: usize = 8;

#[component]
pub(super) fn StartRequests() -> impl IntoView {
    let answer = LocalResource::new(|| async { startable().await });
    wait_for(move || answer.with(Option::is_some));
    let all = Memo::new(move |_| answer.get().and_then(Result::ok).unwrap_or_default());
    let (sought, whole) = (RwSignal::new(String::new()), RwSignal::new(false));
    let shown = Memo::new(move |_| {
        let (sought, language) = (sought.get(), i18n::language());
        let fits = |form: &&Startable| fits(form, &sought, language);
        let mut found: Vec<Startable> = all.with(|all| all.iter().filter(fits).cloned().collect());
        if sought.trim().is_empty() && !whole.get() {
            found.truncate(SHOWN);
        }
        found
    });
    let is_there = Memo::new(move |_| all.with(|all| !all.is_empty()));
    let is_many = Memo::new(move |_| all.with(|all| all.len() > SHOWN));
    let search = move || {
        is_many.get().then(|| {
            let look = move |words: String| sought.set(words);
            view! {
                <SearchBox value=sought on_search=look placeholder=Signal::derive(t!("home-start-search"))
                    size=ControlSize::Small pause=0/>
            }
        })
    };
    let rest = move || {
        let is_cut = is_many.get() && !whole.get() && sought.with(|sought| sought.trim().is_empty());
        is_cut.then(|| {
            let count = all.with(Vec::len);
            view! {
                <div class="start-rest">
                    <Button kind=ButtonKind::Ghost size=ControlSize::Small on_press=move |_| whole.set(true)>
                        {t!("home-start-all", count = count)}
                    </Button>
                </div>
            }
        })
    };
    let nothing = move || {
        shown.with(Vec::is_empty).then(|| {
            let words = move || sought.with(|sought| text!("ui-nothing-found", query = sought.trim()));
            view! { <p class="note muted start-rest">{words}</p> }
        })
    };
    move || {
        is_there.get().then(|| {
            view! {
                <section class="card">
                    <div class="card-head"><h2>{t!("home-start")}</h2>{search}</div>
                    <div class="start-entries">
                        <For each=move || shown.get() key=|form| form.form children=entry/>
                    </div>
                    {nothing}
                    {rest}
                </section>
            }
        })
    }
}

/// One form, with its app below.
fn entry(form: Startable) -> impl IntoView {
    let shell = ShellContext::expect();
    let href = place_to_start(&form);
    let icon = icon_or(form.icon.as_deref(), "table");
    let key = form.app_key;
    let colour = Signal::derive(move || shell.app(&key).map_or(1, |app| app_colour(&app)));
    let (label, app) = (form.label, form.app_label);
    let name = Signal::derive(move || label.get(i18n::language()).to_string());
    view! {
        <A href=href>
            <Tile icon=icon colour=colour size="s"/>
            <span class="grow stack">
                <span class="clip" title=name>{name}</span>
                <span class="note muted clip">{move || app.get(i18n::language()).to_string()}</span>
            </span>
        </A>
    }
}

/// Whether a form or its app is called so, or begins to sound so.
fn fits(form: &Startable, sought: &str, language: Language) -> bool {
    let sought = sought.trim().to_lowercase();
    let names = [form.label.get(language), form.app_label.get(language)];
    names.into_iter().any(|name| {
        name.to_lowercase().contains(&sought)
            || browser::initials(name).is_some_and(|letters| letters.contains(&sought))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_form_is_found_by_its_name_and_by_that_of_its_app() {
        let form = json!({"form": "0sbqd00000001", "label": "Expense claim", "app": "0sbqd00000002",
            "app_key": "office", "app_label": {"en": "Office", "zh-CN": "办公"}});
        let form: Startable = serde_json::from_value(form).unwrap();
        for (sought, found) in [("", true), (" claim", true), ("OFF", true), ("leave", false)] {
            assert_eq!(fits(&form, sought, Language::En), found, "{sought}");
        }
        assert!(fits(&form, "办", Language::ZhCn));
    }
}
