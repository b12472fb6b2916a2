//! The whole tree small, with the part that is seen; shown while the tree is larger than its frame.

use leptos::html::Div;
use leptos::prelude::*;

use super::state::FlowDesigner;

/// A rectangle: left, top, width, height.
type Frame = [f64; 4];

/// The drawing as measured in the page.
#[derive(Clone, Debug, Default, PartialEq)]
struct Measured {
    width: f64,
    height: f64,
    parts: Vec<Frame>,
    seen: Frame,
}

#[component]
pub fn MiniMap(
    designer: FlowDesigner,
    frame: NodeRef<Div>,
    flow: NodeRef<Div>,
    #[prop(into)] zoom: Signal<u32>,
    /// Raised whenever the frame is scrolled.
    #[prop(into)]
    scrolled: Signal<u32>,
) -> impl IntoView {
    let found = RwSignal::new(Measured::default());
    Effect::new(move || {
        designer.outline.track();
        designer.faults.track();
        zoom.track();
        // The tree is drawn after this; it is measured once it is.
        request_animation_frame(move || {
            let nodes = (frame.try_get_untracked().flatten(), flow.try_get_untracked().flatten());
            if let (Some(frame), Some(flow)) = nodes {
                found.set(measure(&frame, &flow));
            }
        });
    });
    // Who scrolls moves what is seen, and nothing else.
    let waits = StoredValue::new(false);
    Effect::new(move || {
        scrolled.track();
        if waits.get_value() {
            return;
        }
        waits.set_value(true);
        request_animation_frame(move || {
            if waits.try_set_value(false).is_some() {
                return;
            }
            if let Some(frame) = frame.try_get_untracked().flatten() {
                found.update(|found| found.seen = seen(&frame));
            }
        });
    });
    let go = move |event: leptos::ev::MouseEvent| {
        use wasm_bindgen::JsCast;
        let target = event.current_target();
        let map = target.as_ref().and_then(|map| map.dyn_ref::<web_sys::Element>());
        // The picture, without what is free around it.
        let picture = map.and_then(web_sys::Element::first_element_child);
        let (Some(frame), Some(picture)) = (frame.get_untracked(), picture) else { return };
        let at = picture.get_bounding_client_rect();
        let place = (f64::from(event.client_x()) - at.left(), f64::from(event.client_y()) - at.top());
        let drawing = found.with_untracked(|found| (found.width, found.height));
        let (x, y) = meant(place, (at.width(), at.height()), drawing);
        frame.set_scroll_left((x - f64::from(frame.client_width()) / 2.0) as i32);
        frame.set_scroll_top((y - f64::from(frame.client_height()) / 2.0) as i32);
    };
    let size = Memo::new(move |_| found.with(|found| format!("0 0 {} {}", found.width, found.height)));
    let parts = Memo::new(move |_| found.with(|found| found.parts.clone()));
    let rect = |[x, y, width, height]: Frame, class: &'static str| {
        view! { <rect class=class x=x.to_string() y=y.to_string() width=width.to_string() height=height.to_string() rx="6" vector-effect="non-scaling-stroke"/> }
    };
    view! {
        <Show when=move || found.with(is_larger)>
            <div class="minimap phone-hide" aria-hidden="true" on:click=go>
                <svg viewBox=move || size.get() fill="currentColor">
                    {move || parts.get().into_iter().map(|part| rect(part, "")).collect_view()}
                    {move || rect(found.with(|found| found.seen), "view")}
                </svg>
            </div>
        </Show>
    }
}

/// The place of the drawing that a place of the picture shows. The picture keeps the drawing's shape and has it in its middle.
fn meant(place: (f64, f64), picture: (f64, f64), drawing: (f64, f64)) -> (f64, f64) {
    let (wide, high) = (drawing.0.max(1.0), drawing.1.max(1.0));
    let scale = (picture.0 / wide).min(picture.1 / high).max(f64::MIN_POSITIVE);
    let along = |place: f64, room: f64, length: f64| {
        ((place - (room - length * scale) / 2.0) / scale).clamp(0.0, length)
    };
    (along(place.0, picture.0, wide), along(place.1, picture.1, high))
}

/// Whether something of the tree is out of sight.
fn is_larger(found: &Measured) -> bool {
    found.width > found.seen[2] + 1.0 || found.height > found.seen[3] + 1.0
}

fn measure(frame: &web_sys::HtmlElement, flow: &web_sys::HtmlElement) -> Measured {
    let origin = frame.get_bounding_client_rect();
    let (left, top) = (f64::from(frame.scroll_left()), f64::from(frame.scroll_top()));
    let parts = flow.query_selector_all("[data-part]").ok();
    let boxes = (0..parts.as_ref().map_or(0, |parts| parts.length())).filter_map(|at| {
        use wasm_bindgen::JsCast;
        let part = parts.as_ref()?.get(at)?;
        let at = part.dyn_ref::<web_sys::Element>()?.get_bounding_client_rect();
        Some([at.left() - origin.left() + left, at.top() - origin.top() + top, at.width(), at.height()])
    });
    Measured {
        width: f64::from(frame.scroll_width()),
        height: f64::from(frame.scroll_height()),
        parts: boxes.collect(),
        seen: seen(frame),
    }
}

/// The part of the tree that is in its frame.
fn seen(frame: &web_sys::HtmlElement) -> Frame {
    let (left, top) = (f64::from(frame.scroll_left()), f64::from(frame.scroll_top()));
    [left, top, f64::from(frame.client_width()), f64::from(frame.client_height())]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_press_means_what_the_picture_shows_there() {
        // A tall drawing stands in the middle of the picture, a tenth as large.
        let (picture, tall) = ((120.0, 80.0), (400.0, 800.0));
        assert_eq!(meant((60.0, 40.0), picture, tall), (200.0, 400.0));
        assert_eq!(meant((40.0, 0.0), picture, tall), (0.0, 0.0));
        assert_eq!(meant((80.0, 80.0), picture, tall), (400.0, 800.0));
        // Beside it is its edge.
        assert_eq!(meant((5.0, 20.0), picture, tall), (0.0, 200.0));
        assert_eq!(meant((60.0, 39.0), picture, (1200.0, 400.0)), (600.0, 190.0));
    }
}
