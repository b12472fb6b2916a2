//! The records on a phone: a list of cards that grows as it is scrolled.

use std::sync::Arc;

use engine::field::{FieldKind, Shape};
use engine::form::{Column, Form};
use engine::record::{key_facts, read_values, title_fields};
use engine::value::Value;
use leptos::html::Div;
use leptos::prelude::*;
use leptos_router::components::A;
use wire::records::Record;

use super::chosen::Chosen;
use super::column::{GridColumn, value_in};
use super::first_columns::tells_approval;
use super::rows::Rows;
use crate::fill::{Titles, choices, kind_text};
use crate::i18n;
use crate::inbox::FlowBadge;
use crate::records::list_place::{self, ListPlace};
use crate::records::{app_param, form_param, title_of};
use crate::text;
use crate::ui::{Choice, ChoiceChip, Skeleton, classes};

/// Cards that are added at once.
const STEP: usize = 50;
/// From how many pixels before the end on more cards are added.
const AHEAD: i32 = 800;
/// Choices on a card.
const CHIPS: usize = 2;
/// What a card says beside its amount and its choices.
const FACTS: usize = 2;

#[component]
pub fn PhoneList(
    form: Arc<Form>,
    rows: Rows,
    titles: Titles,
    #[prop(into)] columns: Signal<Vec<String>>,
    chosen: Chosen,
    /// Where somebody left the list who comes back to it.
    place: Option<ListPlace>,
) -> impl IntoView {
    let form = StoredValue::new(form);
    let (app, form_id) = (app_param(), form_param());
    let left_at = StoredValue::new(place.filter(|place| place.cards > 0).map(|place| place.top));
    let shown = RwSignal::new(place.map_or(STEP, |place| place.cards.max(STEP)));
    let frame = NodeRef::<Div>::new();
    let places = move || 0..shown.get().min(rows.len());
    Effect::new(move || {
        let to = shown.get().min(rows.len());
        // On a wide window the list is not there: the table asks.
        if to > STEP {
            rows.want(0, to);
        }
    });
    Effect::new(move || {
        // The list is as long as it was once the last of its cards is there.
        let last = shown.get().min(rows.len()).saturating_sub(1);
        if rows.id_at(last).is_none() {
            return;
        }
        let Some(to) = left_at.try_update_value(Option::take).flatten() else { return };
        request_animation_frame(move || {
            if let Some(frame) = frame.try_get_untracked().flatten() {
                frame.set_scroll_top(to);
            }
        });
    });
    let on_scroll = move |_| {
        let Some(frame) = frame.get_untracked() else { return };
        let (top, cards) = (frame.scroll_top(), shown.get_untracked());
        list_place::note_place(rows.form(), ListPlace { top, cards });
        let left = frame.scroll_height() - frame.scroll_top() - frame.client_height();
        if left < AHEAD && shown.get_untracked() < untrack(|| rows.len()) {
            shown.update(|shown| *shown += STEP);
        }
    };
    let card = move |place: usize| {
        move || {
            rows.at(place).map(|record| {
                let card = form.with_value(|form| Card::of(form, &record, &columns.get(), titles));
                let id = record.id;
                if chosen.choosing.get() {
                    let is_chosen = Signal::derive(move || chosen.has(id));
                    return view! {
                        <label class="list-card choosable">
                            <span class="check">
                                <input type="checkbox" prop:checked=is_chosen on:change=move |_| chosen.turn(place)/>
                            </span>
                            <span class="grow">{lines(card)}</span>
                        </label>
                    }
                    .into_any();
                }
                let href = format!("/apps/{}/forms/{}/records/{id}", app.get(), form_id.get());
                view! { <A href=href attr:class="list-card">{lines(card)}</A> }.into_any()
            })
        }
    };
    view! {
        <div class="phone-list phone-only" node_ref=frame on:scroll=on_scroll>
            {move || rows.is_coming().then(|| view! { <div class="card-body"><Skeleton lines=8/></div> })}
            <For each=places key=|place| *place children=card/>
        </div>
    }
}

/// What stands on a card.
fn lines(card: Card) -> impl IntoView {
    view! {
        <span class="line"><b>{card.title}</b>{card.figure.map(|figure| named(figure, "num"))}</span>
        <span class="line">
            <span class="some">
                {card.state.map(flow_state)}
                {card.chips.into_iter().map(named_chip).collect_view()}
            </span>
            <span class="some">{card.facts.into_iter().map(|fact| named(fact, "note")).collect_view()}</span>
        </span>
    }
}

/// Something with the name of its column.
#[derive(Debug, PartialEq)]
struct Named<T> {
    name: String,
    what: T,
}

/// What a card says of a record: what it is called, one amount, where it stands, and who or when. Of all but the first it
/// says the names.
#[derive(Default)]
struct Card {
    title: String,
    figure: Option<Named<String>>,
    /// The state of its approval, where no field tells that.
    state: Option<Named<String>>,
    /// Choices with a colour.
    chips: Vec<Named<Choice>>,
    facts: Vec<Named<String>>,
}

impl Card {
    /// Of what the columns hold, what tells most of a record comes first; what its title says already is left out.
    fn of(form: &Form, record: &Record, columns: &[String], titles: Titles) -> Card {
        let language = i18n::language();
        let told = |key: &String| {
            let column = GridColumn::of(form, key)?;
            let value = value_in(form, record, key);
            (!value.is_empty()).then_some((column, value))
        };
        let mut title = title_of(form, &read_values(form, &record.fields), titles, language);
        let mut in_title: Vec<&str> =
            title_fields(form).into_iter().map(|column| column.path.as_str()).collect();
        if title.is_empty() {
            // It has no name: what stands first in the list is what one knows it by.
            let first = columns.first().and_then(|key| Some((key, told(key)?)));
            in_title = first.iter().map(|(key, _)| key.as_str()).collect();
            title = first.map_or("—".to_string(), |(_, (column, value))| {
                kind_text(&column.kind, &value, titles, language)
            });
        }
        let says_state =
            columns.iter().any(|key| form.column(key).is_some_and(tells_approval) && told(key).is_some());
        let mut card = Card { title, ..Card::default() };
        let (mut figures, mut plain, mut others) = (Vec::new(), Vec::new(), Vec::new());
        for key in most_telling_first(form, columns) {
            if in_title.contains(&key.as_str()) || (key == "$flow_state" && says_state) {
                continue;
            }
            let Some((column, value)) = told(key) else { continue };
            let name = column.label;
            // Why it is so has no room on a card: the record says it.
            let what = match &value {
                Value::Error(_) => text!("fill-not-computed"),
                value => kind_text(&column.kind, value, titles, language),
            };
            match column.kind.shape() {
                Shape::Decimal(_) => {
                    figures.push((form.column(key).map_or(u8::MAX, weight), Named { name, what }));
                }
                Shape::Key if key == "$flow_state" => {
                    card.state = value.as_text().map(|state| Named { name, what: state.to_string() });
                }
                Shape::Key | Shape::Keys => {
                    let all = chosen(&column.kind, &value).into_iter();
                    let (chips, rest): (Vec<Choice>, Vec<Choice>) =
                        all.partition(|choice| choice.colour.is_some());
                    card.chips.extend(chips.into_iter().map(|what| Named { name: name.clone(), what }));
                    plain.extend(
                        rest.into_iter().map(|choice| Named { name: name.clone(), what: choice.label }),
                    );
                }
                Shape::Day | Shape::Instant | Shape::Ref => card.facts.push(Named { name, what }),
                _other => others.push(Named { name, what }),
            }
        }
        figures.sort_by_key(|(weight, _)| *weight);
        let mut figures = figures.into_iter().map(|(_, figure)| figure);
        card.figure = figures.next();
        card.chips.truncate(CHIPS);
        card.facts.extend(plain);
        card.facts.truncate(FACTS);
        if card.facts.is_empty() {
            card.facts.extend(others.into_iter().chain(figures).take(1));
        }
        card
    }
}

/// The columns, those that tell most of a record before the rest.
fn most_telling_first<'a>(form: &Form, columns: &'a [String]) -> Vec<&'a String> {
    let facts: Vec<&str> = key_facts(form).into_iter().map(|column| column.path.as_str()).collect();
    let mut ordered: Vec<&String> = columns.iter().collect();
    ordered.sort_by_key(|key| facts.iter().position(|fact| fact == key).unwrap_or(facts.len()));
    ordered
}

/// How little a number says of a record at a glance: what it is worth says most, a count less, a share of something least.
/// What need not be filled, such as a cost, is beside the point.
fn weight(column: &Column) -> u8 {
    /// Money with more decimals is the price of a unit.
    const OF_AMOUNTS: u32 = 2;
    let computed = !column.field.is_input();
    let counts = computed || column.field.required;
    match &column.read_kind {
        FieldKind::Money(money) if counts && money.scale <= OF_AMOUNTS => 0,
        FieldKind::Money(_) if counts => 1,
        FieldKind::Number(_) | FieldKind::Formula(_) if computed => 2,
        FieldKind::Number(_) if counts => 3,
        FieldKind::Money(_) => 4,
        FieldKind::Percent(_) => 6,
        _other => 5,
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
            <span class="name">{said.name}</span>
            <span class="clip">{said.what}</span>
        </span>
    }
}

/// A chip's colour tells where it belongs: its name is only read aloud.
fn named_chip(said: Named<Choice>) -> impl IntoView {
    view! { <span class="named"><span class="sr">{said.name}</span><ChoiceChip choice=said.what/></span> }
}

fn flow_state(said: Named<String>) -> impl IntoView {
    view! { <span class="named"><span class="sr">{said.name}</span><FlowBadge state=said.what/></span> }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::form_of;

    /// The card of a record with these fields, in all columns of its form and the state of its approval.
    fn card_of(form: &Form, fields: serde_json::Value) -> Card {
        let record: Record = serde_json::from_value(json!({
            "id": engine::value::Id::from_i64(1).unwrap(), "version": 1, "fields": fields,
            "system": {"created_at": "2026-03-02T00:00:00Z", "updated_at": "2026-03-02T00:00:00Z",
                "flow_state": "approved", "collaborators": []}}))
        .unwrap();
        let mut columns: Vec<String> = form.fields().map(|column| column.path.clone()).collect();
        columns.insert(1, "$flow_state".to_string());
        Card::of(form, &record, &columns, Titles::default())
    }

    fn said(all: &[Named<String>]) -> Vec<(&str, &str)> {
        all.iter().map(|said| (said.name.as_str(), said.what.as_str())).collect()
    }

    #[test]
    fn a_card_names_all_but_its_title() {
        let form = form_of(json!([
            {"key": "unit", "label": "Unit", "kind": "select", "options": {"choices": [{"key": "h", "label": "hour"}]}},
            {"key": "sku", "label": "Code", "kind": "text"},
            {"key": "price", "label": "Price", "kind": "money"},
            {"key": "twice", "label": "Twice", "kind": "formula", "options": {"formula": "price * 2"}},
            {"key": "since", "label": "Since", "kind": "date"}]));
        let card = card_of(
            &form,
            json!({"sku": "SV-1", "unit": "h", "price": "2.00", "twice": "4", "since": "2026-03-02"}),
        );
        assert_eq!(card.title, "SV-1");
        assert_eq!(card.figure.map(|figure| figure.name).as_deref(), Some("Twice"));
        assert_eq!(said(&card.facts), [("Since", "2026-03-02"), ("Unit", "hour")]);
        assert_eq!(card.state.map(|state| state.what).as_deref(), Some("approved"));
    }

    #[test]
    fn an_amount_is_shown_before_a_count_a_cost_or_a_share() {
        let form = form_of(json!([
            {"key": "name", "label": "Name", "kind": "text"},
            {"key": "rate", "label": "Rate", "kind": "percent", "required": true},
            {"key": "cost", "label": "Cost", "kind": "money"},
            {"key": "qty", "label": "Quantity", "kind": "number", "required": true},
            {"key": "price", "label": "Price", "kind": "money", "required": true, "options": {"scale": 6}},
            {"key": "total", "label": "Total", "kind": "money", "compute": {"formula": "qty * price"}}]));
        let mut fields = json!({"name": "Desk", "rate": "13.00", "cost": "1.00", "qty": "2", "price": "3.000000",
            "total": "6.00"});
        for key in ["total", "price", "qty", "cost", "rate"] {
            let card = card_of(&form, fields.clone());
            let label = form.column(key).map(|column| column.field.label.get(i18n::language()).to_string());
            assert_eq!(card.figure.map(|figure| figure.name), label);
            fields.as_object_mut().unwrap().remove(key);
        }
    }

    #[test]
    fn where_a_field_tells_the_approval_its_state_is_not_said_twice() {
        let states = json!([{"key": "draft", "label": "Draft", "color": "o1"}, {"key": "approved", "label": "Passed", "color": "o6"}]);
        let form = form_of(json!([
            {"key": "name", "label": "Name", "kind": "text"},
            {"key": "status", "label": "Status", "kind": "select", "options": {"choices": states},
             "compute": {"formula": "IFEMPTY($flow_state, \"draft\")"}}]));
        let card = card_of(&form, json!({"name": "Desk", "status": "approved"}));
        assert_eq!(card.state, None);
        assert_eq!(card.chips.iter().map(|chip| chip.what.label.as_str()).collect::<Vec<_>>(), ["Passed"]);
        // A status that its reader does not see tells nothing.
        assert!(card_of(&form, json!({"name": "Desk"})).state.is_some());
    }
}
