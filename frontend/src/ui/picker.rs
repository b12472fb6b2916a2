//! A picker over a list that lies on the server: records of a link, members, departments.

use std::pin::Pin;

use leptos::html::Div;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;

use super::button::ControlSize;
use super::empty::nothing_found;
use super::popover::move_focus_from;
use super::select::OPTION;
use super::{Icon, SearchBox};
use crate::api::Problem;
use crate::{t, text};

/// One thing that a picker found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    pub id: String,
    pub title: String,
    /// Quiet facts under or beside the title.
    pub facts: Vec<String>,
    /// Shows the title's first letter as a person's mark.
    pub person: bool,
}

/// A question that is on its way to the server.
pub type Searching = Pin<Box<dyn Future<Output = Result<Vec<Found>, Problem>>>>;
/// How a picker asks the server: text in, at most 20 things out.
pub type Search = Callback<String, Searching>;

/// The inside of a picking popover: a search box and what was found. The control that opens it is the caller's.
///
/// Up and down walk through what was found. After a search the first of it is marked: Enter chooses that, and the keys walk on
/// from it.
#[component]
pub fn Picker(
    /// Asks the server; the newest question wins.
    search: Search,
    #[prop(into)] on_pick: Callback<Found>,
    #[prop(into)] placeholder: Signal<String>,
    /// The ids that are picked already.
    #[prop(optional, into)]
    picked: Signal<Vec<String>>,
    /// What is searched for at first. What is typed before the search box has the focus may still be added to it.
    #[prop(optional, into)]
    start: Signal<String>,
    /// Makes what is not there, called as was typed.
    #[prop(default = None)]
    on_new: Option<Callback<String>>,
    /// What is said where nothing is offered although nothing was searched for, in place of the usual words.
    #[prop(optional, into)]
    nothing: Signal<String>,
) -> impl IntoView {
    let query = RwSignal::new(String::new());
    let found = RwSignal::new(None::<Result<Vec<Found>, Problem>>);
    let question = StoredValue::new(0u32);
    // The question whose first answer is chosen, because somebody pressed Enter.
    let entered = StoredValue::new(None::<u32>);
    let ask = move |text: String| {
        // A picker that was closed before its first question asks nothing.
        let next = question.try_update_value(|number| {
            *number += 1;
            *number
        });
        let Some(number) = next else { return };
        query.set(text.clone());
        let answer = search.run(text);
        spawn_local(async move {
            let answer = answer.await;
            // A slow answer to an older question must not replace a newer one.
            if question.try_get_value() != Some(number) {
                return;
            }
            let first = answer.as_ref().ok().and_then(|things| things.first().cloned());
            found.set(Some(answer));
            if entered.get_value() == Some(number)
                && let Some(first) = first
            {
                on_pick.run(first);
            }
        });
    };
    Effect::new(move || {
        let text = start.get();
        untrack(|| ask(text));
    });

    // The mark belongs to the search box: on an option the focus itself says where one is.
    let on_option = RwSignal::new(false);
    let marks_first = move || !on_option.get() && query.with(|query| !query.trim().is_empty());
    let list = NodeRef::<Div>::new();
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        let Some(list) = list.get() else { return };
        match event.key().as_str() {
            "ArrowDown" => move_focus_from(&list, OPTION, 1, untrack(marks_first).then_some(0)),
            "ArrowUp" => move_focus_from(&list, OPTION, -1, untrack(marks_first).then_some(0)),
            // The search box has asked once more; the answer to that is chosen from. An option is a button and presses itself.
            "Enter" if is_text_input(&event) && !event.is_composing() => {
                let searched = query.with_untracked(|query| !query.trim().is_empty());
                entered.set_value(searched.then(|| question.get_value()));
            }
            _other_key => return,
        }
        event.prevent_default();
    };
    let option = move |(place, found): (usize, Found)| {
        let thing = StoredValue::new(found.clone());
        let id = found.id.clone();
        let facts = found.facts.clone().into_iter().enumerate();
        let facts = facts.map(|(at, fact)| view! { {(at > 0).then(|| view! { <i class="sep"></i> })}{fact} });
        view! {
            <button
                type="button"
                class="menu-item"
                role="option"
                // One of them is on the way of Tab: a list that scrolls is reached without a mouse.
                tabindex=if place == 0 { "0" } else { "-1" }
                class:is-hover=move || place == 0 && marks_first()
                aria-checked=move || picked.with(|picked| picked.contains(&id)).to_string()
                on:click=move |_| on_pick.run(thing.get_value())
            >
                {found.person.then(|| view! { <super::Avatar name=found.title.clone()/> })}
                <span class="clip" title=found.title.clone()>{found.title.clone()}</span>
                <span class="end clip">{facts.collect_view()}</span>
                <Icon name="check" class="tick"/>
            </button>
        }
    };
    let new_words = move || match query.get().trim() {
        "" => text!("ui-new"),
        name => text!("ui-new-named", name = name),
    };
    let empty_words = move || {
        let query = query.get();
        let said = nothing.get();
        if query.trim().is_empty() && !said.is_empty() { said } else { nothing_found(&query) }
    };
    let results = move || match found.get() {
        None => (0..3)
            .map(|_| view! { <div class="menu-item"><span class="skeleton grow"></span></div> })
            .collect_view()
            .into_any(),
        Some(Ok(things)) if things.is_empty() => view! {
            <div class="empty small-empty"><span class="muted">{empty_words}</span></div>
        }
        .into_any(),
        Some(Ok(things)) => things.into_iter().enumerate().map(option).collect_view().into_any(),
        Some(Err(problem)) => view! {
            <div class="empty small-empty"><span class="bad-text">{problem.detail}</span></div>
        }
        .into_any(),
    };
    view! {
        <div node_ref=list on:keydown=on_key on:focusin=move |event| on_option.set(!is_text_input(&event))>
            <div class="menu-search">
                <SearchBox
                    value=query
                    on_search=ask
                    placeholder=placeholder
                    size=ControlSize::Small
                    autofocus=true
                />
            </div>
            <div role="listbox" aria-label=t!("ui-choose")>
                <div class="options">{results}</div>
                {on_new.map(|on_new| view! {
                    <div class="menu-line"></div>
                    <button type="button" class="menu-item" role="option" tabindex="-1" on:click=move |_| on_new.run(query.get_untracked().trim().to_string())>
                        <Icon name="plus"/>
                        <span class="clip">{new_words}</span>
                    </button>
                })}
            </div>
        </div>
    }
}

/// Whether something happened where one searches, such as a key that was pressed there, not on an option.
pub(super) fn is_text_input(event: &web_sys::Event) -> bool {
    event.target().is_some_and(|target| target.has_type::<web_sys::HtmlInputElement>())
}
