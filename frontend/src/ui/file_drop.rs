//! A place to drop files on, to paste them into, or to click and choose them.

use leptos::ev::DragEvent;
use leptos::html::{Div, Input};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::{Button, Icon, IconSize};
use crate::t;

/// A file drop. What was chosen is reported at once; who uses it shows the list and the progress. What is pasted comes here
/// while the drop has the focus or the mouse is over it.
#[component]
pub fn FileDrop(
    #[prop(into)] on_files: UnsyncCallback<Vec<web_sys::File>>,
    /// What to drop, in words: 「放入 Excel 或 CSV」.
    #[prop(into)]
    text: Signal<String>,
    /// Accepted types, as in `<input accept>`.
    #[prop(optional, into)]
    accept: Option<String>,
    #[prop(optional)] multiple: bool,
    #[prop(optional, into)] disabled: Signal<bool>,
) -> impl IntoView {
    let over = RwSignal::new(false);
    let input = NodeRef::<Input>::new();
    let take = move |list: Option<web_sys::FileList>| {
        let files: Vec<web_sys::File> =
            list.iter().flat_map(|list| (0..list.length()).filter_map(|at| list.get(at))).collect();
        let wanted = if multiple { files.len() } else { files.len().min(1) };
        if wanted > 0 && !disabled.get_untracked() {
            on_files.run(files.into_iter().take(wanted).collect());
        }
    };
    let place = NodeRef::<Div>::new();
    let is_meant = move |event: &web_sys::Event| {
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
        let Some(place) = place.try_get_untracked().flatten() else { return false };
        place.contains(target.as_ref()) || place.matches(":hover").unwrap_or_default()
    };
    let pastes = window_event_listener_untyped("paste", move |event| {
        if !event.default_prevented() && is_meant(&event) {
            let event: &web_sys::ClipboardEvent = event.unchecked_ref();
            take(event.clipboard_data().and_then(|data| data.files()));
        }
    });
    on_cleanup(move || pastes.remove());
    view! {
        <div
            node_ref=place
            class="drop"
            class:is-hover=over
            role="button"
            tabindex="0"
            aria-disabled=move || disabled.get().then_some("true")
            on:click=move |_| {
                if let Some(input) = input.get_untracked() {
                    input.click();
                }
            }
            on:keydown=move |event| {
                if matches!(event.key().as_str(), "Enter" | " ") {
                    event.prevent_default();
                    if let Some(input) = input.get_untracked() {
                        input.click();
                    }
                }
            }
            on:dragover=move |event: DragEvent| {
                event.prevent_default();
                over.set(true);
            }
            on:dragleave=move |_| over.set(false)
            on:drop=move |event: DragEvent| {
                event.prevent_default();
                over.set(false);
                take(event.data_transfer().and_then(|data| data.files()));
            }
        >
            <Icon name="import" size=IconSize::Large/>
            <span>{text}</span>
            <span class="note">{t!("ui-drop-hint")}</span>
            <input
                node_ref=input
                type="file"
                hidden
                accept=accept
                multiple=multiple
                disabled=disabled
                on:click=move |event| event.stop_propagation()
                on:change=move |event| {
                    let input: web_sys::HtmlInputElement = event_target(&event);
                    take(input.files());
                    // The same file may be chosen again after a fault.
                    input.set_value("");
                }
            />
        </div>
    }
}

/// A button that takes a photo, where one points with a finger: such a device has a camera at hand.
#[component]
pub fn CameraButton(
    #[prop(into)] on_files: UnsyncCallback<Vec<web_sys::File>>,
    #[prop(into)] label: Signal<String>,
) -> impl IntoView {
    let input = NodeRef::<Input>::new();
    let ask = move |_| {
        if let Some(input) = input.get_untracked() {
            input.click();
        }
    };
    let take = move |event: web_sys::Event| {
        let input: web_sys::HtmlInputElement = event_target(&event);
        let list = input.files();
        let photos = list.iter().flat_map(|list| (0..list.length()).filter_map(|at| list.get(at)));
        let photos: Vec<web_sys::File> = photos.collect();
        if !photos.is_empty() {
            on_files.run(photos);
        }
        input.set_value("");
    };
    view! {
        <div class="touch-only">
            <Button icon="image" on_press=ask>{label}</Button>
            <input node_ref=input type="file" class="sr" tabindex="-1" aria-hidden="true" accept="image/*" capture="environment" on:change=take/>
        </div>
    }
}
