//! The records behind a number, in a drawer beside the page.

use std::pin::Pin;
use std::sync::Arc;

use engine::value::{parse_date, parse_month};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value as Json;
use wasm_bindgen::JsCast;
use wire::Behind;

use super::figure::Told;
use crate::api::Problem;
use crate::i18n::{self, group_digits};
use crate::shell::close_by_way_back;
use crate::t;
use crate::ui::{Button, ControlSize, Drawer, Empty, ProblemView, Skeleton};

pub type Asking = Pin<Box<dyn Future<Output = Result<Behind, Problem>>>>;
/// Asks for the records behind something: all from the start, or those after a cursor.
pub type Ask = Arc<dyn Fn(Option<String>) -> Asking + Send + Sync>;

/// One of the numbers that a number was made of.
#[derive(Clone)]
pub struct Part {
    pub key: String,
    pub label: String,
    pub value: String,
    pub ask: Ask,
}

/// What is asked about. It outlives the control that asked.
#[derive(Clone)]
pub struct Question {
    /// The number as people call it.
    pub title: String,
    /// What is said of it; nothing where one asks about several at once.
    pub told: Option<Told>,
    /// How it is computed.
    pub definition: Option<String>,
    /// What it was made of, each with its records.
    pub parts: Vec<Part>,
    /// The part whose records are shown first.
    pub first: usize,
}

impl Question {
    /// About a number that was added up of records alone.
    pub fn new(
        title: String,
        told: Option<Told>,
        ask: impl Fn(Option<String>) -> Asking + Send + Sync + 'static,
    ) -> Question {
        let part =
            Part { key: String::new(), label: title.clone(), value: String::new(), ask: Arc::new(ask) };
        Question { title, told, definition: None, parts: vec![part], first: 0 }
    }
}

/// What is asked about on a page, and from where.
#[derive(Clone, Copy)]
pub struct Asked {
    question: RwSignal<Option<Question>>,
    /// The control that asked: it has the focus back when the answer is closed.
    from: StoredValue<Option<web_sys::HtmlElement>, LocalStorage>,
}

impl Asked {
    pub fn nothing() -> Asked {
        Asked { question: RwSignal::new(None), from: StoredValue::new_local(None) }
    }

    pub fn ask(self, question: Question) {
        self.from.set_value(asking_control());
        self.question.set(Some(question));
    }

    /// Whether something is asked about; tracked.
    pub fn is_open(self) -> bool {
        self.question.with(Option::is_some)
    }

    /// Closes the answer. The focus goes back to where it was asked.
    pub fn close(self) {
        let from = self.from.try_update_value(Option::take).flatten();
        self.forget();
        if let Some(control) = from {
            let _ = control.focus();
        }
    }

    /// Closes the answer and leaves the focus where it is.
    pub fn forget(self) {
        self.from.set_value(None);
        if self.question.with_untracked(Option::is_some) {
            self.question.set(None);
        }
    }

    /// Closes the answer as soon as what `of` reads changes: another period, filter or report has other numbers.
    pub fn goes_with<T>(self, of: impl Fn() -> T + 'static) {
        Effect::new(move |before: Option<()>| {
            let _ = of();
            if before.is_some() {
                self.forget();
            }
        });
    }
}

/// The control that has the focus. A note closes when one asks from it: the control that opened it stands for it.
fn asking_control() -> Option<web_sys::HtmlElement> {
    let focused = document().active_element()?;
    let control = match focused.closest("[popover]").ok().flatten() {
        Some(note) => note.parent_element()?.query_selector("button").ok().flatten()?,
        None => focused,
    };
    control.dyn_into().ok()
}

/// The drawer about what is asked, where something is.
#[component]
pub fn Answer(asked: Asked) -> impl IntoView {
    move || {
        let question = asked.question.get()?;
        Some(view! { <BehindDrawer question=question on_close=move |()| asked.close()/> })
    }
}

/// A drawer with what a number was made of, and the records of that, a page at a time.
#[component]
fn BehindDrawer(question: Question, #[prop(into)] on_close: Callback<()>) -> impl IntoView {
    let Question { title, told, definition, parts, first } = question;
    close_by_way_back(move || on_close.run(()));
    let asks: Vec<Ask> = parts.iter().map(|part| part.ask.clone()).collect();
    let asks = StoredValue::new(asks);
    let chosen = RwSignal::new(first);
    let found = RwSignal::new(None::<Behind>);
    let problem = RwSignal::new(None::<Problem>);
    let busy = RwSignal::new(false);
    // Raised when another part is chosen, so that late answers about the one before are dropped.
    let round = StoredValue::new(0_u32);
    let load = move |cursor: Option<String>| {
        busy.set(true);
        let (place, now) = (chosen.get_untracked(), round.get_value());
        spawn_local(async move {
            let asking = asks.try_with_value(|asks| asks.get(place).map(|ask| ask(cursor)));
            let Some(Some(asking)) = asking else { return };
            let answer = asking.await;
            if round.try_get_value() != Some(now) || busy.try_set(false).is_some() {
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
    let choose = move |place: usize| {
        if chosen.get_untracked() == place {
            return;
        }
        chosen.set(place);
        round.update_value(|round| *round += 1);
        found.set(None);
        problem.set(None);
        load(None);
    };
    let made_of = (parts.len() > 1).then(|| {
        let part = |(place, part): (usize, Part)| {
            view! {
                <button
                    type="button"
                    class="behind-part"
                    data-part=part.key
                    aria-pressed=move || (chosen.get() == place).to_string()
                    on:click=move |_| choose(place)
                >
                    <span class="grow clip">{part.label}</span>
                    <span class="num">{part.value}</span>
                </button>
            }
        };
        let parts = parts.into_iter().enumerate().map(part).collect_view();
        view! { <div class="behind-parts" role="group" aria-label=t!("report-made-of")>{parts}</div> }
    });
    let definition = definition.map(|definition| view! { <p class="note soft-text">{definition}</p> });
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
            let counted = behind.field_label.clone();
            let counted = counted.map(
                |field| view! { <p class="note muted counted">{t!("report-counted", field = field)}</p> },
            );
            view! { {counted}<div class="behind">{lines(&behind)}</div>{more} }.into_any()
        }
    };
    view! {
        <Drawer title=Signal::stored(title) class="behind-drawer" answers=true on_close=on_close>
            <div class="behind-head">
                <span class="muted">{t!("report-behind")}</span>
                {told.map(Told::line)}
            </div>
            {definition}
            {made_of}
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
        let dated = behind.date.as_ref().and_then(|date| record.fields.get(date)).and_then(Json::as_str);
        let date = dated.map(day_text).or_else(|| record.system.created_at.get(..10).map(str::to_string));
        view! {
            <a class="behind-line" href=href>
                <span class="grow clip">{title.unwrap_or(id)}</span>
                <span class="num muted">{date}</span>
                {value.map(|value| view! { <span class="num amount">{value}</span> })}
            </a>
        }
    };
    behind.items.iter().map(line).collect_view()
}

/// A day or month of the wire as people read it.
fn day_text(wire: &str) -> String {
    let day = parse_date(wire).map(i18n::date).or_else(|| parse_month(wire).map(i18n::month));
    day.unwrap_or_else(|| wire.to_string())
}
