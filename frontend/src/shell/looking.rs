//! Looking again: what comes while a page is open shows without loading it anew. While somebody is at the window the server
//! says when there is something to look for (docs/decisions/0050); from time to time one looks in any case.

use std::time::Duration;

use engine::value::Timestamp;
use leptos::prelude::*;

use crate::api::news::{self, News};
use crate::{browser, presence};

/// How often one looks while somebody is at the window.
const EVERY: Duration = Duration::from_secs(30);
/// News of so long lead to one look.
const TOGETHER: Duration = Duration::from_millis(300);
/// Coming back several times within so many seconds is coming back once: a click into the window after a press on its tab.
const ONE_RETURN: i64 = 5;

/// Calls `look` when the reader comes back to the window (`true`), when something came for them, and at a calm pace while they
/// have it before them. Ends with the part of the page that asked for it: the timer and all that listens are taken away then.
pub(super) fn look_again(look: impl Fn(bool) + Copy + 'static) {
    let pass = move || {
        if presence::is_here() {
            look(false);
        }
    };
    look_when_told(pass);
    let returned = StoredValue::new(browser::now());
    let come_back = move || {
        if browser::is_seen() && seconds_since(returned) >= ONE_RETURN {
            returned.set_value(browser::now());
            look(true);
        }
    };
    let timer = set_interval_with_handle(pass, EVERY).ok();
    let listeners = [
        window_event_listener(leptos::ev::focus, move |_| come_back()),
        window_event_listener_untyped("visibilitychange", move |_| come_back()),
    ];
    on_cleanup(move || {
        if let Some(timer) = timer {
            timer.clear();
        }
        for listener in listeners {
            listener.remove();
        }
    });
}

/// Calls `pass` when something came for the reader; for what comes together, once.
fn look_when_told(pass: impl Fn() + Copy + 'static) {
    let is_waiting = StoredValue::new(false);
    news::hear(move |news| {
        let is_told = matches!(news, News::Task | News::Notice | News::Lost);
        if is_told
            && is_waiting.try_update_value(|is_waiting| std::mem::replace(is_waiting, true)) == Some(false)
        {
            let over = move || {
                // Nothing where the part of the page has gone meanwhile.
                if is_waiting.try_update_value(std::mem::take).is_some() {
                    pass();
                }
            };
            set_timeout(over, TOGETHER);
        }
    });
}

fn seconds_since(moment: StoredValue<Timestamp>) -> i64 {
    browser::now().as_second() - moment.get_value().as_second()
}
