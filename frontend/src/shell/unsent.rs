//! Records that were submitted and never answered, because the tab was closed or the browser ended: they are sent again when
//! somebody comes back.

use std::time::Duration;

use gloo_timers::future::sleep;
use leptos::task::spawn_local;
use leptos_router::hooks::use_navigate;

use crate::api::unsent::{self, Unsent};
use crate::ui::toast;
use crate::{browser, text};

/// How long a record is left to the tab that submitted it, in seconds.
const LEFT: i64 = 10;

/// Sends them, one after another, and says what became of each.
pub fn send_cut_off() {
    let navigate = use_navigate();
    let go = move |address: String| {
        let navigate = navigate.clone();
        move || navigate(&address, Default::default())
    };
    spawn_local(async move {
        for one in unsent::cut_off() {
            sleep(left_for(&one)).await;
            // Its own tab may have had an answer by now.
            if unsent::is_settled(&one) {
                continue;
            }
            let list = one.list.clone();
            let (words, action, address) = match one.send().await {
                Ok(record) => (
                    text!("record-sent-later"),
                    text!("record-open"),
                    format!("{list}/records/{}", record.id),
                ),
                Err(problem) => (
                    text!("record-not-sent", why = problem.sentence()),
                    text!("record-restore-draft"),
                    format!("{list}/new"),
                ),
            };
            toast::show_with(words, action, go(address));
        }
    });
}

/// How long its own tab still has for it.
fn left_for(one: &Unsent) -> Duration {
    let age = browser::now().duration_since(one.at()).as_secs();
    Duration::from_secs(u64::try_from(LEFT - age).unwrap_or_default())
}
