//! A picker over a list that lies on the server: records of a link, members, departments.

use std::pin::Pin;
use std::time::Duration;

use leptos::html::Div;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::button::ControlSize;
use super::popover::move_focus;
use super::select::OPTION;
use super::{Icon, SearchBox};
use crate::api::Problem;
use crate::t;

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
#[component]
pub fn Picker(
    /// Asks the server; the newest question wins.
    search: Search,
    #[prop(into)] on_pick: Callback<Found>,
    #[prop(into)] placeholder: Signal<String>,
    /// The ids that are picked already.
    #[prop(optional, into)]
    picked: Signal<Vec<String>>,
) -> impl IntoView {
    let query = RwSignal::new(String::new());
    let found = RwSignal::new(None::<Result<Vec<Found>, Problem>>);
    let question = StoredValue::new(0u32);
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
            if question.try_get_value() == Some(number) {
                found.set(Some(answer));
            }
        });
    };
    set_timeout(move || ask(String::new()), Duration::ZERO);

    let list = NodeRef::<Div>::new();
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        let Some(list) = list.get() else { return };
        match event.key().as_str() {
            "ArrowDown" => move_focus(&list, OPTION, 1),
            "ArrowUp" => move_focus(&list, OPTION, -1),
            _other_key => return,
        }
        event.prevent_default();
    };
    let option = move |found: Found| {
        let thing = StoredValue::new(found.clone());
        let id = found.id.clone();
        let facts = found.facts.clone().into_iter().enumerate();
        let facts = facts.map(|(at, fact)| view! { {(at > 0).then(|| view! { <i class="sep"></i> })}{fact} });
        view! {
            <button
                type="button"
                class="menu-item"
                role="option"
                tabindex="-1"
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
    let results = move || {
        match found.get() {
        None => (0..3)
            .map(|_| view! { <div class="menu-item"><span class="skeleton grow"></span></div> })
            .collect_view()
            .into_any(),
        Some(Ok(things)) if things.is_empty() => view! {
            <div class="empty small-empty"><span class="muted">{t!("ui-nothing-found", query = query.get())}</span></div>
        }
        .into_any(),
        Some(Ok(things)) => things.into_iter().map(option).collect_view().into_any(),
        Some(Err(problem)) => view! {
            <div class="empty small-empty"><span class="bad-text">{problem.detail}</span></div>
        }
        .into_any(),
    }
    };
    view! {
        <div node_ref=list on:keydown=on_key>
            <div class="menu-search">
                <SearchBox
                    value=query
                    on_search=ask
                    placeholder=placeholder
                    size=ControlSize::Small
                    autofocus=true
                />
            </div>
            <div class="options">{results}</div>
        </div>
    }
}
