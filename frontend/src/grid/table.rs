//! The table itself: a window of rows over the whole list.

use std::sync::Arc;
use std::time::Duration;

use engine::form::Form;
use leptos::html::Div;
use leptos::prelude::*;
use wire::records::Record;

use super::choosing::{PickAll, PickCell};
use super::chosen::Chosen;
use super::column::{GridColumn, value_in};
use super::heads::{HeadWork, head};
use super::layout::{NUMBER_COLUMN, Placed, placed, usual_width};
use super::rows::Rows;
use super::state::GridState;
use super::totals::{TotalCell, Totals};
use super::window::{Window, row_height};
use crate::fill::{Titles, ValueText, kind_text};
use crate::i18n;
use crate::t;

/// The height of the head and of the footer, as in the tokens.
const HEAD: f64 = 36.0;
/// Scrolling must rest so long before rows are asked for: a scroll bar that is dragged passes many.
const REST: Duration = Duration::from_millis(60);

/// The windowed table.
#[component]
pub fn GridTable(
    form: Arc<Form>,
    rows: Rows,
    state: GridState,
    titles: Titles,
    #[prop(into)] columns: Signal<Vec<String>>,
    totals: Totals,
    chosen: Chosen,
    /// Whether the reader may edit records of the form, so that those they may not are marked.
    edits: bool,
) -> impl IntoView {
    let form = StoredValue::new(form);
    let frame = NodeRef::<Div>::new();
    let top = RwSignal::new(0.0f64);
    let height = RwSignal::new(900.0f64);
    let active = RwSignal::new(0usize);
    let row = Memo::new(move |_| row_height(state.height.get()));
    let view = move || Window { total: rows.len(), top: top.get(), view: height.get(), row: row.get() };
    let window = Memo::new(move |_| view().rows());
    let gaps = Memo::new(move |_| view().gaps());
    Effect::new(move || {
        let wanted = window.get();
        set_timeout(
            move || {
                if window.try_get_untracked() == Some(wanted) && wanted.1 > wanted.0 {
                    rows.want(wanted.0, wanted.1);
                }
            },
            REST,
        );
    });
    let on_scroll = move |_| {
        if let Some(frame) = frame.get() {
            top.set(f64::from(frame.scroll_top()));
            height.set(f64::from(frame.client_height()));
        }
    };
    let go = move |place: usize| {
        let place = place.min(untrack(|| rows.len()).saturating_sub(1));
        active.set(place);
        // Head and footer lie over the rows.
        let to = untrack(view).to_see(place, 2.0 * HEAD);
        if let (Some(frame), Some(to)) = (frame.get_untracked(), to) {
            frame.set_scroll_top(to as i32);
        }
    };
    let open = move |place: usize| {
        active.set(place);
        state.open(untrack(|| rows.at(place)).map(|record| record.id.to_string()));
    };
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        let at = active.get_untracked();
        let page = (height.get_untracked() / row.get_untracked()) as usize;
        let extends = event.shift_key() && chosen.may;
        // A button in the head presses itself.
        let is_own = event.target() == event.current_target();
        let command = event.ctrl_key() || event.meta_key();
        match event.key().as_str() {
            "ArrowDown" if extends => {
                go(at + 1);
                chosen.extend(at, active.get_untracked());
            }
            "ArrowUp" if extends => {
                go(at.saturating_sub(1));
                chosen.extend(at, active.get_untracked());
            }
            " " if chosen.may && is_own => chosen.turn(at),
            "a" if chosen.may && is_own && command => chosen.choose_all(),
            "Escape" if chosen.may && untrack(|| chosen.any()) => chosen.clear(),
            "ArrowDown" => go(at + 1),
            "ArrowUp" => go(at.saturating_sub(1)),
            "PageDown" => go(at + page),
            "PageUp" => go(at.saturating_sub(page)),
            "Home" if event.ctrl_key() => go(0),
            "End" if event.ctrl_key() => go(usize::MAX),
            "Enter" => open(at),
            _other_key => return,
        }
        event.prevent_default();
    };
    let is_choosing = move || chosen.choosing.get() || chosen.any();
    let work = HeadWork::new();
    let layout = column_layout(form, columns, state, work);
    let places = settled(layout, work);
    let heads = move || {
        let cells = columns.get().into_iter().zip(places.get());
        cells
            .map(|(key, placed)| form.with_value(|form| head(form, &key, placed, (state, columns), work)))
            .collect_view()
    };
    let widths = move || {
        let cells = layout.get().into_iter();
        cells.map(|placed| view! { <col style:width=format!("{}px", placed.width)/> }).collect_view()
    };
    let least = move || least_width(&layout.get());
    let line = move |place: usize| {
        let cells = move || match rows.at(place) {
            Some(record) => {
                let keys = columns.get().into_iter().zip(places.get()).enumerate();
                keys.map(|(at, (key, placed))| {
                    form.with_value(|form| cell(form, &record, &key, (at, placed), titles))
                })
                .collect_view()
                .into_any()
            }
            None => columns
                .get()
                .into_iter()
                .map(|_| view! { <td><span class="skeleton grow"></span></td> })
                .collect_view()
                .into_any(),
        };
        let is_chosen = move || rows.id_at(place).is_some_and(|id| chosen.has(id));
        let is_locked = move || edits && rows.may_edit(place) == Some(false);
        view! {
            <tr
                role="row"
                aria-rowindex=(place + 1).to_string()
                aria-selected=move || {
                    let record = state.record.get();
                    (record.is_some() && rows.at(place).map(|row| row.id.to_string()) == record).then_some("true")
                }
                class:is-hover=move || active.get() == place
                class:is-chosen=is_chosen
                on:click=move |_| open(place)
            >
                <PickCell place=place rows=rows chosen=chosen active=active locked=Signal::derive(is_locked)/>
                {cells}
            </tr>
        }
    };
    let above = move || format!("{}px", gaps.get().0);
    let below = move || format!("{}px", gaps.get().1);
    let foot = move || {
        let cells = columns.get().into_iter().zip(places.get()).enumerate();
        cells.map(|(at, (key, placed))| foot_cell((at, placed), key, rows, totals)).collect_view()
    };
    view! {
        <div
            class="grid-box"
            class:choosing=is_choosing
            data-height=move || state.height.get().name()
            node_ref=frame
            role="grid"
            tabindex="0"
            aria-rowcount=move || rows.len().to_string()
            aria-multiselectable=chosen.may.then_some("true")
            on:scroll=on_scroll
            on:keydown=on_key
        >
            <table class="grid wide-grid" role="none" style:min-width=least>
                <colgroup><col class="pick"/>{widths}</colgroup>
                <thead><tr role="row"><th class="pick"><PickAll chosen=chosen/></th>{heads}</tr></thead>
                <tbody>
                    <tr class="gap" aria-hidden="true" style:height=above></tr>
                    <For each=move || { let (first, last) = window.get(); first..last } key=|place| *place children=line/>
                    <tr class="gap" aria-hidden="true" style:height=below></tr>
                </tbody>
                <tfoot><tr role="row"><td class="pick"></td>{foot}</tr></tfoot>
            </table>
        </div>
    }
}

/// The columns of the table in their places, that whose edge is being drawn as wide as it is drawn.
pub fn column_layout(
    form: StoredValue<Arc<Form>>,
    columns: Signal<Vec<String>>,
    state: GridState,
    work: HeadWork,
) -> Memo<Vec<Placed>> {
    Memo::new(move |_| {
        let (drawn, chosen) = (work.drawn.get(), state.widths.get());
        let width = |(place, key): (usize, String)| {
            let drawn = drawn.as_ref().filter(|(drawn, _)| *drawn == key).map(|(_, width)| *width);
            let chosen = drawn.or_else(|| chosen.get(&key).copied());
            chosen.unwrap_or_else(|| form.with_value(|form| usual_width(form, &key, place == 0)))
        };
        let widths: Vec<u32> = columns.get().into_iter().enumerate().map(width).collect();
        placed(&widths, state.frozen.get())
    })
}

/// The same without what is being drawn: cells are not made anew at every step of it.
pub fn settled(layout: Memo<Vec<Placed>>, work: HeadWork) -> Memo<Vec<Placed>> {
    Memo::new(move |before: Option<&Vec<Placed>>| match before {
        Some(before) if work.drawn.with(Option::is_some) => before.clone(),
        _ => layout.get(),
    })
}

/// Fewer columns than fit are drawn wider; more are scrolled.
pub fn least_width(layout: &[Placed]) -> String {
    let whole: u32 = layout.iter().map(|placed| placed.width).sum();
    format!("{}px", whole + NUMBER_COLUMN)
}

/// The first column counts, number columns show their total.
pub fn foot_cell((place, placed): (usize, Placed), key: String, rows: Rows, totals: Totals) -> AnyView {
    let figure = totals.is_number(&key).then(|| view! { <TotalCell totals=totals column=key/> });
    let (class, left) = (placed.class(place > 0), placed.left_edge());
    if place > 0 {
        return view! { <td class=class style:left=left>{figure}</td> }.into_any();
    }
    let count = move || rows.count.get().map(|count| i18n::whole(count.value));
    view! { <td class=class style:left=left><span class="stat">{t!("grid-total-count")}</span>{count}</td> }
        .into_any()
}

/// The cell of a record in one column.
pub fn cell(
    form: &Form,
    record: &Record,
    key: &str,
    (place, placed): (usize, Placed),
    titles: Titles,
) -> AnyView {
    let Some(column) = GridColumn::of(form, key) else { return view! { <td></td> }.into_any() };
    let value = value_in(form, record, key);
    let is_title = place == 0;
    let class = placed.class(column.is_number());
    let kind = StoredValue::new(column.kind);
    let shown = value.clone();
    let text =
        Signal::derive(move || kind.with_value(|kind| kind_text(kind, &shown, titles, i18n::language())));
    view! {
        <td class=class class:title=is_title style:left=placed.left_edge()>
            <ValueText value=Signal::stored(value) kind=kind text=text titles=titles/>
        </td>
    }
    .into_any()
}
