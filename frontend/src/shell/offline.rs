//! Says that the server is gone, over the page's edge: nothing of the page moves for it, and all of it can be pressed.

use leptos::prelude::*;

use crate::api;
use crate::t;
use crate::ui::{Banner, ControlSize, IconButton, Tone};

/// The note; there while the server is gone, until somebody puts it away.
#[component]
pub fn Offline(
    /// What it means to whoever is on the page.
    #[prop(into)]
    text: Signal<String>,
) -> impl IntoView {
    // Whoever needs to see what lies below puts it away until the server is gone another time.
    let put_away = RwSignal::new(false);
    Effect::new(move || {
        if api::is_connected() {
            put_away.set(false);
        }
    });
    let hide = move || {
        view! {
            <IconButton icon="close" size=ControlSize::Small label=Signal::derive(t!("shell-disconnected-hide")) on_press=move |_| put_away.set(true)/>
        }
    };
    view! {
        <Show when=move || !api::is_connected() && !put_away.get()>
            <div class="offline no-print">
                <Banner tone=Tone::Warning action=ViewFn::from(hide)>{text}</Banner>
            </div>
        </Show>
    }
}
