//! The buttons of one entry of a list that is set up: a choice, a part of a serial number.

use leptos::prelude::*;

use crate::t;
use crate::ui::{ControlSize, IconButton};

/// Moves the entry up or down by one, or takes it out.
#[component]
pub fn EntryButtons(
    #[prop(into)] on_up: Callback<()>,
    #[prop(into)] on_down: Callback<()>,
    #[prop(into)] on_remove: Callback<()>,
) -> impl IntoView {
    view! {
        <IconButton
            icon="arrow-up"
            label=Signal::derive(t!("designer-move-up"))
            size=ControlSize::Small
            on_press=move |_| on_up.run(())
        />
        <IconButton
            icon="arrow-down"
            label=Signal::derive(t!("designer-move-down"))
            size=ControlSize::Small
            on_press=move |_| on_down.run(())
        />
        <IconButton
            icon="close"
            label=Signal::derive(t!("ui-remove"))
            size=ControlSize::Small
            on_press=move |_| on_remove.run(())
        />
    }
}
