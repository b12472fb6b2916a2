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
        let (Some(frame), Some(map)) = (frame.get_untracked(), event.current_target()) else { return };
        use wasm_bindgen::JsCast;
        let Some(map) = map.dyn_ref::<web_sys::Element>() else { return };
        let at = map.get_bounding_client_rect();
        let (width, height) = found.with_untracked(|found| (found.width, found.height));
        let part = |place: f64, start: f64, length: f64| ((place - start) / length.max(1.0)).clamp(0.0, 1.0);
        let x = part(f64::from(event.client_x()), at.left(), at.width()) * width;
        let y = part(f64::from(event.client_y()), at.top(), at.height()) * height;
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
