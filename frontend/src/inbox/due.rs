//! Until when a task waits.

use engine::value::Timestamp;
use leptos::prelude::*;

use crate::ui::{Badge, Tone};
use crate::{browser, i18n, text};

/// Hours before the time is up in which it is urgent.
const URGENT: i64 = 8;

/// When a task is due, louder the nearer it is; nothing without a time.
#[component]
pub fn DueBadge(due: Option<Timestamp>) -> impl IntoView {
    due.map(|due| {
        let left = due.as_second() - browser::now().as_second();
        let tone = if left < URGENT * 3600 { Tone::Danger } else { Tone::Warning };
        let words = move || match left < 0 {
            true => text!("task-overdue-for", time = i18n::lasting(due, browser::now())),
            false => text!("task-due", at = i18n::around(due)),
        };
        view! { <Badge tone=tone icon="clock">{words}</Badge> }
    })
}
