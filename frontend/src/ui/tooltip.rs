//! What a control without words is called, and why one can't be used, told at the control: after a moment of pointing at it or
//! of having come to it by key.
//!
//! There is one box for the whole page, in the browser's top layer: no container cuts it. A control says what is told there in
//! its attribute `data-tip`; whoever comes by key is also told a `title`, which browsers show to a mouse alone. Fingers have
//! neither: what they need is on the page.

use std::time::Duration;

use leptos::ev;
use leptos::html::Div;
use leptos::leptos_dom::helpers::{IntervalHandle, TimeoutHandle, WindowListenerHandle};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, EventTarget, PointerEvent};

/// How long one points before it opens.
const DELAY: Duration = Duration::from_millis(500);
/// Whoever goes on to the next control this soon, in milliseconds, need not wait again.
const GOES_ON: f64 = 300.0;
/// How often the open box looks whether its control is still there.
const LOOKS: Duration = Duration::from_millis(300);
/// The element id of the box, which describes its control while it is open.
const ID: &str = "tooltip";

/// What there is of it while it is open.
struct Open {
    at: Element,
    /// It was opened by pointing, and goes when the mouse does.
    is_pointed: bool,
    /// It describes its control, which was not described before.
    describes: bool,
    looks: Option<IntervalHandle>,
    moves: Option<WindowListenerHandle>,
}

/// What opens in a moment.
struct Coming {
    at: Element,
    timer: TimeoutHandle,
}

#[derive(Clone, Copy)]
struct Tip {
    floating: NodeRef<Div>,
    open: StoredValue<Option<Open>, LocalStorage>,
    coming: StoredValue<Option<Coming>, LocalStorage>,
    closed_at: StoredValue<f64>,
}

/// The place where tooltips appear; once in the page.
#[component]
pub fn Tooltips() -> impl IntoView {
    let tip = Tip {
        floating: NodeRef::new(),
        open: StoredValue::new_local(None),
        coming: StoredValue::new_local(None),
        closed_at: StoredValue::new(f64::MIN),
    };
    let handles = [
        window_event_listener(ev::pointerover, move |event| tip.pointed(&event)),
        window_event_listener(ev::pointerdown, move |_| tip.close()),
        window_event_listener(ev::wheel, move |_| tip.close()),
        window_event_listener(ev::resize, move |_| tip.close()),
        window_event_listener(ev::focusin, move |event| tip.came_by_key(event.target())),
        window_event_listener(ev::focusout, move |event| tip.left(event.target())),
        window_event_listener(ev::keydown, move |event| {
            // Escape also reaches what lies below: a dialog whose button is described closes at once, as it always does.
            if matches!(event.key().as_str(), "Escape" | "Enter" | " ") {
                tip.close();
            }
        }),
    ];
    let handles = StoredValue::new_local(Some(handles));
    on_cleanup(move || {
        tip.close();
        let handles = handles.try_update_value(Option::take).flatten();
        handles.into_iter().flatten().for_each(WindowListenerHandle::remove);
    });
    view! { <div node_ref=tip.floating id=ID popover="manual" class="tooltip no-print" role="tooltip"></div> }
}

impl Tip {
    fn pointed(self, event: &PointerEvent) {
        if event.pointer_type() != "mouse" {
            return;
        }
        let Some(at) = element(event.target()).and_then(|over| over.closest("[data-tip]").ok().flatten())
        else {
            return self.forget();
        };
        self.open_soon(at, true);
    }

    /// What was focused by a press of the mouse is told by pointing.
    fn came_by_key(self, target: Option<EventTarget>) {
        let Some(at) = element(target) else { return };
        let tells = at.matches("[data-tip], [title]").unwrap_or_default();
        if tells && at.matches(":focus-visible").unwrap_or_default() {
            self.open_soon(at, false);
        }
    }

    fn left(self, target: Option<EventTarget>) {
        let left = element(target);
        let is_it = |at: &Element| left.as_ref() == Some(at);
        if self.coming.with_value(|coming| coming.as_ref().is_some_and(|coming| is_it(&coming.at))) {
            self.forget();
        }
        if self.open.with_value(|open| open.as_ref().is_some_and(|open| !open.is_pointed && is_it(&open.at)))
        {
            self.close();
        }
    }

    fn open_soon(self, at: Element, is_pointed: bool) {
        let is_it = |known: &Element| *known == at;
        let is_open = self.open.with_value(|open| open.as_ref().is_some_and(|open| is_it(&open.at)));
        let is_coming =
            self.coming.with_value(|coming| coming.as_ref().is_some_and(|coming| is_it(&coming.at)));
        if is_open || is_coming {
            return;
        }
        self.forget();
        let is_another_open = self.open.with_value(Option::is_some);
        let goes_on = is_another_open || js_sys::Date::now() - self.closed_at.get_value() < GOES_ON;
        let delay = if goes_on { Duration::ZERO } else { DELAY };
        let opens = at.clone();
        let open = move || {
            let _ = self.coming.try_update_value(Option::take);
            self.open(opens.clone(), is_pointed);
        };
        if let Ok(timer) = set_timeout_with_handle(open, delay) {
            self.coming.set_value(Some(Coming { at, timer }));
        }
    }

    /// Opens nothing that was to come.
    fn forget(self) {
        if let Some(coming) = self.coming.try_update_value(Option::take).flatten() {
            coming.timer.clear();
        }
    }

    fn open(self, at: Element, is_pointed: bool) {
        self.close();
        let (Some(floating), Some(text)) = (self.floating.get_untracked(), told(&at)) else { return };
        if !at.is_connected() {
            return;
        }
        // The name is read aloud anyway.
        let describes = at.get_attribute("aria-label").as_ref() != Some(&text)
            && !at.has_attribute("aria-describedby")
            && at.set_attribute("aria-describedby", ID).is_ok();
        floating.set_text_content(Some(&text));
        let _ = floating.show_popover();
        place(&floating, &at);
        let watched = at.clone();
        let look = move || {
            if !watched.is_connected() {
                self.close();
            }
        };
        let looks = set_interval_with_handle(look, LOOKS).ok();
        let moves =
            is_pointed.then(|| window_event_listener(ev::pointermove, move |event| self.moved(&event)));
        self.open.set_value(Some(Open { at, is_pointed, describes, looks, moves }));
    }

    /// It stays while the mouse is at its control, or goes on to the box to read it.
    fn moved(self, event: &PointerEvent) {
        /// The gap between the two.
        const NEAR: f64 = 8.0;
        let (x, y) = (f64::from(event.client_x()), f64::from(event.client_y()));
        let holds = |element: &Element| {
            let edges = element.get_bounding_client_rect();
            x >= edges.left() - NEAR
                && x <= edges.right() + NEAR
                && y >= edges.top() - NEAR
                && y <= edges.bottom() + NEAR
        };
        let floating = self.floating.get_untracked();
        let at_box = floating.is_some_and(|floating| holds(&floating));
        let at_control = self.open.with_value(|open| open.as_ref().is_some_and(|open| holds(&open.at)));
        if !at_box && !at_control {
            self.close();
        }
    }

    fn close(self) {
        self.forget();
        let Some(open) = self.open.try_update_value(Option::take).flatten() else { return };
        if let Some(looks) = open.looks {
            looks.clear();
        }
        if let Some(moves) = open.moves {
            moves.remove();
        }
        if open.describes {
            let _ = open.at.remove_attribute("aria-describedby");
        }
        if let Some(floating) = self.floating.get_untracked() {
            let _ = floating.hide_popover();
            floating.set_text_content(None);
        }
        let _ = self.closed_at.try_set_value(js_sys::Date::now());
    }
}

/// What is told of a control; nothing where its words say the same, or while what it opens is there.
fn told(at: &Element) -> Option<String> {
    if at.get_attribute("aria-expanded").as_deref() == Some("true") {
        return None;
    }
    let text = at.get_attribute("data-tip").or_else(|| at.get_attribute("title"))?;
    let shown = at.dyn_ref::<web_sys::HtmlElement>().map(web_sys::HtmlElement::inner_text);
    let is_shown = shown.is_some_and(|shown| shown.contains(text.trim()));
    (!text.trim().is_empty() && !is_shown).then_some(text)
}

fn element(target: Option<EventTarget>) -> Option<Element> {
    target?.dyn_into().ok()
}

/// Below its control, in the middle of it; above where there is no room, and inside the window in any case.
fn place(floating: &web_sys::HtmlElement, at: &Element) {
    const GAP: f64 = 6.0;
    const MARGIN: f64 = 8.0;
    let page = document().document_element();
    let (width, height) =
        page.map_or((0.0, 0.0), |page| (f64::from(page.client_width()), f64::from(page.client_height())));
    let (edges, size) = (at.get_bounding_client_rect(), floating.get_bounding_client_rect());
    let middle = edges.left() + edges.width() / 2.0 - size.width() / 2.0;
    let left = middle.min(width - size.width() - MARGIN).max(MARGIN);
    let below = edges.bottom() + GAP;
    let goes_below = below + size.height() + MARGIN <= height;
    let top = if goes_below { below } else { (edges.top() - GAP - size.height()).max(MARGIN) };
    let _ = floating.style().set_property("left", &format!("{left}px"));
    let _ = floating.style().set_property("top", &format!("{top}px"));
}
