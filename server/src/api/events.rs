//! `GET /events`: news as server-sent events.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::Stream;
use tokio::sync::broadcast::error::RecvError;

use crate::api::doc::Doc;
use crate::api::extract::Signed;
use crate::api::reply::Reply;
use crate::service::Installation;
use crate::service::live_events;
use crate::service::people::Caller;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("News of records, tasks and jobs, as server-sent events")
        .empty(200, "text/event-stream; `event: record|task|job`, or `event: lost` where some were missed")
}

/// How long one stream lasts; the browser opens the next, with the rights that it has then.
const LONGEST: Duration = Duration::from_secs(15 * 60);
/// A silent line from time to time keeps the connection from being taken for dead.
const SILENCE: Duration = Duration::from_secs(20);

pub async fn handler(State(installation): State<Installation>, Signed(caller): Signed) -> Reply {
    let stream = news(installation, caller);
    Ok(Sse::new(stream).keep_alive(KeepAlive::new().interval(SILENCE)).into_response())
}

fn news(installation: Installation, caller: Caller) -> impl Stream<Item = Result<Event, Infallible>> {
    let listener = installation.live.listen();
    let end = tokio::time::Instant::now() + LONGEST;
    futures::stream::unfold(
        (listener, installation, caller),
        move |(mut listener, installation, caller)| async move {
            loop {
                let heard = tokio::time::timeout_at(end, listener.recv()).await.ok()?;
                let event = match heard {
                    Ok((workspace, event)) if workspace == caller.workspace_id() => {
                        match live_events::seen_by(&installation, &caller, &event).await {
                            Some(name) => Event::default().event(name).json_data(&event).ok()?,
                            None => continue,
                        }
                    }
                    Ok(_) => continue,
                    // Too much at once: whoever listens looks at everything anew.
                    Err(RecvError::Lagged(_)) => Event::default().event("lost").data("{}"),
                    Err(RecvError::Closed) => return None,
                };
                return Some((Ok(event), (listener, installation, caller)));
            }
        },
    )
}
