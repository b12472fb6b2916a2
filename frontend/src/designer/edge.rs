//! The right edge of the selected field, by which it is made wider: drawn with the mouse, a pen or a finger, or moved by keys, from
//! quarter to quarter of a row.

use engine::form::FormDocument;
use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::canvas::{shown_order, widened};
use super::state::{Designer, text_of};
use crate::draft_editor::DraftEditor;
use crate::{browser, t, text};

/// The quarters of a whole row.
const ROW: u32 = 4;
/// The edge of the field that is selected.
const EDGE: &str = ".canvas .slot[aria-current=true] > .edge";

/// How many quarters of its row a width in twelfths takes.
pub fn quarters_of(width: u32) -> u32 {
    width.clamp(1, 12).div_ceil(3)
}

/// How many quarters of its row a field takes.
pub fn quarters(document: &FormDocument, key: &str) -> u32 {
    let cell = shown_order(document).into_iter().find(|cell| cell.field == key);
    cell.map_or(ROW, |cell| quarters_of(cell.width))
}

/// The quarters that a field takes whose edge is drawn to `at`: the nearest ones to it.
fn quarters_at(left: f64, row: f64, at: f64) -> u32 {
    let drawn = (at - left) / row * f64::from(ROW);
    drawn.round().clamp(1.0, f64::from(ROW)) as u32
}

/// How wide a field is, in the words of its settings.
fn width_name(quarters: u32) -> String {
    match quarters {
        1 => "1/4".to_string(),
        2 => "1/2".to_string(),
        3 => "3/4".to_string(),
        _ => text!("designer-width-full"),
    }
}

/// Gives a field a width in quarters, as one step. One that it has already is no step.
fn widen(designer: Designer, key: &str, to: u32) {
    let edit = designer
        .document
        .with_untracked(|document| (quarters(document, key) != to).then(|| widened(document, key, to * 3)));
    if let Some(edit) = edit {
        let label = untrack(|| designer.label(key));
        designer.run(text_of("designer-step-change", &label), vec![edit]);
    }
}

/// The edge of a field. While it is drawn, `drawn` says how many quarters the field would take.
#[component]
pub fn Edge(designer: Designer, key: String, now: u32, drawn: RwSignal<Option<u32>>) -> impl IntoView {
    let key = StoredValue::new(key);
    let begin = move |event: PointerEvent| {
        let Some(edge) = edge_of(&event).filter(|_| event.button() == 0) else { return };
        event.stop_propagation();
        let _ = edge.set_pointer_capture(event.pointer_id());
        // Keys go on from where the mouse was, and Escape leaves the field as it was.
        let _ = edge.focus();
        drawn.set(Some(now));
        designer.is_held.set_value(true);
    };
    let let_go = move || {
        drawn.set(None);
        designer.is_held.set_value(false);
    };
    on_cleanup(move || {
        // The field may be taken out while its edge is drawn.
        if drawn.try_with_untracked(Option::is_some) == Some(true) {
            let _ = designer.is_held.try_set_value(false);
        }
    });
    let draw = move |event: PointerEvent| {
        let slot = edge_of(&event).and_then(|edge| edge.parent_element());
        let form = slot.as_ref().and_then(|slot| slot.parent_element());
        let (Some(slot), Some(form), Some(_)) = (slot, form, drawn.get_untracked()) else { return };
        let (left, row) = (slot.get_bounding_client_rect().left(), form.get_bounding_client_rect().width());
        let to = quarters_at(left, row, f64::from(event.client_x()));
        if drawn.get_untracked() != Some(to) {
            drawn.set(Some(to));
        }
    };
    let finish = move |_: PointerEvent| {
        if let Some(to) = drawn.get_untracked() {
            let_go();
            key.with_value(|key| widen(designer, key, to));
        }
    };
    let by_key = move |event: KeyboardEvent| {
        let to = match event.key().as_str() {
            "ArrowLeft" | "ArrowDown" => now.saturating_sub(1).max(1),
            "ArrowRight" | "ArrowUp" => (now + 1).min(ROW),
            "Home" => 1,
            "End" => ROW,
            "Escape" if drawn.get_untracked().is_some() => {
                event.stop_propagation();
                return let_go();
            }
            _other_key => return,
        };
        if event.alt_key() || event.ctrl_key() || event.meta_key() {
            return;
        }
        event.prevent_default();
        event.stop_propagation();
        key.with_value(|key| widen(designer, key, to));
        // The canvas is drawn anew with the field at its width.
        request_animation_frame(|| browser::focus_at(EDGE));
    };
    let shown = move || drawn.get().unwrap_or(now);
    view! {
        <div
            class="edge"
            role="slider"
            tabindex="0"
            aria-label=t!("designer-width")
            aria-orientation="horizontal"
            aria-valuemin="1"
            aria-valuemax=ROW.to_string()
            aria-valuenow=move || shown().to_string()
            aria-valuetext=move || width_name(shown())
            data-tip=move || width_name(shown())
            on:mousedown=move |event| {
                // Else it is the whole field that is dragged.
                event.prevent_default();
                event.stop_propagation();
            }
            on:click=move |event| event.stop_propagation()
            on:pointerdown=begin
            on:pointermove=draw
            on:pointerup=finish
            on:pointercancel=move |_| let_go()
            on:keydown=by_key
        ></div>
    }
}

fn edge_of(event: &PointerEvent) -> Option<web_sys::HtmlElement> {
    event.current_target().and_then(|target| target.dyn_into::<web_sys::HtmlElement>().ok())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::laid_out;

    #[test]
    fn an_edge_snaps_to_the_nearest_quarter() {
        // A row of 800 px that begins at 100, the field at its beginning.
        let of = |at: f64| quarters_at(100.0, 800.0, at);
        assert_eq!([of(40.0), of(290.0), of(399.0), of(401.0)], [1, 1, 1, 2]);
        assert_eq!([of(500.0), of(599.0), of(610.0), of(790.0)], [2, 2, 3, 3]);
        assert_eq!([of(810.0), of(900.0), of(5_000.0)], [4, 4, 4]);
        // One that begins in the middle of its row.
        assert_eq!(quarters_at(500.0, 800.0, 690.0), 1);
    }

    #[test]
    fn a_field_has_the_quarters_of_its_width() {
        let document = laid_out(json!([{"row": [{"field": "a", "width": 3}, {"field": "b", "width": 8}]}]));
        assert_eq!(["a", "b", "c"].map(|key| quarters(&document, key)), [1, 3, 4]);
    }
}
