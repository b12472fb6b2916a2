//! Hearing from the server that something has come, while somebody looks.

use std::time::Duration;

use futures::future::{AbortHandle, abortable};
use futures::stream::SelectAll;
use futures::{FutureExt, StreamExt};
use gloo_net::eventsource::futures::EventSource;
use leptos::task::spawn_local;

/// What is heard of.
const KINDS: [&str; 3] = ["task", "notice", "lost"];
/// What comes together is one piece of news.
const GATHERS: Duration = Duration::from_millis(300);

/// Hears news until it is dropped.
pub struct Listening(AbortHandle);

impl Drop for Listening {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Calls `on_news` when something has come for the reader, and `on_end` when nothing more is heard.
pub fn listen(on_news: impl Fn() + 'static, on_end: impl FnOnce() + 'static) -> Listening {
    let (hearing, handle) = abortable(async move {
        hear(&on_news).await;
        on_end();
    });
    spawn_local(async move {
        // Nobody listens any more.
        let _ = hearing.await;
    });
    Listening(handle)
}

/// Ends where the stream can't be opened, or breaks.
async fn hear(on_news: &impl Fn()) -> Option<()> {
    let mut events = EventSource::new("/api/v1/events").ok()?;
    let mut heard = SelectAll::new();
    for kind in KINDS {
        heard.push(events.subscribe(kind).ok()?);
    }
    while let Some(Ok(_)) = heard.next().await {
        gloo_timers::future::sleep(GATHERS).await;
        let mut is_open = true;
        while let Some(further) = heard.next().now_or_never() {
            is_open = matches!(further, Some(Ok(_)));
            if !is_open {
                break;
            }
        }
        on_news();
        if !is_open {
            break;
        }
    }
    None
}
