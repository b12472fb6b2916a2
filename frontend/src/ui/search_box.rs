//! An input that searches while one types.

use std::time::Duration;

use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;

use super::button::{ControlSize, classes};
use super::{Icon, IconSize};
use crate::t;

/// A search box. `on_search` hears the text once the typing pauses, and at once on Enter or when it is cleared.
#[component]
pub fn SearchBox(
    #[prop(into)] value: Signal<String>,
    #[prop(into)] on_search: Callback<String>,
    #[prop(into)] placeholder: Signal<String>,
    #[prop(optional)] size: ControlSize,
    /// How long a pause ends the typing, in milliseconds; 0 hears every keystroke.
    #[prop(default = 200)]
    pause: u64,
    #[prop(optional)] autofocus: bool,
    /// Whether Escape takes away what was typed, and where there is nothing leaves the box.
    #[prop(optional)]
    empties: bool,
) -> impl IntoView {
    let waiting = StoredValue::new_local(None::<TimeoutHandle>);
    let typed = RwSignal::new(None::<String>);
    let stop = move || {
        if let Some(handle) = waiting.try_update_value(Option::take).flatten() {
            handle.clear();
        }
    };
    on_cleanup(stop);
    let search = move |text: String| {
        stop();
        typed.set(None);
        on_search.run(text);
    };
    let type_on = move |text: String| {
        if pause == 0 {
            return search(text);
        }
        stop();
        typed.set(Some(text.clone()));
        let handle = set_timeout_with_handle(move || search(text), Duration::from_millis(pause));
        waiting.set_value(handle.ok());
    };
    let shown = Signal::derive(move || typed.get().unwrap_or_else(|| value.get()));
    let input = NodeRef::<leptos::html::Input>::new();
    if autofocus {
        input.on_load(|input| {
            request_animation_frame(move || {
                let _ = input.focus();
            });
        });
    }
    let leave = move || {
        if let Some(input) = input.get_untracked() {
            let _ = input.blur();
        }
    };
    view! {
        <div class=classes(&["input", size.class()])>
            <Icon name="search"/>
            <input
                node_ref=input
                type="text"
                role="searchbox"
                autocomplete="off"
                spellcheck="false"
                prop:value=shown
                placeholder=placeholder
                aria-label=placeholder
                on:input=move |event| type_on(event_target_value(&event))
                on:keydown=move |event| {
                    if event.is_composing() {
                        return;
                    }
                    match event.key().as_str() {
                        "Enter" => search(event_target_value(&event)),
                        "Escape" if empties => {
                            event.prevent_default();
                            event.stop_propagation();
                            match shown.with_untracked(String::is_empty) {
                                true => leave(),
                                false => search(String::new()),
                            }
                        }
                        _other_key => {}
                    }
                }
            />
            {move || shown.with(|text| !text.is_empty()).then(|| view! {
                <button type="button" class="end" tabindex="-1" aria-label=t!("ui-clear") on:click=move |_| search(String::new())>
                    <Icon name="close" size=IconSize::Tiny/>
                </button>
            })}
        </div>
    }
}
