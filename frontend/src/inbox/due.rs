//! Until when a task waits.

use engine::value::Timestamp;
use leptos::prelude::*;

use crate::ui::{Badge, Tone};
use crate::{i18n, text};

/// Hours before the time is up in which it is urgent.
const URGENT: i64 = 8;

/// When a task is due, louder the nearer it is; nothing without a time.
#[component]
pub fn DueBadge(due: Option<Timestamp>) -> impl IntoView {
    due.map(|due| {
        let left = move || due.as_second() - i18n::now().as_second();
        let is_urgent = Memo::new(move |_| left() < URGENT * 3600);
        let words = move || match left() < 0 {
            true => text!("task-overdue-for", time = i18n::lasting(due, i18n::now())),
            false => text!("task-due", at = i18n::around(due)),
        };
        move || {
            let tone = if is_urgent.get() { Tone::Danger } else { Tone::Warning };
            view! { <Badge tone=tone icon="clock">{words}</Badge> }
        }
    })
}
