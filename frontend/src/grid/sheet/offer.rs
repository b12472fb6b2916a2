//! What is offered while a text is typed: choices by their names, and records, members and departments that are looked for.

use engine::field::{Reference, Shape};
use engine::form::Column;
use engine::text::Fault;
use engine::value::Id;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::{Value as Json, json};
use wire::records::OptionItem;

use super::pointer::{Lies, px};
use super::{Editing, Sheet};
use crate::api::records;
use crate::fill::{choices_offered, named, sentence};
use crate::i18n;
use crate::ui::{Choice, ChoiceChip, Found, matching};

/// Choices on the screen at most.
const MOST: usize = 50;

/// What a column offers.
enum Source {
    Nothing,
    Choices(Vec<Choice>),
    /// The server knows.
    Things,
}

fn source(column: &Column) -> Source {
    let kind = &column.field.kind;
    match kind.reference() {
        Some(Reference::File) => Source::Nothing,
        Some(_) => Source::Things,
        None if kind.choices().is_empty() || column.shape == Shape::Keys => Source::Nothing,
        None => Source::Choices(choices_offered(kind, i18n::language_now())),
    }
}

impl Sheet {
    /// Offers what fits a text.
    pub(super) fn offer(self, text: String) {
        let Some(editing) = self.editing.get_untracked() else { return };
        match self.with_column(&editing.key, source) {
            Some(Source::Choices(choices)) => {
                let mut fitting = matching(&choices, &text);
                fitting.truncate(MOST);
                self.show_offer(fitting, !text.trim().is_empty());
            }
            Some(Source::Things) if !text.trim().is_empty() => self.seek(editing, text),
            Some(Source::Things | Source::Nothing) | None => self.show_offer(Vec::new(), false),
        }
    }

    fn show_offer(self, offered: Vec<Choice>, marks_first: bool) {
        self.marked.set((marks_first && !offered.is_empty()).then_some(0));
        self.offered.set(offered);
    }

    fn seek(self, editing: Editing, text: String) {
        let form = self.form.with_value(|form| form.info.id);
        spawn_local(async move {
            let answer = records::options(form, &editing.key, &text).await;
            // Something else is typed, or nothing any more.
            let typed = self.input.try_get_untracked().flatten().map(|input| input.value());
            let is_still =
                self.editing.try_get_untracked().flatten().is_some_and(|now| now.spot == editing.spot);
            if !is_still || typed.as_ref() != Some(&text) {
                return;
            }
            let choice = |item: OptionItem| {
                self.titles.learn_one(item.id, item.title.clone());
                Choice::new(item.id.to_string(), item.title)
            };
            self.show_offer(answer.unwrap_or_default().into_iter().map(choice).collect(), true);
        });
    }

    /// Marks the next of what is offered. Whether anything is.
    pub(super) fn mark_next(self, step: isize) -> bool {
        let count = self.offered.with_untracked(Vec::len);
        if count == 0 {
            return false;
        }
        let last = count - 1;
        self.marked.update(|marked| {
            *marked = Some(match (*marked, step > 0) {
                (None, true) => 0,
                (None, false) => last,
                (Some(at), _) => at.saturating_add_signed(step).min(last),
            });
        });
        true
    }

    /// The value of a column that holds what is called so.
    ///
    /// # Errors
    /// Why it is none: nothing or several are called so, or the server did not answer.
    pub(super) async fn look_up(self, key: &str, names: &[String]) -> Result<Json, String> {
        let form = self.form.try_with_value(|form| form.info.id).ok_or_else(String::new)?;
        let several = |column: &Column| column.shape == Shape::Refs;
        let several = self.with_column(key, several).unwrap_or_default();
        let mut ids = Vec::new();
        for name in names {
            let answer = records::options(form, key, name).await.map_err(|problem| problem.sentence())?;
            let (id, title) = one_named(answer, name)
                .map_err(|code| sentence(&Fault::new(key, code).arg("name", name.as_str())))?;
            self.titles.learn_one(id, title);
            ids.push(Json::String(id.to_string()));
        }
        match ids.pop() {
            Some(one) if !several => Ok(one),
            last => {
                ids.extend(last);
                Ok(json!(ids))
            }
        }
    }
}

/// The one that is called so.
fn one_named(items: Vec<OptionItem>, name: &str) -> Result<(Id, String), &'static str> {
    let found = |item: OptionItem| {
        let words = |value: &Json| value.as_str().map(str::to_string);
        let facts = item.fields.values().filter_map(words).collect();
        Found { id: item.id.to_string(), title: item.title, facts, person: false }
    };
    named(&items.into_iter().map(found).collect::<Vec<_>>(), name)
}

/// The list under the cell.
#[component]
pub fn Offer(sheet: Sheet, lies: Signal<Lies>) -> impl IntoView {
    let is_shown = Memo::new(move |_| sheet.offered.with(|offered| !offered.is_empty()));
    let option = move |(place, choice): (usize, Choice)| {
        let key = choice.key.clone();
        // Before the input loses its focus.
        let take = move |event: leptos::ev::PointerEvent| {
            event.prevent_default();
            event.stop_propagation();
            if let Some(editing) = sheet.editing.get_untracked() {
                sheet.close();
                sheet.take_choice(&editing, &key);
                sheet.step(1, 0);
            }
        };
        let is_marked = move || sheet.marked.get() == Some(place);
        view! {
            <div
                class="menu-item"
                class:is-hover=is_marked
                role="option"
                id=option_id(place)
                aria-selected=move || is_marked().to_string()
                on:pointerdown=take
            >
                <ChoiceChip choice=choice/>
            </div>
        }
    };
    let options = move || sheet.offered.get().into_iter().enumerate().map(option).collect_view();
    move || {
        is_shown.get().then(|| {
            view! {
                <div class="menu cell-offer" role="listbox" id=LIST style:left=move || px(lies.get().left) style:top=move || px(lies.get().top) style:min-width=move || px(lies.get().width)>{options}</div>
            }
        })
    }
}

/// The element id of the list.
pub const LIST: &str = "cell-offer";

/// The element id of what is offered at a place.
pub fn option_id(place: usize) -> String {
    format!("{LIST}-{place}")
}
