//! The state of a record's flow, in words and colour.

use leptos::prelude::*;

use crate::i18n;
use crate::ui::{Badge, Tone};

/// What a state is called.
pub fn flow_state_name(state: &str) -> String {
    i18n::lookup(&format!("flow-state-{state}"), &[])
}

/// The state as a badge.
#[component]
pub fn FlowBadge(#[prop(into)] state: String) -> impl IntoView {
    let tone = match state.as_str() {
        "running" => Tone::Accent,
        "approved" => Tone::Success,
        "rejected" | "terminated" => Tone::Danger,
        _ => Tone::Neutral,
    };
    view! { <Badge tone=tone>{move || flow_state_name(&state)}</Badge> }
}
