//! The time as the screen tells it: `4 分钟前` becomes `5 分钟前` by itself.

use std::time::Duration;

use engine::value::Timestamp;
use leptos::prelude::*;
use leptos::reactive::graph::Observer;

use crate::browser;

/// How often what tells the time is told anew; its words count minutes.
const EVERY: Duration = Duration::from_secs(60);

/// Set with each beat of the clock. Outside any owner, because it lives as long as the page; one for each thread, as the
/// language is.
fn beats() -> ArcRwSignal<()> {
    thread_local! {
        static BEATS: ArcRwSignal<()> = ArcRwSignal::new(());
    }
    BEATS.with(Clone::clone)
}

/// The moment it is. Where somebody follows it, it goes on with each beat: all that is shown tells the same time.
pub fn now() -> Timestamp {
    if Observer::get().is_some() {
        beats().track();
    }
    browser::now()
}

/// Keeps the clock going while the window is seen, and sets it right when the reader comes back to it. Ends with the part of
/// the page that asked for it.
pub fn keep_time() {
    let beat = || {
        if browser::is_seen() {
            beats().set(());
        }
    };
    let timer = set_interval_with_handle(beat, EVERY).ok();
    let seen = window_event_listener_untyped("visibilitychange", move |_| beat());
    on_cleanup(move || {
        if let Some(timer) = timer {
            timer.clear();
        }
        seen.remove();
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_follows_the_time_hears_each_beat() {
        let owner = Owner::new();
        owner.with(|| {
            let told = StoredValue::new(0);
            let words = Memo::new(move |_| {
                now();
                told.update_value(|told| *told += 1);
                told.get_value()
            });
            assert_eq!(words.get_untracked(), 1);
            beats().set(());
            assert_eq!(words.get_untracked(), 2);
        });
    }
}
