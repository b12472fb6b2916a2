//! What was decided at a task, in a word and colour.

use leptos::prelude::*;

use super::flow_look;
use crate::ui::{Badge, Tone};
use crate::{i18n, text};

/// A decision as a badge: `已同意`. Where it stands beside how the request as a whole does, it says that it is the reader's own.
#[component]
pub fn DecisionBadge(
    #[prop(into)] decision: String,
    /// Whether to say that it was the reader who decided so.
    #[prop(optional)]
    says_you: bool,
) -> impl IntoView {
    let (tone, icon) = match decision.as_str() {
        "submitted" => (Tone::Neutral, "check"),
        decision => flow_look(decision),
    };
    let words = move || {
        let decided = i18n::lookup(&format!("flow-decided-{decision}"), &[]);
        if says_you { text!("flow-you-decided", decision = decided) } else { decided }
    };
    view! { <Badge tone=tone icon=icon>{words}</Badge> }
}
