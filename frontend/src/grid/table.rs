//! The table itself: a window of rows over the whole list.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::field::Shape;
use engine::form::Form;
use engine::value::{ErrorValue, Value};
use leptos::html::Div;
use leptos::prelude::*;
use wire::records::Record;

use super::rows::Rows;
use super::state::{GridState, width_of};
use crate::fill::{Titles, ValueText, value_text};
use crate::i18n;
use crate::ui::{Icon, IconSize};

/// The height of a row and of the head, as in the tokens.
const ROW: f64 = 40.0;
const HEAD: f64 = 36.0;
/// Rows kept above and below what is seen, so that scrolling shows no gap.
const MARGIN: usize = 12;

/// The windowed table. `sums` are the totals by column, under the rows.
#[component]
pub fn GridTable(
    form: Arc<Form>,
    rows: Rows,
    state: GridState,
    titles: Titles,
    #[prop(into)] columns: Signal<Vec<String>>,
    #[prop(into)] sums: Signal<BTreeMap<String, String>>,
) -> impl IntoView {
    let form = StoredValue::new(form);
    let frame = NodeRef::<Div>::new();
    let top = RwSignal::new(0.0f64);
    let height = RwSignal::new(900.0f64);
    let active = RwSignal::new(0usize);
    let window = Memo::new(move |_| {
        let total = rows.len();
        let first = ((top.get() / ROW) as usize).saturating_sub(MARGIN).min(total);
        let seen = (height.get() / ROW).ceil() as usize + 2 * MARGIN;
        (first, (first + seen).min(total))
    });
    Effect::new(move || {
        let (first, last) = window.get();
        if last > first {
            rows.want(first, last);
        }
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
        if let Some(frame) = frame.get_untracked() {
            let (from, to) = (place as f64 * ROW, (place + 1) as f64 * ROW);
            let seen_from = f64::from(frame.scroll_top());
            let seen = f64::from(frame.client_height()) - 2.0 * HEAD;
            if from < seen_from {
                frame.set_scroll_top(from as i32);
            } else if to > seen_from + seen {
                frame.set_scroll_top((to - seen) as i32);
            }
        }
    };
    let open = move |place: usize| {
        active.set(place);
        state.open(untrack(|| rows.at(place)).map(|record| record.id.to_string()));
    };
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        let at = active.get_untracked();
        let page = (height.get_untracked() / ROW) as usize;
        match event.key().as_str() {
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
    let heads = move || {
        let cells = columns.get().into_iter().enumerate();
        cells.map(|(place, key)| form.with_value(|form| head(form, &key, place, state))).collect_view()
    };
    let widths = move || {
        let cells = columns.get().into_iter().enumerate();
        cells
            .map(|(place, key)| {
                let shape = form.with_value(|form| form.column(&key).map(|column| column.read_kind.shape()));
                let width = width_of(shape.unwrap_or(Shape::Text), place == 0);
                view! { <col style:width=format!("{width}px")/> }
            })
            .collect_view()
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
        view! {
            <tr
                role="row"
                aria-rowindex=(place + 1).to_string()
                aria-selected=move || {
                    let record = state.record.get();
                    (record.is_some() && rows.at(place).map(|row| row.id.to_string()) == record).then_some("true")
                }
                class:is-hover=move || active.get() == place
                on:click=move |_| open(place)
            >
                <td class="pick">{place + 1}</td>
                {cells}
            </tr>
        }
    };
    let above = move || format!("{}px", window.get().0 as f64 * ROW);
    let below = move || format!("{}px", rows.len().saturating_sub(window.get().1) as f64 * ROW);
    let totals = move || {
        let cells = columns.get().into_iter().enumerate();
        cells
            .map(|(place, key)| {
                let sum = move || sums.with(|sums| sums.get(&key).cloned());
                let class = if place == 0 { "lock lock-end" } else { "num" };
                view! { <td class=class>{sum}</td> }
            })
            .collect_view()
    };
    view! {
        <div
            class="grid-box"
            node_ref=frame
            role="grid"
            tabindex="0"
            aria-rowcount=move || rows.len().to_string()
            on:scroll=on_scroll
            on:keydown=on_key
        >
            <table class="grid wide-grid">
                <colgroup><col class="pick"/>{widths}</colgroup>
                <thead><tr><th class="pick">"#"</th>{heads}</tr></thead>
                <tbody>
                    <tr class="gap" aria-hidden="true" style:height=above></tr>
                    <For each=move || { let (first, last) = window.get(); first..last } key=|place| *place children=line/>
                    <tr class="gap" aria-hidden="true" style:height=below></tr>
                </tbody>
                {move || (!sums.with(BTreeMap::is_empty)).then(|| view! {
                    <tfoot><tr><td class="pick"></td>{totals}</tr></tfoot>
                })}
            </table>
        </div>
        <div class="phone-list phone-only">
            <For
                each=move || { let (first, last) = window.get(); first..last }
                key=|place| *place
                children=move |place| card(form, rows, columns, titles, state, place)
            />
        </div>
    }
}

fn head(form: &Form, key: &str, place: usize, state: GridState) -> AnyView {
    let Some(column) = form.column(key) else { return view! { <th></th> }.into_any() };
    let label = column.field.label.clone();
    let numeric = matches!(column.read_kind.shape(), Shape::Decimal(_));
    let icon = column.field.kind.name().replace('_', "-");
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
        <th
            class=class
            aria-sort=move || order.get().map(|desc| if desc { "descending" } else { "ascending" })
            on:click=move |_| state.turn_sort(&pressed)
        >
            <span>
                <Icon name=icon size=IconSize::Small/>
                {move || label.get(i18n::language()).to_string()}
                {move || order.get().map(|desc| view! { <Icon name=if desc { "down" } else { "up" } size=IconSize::Small/> })}
            </span>
        </th>
    }
    .into_any()
}

/// The typed value of a field in a list's record.
fn typed(form: &Form, record: &Record, key: &str) -> Value {
    let json = record.fields.get(key).cloned().unwrap_or_default();
    if let Some(code) = json.get("error").and_then(serde_json::Value::as_str) {
        let known = ErrorValue::ALL.into_iter().find(|error| error.code() == code);
        return known.map_or(Value::Empty, Value::Error);
    }
    form.column(key).and_then(|column| column.read_kind.parse(&json).ok()).unwrap_or_default()
}

fn cell(form: &Arc<Form>, record: &Record, key: &str, place: usize, titles: Titles) -> AnyView {
    let Some(column) = form.column(key) else { return view! { <td></td> }.into_any() };
    let value = typed(form, record, key);
    let numeric = matches!(column.read_kind.shape(), Shape::Decimal(_));
    let class = match (place, numeric) {
        (0, _) => "lock lock-end title",
        (_, true) => "num",
        (_, false) => "",
    };
    let kind = StoredValue::new(column.read_kind.clone());
    let (form, key, shown) = (form.clone(), key.to_string(), value.clone());
    let text = Signal::derive(move || {
        let column = form.column(&key);
        column.map(|column| value_text(column, &shown, titles, i18n::language())).unwrap_or_default()
    });
    view! { <td class=class><ValueText value=Signal::stored(value) kind=kind text=text/></td> }.into_any()
}

/// A record on a phone: its first column large, the next ones small.
fn card(
    form: StoredValue<Arc<Form>>,
    rows: Rows,
    columns: Signal<Vec<String>>,
    titles: Titles,
    state: GridState,
    place: usize,
) -> impl IntoView {
    let texts = move || {
        let record = rows.at(place)?;
        let keys = columns.get();
        let texts: Vec<String> = form.with_value(|form| {
            let text = |key: &String| {
                let value = typed(form, &record, key);
                form.column(key)
                    .map(|column| value_text(column, &value, titles, i18n::language()))
                    .unwrap_or_default()
            };
            keys.iter().map(text).filter(|text| !text.is_empty()).take(4).collect()
        });
        Some((record.id, texts))
    };
    move || {
        texts().map(|(id, texts)| {
            let mut texts = texts.into_iter();
            let title = texts.next().unwrap_or_default();
            view! {
                <button type="button" class="list-card" on:click=move |_| state.open(Some(id.to_string()))>
                    <span class="line"><b class="grow clip">{title}</b></span>
                    <span class="line note muted">{texts.collect::<Vec<_>>().join("  ")}</span>
                </button>
            }
        })
    }
}
