//! One of a tree, or several: departments with those below them. The tree is walked by arrows, folded, and searched.

use std::collections::BTreeSet;

use leptos::html::Div;
use leptos::prelude::*;

use super::empty::nothing_found;
use super::field::{FieldContext, unique_id};
use super::options::{SEARCH_FROM, matching};
use super::popover::{focus_end, move_focus};
use super::{Choice, ChoiceChip, ControlSize, Icon, IconSize, Popover, SearchBox};
use crate::t;

const ITEM: &str = "[role=treeitem]";
/// A tree of so many is shown unfolded.
const MOST_UNFOLDED: usize = 40;

/// Something of a tree, and what it is within.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    pub choice: Choice,
    /// The key of another one; what is within nothing that is there stands at the top.
    pub within: Option<String>,
}

/// A line of the tree as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    choice: Choice,
    /// From 1 at the top.
    level: usize,
    unfolds: bool,
}

/// A select over a tree.
#[component]
pub fn TreeSelect(
    #[prop(into)] branches: Signal<Vec<Branch>>,
    /// The keys of what is chosen.
    #[prop(into)]
    value: Signal<Vec<String>>,
    #[prop(into)] on_change: Callback<Vec<String>>,
    /// Several may be chosen.
    #[prop(optional)]
    many: bool,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(optional, into)] invalid: Signal<bool>,
    #[prop(optional, into)] label: Option<Signal<String>>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let turn = move |key: String| {
        let mut keys = value.get_untracked();
        match keys.iter().position(|chosen| *chosen == key) {
            Some(at) => drop(keys.remove(at)),
            None if many => keys.push(key),
            None => keys = vec![key],
        }
        if !many {
            open.set(false);
        }
        on_change.run(keys);
    };
    let clear = move |_| {
        open.set(false);
        on_change.run(Vec::new());
    };
    let shown = move || {
        let chosen = value.with(|keys| branches.with(|branches| chosen(branches, keys)));
        if chosen.is_empty() {
            return view! { <span class="placeholder">{t!("ui-choose")}</span> }.into_any();
        }
        let colour = |choice: Choice| if many { choice.colour(1) } else { choice };
        chosen
            .into_iter()
            .map(|choice| view! { <ChoiceChip choice=colour(choice)/> })
            .collect_view()
            .into_any()
    };
    let list = unique_id("list");
    view! {
        <button
            type="button"
            class=if many { "input chips" } else { "input" }
            id=FieldContext::id()
            role="combobox"
            aria-haspopup="tree"
            aria-controls=list.clone()
            aria-expanded=move || open.get().to_string()
            aria-label=label
            aria-describedby=FieldContext::note()
            aria-required=FieldContext::required()
            aria-invalid=FieldContext::invalid(invalid)
            disabled=disabled
            on:click=move |_| open.update(|open| *open = !*open)
        >
            {shown}
            <span class="end"><Icon name="down" size=IconSize::Small/></span>
        </button>
        <Popover open=open match_width=true class="menu" role="group" id=list.clone()>
            <TreeList branches=branches value=value many=many on_choose=turn/>
            {(!many && value.with(|keys| !keys.is_empty())).then(|| view! {
                <div class="menu-line"></div>
                <button type="button" class="menu-item" on:click=clear><Icon name="close"/>{t!("ui-clear")}</button>
            })}
        </Popover>
    }
}

/// The tree itself, with a search where there are many.
#[component]
fn TreeList(
    branches: Signal<Vec<Branch>>,
    value: Signal<Vec<String>>,
    many: bool,
    #[prop(into)] on_choose: Callback<String>,
) -> impl IntoView {
    let query = RwSignal::new(String::new());
    let unfolded =
        RwSignal::new(branches.with_untracked(|all| value.with_untracked(|keys| at_first(all, keys))));
    let shown = Memo::new(move |_| {
        branches.with(|all| unfolded.with(|unfolded| query.with(|query| lines(all, unfolded, query))))
    });
    let searched = branches.with_untracked(|all| all.len() >= SEARCH_FROM);
    let list = NodeRef::<Div>::new();
    if !searched {
        list.on_load(|list| {
            request_animation_frame(move || focus_end(&list, ITEM, false));
        });
    }
    let fold = move |key: &str, open: bool| {
        unfolded.update(|unfolded| {
            if open {
                unfolded.insert(key.to_string());
            } else {
                unfolded.remove(key);
            }
        });
    };
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        let Some(list) = list.get() else { return };
        let at = document().active_element().and_then(|at| at.get_attribute("data-key"));
        let line = at.and_then(|key| shown.with_untracked(|shown| line_of(shown, &key)));
        match (event.key().as_str(), line) {
            ("ArrowDown", _) => move_focus(&list, ITEM, 1),
            ("ArrowUp", _) => move_focus(&list, ITEM, -1),
            ("Home", Some(_)) => focus_end(&list, ITEM, false),
            ("End", Some(_)) => focus_end(&list, ITEM, true),
            ("ArrowRight", Some(line)) if line.unfolds => fold(&line.choice.key, true),
            ("ArrowLeft", Some(line)) if line.unfolds => fold(&line.choice.key, false),
            ("Enter", None) if !event.is_composing() => {
                let query = query.get_untracked();
                let all = branches.with_untracked(|all| choices(all));
                let first = matching(&all, &query).into_iter().next();
                if let Some(first) = first.filter(|_| !query.trim().is_empty()) {
                    on_choose.run(first.key);
                }
            }
            _other_key => return,
        }
        event.prevent_default();
    };
    let item = move |line: Line| {
        let key = StoredValue::new(line.choice.key.clone());
        let is_open = move || {
            let is_searched = query.with(|query| !query.trim().is_empty());
            is_searched || key.with_value(|key| unfolded.with(|unfolded| unfolded.contains(key)))
        };
        let is_chosen = move || key.with_value(|key| value.with(|keys| keys.contains(key)));
        let turn_fold = move |event: leptos::ev::MouseEvent| {
            event.stop_propagation();
            let was_open = unfolded.with_untracked(|unfolded| key.with_value(|key| unfolded.contains(key)));
            key.with_value(|key| fold(key, !was_open));
        };
        let mark = line.unfolds.then(|| {
            let icon = Signal::derive(move || if is_open() { "down" } else { "right" }.to_string());
            view! { <span class="tree-fold" aria-hidden="true" on:click=turn_fold><Icon name=icon size=IconSize::Small/></span> }
        });
        let mark =
            mark.map_or_else(|| view! { <span class="tree-fold"></span> }.into_any(), |mark| mark.into_any());
        let unfolds = line.unfolds;
        // One of them is on the way of Tab: a tree that scrolls is reached without a mouse.
        let is_first = move || {
            shown.with(|shown| {
                key.with_value(|key| shown.first().is_some_and(|first| first.choice.key == *key))
            })
        };
        view! {
            <button
                type="button"
                class="menu-item"
                role="treeitem"
                tabindex=move || if is_first() { "0" } else { "-1" }
                data-key=key.get_value()
                prop:ariaLevel=line.level.to_string()
                aria-expanded=move || unfolds.then(|| is_open().to_string())
                aria-checked=move || is_chosen().to_string()
                style:padding-left=format!("{}px", 4 + 16 * (line.level - 1))
                on:click=move |_| on_choose.run(key.get_value())
            >
                {mark}
                <ChoiceChip choice=line.choice/>
                <Icon name="check" class="tick"/>
            </button>
        }
    };
    view! {
        <div node_ref=list on:keydown=on_key>
            {searched.then(|| view! {
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
            <div class="options" role="tree" aria-label=t!("ui-choose") aria-multiselectable=many.then_some("true")>
                <For each=move || shown.get() key=|line| (line.choice.key.clone(), line.level, line.unfolds) children=item/>
            </div>
            {move || shown.with(Vec::is_empty).then(|| view! {
                <div class="empty small-empty">
                    <span class="muted">{move || nothing_found(&query.get())}</span>
                </div>
            })}
        </div>
    }
}

fn choices(branches: &[Branch]) -> Vec<Choice> {
    branches.iter().map(|branch| branch.choice.clone()).collect()
}

/// What is chosen, in the order in which it was; what is not there any more by its key.
fn chosen(branches: &[Branch], keys: &[String]) -> Vec<Choice> {
    let known = |key: &String| {
        let found = branches.iter().find(|branch| branch.choice.key == *key);
        found.map_or_else(|| Choice::new(key, key), |branch| branch.choice.clone())
    };
    keys.iter().map(known).collect()
}

fn line_of(lines: &[Line], key: &str) -> Option<Line> {
    lines.iter().find(|line| line.choice.key == key).cloned()
}

fn within<'b>(branches: &'b [Branch], key: &str) -> Option<&'b str> {
    branches.iter().find(|branch| branch.choice.key == key)?.within.as_deref()
}

/// What a thing is within, from the nearest up. A circle ends where it began.
fn above(branches: &[Branch], key: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut next = within(branches, key);
    while let Some(key) = next.filter(|key| !all.iter().any(|known| known == key)) {
        all.push(key.to_string());
        next = within(branches, key);
    }
    all
}

/// What is unfolded when the tree is opened: all of a small one, of a large one the way to what is chosen.
fn at_first(branches: &[Branch], chosen: &[String]) -> BTreeSet<String> {
    if branches.len() <= MOST_UNFOLDED {
        return branches.iter().map(|branch| branch.choice.key.clone()).collect();
    }
    chosen.iter().flat_map(|key| above(branches, key)).collect()
}

/// The lines from top to bottom. A search shows what it finds with all that this is within.
fn lines(branches: &[Branch], unfolded: &BTreeSet<String>, query: &str) -> Vec<Line> {
    let is_searched = !query.trim().is_empty();
    let mut kept: BTreeSet<String> = BTreeSet::new();
    if is_searched {
        for found in matching(&choices(branches), query) {
            kept.extend(above(branches, &found.key));
            kept.insert(found.key);
        }
    }
    let shown: Vec<&Branch> =
        branches.iter().filter(|branch| !is_searched || kept.contains(&branch.choice.key)).collect();
    let is_there = |key: &str| shown.iter().any(|branch| branch.choice.key == key);
    let parts = |of: Option<&str>| -> Vec<&Branch> {
        let is_part = |branch: &&&Branch| branch.within.as_deref().filter(|within| is_there(within)) == of;
        shown.iter().filter(is_part).copied().collect()
    };
    let mut lines = Vec::with_capacity(shown.len());
    // What is still to be shown, the next one last.
    let mut waiting: Vec<(&Branch, usize)> =
        parts(None).into_iter().rev().map(|branch| (branch, 1)).collect();
    while let Some((branch, level)) = waiting.pop() {
        let key = branch.choice.key.as_str();
        let below = parts(Some(key));
        lines.push(Line { choice: branch.choice.clone(), level, unfolds: !below.is_empty() });
        if is_searched || unfolded.contains(key) {
            waiting.extend(below.into_iter().rev().map(|branch| (branch, level + 1)));
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree() -> Vec<Branch> {
        let branch = |key: &str, within: Option<&str>| Branch {
            choice: Choice::new(key, key.to_uppercase()),
            within: within.map(str::to_string),
        };
        vec![
            branch("sales", None),
            branch("east", Some("sales")),
            branch("shop", Some("east")),
            branch("west", Some("sales")),
            branch("lab", Some("gone")),
        ]
    }

    fn said(unfolded: &[&str], query: &str) -> Vec<String> {
        let unfolded = unfolded.iter().map(|key| (*key).to_string()).collect();
        let line = |line: Line| format!("{}{}", "-".repeat(line.level - 1), line.choice.key);
        lines(&tree(), &unfolded, query).into_iter().map(line).collect()
    }

    #[test]
    fn what_is_unfolded_is_shown_below_what_it_is_within() {
        assert_eq!(said(&[], ""), ["sales", "lab"]);
        assert_eq!(said(&["sales"], ""), ["sales", "-east", "-west", "lab"]);
        assert_eq!(said(&["sales", "east"], ""), ["sales", "-east", "--shop", "-west", "lab"]);
        assert_eq!(said(&["east"], ""), ["sales", "lab"], "it lies in what is folded");
    }

    #[test]
    fn a_search_shows_what_it_finds_with_the_way_to_it() {
        assert_eq!(said(&[], "sho"), ["sales", "-east", "--shop"]);
        assert_eq!(said(&[], "nothing"), [""; 0]);
    }

    #[test]
    fn a_small_tree_is_open_and_a_large_one_shows_what_is_chosen() {
        assert_eq!(at_first(&tree(), &[]).len(), 5);
        let mut large = tree();
        large.extend((0..50).map(|n| Branch { choice: Choice::new(format!("n{n}"), "n"), within: None }));
        let open = at_first(&large, &["shop".to_string()]);
        assert_eq!(open.into_iter().collect::<Vec<_>>(), ["east", "sales"]);
    }

    #[test]
    fn a_circle_has_an_end() {
        let branch = |key: &str, within: &str| Branch {
            choice: Choice::new(key, key),
            within: Some(within.to_string()),
        };
        let circle = [branch("a", "b"), branch("b", "a")];
        assert_eq!(above(&circle, "a"), ["b", "a"]);
        assert!(lines(&circle, &BTreeSet::new(), "").is_empty());
    }
}
