//! How a request, one of its steps or a decision stands: in words, with one colour and one sign wherever it is said.

use leptos::prelude::*;

use crate::i18n;
use crate::ui::{Badge, Tone};

/// What a state is called.
pub fn flow_state_name(state: &str) -> String {
    i18n::lookup(&format!("flow-state-{state}"), &[])
}

/// The colour and the sign of a state, that of a request, a step or a decision: lists, records, the inbox, the diagram and the
/// timeline show it alike.
pub fn flow_look(state: &str) -> (Tone, &'static str) {
    match state {
        "draft" => (Tone::Neutral, "edit"),
        "running" | "active" => (Tone::Accent, "clock"),
        "approved" | "passed" => (Tone::Success, "ok"),
        "rejected" => (Tone::Danger, "refused"),
        "terminated" => (Tone::Danger, "error"),
        "returned" => (Tone::Warning, "return"),
        "withdrawn" => (Tone::Warning, "undo"),
        "cancelled" => (Tone::Neutral, "close"),
        "skipped" => (Tone::Neutral, "minus"),
        _ => (Tone::Neutral, "circle"),
    }
}

/// The state as a badge.
#[component]
pub fn FlowBadge(#[prop(into)] state: String) -> impl IntoView {
    let (tone, icon) = flow_look(&state);
    view! { <Badge tone=tone icon=icon>{move || flow_state_name(&state)}</Badge> }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use engine::form::FLOW_STATES;

    use super::*;

    #[test]
    fn no_state_is_told_by_its_colour_alone() {
        let states = FLOW_STATES.into_iter().chain(["returned", "cancelled", "skipped", "waiting"]);
        let looks: Vec<_> = states.map(flow_look).collect();
        let signs: BTreeSet<&str> = looks.iter().map(|(_, sign)| *sign).collect();
        assert_eq!(signs.len(), looks.len(), "each has a sign of its own");
        for state in FLOW_STATES {
            assert!(!flow_state_name(state).starts_with("flow-state-"), "{state}");
        }
        assert_eq!(flow_look("approved"), flow_look("passed"));
    }
}
