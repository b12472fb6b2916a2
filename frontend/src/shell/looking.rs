//! Looking again: what comes while a page is open shows without loading it anew. While the window is seen the server says when
//! there is something to look for (docs/decisions/0050); from time to time one looks in any case.

use std::time::Duration;

use engine::value::Timestamp;
use leptos::prelude::*;

use crate::api::events::{Listening, listen};
use crate::browser;

/// How often one looks while the window is seen.
const EVERY: Duration = Duration::from_secs(30);
/// Coming back several times within so many seconds is coming back once: a click into the window after a press on its tab.
const ONE_RETURN: i64 = 5;
/// After so many seconds without a key, a finger or a mouse nobody looks any more: a page that was left open must not keep its
/// session from ending.
const LEFT_ALONE: i64 = 60 * 60;

/// Calls `look` when the reader comes back to the window (`true`), and at a calm pace while they have it before them. Ends with
/// the part of the page that asked for it: the timer and all that listens are taken away then.
pub(super) fn look_again(look: impl Fn(bool) + Copy + 'static) {
    let (returned, moved) = (StoredValue::new(browser::now()), StoredValue::new(browser::now()));
    let note = move || moved.set_value(browser::now());
    let come_back = move || {
        note();
        if browser::is_seen() && seconds_since(returned) >= ONE_RETURN {
            returned.set_value(browser::now());
            look(true);
        }
    };
    let pass = move || {
        if browser::is_seen() && seconds_since(moved) < LEFT_ALONE {
            look(false);
        }
    };
    // A connection is held only by a window that is looked at: a browser has few of them.
    let heard = StoredValue::new(None::<Listening>);
    let hear = move || {
        let is_wanted = browser::is_seen() && seconds_since(moved) < LEFT_ALONE;
        if is_wanted && heard.with_value(Option::is_none) {
            let over = move || drop(heard.try_update_value(Option::take));
            heard.set_value(Some(listen(pass, over)));
        } else if !is_wanted {
            heard.set_value(None);
        }
    };
    hear();
    let turn = move || {
        pass();
        hear();
    };
    let timer = set_interval_with_handle(turn, EVERY).ok();
    let listeners = [
        window_event_listener(leptos::ev::focus, move |_| come_back()),
        window_event_listener_untyped("visibilitychange", move |_| {
            come_back();
            hear();
        }),
        window_event_listener(leptos::ev::keydown, move |_| note()),
        window_event_listener(leptos::ev::pointermove, move |_| note()),
        window_event_listener(leptos::ev::pointerdown, move |_| note()),
    ];
    on_cleanup(move || {
        if let Some(timer) = timer {
            timer.clear();
        }
        let _ = heard.try_set_value(None);
        for listener in listeners {
            listener.remove();
        }
    });
}

fn seconds_since(moment: StoredValue<Timestamp>) -> i64 {
    browser::now().as_second() - moment.get_value().as_second()
}
