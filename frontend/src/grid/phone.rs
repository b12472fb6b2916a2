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
use crate::ui::{Choice, ChoiceChip, classes};

/// Cards that are added at once.
const STEP: usize = 50;
/// From how many pixels before the end on more cards are added.
const AHEAD: i32 = 800;
/// Choices on a card.
const CHOICES: usize = 2;

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
                view! {
                    <A href=href attr:class="list-card">
                        <span class="line"><b class="clip">{card.title}</b>{card.figure.map(|figure| named(figure, "num"))}</span>
                        <span class="line">
                            {card.choices.into_iter().map(named_choice).collect_view()}
                            {card.note.map(|note| named(note, "push note"))}
                        </span>
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

/// Something with the name of its column.
#[derive(Debug, PartialEq)]
struct Named<T> {
    name: String,
    what: T,
}

/// What a card says of a record: by itself only what it is called, all else under its name.
#[derive(Default)]
struct Card {
    title: String,
    figure: Option<Named<String>>,
    choices: Vec<Named<Choice>>,
    /// Who or when, and whatever else there is when nothing of that.
    note: Option<Named<String>>,
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
            let name = column.label;
            let what = kind_text(&column.kind, &value, titles, i18n::language());
            match column.kind.shape() {
                _ if place == 0 => card.title = what,
                Shape::Decimal(_) if card.figure.is_none() => card.figure = Some(Named { name, what }),
                Shape::Key | Shape::Keys => {
                    let chosen = chosen(&column.kind, &value).into_iter();
                    card.choices.extend(chosen.map(|what| Named { name: name.clone(), what }));
                }
                Shape::Day | Shape::Instant | Shape::Ref if card.note.is_none() => {
                    card.note = Some(Named { name, what });
                }
                _other => texts.push(Named { name, what }),
            }
        }
        card.choices.truncate(CHOICES);
        card.note = card.note.or(texts.into_iter().next());
        if card.title.is_empty() {
            card.title = "—".to_string();
        }
        card
    }
}

fn chosen(kind: &FieldKind, value: &Value) -> Vec<Choice> {
    let known = choices(kind, i18n::language());
    let of = |item: &Value| known.iter().find(|choice| Some(choice.key.as_str()) == item.as_text()).cloned();
    value.items().iter().filter_map(of).collect()
}

fn named(said: Named<String>, class: &'static str) -> impl IntoView {
    view! {
        <span class=classes(&["named", class])>
            <span class="name clip">{said.name}</span>
            <span class="clip">{said.what}</span>
        </span>
    }
}

/// A chip's colour tells where it belongs: its name is only read aloud.
fn named_choice(said: Named<Choice>) -> impl IntoView {
    let class = if said.what.colour.is_some() { "sr" } else { "name clip" };
    view! { <span class="named"><span class=class>{said.name}</span><ChoiceChip choice=said.what/></span> }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::form_of;

    #[test]
    fn a_card_names_all_but_its_title() {
        let form = form_of(json!([
            {"key": "sku", "label": "Code", "kind": "text"},
            {"key": "unit", "label": "Unit", "kind": "select", "options": {"choices": [{"key": "h", "label": "hour"}]}},
            {"key": "price", "label": "Price", "kind": "money"},
            {"key": "cost", "label": "Cost", "kind": "formula", "options": {"formula": "price * 2"}},
            {"key": "since", "label": "Since", "kind": "date"}]));
        let record: Record = serde_json::from_value(json!({
            "id": engine::value::Id::from_i64(1).unwrap(), "version": 1,
            "fields": {"sku": "SV-1", "unit": "h", "price": "2.00", "cost": "4", "since": "2026-03-02"},
            "system": {"created_at": "2026-03-02T00:00:00Z", "updated_at": "2026-03-02T00:00:00Z",
                "collaborators": []}}))
        .unwrap();
        let columns = ["sku", "unit", "cost", "since"].map(str::to_string);
        let card = Card::of(&form, &record, &columns, Titles::default());
        let named = |name: &str, what: &str| Some(Named { name: name.to_string(), what: what.to_string() });
        assert_eq!(card.title, "SV-1");
        assert_eq!(card.figure, named("Cost", "4"));
        assert_eq!(card.note, named("Since", "2026-03-02"));
        let choices: Vec<(&str, &str)> =
            card.choices.iter().map(|choice| (choice.name.as_str(), choice.what.label.as_str())).collect();
        assert_eq!(choices, [("Unit", "hour")]);
    }
}
