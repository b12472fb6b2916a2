//! What lies over the cells: the input that the keys go to, what is offered for what is typed, the input of the field's
//! kind, and the handle to fill from.

use leptos::prelude::*;

use super::cell::reason;
use super::handle::FillHandle;
use super::marks::State;
use super::offer::{LIST, Offer, option_id};
use super::pictured::Pictured;
use super::pointer::{Lies, px};
use super::{Sheet, Way};
use crate::grid::column::GridColumn;
use crate::grid::layout::Placed;
use crate::text;

/// The element id of what says why a cell is not stored.
const WHY: &str = "cell-why";
/// Pixels of the handle's half.
const HALF_HANDLE: f64 = 4.0;

/// The layer over the cells. It is told of by `layout` when columns change their places.
#[component]
pub fn CellEditor(sheet: Sheet, layout: Memo<Vec<Placed>>) -> impl IntoView {
    let (active, corner) = (RwSignal::new(None::<Lies>), RwSignal::new(None::<Lies>));
    Effect::new(move || {
        sheet.scrolled.track();
        sheet.seen.track();
        layout.track();
        sheet.editing.track();
        let (roams, selection) = (sheet.roams.get(), sheet.selection.get());
        // Rows and widths are drawn by then.
        request_animation_frame(move || {
            let lies = |spot| if roams { sheet.lies(spot) } else { None };
            let _ = (active.try_set(lies(selection.active)), corner.try_set(lies(selection.corner())));
        });
    });
    let over = Signal::derive(move || active.get().unwrap_or_default());
    let below = Signal::derive(move || {
        let lies = over.get();
        Lies { top: lies.top + lies.height, ..lies }
    });
    let is_typing = Memo::new(move |_| {
        sheet.editing.with(|editing| editing.as_ref().is_some_and(|now| now.way == Way::Typed))
    });
    let pictured = Memo::new(move |_| sheet.editing.get().filter(|editing| editing.way == Way::Pictured));
    let has_handle = move || corner.with(Option::is_some) && sheet.editing.with(Option::is_none);
    let handle = Signal::derive(move || {
        let lies = corner.get().unwrap_or_default();
        let (left, top) = (lies.left + lies.width - HALF_HANDLE, lies.top + lies.height - HALF_HANDLE);
        Lies { left, top, ..lies }
    });
    // Why the cell is not stored stands at it, for who came by a key or a finger too.
    let why = Memo::new(move |_| {
        if !sheet.roams.get() {
            return None;
        }
        let spot = sheet.selection.get().active;
        let key = sheet.columns.with(|columns| columns.get(spot.column).cloned())?;
        let mark = sheet.marks.get(sheet.rows.at(spot.row)?.id, &key)?;
        (mark.state != State::Pending).then(|| reason(&mark.state))
    });
    let offers = move || sheet.offered.with(|offered| !offered.is_empty());
    let marked = move || if offers() { sheet.marked.get().map(option_id) } else { None };
    // Read aloud as one goes from cell to cell.
    let label = move || {
        let spot = sheet.selection.get().active;
        let found =
            sheet.rows.at(spot.row).zip(sheet.columns.with(|columns| columns.get(spot.column).cloned()));
        let Some((record, key)) = found else { return text!("grid-cells") };
        let column = sheet.form.with_value(|form| GridColumn::of(&form.form, &key));
        let column = column.map(|column| column.label).unwrap_or_default();
        let (_, value) = sheet.value(&record, &key);
        text!("grid-cell-label", column = column, row = spot.row + 1, value = value)
    };
    view! {
        <input
            node_ref=sheet.input
            class="cell-input"
            class:typing=move || is_typing.get()
            style:left=move || px(over.get().left)
            style:top=move || px(over.get().top)
            style:width=move || px(over.get().width)
            style:height=move || px(over.get().height)
            type="text"
            tabindex="-1"
            autocomplete="off"
            spellcheck="false"
            aria-label=label
            role=move || offers().then_some("combobox")
            aria-expanded=move || offers().then_some("true")
            aria-controls=move || offers().then_some(LIST)
            aria-activedescendant=marked
            aria-describedby=move || why.with(Option::is_some).then_some(WHY)
            on:input=move |_| sheet.on_input()
            on:blur=move |_| sheet.finish_typed()
        />
        <Offer sheet=sheet lies=below/>
        {move || why.get().filter(|_| !offers()).map(|why| view! {
            <div class="cell-why" id=WHY role="status" style:left=move || px(below.get().left) style:top=move || px(below.get().top)>{why}</div>
        })}
        {move || pictured.get().map(|editing| view! { <Pictured sheet=sheet editing=editing lies=over/> })}
        <Show when=has_handle><FillHandle sheet=sheet lies=handle/></Show>
    }
}
