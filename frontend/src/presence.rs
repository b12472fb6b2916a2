//! Whether somebody is at the window. What asks the server by itself, or listens to it, does so only then
//! (docs/decisions/0050).

use std::cell::Cell;
use std::time::Duration;

use engine::value::Timestamp;
use leptos::prelude::*;

use crate::browser;

/// After so many seconds without a key, a finger or a mouse nobody looks any more: a page that was left open must not keep its
/// session from ending.
const LEFT_ALONE: i64 = 60 * 60;
/// How often it is noticed that the window was left alone. Of all else the browser tells.
const EVERY: Duration = Duration::from_secs(30);

/// What is known of those who are at the window; outside any owner, because it lives as long as the page.
struct Presence {
    /// When somebody last did something here.
    touched: Cell<Timestamp>,
    /// Whether somebody was here when it was last noticed.
    noticed: ArcRwSignal<bool>,
}

thread_local! {
    static PRESENCE: Presence = Presence::begin();
}

impl Presence {
    fn begin() -> Presence {
        for sign in ["focus", "visibilitychange", "keydown", "pointermove", "pointerdown"] {
            window_event_listener_untyped(sign, |_| PRESENCE.with(Presence::touch));
        }
        set_interval(|| PRESENCE.with(Presence::notice), EVERY);
        let now = browser::now();
        Presence { touched: Cell::new(now), noticed: ArcRwSignal::new(is_at(browser::is_seen(), now, now)) }
    }

    fn touch(&self) {
        self.touched.set(browser::now());
        self.notice();
    }

    fn notice(&self) {
        let is_here = self.is_here();
        if self.noticed.get_untracked() != is_here {
            self.noticed.set(is_here);
        }
    }

    fn is_here(&self) -> bool {
        is_at(browser::is_seen(), self.touched.get(), browser::now())
    }
}

fn is_at(is_seen: bool, touched: Timestamp, now: Timestamp) -> bool {
    is_seen && now.as_second() - touched.as_second() < LEFT_ALONE
}

/// Whether the window is seen and somebody was at it within the hour; not tracked.
pub fn is_here() -> bool {
    PRESENCE.with(Presence::is_here)
}

/// Whoever calls this in an effect hears when somebody comes to the window or leaves it.
pub fn track() {
    PRESENCE.with(|presence| presence.noticed.track());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_at_a_window_that_is_hidden_or_was_left_alone() {
        let at = |second| Timestamp::from_second(second).unwrap();
        assert!(is_at(true, at(0), at(LEFT_ALONE - 1)));
        assert!(!is_at(true, at(0), at(LEFT_ALONE)));
        assert!(!is_at(false, at(0), at(0)));
    }
}
