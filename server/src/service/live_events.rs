//! News for those who look on: which record changed, which task came, how far a job is. Sent after the commit; whoever
//! hears of something asks for it as usual, with their own rights.

use engine::value::Id;
use serde::Serialize;
use tokio::sync::broadcast;

/// How many events wait for a slow listener before it has to start over.
const BACKLOG: usize = 1024;

/// Something happened.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Event {
    Record {
        form: Id,
        record: Id,
        version: i64,
        what: &'static str,
    },
    /// A task was opened or closed for somebody.
    Task {
        task: Id,
        instance: Id,
        #[serde(skip)]
        assignee: Option<Id>,
    },
    Job {
        job: Id,
        #[serde(skip)]
        owner: Option<Id>,
    },
}

/// Carries events to the listeners of each workspace.
#[derive(Clone, Debug)]
pub struct LiveEvents(broadcast::Sender<(Id, Event)>);

impl Default for LiveEvents {
    fn default() -> LiveEvents {
        LiveEvents(broadcast::channel(BACKLOG).0)
    }
}

impl LiveEvents {
    pub fn send(&self, workspace: Id, event: Event) {
        // Nobody listening is no fault.
        let _ = self.0.send((workspace, event));
    }

    pub fn listen(&self) -> broadcast::Receiver<(Id, Event)> {
        self.0.subscribe()
    }
}
