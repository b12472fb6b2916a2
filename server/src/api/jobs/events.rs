//! `GET /jobs/{id}/events`

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use engine::value::Id;
use futures::stream;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Signed};
use crate::api::reply::Reply;
use crate::service::people::{Caller, sign_in};
use crate::service::{Installation, jobs};

/// How often somebody who looks on is told of progress.
const INTERVAL: Duration = Duration::from_millis(250);

pub fn doc(doc: Doc) -> Doc {
    doc.summary("The job as server-sent events, whenever it has moved, until it is over or the session ends")
        .empty(200, "text/event-stream; each event's data is a Job")
        .refuses(404, &["not_found"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(id): Path<Id>,
) -> Reply {
    jobs::read(&installation, &caller, id).await?;
    let watch = Watch { installation, caller, id, last: None };
    let events = stream::unfold(Some(watch), |watch| async move { watch?.next().await });
    Ok(Sse::new(events).keep_alive(KeepAlive::default()).into_response())
}

struct Watch {
    installation: Installation,
    caller: Caller,
    id: Id,
    last: Option<wire::Job>,
}

impl Watch {
    /// The next news, and the watch where there may be more.
    async fn next(mut self) -> Option<(Result<Event, Infallible>, Option<Watch>)> {
        loop {
            if self.last.is_some() {
                tokio::time::sleep(INTERVAL).await;
            }
            self.caller = sign_in::again(&self.installation, &self.caller).await.ok()??;
            let job = jobs::read(&self.installation, &self.caller, self.id).await.ok()?;
            if self.last.as_ref() == Some(&job) {
                continue;
            }
            let event = Event::default().event("job").json_data(&job).ok()?;
            let over = job.state.is_over() || self.installation.is_draining();
            self.last = Some(job);
            return Some((Ok(event), (!over).then_some(self)));
        }
    }
}
