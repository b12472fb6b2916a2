//! The records behind a number, in a drawer beside the page.

use std::pin::Pin;
use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value as Json;
use wire::Behind;

use crate::api::Problem;
use crate::i18n::group_digits;
use crate::t;
use crate::ui::{Button, ControlSize, Drawer, Empty, ProblemView, Skeleton};

type Asking = Pin<Box<dyn Future<Output = Result<Behind, Problem>>>>;
/// Asks for the records behind something: all from the start, or those after a cursor.
pub type Ask = Arc<dyn Fn(Option<String>) -> Asking + Send + Sync>;

/// What is asked about. It outlives the control that asked.
#[derive(Clone)]
pub struct Question {
    /// The number as people call it, and its value.
    pub title: String,
    pub value: String,
    pub ask: Ask,
}

impl Question {
    pub fn new(
        title: String,
        value: String,
        ask: impl Fn(Option<String>) -> Asking + Send + Sync + 'static,
    ) -> Question {
        Question { title, value, ask: Arc::new(ask) }
    }
}

/// A drawer with the records that were added up, a page at a time.
#[component]
pub fn BehindDrawer(question: Question, #[prop(into)] on_close: Callback<()>) -> impl IntoView {
    let Question { title, value, ask } = question;
    let ask = StoredValue::new(ask);
    let found = RwSignal::new(None::<Behind>);
    let problem = RwSignal::new(None::<Problem>);
    let busy = RwSignal::new(false);
    let load = move |cursor: Option<String>| {
        busy.set(true);
        spawn_local(async move {
            let Some(asking) = ask.try_with_value(|ask| ask(cursor)) else { return };
            let answer = asking.await;
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(page) => found.update(|found| match found {
                    Some(before) => {
                        before.items.extend(page.items);
                        before.titles.extend(page.titles);
                        before.next = page.next;
                    }
                    None => *found = Some(page),
                }),
                Err(refused) => problem.set(Some(refused)),
            }
        });
    };
    load(None);
    let list = move || match (problem.get(), found.get()) {
        (Some(problem), _) => view! { <ProblemView problem=problem/> }.into_any(),
        (None, None) => view! { <Skeleton lines=6/> }.into_any(),
        (None, Some(behind)) if behind.items.is_empty() => {
            view! { <Empty icon="table" title=t!("report-no-records")/> }.into_any()
        }
        (None, Some(behind)) => {
            let next = behind.next.clone();
            let more = next.map(|next| {
                view! {
                    <Button size=ControlSize::Small busy=busy on_press=move |_| load(Some(next.clone()))>{t!("report-more")}</Button>
                }
            });
            view! { <div class="behind">{lines(&behind)}</div>{more} }.into_any()
        }
    };
    view! {
        <Drawer title=Signal::stored(title) class="behind-drawer" on_close=on_close>
            <div class="behind-head">
                <span class="muted">{t!("report-behind")}</span>
                <b class="num">{value}</b>
            </div>
            {list}
        </Drawer>
    }
}

fn lines(behind: &Behind) -> impl IntoView + use<> {
    let line = |record: &wire::records::Record| {
        let id = record.id.to_string();
        let href = format!("/apps/{}/forms/{}/records/{id}", behind.app, behind.form);
        let title = behind.titles.get(&id).filter(|title| !title.is_empty()).cloned();
        let value = behind.field.as_ref().and_then(|field| record.fields.get(field)).and_then(Json::as_str);
        let value = value.map(group_digits);
        let note = record.system.created_at.get(..10).unwrap_or_default().to_string();
        view! {
            <a class="behind-line" href=href>
                <span class="grow clip">{title.unwrap_or(id)}</span>
                <span class="num">{value.unwrap_or(note)}</span>
            </a>
        }
    };
    behind.items.iter().map(line).collect_view()
}
