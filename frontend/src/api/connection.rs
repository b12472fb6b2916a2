//! Whether the server answers.

use std::cell::RefCell;
use std::sync::LazyLock;
use std::time::Duration;

use futures::channel::oneshot;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// How often a server that is gone is asked again.
const ASK_EVERY: Duration = Duration::from_secs(2);

static CONNECTED: LazyLock<ArcRwSignal<bool>> = LazyLock::new(|| ArcRwSignal::new(true));

thread_local! {
    /// The reads that wait for the server.
    static WAITING: RefCell<Vec<oneshot::Sender<()>>> = const { RefCell::new(Vec::new()) };
}

/// Whether the server answered last time; tracked.
pub fn is_connected() -> bool {
    CONNECTED.get()
}

/// An answer came.
pub(super) fn held() {
    if !CONNECTED.get_untracked() {
        CONNECTED.set(true);
        WAITING.with_borrow_mut(|waiting| {
            for call in waiting.drain(..) {
                // A call whose page is gone no longer listens.
                let _ = call.send(());
            }
        });
    }
}

/// No answer came; from now on the server is asked until it answers.
pub(super) fn lost() {
    if CONNECTED.get_untracked() {
        CONNECTED.set(false);
        spawn_local(async {
            while !CONNECTED.get_untracked() {
                gloo_timers::future::sleep(ASK_EVERY).await;
                if gloo_net::http::Request::get("/live").send().await.is_ok_and(|answer| answer.ok()) {
                    held();
                }
            }
        });
    }
}

/// Waits until the server answers again.
pub async fn back() {
    if CONNECTED.get_untracked() {
        return;
    }
    let (sender, receiver) = oneshot::channel();
    WAITING.with_borrow_mut(|waiting| waiting.push(sender));
    let _ = receiver.await;
}
