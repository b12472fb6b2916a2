//! A line over the content: what happened and what to do.

use leptos::prelude::*;

use super::{Icon, Tone};

/// A banner. It stays while what it says holds.
#[component]
pub fn Banner(
    #[prop(default = Tone::Info)] tone: Tone,
    /// A link or button at the right, with class `act`.
    #[prop(optional, into)]
    action: Option<ViewFn>,
    children: Children,
) -> impl IntoView {
    let (icon, class, role) = match tone {
        Tone::Success => ("ok", "banner success", "status"),
        Tone::Warning => ("warning", "banner warning", "status"),
        Tone::Danger => ("error", "banner danger", "alert"),
        Tone::Neutral | Tone::Accent | Tone::Info => ("info", "banner", "status"),
    };
    view! {
        <div class=class role=role>
            <Icon name=icon/>
            <div class="grow">{children()}</div>
            {action.map(|action| action.run())}
        </div>
    }
}
