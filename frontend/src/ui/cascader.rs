//! One of a tree, chosen level by level: what is below a choice stands in the next column. A search finds whole ways.

use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::field::{FieldContext, unique_id};
use super::options::{SEARCH_FROM, matching};
use super::picker::is_text_input;
use super::popover::{focus_end, move_focus};
use super::select::OPTION;
use super::tree_select::Branch;
use super::{Choice, ChoiceChip, ControlSize, Icon, IconSize, Popover, SearchBox};
use crate::t;

/// A select over the levels of a tree.
#[component]
pub fn Cascader(
    /// What is within another one comes after it.
    #[prop(into)]
    branches: Signal<Vec<Branch>>,
    /// The key of what is chosen.
    #[prop(into)]
    value: Signal<Option<String>>,
    #[prop(into)] on_change: Callback<Option<String>>,
    /// What is divided further may be chosen itself.
    #[prop(optional)]
    any_level: bool,
    #[prop(optional, into)] placeholder: Option<Signal<String>>,
    /// The choice may be taken away again.
    #[prop(optional)]
    clearable: bool,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(optional, into)] invalid: Signal<bool>,
    #[prop(optional, into)] label: Option<Signal<String>>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let placeholder = placeholder.unwrap_or_else(|| Signal::derive(t!("ui-choose")));
    let shown = move || match value.get() {
        Some(key) => {
            let choice = branches.with(|branches| whole(branches, &key));
            view! { <ChoiceChip choice=choice/> }.into_any()
        }
        None => view! { <span class="placeholder">{placeholder}</span> }.into_any(),
    };
    let choose = move |(key, is_last): (String, bool)| {
        if is_last {
            open.set(false);
        }
        on_change.run(Some(key));
    };
    let clear = move |_| {
        open.set(false);
        on_change.run(None);
    };
    let list = unique_id("list");
    view! {
        <button
            type="button"
            class="input"
            id=FieldContext::id()
            role="combobox"
            aria-haspopup="listbox"
            aria-controls=list.clone()
            aria-expanded=move || open.get().to_string()
            aria-label=label
            aria-describedby=FieldContext::note()
            aria-required=FieldContext::required()
            aria-invalid=FieldContext::invalid(invalid)
            disabled=disabled
            on:click=move |_| open.update(|open| *open = !*open)
            on:keydown=move |event| {
                if matches!(event.key().as_str(), "ArrowDown" | "ArrowUp") {
                    event.prevent_default();
                    open.set(true);
                }
            }
        >
            {shown}
            <span class="end"><Icon name="down" size=IconSize::Small/></span>
        </button>
        <Popover open=open match_width=true class="menu" role="group" id=list.clone()>
            <Levels branches=branches value=value any_level=any_level on_choose=choose/>
            {(clearable && value.get().is_some()).then(|| view! {
                <div class="menu-line"></div>
                <button type="button" class="menu-item" on:click=clear><Icon name="close"/>{t!("ui-clear")}</button>
            })}
        </Popover>
    }
}

/// The columns, and a search where there are many choices.
#[component]
fn Levels(
    branches: Signal<Vec<Branch>>,
    value: Signal<Option<String>>,
    any_level: bool,
    /// Hears what is chosen, and whether nothing is below it.
    #[prop(into)]
    on_choose: Callback<(String, bool)>,
) -> impl IntoView {
    let query = RwSignal::new(String::new());
    let is_searched = move || query.with(|query| !query.trim().is_empty());
    // What is opened, from the top down.
    let way =
        RwSignal::new(untrack(|| value.get().map(|key| above(&branches.get(), &key)).unwrap_or_default()));
    let list = NodeRef::<Div>::new();
    let searches = branches.with_untracked(|all| all.len() >= SEARCH_FROM);
    if !searches {
        list.on_load(|list| request_animation_frame(move || focus_end(&list, OPTION, false)));
    }
    let found = move || branches.with(|all| query.with(|query| found(all, query, any_level)));
    let columns = move || branches.with(|all| way.with(|way| columns(all, way)));
    let unfold = move |level: usize, key: String| {
        way.update(|way| {
            way.truncate(level);
            way.push(key);
        });
        // The new column is drawn by then.
        request_animation_frame(move || {
            if let Some(row) = list.try_get_untracked().flatten().and_then(|list| columns_in(&list)) {
                row.set_scroll_left(row.scroll_width());
            }
        });
    };
    let press = move |level: usize, key: String, is_divided: bool| {
        if is_divided {
            unfold(level, key.clone());
        }
        if any_level || !is_divided {
            on_choose.run((key, !is_divided));
        }
    };
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        let Some(list) = list.get() else { return };
        let at = option_of(&event);
        let column = at.as_ref().and_then(|(option, _)| option.parent_element());
        match (event.key().as_str(), at) {
            ("ArrowDown", None) => focus_end(&list, OPTION, false),
            ("ArrowDown", Some(_)) => column.iter().for_each(|column| move_focus(column, OPTION, 1)),
            ("ArrowUp", Some(_)) => column.iter().for_each(|column| move_focus(column, OPTION, -1)),
            ("Home", Some(_)) => column.iter().for_each(|column| focus_end(column, OPTION, false)),
            ("End", Some(_)) => column.iter().for_each(|column| focus_end(column, OPTION, true)),
            ("ArrowRight", Some((option, level))) if option.has_attribute("data-divided") => {
                unfold(level, option.get_attribute("data-key").unwrap_or_default());
                request_animation_frame(move || focus_column(&list, level + 1));
            }
            ("ArrowLeft", Some((_, level))) if level > 0 => {
                let parent = way.with_untracked(|way| way.get(level - 1).cloned());
                focus_key(&list, &parent.unwrap_or_default());
            }
            ("Enter", None) if is_text_input(&event) && !event.is_composing() => {
                if let Some(first) = untrack(found).into_iter().next().filter(|_| untrack(is_searched)) {
                    on_choose.run((first.key, true));
                }
            }
            _other_key => return,
        }
        event.prevent_default();
    };
    let option = move |(branch, level, is_divided): (Branch, usize, bool)| {
        let key = StoredValue::new(branch.choice.key.clone());
        let is_chosen = move || key.with_value(|key| value.with(|value| value.as_ref() == Some(key)));
        let is_open = move || key.with_value(|key| way.with(|way| way.get(level) == Some(key)));
        view! {
            <button
                type="button"
                class="menu-item"
                role="option"
                tabindex="-1"
                data-key=key.get_value()
                data-level=level.to_string()
                data-divided=is_divided.then_some("")
                aria-checked=move || is_chosen().to_string()
                aria-selected=move || (is_open() || is_chosen()).to_string()
                on:click=move |_| press(level, key.get_value(), is_divided)
            >
                <ChoiceChip choice=branch.choice/>
                {if is_divided {
                    view! { <span class="end"><Icon name="right" size=IconSize::Small/></span> }.into_any()
                } else {
                    view! { <Icon name="check" class="tick"/> }.into_any()
                }}
            </button>
        }
    };
    let column = move |(level, parent): (usize, Option<String>)| {
        let name = parent.clone();
        let name = move || {
            let called = |key: &String| branches.with(|all| whole(all, key).label);
            name.as_ref().map_or_else(t!("ui-choose"), called)
        };
        let options = move || branches.with(|all| below(all, parent.as_deref(), level));
        view! {
            <div role="listbox" aria-label=name>{move || options().into_iter().map(option).collect_view()}</div>
        }
    };
    let results = move || {
        let found = found();
        if found.is_empty() {
            return view! {
                <div class="empty small-empty"><span class="muted">{t!("ui-nothing-found", query = query.get())}</span></div>
            }
            .into_any();
        }
        let line = |choice: Choice| {
            let key = choice.key.clone();
            view! {
                <button type="button" class="menu-item" role="option" tabindex="-1" aria-selected="false" on:click=move |_| on_choose.run((key.clone(), true))>
                    <ChoiceChip choice=choice/>
                </button>
            }
        };
        let lines = found.into_iter().map(line).collect_view();
        view! { <div class="options" role="listbox" aria-label=t!("ui-choose")>{lines}</div> }.into_any()
    };
    view! {
        <div node_ref=list on:keydown=on_key>
            {searches.then(|| view! {
                <div class="menu-search">
                    <SearchBox
                        value=query
                        on_search=move |text| query.set(text)
                        placeholder=t!("ui-search")
                        size=ControlSize::Small
                        pause=0
                        autofocus=true
                    />
                </div>
            })}
            <Show when=move || !is_searched() fallback=move || results>
                <div class="cascade">
                    <For each=columns key=|column| column.clone() children=column/>
                </div>
            </Show>
        </div>
    }
}

fn branch_of<'b>(branches: &'b [Branch], key: &str) -> Option<&'b Branch> {
    branches.iter().find(|branch| branch.choice.key == key)
}

/// What a choice is within, from the top down. A circle ends where it began.
fn above(branches: &[Branch], key: &str) -> Vec<String> {
    let mut way: Vec<String> = Vec::new();
    let mut next = branch_of(branches, key).and_then(|branch| branch.within.clone());
    while let Some(key) = next.filter(|key| !way.contains(key)) {
        next = branch_of(branches, &key).and_then(|branch| branch.within.clone());
        way.push(key);
    }
    way.reverse();
    way
}

/// A choice under the names of its whole way; by its key where it is not there any more.
fn whole(branches: &[Branch], key: &str) -> Choice {
    let Some(branch) = branch_of(branches, key) else { return Choice::new(key, key) };
    let way = above(branches, key);
    let names = way.iter().filter_map(|key| branch_of(branches, key)).chain([branch]);
    let label = names.map(|branch| branch.choice.label.as_str()).collect::<Vec<_>>().join(" / ");
    Choice { label, ..branch.choice.clone() }
}

fn is_divided(branches: &[Branch], key: &str) -> bool {
    branches.iter().any(|branch| branch.within.as_deref() == Some(key))
}

/// What is directly below a choice, each with its level and whether it is divided further.
fn below(branches: &[Branch], parent: Option<&str>, level: usize) -> Vec<(Branch, usize, bool)> {
    let inside = branches.iter().filter(|branch| branch.within.as_deref() == parent);
    inside.map(|branch| (branch.clone(), level, is_divided(branches, &branch.choice.key))).collect()
}

/// The columns that are open: the top, and one for each choice on the way that has something below it.
fn columns(branches: &[Branch], way: &[String]) -> Vec<(usize, Option<String>)> {
    let opened = way.iter().filter(|key| is_divided(branches, key)).map(|key| Some(key.clone()));
    [None].into_iter().chain(opened).enumerate().collect()
}

/// The choices that a search finds among those that may be chosen, under their whole ways.
fn found(branches: &[Branch], query: &str, any_level: bool) -> Vec<Choice> {
    let offered = branches.iter().filter(|branch| any_level || !is_divided(branches, &branch.choice.key));
    let ways: Vec<Choice> = offered.map(|branch| whole(branches, &branch.choice.key)).collect();
    matching(&ways, query)
}

/// The option that a key was pressed on, with its level; nothing for one of the search.
fn option_of(event: &web_sys::Event) -> Option<(web_sys::Element, usize)> {
    let target: web_sys::Element = event.target()?.dyn_into().ok()?;
    let option = target.closest(OPTION).ok().flatten()?;
    let level = option.get_attribute("data-level").and_then(|level| level.parse().ok()).unwrap_or_default();
    Some((option, level))
}

fn columns_in(list: &web_sys::Element) -> Option<web_sys::Element> {
    list.query_selector(".cascade").ok().flatten()
}

/// Gives the focus to the first choice of a column.
fn focus_column(list: &web_sys::Element, level: usize) {
    let place = u32::try_from(level).unwrap_or_default();
    let column = list.query_selector_all("[role=listbox]").ok().and_then(|columns| columns.get(place));
    if let Some(column) = column.and_then(|column| column.dyn_into::<web_sys::Element>().ok()) {
        focus_end(&column, OPTION, false);
    }
}

/// Gives the focus to the choice with a key.
fn focus_key(list: &web_sys::Element, key: &str) {
    let Ok(options) = list.query_selector_all(OPTION) else { return };
    let options =
        (0..options.length()).filter_map(|at| options.get(at)?.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(option) =
        options.into_iter().find(|option| option.get_attribute("data-key").as_deref() == Some(key))
    {
        let _ = option.focus();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trades() -> Vec<Branch> {
        let branch = |key: &str, label: &str, within: Option<&str>| Branch {
            choice: Choice::new(key, label),
            within: within.map(str::to_string),
        };
        vec![
            branch("food", "Food", None),
            branch("food/fruit", "Fruit", Some("food")),
            branch("food/fruit/pear", "Pear", Some("food/fruit")),
            branch("food/bread", "Bread", Some("food")),
            branch("tools", "Tools", None),
        ]
    }

    #[test]
    fn what_is_below_a_choice_stands_in_the_next_column() {
        let all = trades();
        let names = |parent: Option<&str>| {
            let inside = below(&all, parent, 0).into_iter();
            inside.map(|(branch, _, divided)| (branch.choice.label, divided)).collect::<Vec<_>>()
        };
        assert_eq!(names(None), [("Food".to_string(), true), ("Tools".to_string(), false)]);
        assert_eq!(names(Some("food")), [("Fruit".to_string(), true), ("Bread".to_string(), false)]);
        let way = above(&all, "food/fruit/pear");
        assert_eq!(way, ["food", "food/fruit"]);
        assert_eq!(columns(&all, &way).len(), 3);
        assert_eq!(columns(&all, &["tools".to_string()]).len(), 1, "nothing is below it");
    }

    #[test]
    fn a_choice_is_read_and_found_by_its_whole_way() {
        let all = trades();
        assert_eq!(whole(&all, "food/fruit/pear").label, "Food / Fruit / Pear");
        assert_eq!(whole(&all, "gone").label, "gone");
        let found = |query: &str, any_level: bool| {
            found(&all, query, any_level).into_iter().map(|choice| choice.key).collect::<Vec<_>>()
        };
        assert_eq!(found("fruit", false), ["food/fruit/pear"]);
        assert_eq!(found("fruit", true), ["food/fruit", "food/fruit/pear"]);
    }
}
