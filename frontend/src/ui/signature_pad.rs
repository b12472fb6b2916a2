//! A pad to sign on, with a pen, a finger or the mouse.

use leptos::ev::PointerEvent;
use leptos::html::Canvas;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Blob, CanvasRenderingContext2d, File, FilePropertyBag, HtmlCanvasElement};

use super::{Button, ButtonKind, ControlSize};
use crate::t;

/// The picture that is made, in pixels: wide enough for a name, sharp enough to print.
const WIDTH: u32 = 960;
const HEIGHT: u32 = 320;
/// The stroke in pixels of the picture.
const STROKE: f64 = 5.0;
const NAME: &str = "signature.png";
const MEDIA_TYPE: &str = "image/png";

/// Takes a signature and gives it as a PNG with a clear ground, once somebody is content with it.
#[component]
pub fn SignaturePad(#[prop(into)] on_done: UnsyncCallback<File>) -> impl IntoView {
    let canvas = NodeRef::<Canvas>::new();
    let drawing = StoredValue::new(false);
    let drawn = RwSignal::new(false);
    let begin = move |event: PointerEvent| {
        // A second finger, or the ball of the hand, draws nothing.
        if !event.is_primary() {
            return;
        }
        let Some((canvas, pen)) = canvas.get_untracked().and_then(with_pen) else { return };
        event.prevent_default();
        let _ = canvas.set_pointer_capture(event.pointer_id());
        let (x, y) = place(&canvas, &event);
        pen.begin_path();
        pen.move_to(x, y);
        // A dot is a stroke too.
        pen.line_to(x + 0.1, y);
        pen.stroke();
        drawing.set_value(true);
        drawn.set(true);
    };
    let go_on = move |event: PointerEvent| {
        if !drawing.get_value() || !event.is_primary() {
            return;
        }
        let Some((canvas, pen)) = canvas.get_untracked().and_then(with_pen) else { return };
        event.prevent_default();
        let (x, y) = place(&canvas, &event);
        pen.line_to(x, y);
        pen.stroke();
    };
    let end = move |event: PointerEvent| {
        if event.is_primary() {
            drawing.set_value(false);
        }
    };
    let clear = move |_| {
        if let Some((_, pen)) = canvas.get_untracked().and_then(with_pen) {
            pen.clear_rect(0.0, 0.0, f64::from(WIDTH), f64::from(HEIGHT));
        }
        drawn.set(false);
    };
    let done = move |_| {
        let Some(canvas) = canvas.get_untracked() else { return };
        let take = Closure::once_into_js(move |blob: Option<Blob>| {
            if let Some(file) = blob.and_then(|blob| as_file(&blob)) {
                on_done.run(file);
            }
        });
        let _ = canvas.to_blob(take.unchecked_ref());
    };
    let blank = Signal::derive(move || (!drawn.get()).then(t!("ui-sign-here")));
    // The buttons are there before the first stroke: nothing moves under the finger that draws.
    view! {
        <div class="sign">
            <canvas
                node_ref=canvas
                width=WIDTH.to_string()
                height=HEIGHT.to_string()
                aria-label=t!("ui-sign-here")
                role="img"
                on:pointerdown=begin
                on:pointermove=go_on
                on:pointerup=end
                on:pointercancel=end
            ></canvas>
            <div class="row">
                <Button size=ControlSize::Small disabled_reason=blank on_press=clear>{t!("ui-clear")}</Button>
                <Button size=ControlSize::Small kind=ButtonKind::Primary disabled_reason=blank on_press=done>{t!("ui-sign-done")}</Button>
            </div>
        </div>
    }
}

/// The canvas with what draws on it.
fn with_pen(canvas: HtmlCanvasElement) -> Option<(HtmlCanvasElement, CanvasRenderingContext2d)> {
    let pen = canvas.get_context("2d").ok().flatten()?.dyn_into::<CanvasRenderingContext2d>().ok()?;
    pen.set_line_width(STROKE);
    pen.set_line_cap("round");
    pen.set_line_join("round");
    // Ink: it is read on paper and on light ground, whatever the theme of the screen.
    pen.set_stroke_style_str("#16213e");
    Some((canvas, pen))
}

/// Where a pointer is, in pixels of the picture.
fn place(canvas: &HtmlCanvasElement, event: &PointerEvent) -> (f64, f64) {
    let frame = canvas.get_bounding_client_rect();
    let scale = |at: f64, from: f64, length: f64, whole: u32| match length > 0.0 {
        true => (at - from) / length * f64::from(whole),
        false => 0.0,
    };
    (
        scale(f64::from(event.client_x()), frame.left(), frame.width(), WIDTH),
        scale(f64::from(event.client_y()), frame.top(), frame.height(), HEIGHT),
    )
}

fn as_file(blob: &Blob) -> Option<File> {
    let kind = FilePropertyBag::new();
    kind.set_type(MEDIA_TYPE);
    let parts = js_sys::Array::of1(blob);
    File::new_with_blob_sequence_and_options(&parts, NAME, &kind).ok()
}
