//! Where cells lie on the screen, and what the mouse does with them: it selects blocks, and opens cells by two clicks.

use leptos::ev::{MouseEvent, PointerEvent};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::{Selection, Sheet, Spot};

/// So near the edge of the table, a hand that drags scrolls it.
const EDGE: i32 = 36;
/// As far as that is at once.
const STRIDE: f64 = 40.0;

/// Where a cell lies in what is scrolled, in pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Lies {
    pub left: f64,
    pub top: f64,
    pub width: f64,
    pub height: f64,
}

/// A length as style sheets have it.
pub fn px(length: f64) -> String {
    format!("{length}px")
}

/// The cell that an element is in.
pub fn spot_of(element: &web_sys::Element) -> Option<Spot> {
    let cell = element.closest("td[data-col]").ok().flatten()?;
    let row = cell.closest("tr[data-row]").ok().flatten()?;
    let number = |element: &web_sys::Element, name: &str| element.get_attribute(name)?.parse::<usize>().ok();
    Some(Spot::new(number(&row, "data-row")?, number(&cell, "data-col")?))
}

/// The cell at a point of the window.
pub fn spot_under(x: i32, y: i32) -> Option<Spot> {
    spot_of(&document().element_from_point(x as f32, y as f32)?)
}

/// The cell that an event is about; none for what lies over the cells.
pub fn spot_at(event: &web_sys::Event) -> Option<Spot> {
    spot_of(&event.target()?.dyn_into::<web_sys::Element>().ok()?)
}

/// Whether an event comes from something in a cell that is pressed for itself: a link, a button.
pub fn is_own(event: &web_sys::Event) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|target| target.closest("a, button, input").ok().flatten().is_some())
}

impl Sheet {
    /// What is scrolled; nothing where the table is gone.
    fn frame_there(self) -> Option<web_sys::HtmlDivElement> {
        self.frame.try_get_untracked().flatten()
    }

    fn element_of(self, spot: Spot) -> Option<web_sys::Element> {
        let css = format!("tr[data-row='{}'] > td[data-col='{}']", spot.row, spot.column);
        self.frame_there()?.query_selector(&css).ok().flatten()
    }

    /// Where a cell lies; nothing while its row is not on the page.
    pub fn lies(self, spot: Spot) -> Option<Lies> {
        let frame = self.frame_there()?;
        let (cell, around) =
            (self.element_of(spot)?.get_bounding_client_rect(), frame.get_bounding_client_rect());
        Some(Lies {
            left: cell.left() - around.left() + f64::from(frame.scroll_left()),
            top: cell.top() - around.top() + f64::from(frame.scroll_top()),
            width: cell.width(),
            height: cell.height(),
        })
    }

    /// Scrolls sideways so that a column is seen beside those that stay.
    pub fn bring_column(self, spot: Spot) {
        let (Some(frame), Some(cell)) = (self.frame_there(), self.element_of(spot)) else { return };
        if cell.matches(".lock").unwrap_or_default() {
            return;
        }
        let (at, around) = (cell.get_bounding_client_rect(), frame.get_bounding_client_rect());
        let locked = frame.query_selector("thead th.lock-end").ok().flatten();
        let from = locked.map_or(around.left(), |head| head.get_bounding_client_rect().right());
        let beyond = if at.left() < from {
            at.left() - from
        } else {
            (at.right() - around.right()).max(0.0).min(at.left() - from)
        };
        frame.set_scroll_left(frame.scroll_left() + beyond as i32);
    }

    /// Scrolls where a hand drags near the upper or lower edge.
    pub fn scroll_at_edge(self, y: i32) {
        let Some(frame) = self.frame_there() else { return };
        let around = frame.get_bounding_client_rect();
        let y = f64::from(y);
        let step = if y > around.bottom() - f64::from(2 * EDGE) {
            STRIDE
        } else if y < around.top() + f64::from(2 * EDGE) {
            -STRIDE
        } else {
            return;
        };
        frame.set_scroll_top((f64::from(frame.scroll_top()) + step) as i32);
    }

    /// A press on a cell selects it; with Shift, all from the active one to it.
    pub fn on_pointer_down(self, event: &PointerEvent) {
        let Some(spot) = spot_at(event).filter(|_| event.button() == 0 && !is_own(event)) else { return };
        // What was being typed elsewhere is stored first.
        self.finish();
        self.roams.set(true);
        if event.shift_key() && event.pointer_type() == "mouse" {
            self.selection.update(|selection| *selection = selection.to(spot));
        } else {
            self.selection.set(Selection::at(spot));
        }
        self.focus();
    }

    /// While the button is held, the selection goes to where the mouse is.
    pub fn on_pointer_move(self, event: &PointerEvent) {
        let draws = event.buttons() == 1 && event.pointer_type() == "mouse" && self.roams.get_untracked();
        if !draws
            || self.filled_to.with_untracked(Option::is_some)
            || self.editing.with_untracked(Option::is_some)
        {
            return;
        }
        if let Some(spot) = spot_at(event)
            && self.selection.with_untracked(|selection| selection.end != spot)
        {
            self.selection.update(|selection| *selection = selection.to(spot));
        }
    }

    /// Two clicks open a cell. The first column opens its record with the first of them.
    pub fn on_double_click(self, event: &MouseEvent) {
        if let Some(spot) = spot_at(event).filter(|spot| spot.column > 0 && !is_own(event)) {
            self.selection.set(Selection::at(spot));
            self.edit(spot);
        }
    }

    /// The keys go to the table from now on.
    pub fn focus(self) {
        let Some(input) = self.input.try_get_untracked().flatten() else { return };
        let options = web_sys::FocusOptions::new();
        options.set_prevent_scroll(true);
        let _ = input.focus_with_options(&options);
    }
}
