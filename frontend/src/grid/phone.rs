//! The records on a phone: a list of cards that grows as it is scrolled.

use std::sync::Arc;

use engine::field::{FieldKind, Shape};
use engine::form::Form;
use engine::record::key_facts;
use engine::value::Value;
use leptos::html::Div;
use leptos::prelude::*;
use leptos_router::components::A;
use wire::records::Record;

use super::column::{GridColumn, value_in};
use super::rows::Rows;
use crate::fill::{Titles, choices, kind_text};
use crate::i18n;
use crate::records::{app_param, form_param};
use crate::ui::ChoiceChip;

/// Cards that are added at once.
const STEP: usize = 50;
/// From how many pixels before the end on more cards are added.
const AHEAD: i32 = 800;
/// Chips on a card.
const CHIPS: usize = 2;

#[component]
pub fn PhoneList(
    form: Arc<Form>,
    rows: Rows,
    titles: Titles,
    #[prop(into)] columns: Signal<Vec<String>>,
) -> impl IntoView {
    let form = StoredValue::new(form);
    let (app, form_id) = (app_param(), form_param());
    let shown = RwSignal::new(STEP);
    let frame = NodeRef::<Div>::new();
    let places = move || 0..shown.get().min(rows.len());
    Effect::new(move || {
        let to = shown.get().min(rows.len());
        // On a wide window the list is not there: the table asks.
        if to > STEP {
            rows.want(0, to);
        }
    });
    let on_scroll = move |_| {
        let Some(frame) = frame.get_untracked() else { return };
        let left = frame.scroll_height() - frame.scroll_top() - frame.client_height();
        if left < AHEAD && shown.get_untracked() < untrack(|| rows.len()) {
            shown.update(|shown| *shown += STEP);
        }
    };
    let card = move |place: usize| {
        move || {
            rows.at(place).map(|record| {
                let card = form.with_value(|form| Card::of(form, &record, &columns.get(), titles));
                let href = format!("/apps/{}/forms/{}/records/{}", app.get(), form_id.get(), record.id);
                let chips = card.chips.into_iter().map(|choice| view! { <ChoiceChip choice=choice/> }).collect_view();
                view! {
                    <A href=href attr:class="list-card">
                        <span class="line"><b class="grow clip">{card.title}</b><span class="num medium">{card.figure}</span></span>
                        <span class="line">{chips}<span class="push note muted nowrap clip">{card.note}</span></span>
                    </A>
                }
            })
        }
    };
    view! {
        <div class="phone-list phone-only" node_ref=frame on:scroll=on_scroll>
            <For each=places key=|place| *place children=card/>
        </div>
    }
}

/// What a card says of a record.
#[derive(Default)]
struct Card {
    title: String,
    figure: String,
    chips: Vec<crate::ui::Choice>,
    /// Who or when, and whatever else there is when nothing of that.
    note: String,
}

impl Card {
    /// The first column is the title; of the others the first amount, choices and date or person are shown, those that tell
    /// most of a record before the rest.
    fn of(form: &Form, record: &Record, columns: &[String], titles: Titles) -> Card {
        let mut card = Card::default();
        let mut texts = Vec::new();
        let facts: Vec<&str> = key_facts(form).into_iter().map(|column| column.path.as_str()).collect();
        let mut ordered: Vec<(usize, &String)> = columns.iter().enumerate().collect();
        ordered.sort_by_key(|(place, key)| match facts.iter().position(|fact| fact == key) {
            _ if *place == 0 => 0,
            Some(rank) => 1 + rank,
            None => 1 + facts.len(),
        });
        for (place, key) in ordered {
            let Some(column) = GridColumn::of(form, key) else { continue };
            let value = value_in(form, record, key);
            if value.is_empty() {
                continue;
            }
            let text = kind_text(&column.kind, &value, titles, i18n::language());
            match column.kind.shape() {
                _ if place == 0 => card.title = text,
                Shape::Decimal(_) if card.figure.is_empty() => card.figure = text,
                Shape::Key | Shape::Keys => card.chips.extend(chips(&column.kind, &value)),
                Shape::Day | Shape::Instant | Shape::Ref if card.note.is_empty() => card.note = text,
                _other => texts.push(text),
            }
        }
        card.chips.truncate(CHIPS);
        if card.note.is_empty() {
            card.note = texts.into_iter().next().unwrap_or_default();
        }
        if card.title.is_empty() {
            card.title = "—".to_string();
        }
        card
    }
}

fn chips(kind: &FieldKind, value: &Value) -> Vec<crate::ui::Choice> {
    let known = choices(kind, i18n::language());
    let of = |item: &Value| known.iter().find(|choice| Some(choice.key.as_str()) == item.as_text()).cloned();
    value.items().iter().filter_map(of).collect()
}
