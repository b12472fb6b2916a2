//! Cards in columns by a value: dragged to another column, or moved there by Shift and an arrow, the field is set.

use engine::field::FieldKind;
use engine::value::Id;
use leptos::ev::{DragEvent, KeyboardEvent};
use leptos::html::Div;
use leptos::prelude::*;
use serde_json::{Map, Value as Json};
use wasm_bindgen::JsCast;
use wire::records::{AggregateInput, GroupBy, MeasureInput, Record};

use super::piles::{MOST, Pile, piles};
use super::{Board, Followed, cards, moving};
use crate::api::records;
use crate::grid::{GridColumn, Rows, Window};
use crate::inbox::FlowBadge;
use crate::ui::{Choice, ChoiceChip, ControlSize, Count, MenuButton, MenuItem, Placement, unheld};
use crate::{i18n, t, text};

/// The gap between cards, in pixels, as in the style sheet.
const GAP: f64 = 8.0;

/// What is being dragged: the record, and the column that it comes from.
type Dragged = RwSignal<Option<(Record, String)>>;

/// What all columns of a kanban share.
#[derive(Clone, Copy)]
struct Kanban {
    board: Board,
    by: StoredValue<String>,
    /// The columns in their order.
    piles: Memo<Vec<Pile>>,
    /// The fields on a card.
    facts: Memo<Vec<String>>,
    dragged: Dragged,
    /// Whether a card is in the hand: what others do is drawn once it lies down.
    is_held: RwSignal<bool>,
    followed: Followed,
}

impl Kanban {
    /// What a column is called.
    fn label(self, pile: &Pile) -> String {
        let member = pile.value.as_str().and_then(|id| id.parse::<Id>().ok());
        match member.filter(|_| pile.label.is_empty()) {
            Some(member) => self.board.titles.of(member),
            None => pile.label.clone(),
        }
    }

    /// Puts a record into another column.
    fn put(self, record: &Record, pile: &Pile) {
        let fields = Map::from_iter([(self.by.get_value(), pile.value.clone())]);
        let title = self.board.title(record);
        let told = text!("board-moved", title = title, pile = self.label(pile));
        moving::save(self.board, record, fields, told);
    }

    fn may_put(self, record: &Record) -> bool {
        self.by.with_value(|by| self.board.may_set(record, &[by.as_str()]))
    }

    /// Nothing is dragged any more.
    fn let_go(self) {
        self.is_held.set(false);
        self.dragged.set(None);
    }

    /// Puts a record into the column so many beside its own.
    fn put_beside(self, record: &Record, key: &str, step: isize) {
        let piles = self.piles.get_untracked();
        let at = piles.iter().position(|pile| pile.key() == key);
        let to = at.and_then(|at| at.checked_add_signed(step)).and_then(|to| piles.get(to));
        if let Some(pile) = to.filter(|_| self.may_put(record)) {
            self.followed.follow(record.id);
            self.put(record, pile);
        }
    }
}

#[component]
pub fn KanbanBoard(board: Board, by: String) -> impl IntoView {
    let column = board.form.with_value(|form| GridColumn::of(&form.form, &by));
    let is_required =
        board.form.with_value(|form| form.form.column(&by).is_some_and(|column| column.field.required));
    let Some(column) = column else { return ().into_any() };
    let kind = StoredValue::new(column.kind);
    let by = StoredValue::new(by);
    let counted = LocalResource::new(move || {
        board.rows.count.track();
        let search = board.state.searched();
        let input = AggregateInput {
            filter: board.state.filter.get(),
            q: search.words,
            q_fields: search.fields,
            group: vec![GroupBy { field: by.get_value(), unit: None }],
            measures: vec![MeasureInput {
                key: "n".to_string(),
                function: Some("count".to_string()),
                field: None,
                formula: None,
                scale: None,
            }],
            limit: Some(MOST as u32),
            permission_group: board.state.group.get(),
            ..AggregateInput::default()
        };
        let form = board.id();
        async move { records::aggregate(form, &input).await }
    });
    let counts = Memo::new(move |_| {
        let rows = counted.get().and_then(Result::ok).map(|answer| answer.rows).unwrap_or_default();
        let count = |row: wire::records::AggregateRow| {
            let count: u64 = row.values.get("n").cloned().flatten()?.parse().ok()?;
            Some((row.group.into_iter().next()?, count))
        };
        rows.into_iter().filter_map(count).collect::<Vec<(Json, u64)>>()
    });
    let is_counted = Memo::new(move |_| counted.get().is_some());
    let is_held = RwSignal::new(false);
    let all = unheld(is_held, move || {
        // The names of choices follow the language.
        i18n::language();
        // People are known by their records alone.
        let waits = kind.with_value(|kind| matches!(kind, FieldKind::Member(_))) && !is_counted.get();
        if waits { Vec::new() } else { kind.with_value(|kind| piles(kind, is_required, &counts.get())) }
    });
    let facts = Memo::new(move |_| cards::facts(board));
    let (dragged, followed) = (RwSignal::new(None), Followed::new());
    let kanban = Kanban { board, by, piles: all, facts, dragged, is_held, followed };
    // A card that was scrolled away from under the hand does not say that it was let fall; who presses anew holds nothing.
    let press = move |_| {
        if is_held.get_untracked() {
            kanban.let_go();
        }
    };
    let column = move |pile: Pile| view! { <PileColumn kanban=kanban pile=pile/> };
    view! {
        <div class="piles" role="list" on:pointerdown=press>
            <For each=move || all.get() key=|pile| (pile.key(), pile.label.clone()) children=column/>
        </div>
    }
    .into_any()
}

/// One column: of its cards only those on the screen are there.
#[component]
fn PileColumn(kanban: Kanban, pile: Pile) -> impl IntoView {
    let board = kanban.board;
    let rows = Rows::new(board.id(), board.titles);
    let pile = StoredValue::new(pile);
    let key = pile.with_value(Pile::key);
    Effect::new(move || {
        // Whatever was saved may have changed what lies here.
        board.rows.count.track();
        let own = kanban.by.with_value(|by| pile.with_value(|pile| pile.condition(by)));
        rows.narrow(board.state.group.get(), board.state.searched());
        rows.ask(Some(board.narrowed(own)), board.state.sort.get(), board.fields());
    });
    let frame = NodeRef::<Div>::new();
    let (top, height) = (RwSignal::new(0.0f64), RwSignal::new(800.0f64));
    let card_height = move || cards::height(kanban.facts.with(Vec::len));
    let total = unheld(kanban.is_held, move || rows.len());
    let window = Memo::new(move |_| Window {
        total: total.get(),
        top: top.get(),
        view: height.get(),
        row: card_height() + GAP,
    });
    Effect::new(move || {
        rows.count.track();
        let (first, last) = window.get().rows();
        if last > first {
            rows.want(first, last);
        }
    });
    let on_scroll = move |_| {
        if let Some(frame) = frame.get_untracked() {
            top.set(f64::from(frame.scroll_top()));
            height.set(f64::from(frame.client_height()));
        }
    };
    let over = RwSignal::new(false);
    let from = StoredValue::new(key.clone());
    let is_foreign = move || {
        kanban
            .dragged
            .with(|dragged| dragged.as_ref().is_some_and(|(_, of)| from.with_value(|own| own != of)))
    };
    let hover = move |event: DragEvent| {
        if untrack(is_foreign) {
            event.prevent_default();
            over.set(true);
        }
    };
    let drop_here = move |event: DragEvent| {
        over.set(false);
        let dragged = kanban.dragged.get_untracked().filter(|_| untrack(is_foreign));
        if let Some((record, _)) = dragged {
            event.prevent_default();
            kanban.let_go();
            pile.with_value(|pile| kanban.put(&record, pile));
        }
    };
    let places = move || {
        let (first, last) = window.get().rows();
        first..last
    };
    let card = move |place: usize| {
        // What stays as it is is not drawn anew when the board looks again.
        let record = unheld(kanban.is_held, move || rows.at(place));
        move || record.get().map(|record| view! { <Card kanban=kanban key=from.get_value() record=record/> })
    };
    let label = Signal::derive(move || pile.with_value(|pile| kanban.label(pile)));
    let colour = pile.with_value(|pile| pile.colour);
    let chip = move || Choice { key: String::new(), label: label.get(), colour, ..Choice::default() };
    let is_state = kanban.by.with_value(|by| by == "$flow_state");
    let state = pile.with_value(|pile| pile.value.as_str().filter(|_| is_state).map(str::to_string));
    let head = move || match state.clone() {
        Some(state) => view! { <FlowBadge state=state/> }.into_any(),
        None => view! { <ChoiceChip choice=chip()/> }.into_any(),
    };
    let count = Signal::derive(move || rows.count.get().map(|count| count.value).unwrap_or_default());
    let (above, below) =
        (move || format!("{}px", window.get().gaps().0), move || format!("{}px", window.get().gaps().1));
    let lands = move || over.get() && is_foreign();
    view! {
        <div
            class="pile"
            class:lands=lands
            role="listitem"
            aria-label=label
            data-pile=key
            on:dragover=hover
            on:dragleave=move |_| over.set(false)
            on:drop=drop_here
        >
            <h2 class="pile-head">{head}<Count value=count/></h2>
            <div class="pile-cards" node_ref=frame on:scroll=on_scroll>
                <div style:height=above></div>
                <For each=places key=|place| *place children=card/>
                <div style:height=below></div>
            </div>
        </div>
    }
}

#[component]
fn Card(kanban: Kanban, key: String, record: Record) -> impl IntoView {
    let board = kanban.board;
    let (id, may_put) = (record.id, kanban.may_put(&record));
    let height = move || format!("{}px", cards::height(kanban.facts.with(Vec::len)));
    let content = cards::content(board, &record, &kanban.facts.get());
    let hint = may_put.then(|| text!("board-move-hint"));
    let node = NodeRef::<Div>::new();
    kanban.followed.attend(id, node);
    let of = StoredValue::new((record, key));
    let take = move |event: DragEvent| {
        if let Some(data) = event.data_transfer() {
            let _ = data.set_data("text/plain", &id.to_string());
        }
        kanban.is_held.set(true);
        // The browser takes its picture of the card first.
        request_animation_frame(move || {
            let is_held = kanban.is_held.try_get_untracked() == Some(true);
            if let Some(held) = of.try_get_value().filter(|_| is_held) {
                kanban.dragged.set(Some(held));
            }
        });
    };
    let is_dragged =
        move || kanban.dragged.with(|dragged| dragged.as_ref().is_some_and(|(record, _)| record.id == id));
    let on_key = move |event: KeyboardEvent| {
        let put = |step: isize| of.with_value(|(record, key)| kanban.put_beside(record, key, step));
        match (event.key().as_str(), event.shift_key()) {
            ("Enter" | " ", _) => board.open(id),
            ("ArrowRight", true) => put(1),
            ("ArrowLeft", true) => put(-1),
            ("ArrowDown", false) => walk(&event, 0, 1),
            ("ArrowUp", false) => walk(&event, 0, -1),
            ("ArrowRight", false) => walk(&event, 1, 0),
            ("ArrowLeft", false) => walk(&event, -1, 0),
            _other_key => return,
        }
        event.prevent_default();
    };
    let target = move |pile: Pile| {
        let name = kanban.label(&pile);
        let put = move |()| of.with_value(|(record, _)| kanban.put(record, &pile));
        view! { <MenuItem on_choose=put>{name}</MenuItem> }
    };
    let others = move || {
        let all = kanban.piles.get().into_iter();
        all.filter(|pile| of.with_value(|(_, own)| pile.key() != *own)).map(target).collect_view()
    };
    view! {
        <div class="card-place">
            <div
                node_ref=node
                class="board-card"
                class:pale=is_dragged
                class:is-open=move || board.is_open(id)
                role="button"
                tabindex="0"
                title=hint
                draggable=may_put.then_some("true")
                style:height=height
                on:click=move |_| board.open(id)
                on:keydown=on_key
                on:dragstart=take
                on:dragend=move |_| kanban.let_go()
            >
                {content}
            </div>
            {may_put.then(|| view! {
                <span class="anchor card-menu">
                    <MenuButton icon="more" label=Signal::derive(t!("board-move")) size=ControlSize::Small placement=Placement::End>
                        {others()}
                    </MenuButton>
                </span>
            })}
        </div>
    }
}

/// Gives the focus to the card so many columns and cards away.
fn walk(event: &KeyboardEvent, columns: i32, cards: i32) {
    let own = event.current_target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let Some(own) = own else { return };
    let first_card = |part: web_sys::Element| part.query_selector(".board-card").ok().flatten();
    let next = if columns == 0 {
        let place = own.parent_element();
        let beside = place.and_then(|place| {
            if cards > 0 { place.next_element_sibling() } else { place.previous_element_sibling() }
        });
        beside.and_then(first_card)
    } else {
        let pile = own.closest(".pile").ok().flatten();
        let beside = pile.and_then(|pile| {
            if columns > 0 { pile.next_element_sibling() } else { pile.previous_element_sibling() }
        });
        beside.and_then(first_card)
    };
    if let Some(card) = next.and_then(|card| card.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = card.focus();
        card.scroll_into_view();
    }
}
