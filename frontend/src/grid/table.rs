//! The table itself: a window of rows over the whole list.

use std::sync::Arc;
use std::time::Duration;

use engine::field::Shape;
use engine::form::Form;
use leptos::html::Div;
use leptos::prelude::*;
use wire::records::Record;

use super::choosing::{PickAll, PickCell};
use super::chosen::Chosen;
use super::column::{GridColumn, value_in};
use super::rows::Rows;
use super::state::{GridState, head_width, width_of};
use super::totals::{TotalCell, Totals};
use super::window::{ROW, Window};
use crate::fill::{Titles, ValueText, kind_text};
use crate::i18n;
use crate::t;
use crate::ui::{Icon, IconSize};

/// The height of the head and of the footer, as in the tokens.
const HEAD: f64 = 36.0;
/// The width of the column with the row numbers.
const NUMBER_COLUMN: u32 = 44;
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
    let view = move || Window { total: rows.len(), top: top.get(), view: height.get() };
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
        let page = (height.get_untracked() / ROW) as usize;
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
    let heads = move || {
        let cells = columns.get().into_iter().enumerate();
        cells.map(|(place, key)| form.with_value(|form| head(form, &key, place, state))).collect_view()
    };
    let width = move |(place, key): (usize, String)| {
        form.with_value(|form| {
            let Some(column) = GridColumn::of(form, &key) else { return width_of(Shape::Text, place == 0) };
            width_of(column.kind.shape(), place == 0).max(head_width(&column.label))
        })
    };
    let widths = move || {
        let cells = columns.get().into_iter().enumerate().map(width);
        cells.map(|width| view! { <col style:width=format!("{width}px")/> }).collect_view()
    };
    // Fewer columns than fit are drawn wider; more are scrolled.
    let least = move || {
        let whole: u32 = columns.get().into_iter().enumerate().map(width).sum();
        format!("{}px", whole + NUMBER_COLUMN)
    };
    let line = move |place: usize| {
        let cells = move || match rows.at(place) {
            Some(record) => {
                let keys = columns.get().into_iter().enumerate();
                keys.map(|(at, key)| form.with_value(|form| cell(form, &record, &key, at, titles)))
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
        let cells = columns.get().into_iter().enumerate();
        cells.map(|(place, key)| foot_cell(place, key, rows, totals)).collect_view()
    };
    view! {
        <div
            class="grid-box"
            class:choosing=is_choosing
            node_ref=frame
            role="grid"
            tabindex="0"
            aria-rowcount=move || rows.len().to_string()
            aria-multiselectable=chosen.may.then_some("true")
            on:scroll=on_scroll
            on:keydown=on_key
        >
            <table class="grid wide-grid" style:min-width=least>
                <colgroup><col class="pick"/>{widths}</colgroup>
                <thead><tr><th class="pick"><PickAll chosen=chosen/></th>{heads}</tr></thead>
                <tbody>
                    <tr class="gap" aria-hidden="true" style:height=above></tr>
                    <For each=move || { let (first, last) = window.get(); first..last } key=|place| *place children=line/>
                    <tr class="gap" aria-hidden="true" style:height=below></tr>
                </tbody>
                <tfoot><tr><td class="pick"></td>{foot}</tr></tfoot>
            </table>
        </div>
    }
}

fn head(form: &Form, key: &str, place: usize, state: GridState) -> AnyView {
    let Some(column) = GridColumn::of(form, key) else { return view! { <th></th> }.into_any() };
    let (numeric, icon, name) = (column.is_number(), column.icon, column.label);
    let (by, pressed) = (key.to_string(), key.to_string());
    let order = Memo::new(move |_| {
        state.sort.with(|sort| sort.iter().find(|sort| sort.field == by).map(|sort| sort.desc))
    });
    let class = match (place, numeric) {
        (0, _) => "lock lock-end",
        (_, true) => "num",
        (_, false) => "",
    };
    view! {
        <th class=class aria-sort=move || order.get().map(|desc| if desc { "descending" } else { "ascending" })>
            <button
                type="button"
                class="th"
                title=t!("grid-sort-hint")
                on:click=move |event| state.turn_sort(&pressed, event.shift_key())
                on:keydown=|event| if matches!(event.key().as_str(), "Enter" | " ") { event.stop_propagation() }
            >
                <Icon name=icon size=IconSize::Small/>
                <span class="clip">{name}</span>
                {move || order.get().map(|desc| view! { <Icon name=if desc { "arrow-down" } else { "arrow-up" } size=IconSize::Small/> })}
            </button>
        </th>
    }
    .into_any()
}

/// The first column counts, number columns show their total.
fn foot_cell(place: usize, key: String, rows: Rows, totals: Totals) -> AnyView {
    let figure = totals.is_number(&key).then(|| view! { <TotalCell totals=totals column=key/> });
    if place > 0 {
        return view! { <td class="num">{figure}</td> }.into_any();
    }
    let count = move || rows.count.get().map(|count| i18n::whole(count.value));
    view! { <td class="lock lock-end"><span class="stat">{t!("grid-total-count")}</span>{count}</td> }
        .into_any()
}

fn cell(form: &Form, record: &Record, key: &str, place: usize, titles: Titles) -> AnyView {
    let Some(column) = GridColumn::of(form, key) else { return view! { <td></td> }.into_any() };
    let value = value_in(form, record, key);
    let class = match (place, column.is_number()) {
        (0, _) => "lock lock-end title",
        (_, true) => "num",
        (_, false) => "",
    };
    let kind = StoredValue::new(column.kind);
    let shown = value.clone();
    let text =
        Signal::derive(move || kind.with_value(|kind| kind_text(kind, &shown, titles, i18n::language())));
    view! { <td class=class><ValueText value=Signal::stored(value) kind=kind text=text titles=titles/></td> }
        .into_any()
}
