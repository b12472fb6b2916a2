//! `GET /events`: news as server-sent events.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::Stream;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

use crate::api::doc::Doc;
use crate::api::extract::Signed;
use crate::api::reply::Reply;
use crate::service::Installation;
use crate::service::live_events::{Ear, Heard, seen_by};
use crate::service::people::{Caller, sign_in};

pub fn doc(doc: Doc) -> Doc {
    doc.summary(
        "News of records, forms, drafts, tasks, jobs and notices, as server-sent events, until the session or token ends; a token that may not read hears of jobs alone",
    )
    .empty(
        200,
        "text/event-stream; `event: record|records|form|draft|task|job|notice`, or `event: lost` where some were missed; `records` where many of a form changed at once",
    )
}

/// How long one stream lasts; the browser opens the next, with the rights that it has then.
const LONGEST: Duration = Duration::from_secs(15 * 60);
/// A silent line from time to time keeps the connection from being taken for dead.
const SILENCE: Duration = Duration::from_secs(20);
/// How often a stream looks whether its caller may still listen. What somebody ends is seen at once; this is for what ends by
/// time, or on a server that is not heard.
const LOOK: Duration = Duration::from_secs(2);

pub async fn handler(State(installation): State<Installation>, Signed(caller): Signed) -> Reply {
    let stream = news(installation, caller);
    Ok(Sse::new(stream).keep_alive(KeepAlive::new().interval(SILENCE)).into_response())
}

fn news(installation: Installation, caller: Caller) -> impl Stream<Item = Result<Event, Infallible>> {
    let listener = Listener {
        ear: installation.live.listen(caller.workspace_id()),
        endings: installation.sessions.endings(),
        end: Instant::now() + LONGEST,
        looked: Instant::now(),
        installation,
        caller,
    };
    futures::stream::unfold(listener, |mut listener| async move {
        let event = listener.next().await?;
        Some((Ok(event), listener))
    })
}

struct Listener {
    installation: Installation,
    caller: Caller,
    ear: Ear,
    endings: watch::Receiver<()>,
    end: Instant,
    /// When it was last made sure that the caller may listen.
    looked: Instant,
}

impl Listener {
    /// The next event that the caller may hear of; `None` where the stream ends.
    async fn next(&mut self) -> Option<Event> {
        loop {
            let look = (self.looked + LOOK).min(self.end);
            // In this order: what was ended before an event was sent is seen before it.
            let heard = tokio::select! {
                biased;
                _ = self.endings.changed() => None,
                () = sleep_until(look) => None,
                heard = self.ear.next() => Some(heard),
            };
            let Some(heard) = heard else {
                // Who stops waits for nobody who only listens.
                if Instant::now() >= self.end || self.installation.is_draining() {
                    return None;
                }
                self.caller = sign_in::again(&self.installation, &self.caller).await.ok()??;
                self.looked = Instant::now();
                continue;
            };
            match heard {
                Heard::Event(event) => {
                    let name = seen_by(&self.installation, &self.caller, &event).await;
                    if let Some(name) = name {
                        return Event::default().event(name).json_data(event.outward()).ok();
                    }
                }
                // Too much at once: whoever listens looks at everything anew.
                Heard::Missed => return Some(Event::default().event("lost").data("{}")),
                Heard::End => return None,
            }
        }
    }
}
