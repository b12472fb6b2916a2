//! The small square at the corner of what is selected: dragged down it fills the cells below, as Ctrl D does.

use engine::value::Value;
use leptos::ev::PointerEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use wire::records::Record;

use super::entry::{Entered, checked};
use super::history::CellChange;
use super::pointer::{Lies, px};
use super::series::continued;
use super::{MOST_CELLS, Selection, Sheet, Spot, Wrong};
use crate::i18n;
use crate::text;
use crate::ui::toast;

/// What is filled: the cells that one begins from, and the rows that get more of the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Filling {
    from: Selection,
    /// The first row, and the one behind the last.
    rows: (usize, usize),
    /// Whether the rows lie above those that one begins from.
    is_up: bool,
}

impl Filling {
    /// The rows between what is selected and the row that one dragged to; nothing where it is among the selected ones.
    fn to(from: Selection, row: usize) -> Option<Filling> {
        let rows = from.rows();
        if row >= rows.end {
            Some(Filling { from, rows: (rows.end, row + 1), is_up: false })
        } else if row < rows.start {
            Some(Filling { from, rows: (row, rows.start), is_up: true })
        } else {
            None
        }
    }

    /// How far behind the cells that one begins from a row lies; upwards, before them.
    fn place(self, row: usize) -> usize {
        if self.is_up { (self.rows.1 - 1).saturating_sub(row) } else { row.saturating_sub(self.rows.0) }
    }
}

impl Sheet {
    /// The handle was dragged to a row.
    pub fn fill_to(self, row: usize) {
        if let Some(filling) = Filling::to(self.selection.get_untracked(), row) {
            let last = if filling.is_up { filling.rows.0 } else { filling.rows.1.saturating_sub(1) };
            self.fill(filling);
            self.selection.update(|selection| {
                let (rows, columns) = (selection.rows(), selection.columns());
                let (top, end) = (rows.start.min(last), rows.end.saturating_sub(1).max(last));
                *selection = Selection::at(Spot::new(top, columns.start))
                    .to(Spot::new(end, columns.end.saturating_sub(1)));
            });
        }
    }

    /// The first row of what is selected fills the others; one row alone takes what stands above it.
    pub fn fill_down(self) {
        let selection = self.selection.get_untracked();
        let (rows, columns) = (selection.rows(), selection.columns());
        let top = if rows.len() > 1 { Some(rows.start) } else { rows.start.checked_sub(1) };
        let Some(top) = top else { return };
        let from =
            Selection::at(Spot::new(top, columns.start)).to(Spot::new(top, columns.end.saturating_sub(1)));
        if let Some(filling) = Filling::to(from, rows.end.saturating_sub(1)) {
            self.fill(filling);
        }
    }

    fn fill(self, filling: Filling) {
        let count = (filling.rows.1 - filling.rows.0).saturating_mul(filling.from.columns().len());
        if count > MOST_CELLS {
            return toast::show(text!("grid-cells-most", count = i18n::whole(MOST_CELLS as u64)));
        }
        spawn_local(async move {
            let rows = filling.from.rows();
            let (first, end) = (rows.start.min(filling.rows.0), rows.end.max(filling.rows.1));
            match self.rows.records(first, end).await {
                Ok(Some(records)) => self.fill_records(filling, first, &records),
                Ok(None) => toast::show(text!("grid-list-changed")),
                Err(problem) => toast::refused(&problem),
            }
        });
    }

    /// Fills with the records from the row `first` on at hand.
    fn fill_records(self, filling: Filling, first: usize, records: &[Record]) {
        let at = |row: usize| records.get(row.checked_sub(first)?);
        let (mut changes, mut wrong, mut fixed) = (Vec::<CellChange>::new(), Vec::<Wrong>::new(), 0);
        for column in filling.from.columns() {
            let Some(key) = self.key_at(column) else { continue };
            let mut begun: Vec<Value> =
                filling.from.rows().filter_map(at).map(|record| self.value(record, &key).0).collect();
            if filling.is_up {
                begun.reverse();
            }
            for row in filling.rows.0..filling.rows.1 {
                let Some(record) = at(row) else { continue };
                if self.why_fixed(record, &key).is_some() {
                    fixed += 1;
                    continue;
                }
                let Some(value) = continued(&begun, filling.place(row)) else { continue };
                match self.with_column(&key, |column| checked(column, &value)) {
                    Some(Entered::Value(now)) => changes.push(self.change_of(record, &key, now)),
                    Some(Entered::Wrong(reason)) => {
                        let typed = self.with_column(&key, |column| {
                            super::entry::copied(&column.read_kind, &value, self.titles)
                        });
                        let typed = typed.unwrap_or_default();
                        wrong.push(Wrong { record: record.id, column: key.clone(), typed, reason });
                    }
                    Some(Entered::Names(_)) | None => {}
                }
            }
        }
        self.change(changes, wrong);
        tell_fixed(fixed);
    }
}

/// Says how many cells stayed as they were because they can't be changed.
pub fn tell_fixed(count: usize) {
    if count > 0 {
        toast::show(text!("grid-cells-fixed", count = count));
    }
}

/// The handle. It is drawn where the last of the selected cells ends.
#[component]
pub fn FillHandle(sheet: Sheet, lies: Signal<Lies>) -> impl IntoView {
    let begin = move |event: PointerEvent| {
        event.prevent_default();
        event.stop_propagation();
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        if let Some(handle) = target {
            let _ = handle.set_pointer_capture(event.pointer_id());
        }
        sheet.filled_to.set(Some(sheet.selection.get_untracked().corner().row));
    };
    let drag = move |event: PointerEvent| {
        if sheet.filled_to.with_untracked(Option::is_none) {
            return;
        }
        let (x, y) = (event.client_x(), event.client_y());
        sheet.scroll_at_edge(y);
        if let Some(spot) = super::pointer::spot_under(x, y) {
            sheet.filled_to.set(Some(spot.row));
        }
    };
    let end = move |_: PointerEvent| {
        let row = sheet.filled_to.get_untracked();
        sheet.filled_to.set(None);
        if let Some(row) = row {
            sheet.fill_to(row);
        }
    };
    view! {
        <span
            class="fill-handle cell-handle"
            aria-hidden="true"
            style:left=move || px(lies.get().left)
            style:top=move || px(lies.get().top)
            on:pointerdown=begin
            on:pointermove=drag
            on:pointerup=end
            on:pointercancel=move |_| sheet.filled_to.set(None)
        ></span>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_between_the_selected_cells_and_the_hand_is_filled() {
        let from = Selection::at(Spot::new(4, 1)).to(Spot::new(5, 2));
        let down = Filling::to(from, 8).unwrap();
        assert_eq!((down.rows, down.place(6), down.place(8)), ((6, 9), 0, 2));
        let up = Filling::to(from, 2).unwrap();
        assert_eq!((up.rows, up.place(3), up.place(2)), ((2, 4), 0, 1));
        assert_eq!(Filling::to(from, 5), None);
    }
}
