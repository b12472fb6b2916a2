//! The table itself: a window of rows over the whole list.

use std::sync::Arc;
use std::time::Duration;

use engine::form::Form;
use leptos::prelude::*;
use wire::records::Record;

use super::choosing::{PickAll, PickCell};
use super::chosen::Chosen;
use super::column::GridColumn;
use super::heads::{HeadWork, head};
use super::layout::{NUMBER_COLUMN, Placed, fitting_width, placed, usual_width};
use super::rows::Rows;
use super::sheet::{self, Sheet, SheetFrame, Spot};
use super::state::GridState;
use super::totals::{TotalCell, Totals};
use super::window::{Window, ahead, row_height};
use crate::i18n;
use crate::records::list_place::{self, ListPlace};
use crate::t;

/// The height of the head and of the footer, as in the tokens.
const HEAD: f64 = 36.0;
/// Grey rows while it is not known how many there are.
const COMING: usize = 8;
/// Scrolling in jumps must rest so long before rows are asked for: a scroll bar that is dragged passes many.
const REST: Duration = Duration::from_millis(60);

/// The windowed table.
#[component]
pub fn GridTable(
    form: Arc<Form>,
    rows: Rows,
    state: GridState,
    #[prop(into)] columns: Signal<Vec<String>>,
    totals: Totals,
    chosen: Chosen,
    sheet: Sheet,
    /// Whether the reader may edit records of the form, so that those they may not are marked.
    edits: bool,
    /// Where somebody left the list who comes back to it.
    #[prop(optional_no_strip)]
    place: Option<ListPlace>,
) -> impl IntoView {
    let form = StoredValue::new(form);
    let frame = sheet.frame;
    let left_at = StoredValue::new(place.map(|place| place.top));
    let top = RwSignal::new(0.0f64);
    let height = RwSignal::new(900.0f64);
    // The row that the keys act on.
    let active = RwSignal::new(0usize);
    let row = Memo::new(move |_| row_height(state.height.get()));
    let view = move || Window { total: rows.len(), top: top.get(), view: height.get(), row: row.get() };
    let window = Memo::new(move |_| view().rows());
    let gaps = Memo::new(move |_| view().gaps());
    let before = StoredValue::new((0usize, 0usize));
    let is_passing = StoredValue::new(false);
    let want = move |(from, to): (usize, usize)| {
        let to = to.min(untrack(|| rows.len()));
        if to > from {
            rows.want(from, to);
        }
    };
    Effect::new(move || {
        // What is asked anew may stand at the same places.
        rows.count.track();
        let wanted = window.get();
        sheet.seen.set(wanted);
        let was = before.try_update_value(|before| std::mem::replace(before, wanted)).unwrap_or(wanted);
        let was_passing = is_passing.try_update_value(|passing| std::mem::replace(passing, true));
        match ahead(was, wanted) {
            Some(rows) => want(rows),
            // A single jump ends where it leads to.
            None if was_passing == Some(false) => want(wanted),
            None => {}
        }
        set_timeout(
            move || {
                if window.try_get_untracked() == Some(wanted) {
                    is_passing.set_value(false);
                    want(wanted);
                }
            },
            REST,
        );
    });
    let on_scroll = move |()| {
        if let Some(frame) = frame.get_untracked() {
            top.set(f64::from(frame.scroll_top()));
            height.set(f64::from(frame.client_height()));
            sheet.scrolled.set((frame.scroll_left(), frame.scroll_top()));
            if frame.client_height() > 0 {
                list_place::note_place(rows.form(), ListPlace { top: frame.scroll_top(), cards: 0 });
            }
        }
    };
    Effect::new(move || {
        // The table is as long as it was once it is known how many there are.
        if rows.count.with(Option::is_none) {
            return;
        }
        let Some(to) = left_at.try_update_value(Option::take).flatten() else { return };
        request_animation_frame(move || {
            if let Some(frame) = frame.try_get_untracked().flatten() {
                frame.set_scroll_top(to);
            }
        });
    });
    let bring = move |place: usize| {
        // Head and footer lie over the rows.
        let to = untrack(view).to_see(place, 2.0 * HEAD);
        if let (Some(frame), Some(to)) = (frame.get_untracked(), to) {
            frame.set_scroll_top(to as i32);
        }
    };
    let shift = move |rows: isize| {
        let is_among = sheet.roams.get_untracked();
        if let Some(frame) = frame.get_untracked().filter(|frame| is_among || frame.scroll_top() > 0) {
            frame.set_scroll_top(untrack(view).after(rows) as i32);
        }
    };
    sheet.bring.set_value(Some(Callback::new(bring)));
    sheet.shift.set_value(Some(Callback::new(shift)));
    let page = Signal::derive(move || (height.get() / row.get()) as usize);
    let work = HeadWork::new();
    let layout = column_layout(form, columns, state, work);
    let places = settled(layout, work);
    let fit = fit_to_seen(sheet, state);
    let heads = move || {
        let cells = columns.get().into_iter().zip(places.get());
        cells
            .map(|(key, placed)| {
                form.with_value(|form| head(form, &key, placed, (state, columns), work, fit))
            })
            .collect_view()
    };
    let widths = move || {
        let cells = layout.get().into_iter();
        cells.map(|placed| view! { <col style:width=format!("{}px", placed.width)/> }).collect_view()
    };
    let least = move || least_width(&layout.get());
    let line = move |place: usize| {
        // A page that comes changes no row that is there.
        let record = Memo::new(move |_| rows.at(place));
        let cells = move || match record.get() {
            Some(record) => {
                let keys = columns.get().into_iter().zip(places.get()).enumerate();
                keys.map(|(at, (key, placed))| {
                    sheet::cell(sheet, &record, &key, Spot::new(place, at), placed)
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
        let id = move || record.with(|record| record.as_ref().map(|record| record.id));
        let is_chosen = move || id().is_some_and(|id| chosen.has(id));
        let is_locked = move || edits && rows.may_edit(place) == Some(false);
        let is_gone = move || id().is_some_and(|id| sheet.is_gone(id));
        view! {
            <tr
                role="row"
                aria-rowindex=(place + 1).to_string()
                data-row=place.to_string()
                aria-selected=move || {
                    let record = state.record.get();
                    (record.is_some() && id().map(|id| id.to_string()) == record).then_some("true")
                }
                class:is-hover=move || active.get() == place
                class:is-chosen=is_chosen
                class:is-gone=is_gone
            >
                <PickCell place=place rows=rows chosen=chosen active=active locked=Signal::derive(is_locked)/>
                {cells}
            </tr>
        }
    };
    let above = move || format!("{}px", gaps.get().0);
    let below = move || format!("{}px", gaps.get().1);
    let has_foot = Memo::new(move |_| rows.count.with(Option::is_some));
    let foot = move || {
        let cells = columns.get().into_iter().zip(places.get()).enumerate();
        cells.map(|(at, (key, placed))| foot_cell((at, placed), key, rows, totals)).collect_view()
    };
    view! {
        <SheetFrame
            sheet=sheet
            state=state
            chosen=chosen
            edits=edits
            page=page
            active=active
            layout=layout
            on_choose=move |row: usize| chosen.turn(row)
            on_scroll=on_scroll
        >
            <table
                class="grid wide-grid"
                role="grid"
                aria-rowcount=move || rows.len().to_string()
                aria-multiselectable="true"
                style:min-width=least
            >
                <colgroup><col class="pick"/>{widths}</colgroup>
                <thead><tr role="row"><th class="pick"><PickAll chosen=chosen/></th>{heads}</tr></thead>
                <tbody>
                    <tr class="gap" aria-hidden="true" style:height=above></tr>
                    {move || rows.is_coming().then(|| coming_rows(columns.with(Vec::len)))}
                    <For each=move || { let (first, last) = window.get(); first..last } key=|place| *place children=line/>
                    <tr class="gap" aria-hidden="true" style:height=below></tr>
                </tbody>
                // It stands below the last row, where that is known.
                <Show when=move || has_foot.get()>
                    <tfoot><tr role="row"><td class="pick"></td>{foot}</tr></tfoot>
                </Show>
            </table>
        </SheetFrame>
    }
}

/// Rows in the place of those that are on their way, with so many columns.
pub fn coming_rows(columns: usize) -> impl IntoView {
    let cells =
        move || (0..columns).map(|_| view! { <td><span class="skeleton grow"></span></td> }).collect_view();
    let row = move |_| view! { <tr aria-hidden="true"><td class="pick"></td>{cells()}</tr> };
    (0..COMING).map(row).collect_view()
}

/// Makes a column as wide as what is seen of it.
pub fn fit_to_seen(sheet: Sheet, state: GridState) -> Callback<String> {
    Callback::new(move |key: String| {
        let label = sheet.form.with_value(|form| GridColumn::of(&form.form, &key)).map(|column| column.label);
        let (first, last) = sheet.seen.get_untracked();
        let seen = untrack(|| (first..last).filter_map(|row| sheet.rows.at(row)).collect::<Vec<Record>>());
        let texts = seen.iter().map(|record| sheet.value(record, &key).1);
        state.set_width(&key, Some(fitting_width(&label.unwrap_or_default(), texts)));
    })
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
