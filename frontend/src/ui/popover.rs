//! A box that floats at the control that opened it, over everything else, until one clicks elsewhere.

use leptos::ev;
use leptos::html::Div;
use leptos::leptos_dom::helpers::WindowListenerHandle;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// At which edge of its control a box floats. It is turned round where there is no room.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Placement {
    /// Below, left edges aligned.
    #[default]
    Start,
    /// Below, right edges aligned.
    End,
}

/// A floating box. Put it directly after the control that opens it: that element is its anchor.
///
/// The content is built anew each time it opens. Focus goes back to the control when it closes.
#[component]
pub fn Popover(
    /// Whether it is open; set to false when the user closes it.
    open: RwSignal<bool>,
    #[prop(optional)] placement: Placement,
    /// As wide as its control at least.
    #[prop(optional)]
    match_width: bool,
    /// The box's own class: `popover`, `menu`, `calendar` …
    #[prop(default = "popover")]
    class: &'static str,
    /// `menu`, or `group` for what holds a list of options; a box with anything else in it is a dialog, and has a `label`.
    #[prop(default = "dialog")]
    role: &'static str,
    /// What the box is, for those who only hear it.
    #[prop(optional, into)]
    label: Option<Signal<String>>,
    /// Its element id, where its control names it by `aria-controls`.
    #[prop(optional, into)]
    id: Option<String>,
    children: ChildrenFn,
) -> impl IntoView {
    let floating = NodeRef::<Div>::new();
    let following = StoredValue::new_local(Vec::<WindowListenerHandle>::new());
    let stop_following = move || {
        following.update_value(|handles| handles.drain(..).for_each(WindowListenerHandle::remove));
    };

    Effect::new(move || {
        let Some(floating) = floating.get() else { return };
        if open.get() {
            let _ = floating.show_popover();
            place(&floating, placement, match_width);
            let again = floating.clone();
            // The content may still grow (options arrive, images load).
            request_animation_frame(move || place(&again, placement, match_width));
            stop_following();
            let moved = floating.clone();
            let handle = window_event_listener(ev::resize, move |_| place(&moved, placement, match_width));
            following.update_value(|handles| handles.push(handle));
        } else {
            stop_following();
            // What the user closed by Escape or a click elsewhere has its focus already.
            let shown = floating.matches(":popover-open").unwrap_or_default();
            let held = shown && holds_focus(&floating);
            let _ = floating.hide_popover();
            if held {
                focus_anchor(&floating);
            }
        }
    });
    on_cleanup(stop_following);

    view! {
        <div
            node_ref=floating
            popover="auto"
            class=class
            role=role
            id=id
            aria-label=label
            on:keydown=move |event| {
                // Escape closes this box alone, not the drawer or dialog that it lies in.
                if event.key() == "Escape" && !event.is_composing() && !event.default_prevented() {
                    event.prevent_default();
                    open.set(false);
                }
            }
            on:toggle=move |event| {
                let state = js_sys::Reflect::get(&event, &"newState".into()).ok().and_then(|s| s.as_string());
                if state.as_deref() == Some("closed") && open.get_untracked() {
                    open.set(false);
                }
            }
        >
            <Show when=move || open.get()>{children()}</Show>
        </div>
    }
}

/// The keys that open what floats below an input: Tab goes past the button for it.
pub(super) const OPENING_KEYS: &str = "F4 Alt+ArrowDown";

/// Whether a key in an input opens what floats below it. Rows of a sub-form are moved by Alt and the arrow: there it is F4 alone.
pub(super) fn opens_box(event: &ev::KeyboardEvent) -> bool {
    let (alt, held) = (event.alt_key(), event.ctrl_key() || event.meta_key() || event.shift_key());
    match event.key().as_str() {
        "F4" => !alt && !held,
        "ArrowDown" => alt && !held,
        _other_key => false,
    }
}

/// Puts the box at its anchor, inside the window. Where it is taller than the room on either side it takes the larger one,
/// and its style scrolls it: it never lies on what opened it.
fn place(floating: &web_sys::HtmlElement, placement: Placement, match_width: bool) {
    const GAP: f64 = 4.0;
    const MARGIN: f64 = 8.0;
    /// Less than this shows nothing: it then lies on its anchor all the same.
    const LEAST: f64 = 160.0;
    let Some(anchor) = floating.previous_element_sibling() else { return };
    let at = anchor.get_bounding_client_rect();
    let style = floating.style();
    if match_width {
        let _ = style.set_property("min-width", &format!("{}px", at.width()));
    }
    let (width, height) = window_size();
    let (room_below, room_above) = (height - MARGIN - at.bottom() - GAP, at.top() - GAP - MARGIN);
    let _ = style.set_property("--room", "100vh");
    let whole = floating.get_bounding_client_rect().height();
    let goes_below = whole <= room_below || room_below >= room_above;
    let room = if goes_below { room_below } else { room_above }.max(LEAST);
    let _ = style.set_property("--room", &format!("{room}px"));
    let size = floating.get_bounding_client_rect();
    let left = match placement {
        Placement::Start => at.left(),
        Placement::End => at.right() - size.width(),
    };
    let left = left.min(width - size.width() - MARGIN).max(MARGIN);
    let top = if goes_below { at.bottom() + GAP } else { at.top() - GAP - size.height() };
    let top = top.min(height - size.height() - MARGIN).max(MARGIN);
    let _ = style.set_property("left", &format!("{left}px"));
    let _ = style.set_property("top", &format!("{top}px"));
}

/// Whether the focus is in the box, or was: its content goes before the box itself, and the focus then is nowhere.
fn holds_focus(floating: &web_sys::HtmlElement) -> bool {
    let Some(focused) = document().active_element() else { return true };
    focused.tag_name() == "BODY" || floating.contains(Some(&focused))
}

/// Gives the focus back to the control that opened the box, or to the first one in it.
fn focus_anchor(floating: &web_sys::HtmlElement) {
    const CONTROLS: &str = "input, button, a[href], [tabindex]";
    let Some(anchor) = floating.previous_element_sibling() else { return };
    let control = match anchor.matches(CONTROLS) {
        Ok(true) => Some(anchor),
        _ => anchor.query_selector(CONTROLS).ok().flatten(),
    };
    if let Some(control) = control.and_then(|control| control.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = control.focus();
    }
}

fn window_size() -> (f64, f64) {
    let number = |value: Result<wasm_bindgen::JsValue, _>| value.ok().and_then(|v| v.as_f64()).unwrap_or(0.0);
    (number(window().inner_width()), number(window().inner_height()))
}

/// Moves the focus among the elements that match `selector` inside `within`: +1 down, -1 up, round the ends.
pub(super) fn move_focus(within: &web_sys::Element, selector: &str, step: i32) {
    move_focus_from(within, selector, step, None);
}

/// The same, from the element at the place `marked` where none of them has the focus.
pub(super) fn move_focus_from(within: &web_sys::Element, selector: &str, step: i32, marked: Option<i32>) {
    let Ok(list) = within.query_selector_all(selector) else { return };
    let count = list.length() as i32;
    if count == 0 {
        return;
    }
    let focused = document().active_element();
    let at = (0..count).find(|at| list.get(*at as u32).is_some_and(|node| focused.as_deref() == Some(&node)));
    let next = match at.or(marked) {
        Some(at) => (at + step).rem_euclid(count),
        None if step > 0 => 0,
        None => count - 1,
    };
    focus_node(list.get(next as u32));
}

/// Focuses the first or last element that matches `selector` inside `within`.
pub(super) fn focus_end(within: &web_sys::Element, selector: &str, last: bool) {
    let Ok(list) = within.query_selector_all(selector) else { return };
    let at = if last { list.length().saturating_sub(1) } else { 0 };
    focus_node(list.get(at));
}

fn focus_node(node: Option<web_sys::Node>) {
    if let Some(element) = node.and_then(|node| node.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = element.focus();
    }
}
