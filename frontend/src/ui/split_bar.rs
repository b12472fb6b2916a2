//! The bar between two panes: whoever drags it, or moves it by keys, gives them other widths, which this browser remembers.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent, PointerEvent};

use crate::browser;
use crate::t;

/// How far an arrow moves it.
const STEP: u32 = 16;

/// The width of the pane before a bar, in pixels.
#[derive(Clone, Copy)]
pub struct Split {
    width: RwSignal<u32>,
    least: u32,
    usual: u32,
    most: u32,
    place: &'static str,
}

impl Split {
    /// As this browser remembers it under `place`, or as it usually is.
    pub fn new(place: &'static str, (least, usual, most): (u32, u32, u32)) -> Split {
        let kept = browser::remembered(place).and_then(|text| text.parse::<u32>().ok());
        let width = RwSignal::new(kept.unwrap_or(usual).clamp(least, most));
        Split { width, least, usual, most, place }
    }

    /// As style sheets write it; nothing where the pane is as it usually is, so that they say how wide that is. Tracked.
    pub fn css(self) -> Option<String> {
        let width = self.width.get();
        (width != self.usual).then(|| format!("{width}px"))
    }

    fn put(self, width: i64) {
        let (least, most) = (i64::from(self.least), i64::from(self.most));
        if let Ok(width) = u32::try_from(width.clamp(least, most)) {
            self.width.set(width);
        }
    }

    fn keep(self) {
        let width = self.width.get_untracked();
        if width == self.usual {
            browser::forget(self.place);
        } else {
            browser::remember(self.place, &width.to_string());
        }
    }

    fn reset(self) {
        self.width.set(self.usual);
        self.keep();
    }
}

/// Where a key leads that moves the bar; nothing for another key.
fn by_key(key: &str, width: u32, (least, most): (u32, u32)) -> Option<u32> {
    match key {
        "ArrowLeft" => Some(width.saturating_sub(STEP).max(least)),
        "ArrowRight" => Some(width.saturating_add(STEP).min(most)),
        "Home" => Some(least),
        "End" => Some(most),
        _other_key => None,
    }
}

/// The bar. It stands at the right edge of the pane before it, which is the box that it is placed in.
#[component]
pub fn SplitBar(
    split: Split,
    /// What the pane before it is called.
    #[prop(into)]
    label: Signal<String>,
) -> impl IntoView {
    // Where the hand took hold of it, and how wide the pane was then.
    let held = RwSignal::new(None::<(i32, u32)>);
    let width = split.width;
    let begin = move |event: PointerEvent| {
        if event.button() != 0 {
            return;
        }
        event.prevent_default();
        let bar = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        if let Some(bar) = bar {
            let _ = bar.set_pointer_capture(event.pointer_id());
        }
        held.set(Some((event.client_x(), width.get_untracked())));
    };
    let draw = move |event: PointerEvent| {
        if let Some((from, before)) = held.get_untracked() {
            split.put(i64::from(before) + i64::from(event.client_x()) - i64::from(from));
        }
    };
    let end = move |_: PointerEvent| {
        if held.get_untracked().is_some() {
            held.set(None);
            split.keep();
        }
    };
    let on_key = move |event: KeyboardEvent| {
        let moved = by_key(&event.key(), width.get_untracked(), (split.least, split.most));
        let Some(moved) = moved else { return };
        event.prevent_default();
        width.set(moved);
        split.keep();
    };
    view! {
        <div
            class="split-bar"
            class:is-hover=move || held.with(Option::is_some)
            role="separator"
            tabindex="0"
            aria-orientation="vertical"
            aria-label=label
            aria-valuemin=split.least.to_string()
            aria-valuemax=split.most.to_string()
            aria-valuenow=move || width.get().to_string()
            title=t!("ui-split-hint")
            on:pointerdown=begin
            on:pointermove=draw
            on:pointerup=end
            on:pointercancel=end
            on:dblclick=move |_| split.reset()
            on:keydown=on_key
        ></div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_move_it_within_its_ends() {
        let to = |key: &str, width: u32| by_key(key, width, (240, 480));
        assert_eq!(to("ArrowLeft", 336), Some(320));
        assert_eq!(to("ArrowLeft", 244), Some(240));
        assert_eq!(to("ArrowRight", 470), Some(480));
        assert_eq!((to("Home", 336), to("End", 336)), (Some(240), Some(480)));
        assert_eq!(to("a", 336), None);
    }
}
