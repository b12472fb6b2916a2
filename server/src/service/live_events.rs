//! News for those who look on: which record changed, which task came, how far a job is. Sent after the commit; whoever
//! hears of something asks for it as usual, with their own rights.

use engine::value::Id;
use serde::Serialize;
use tokio::sync::broadcast;

use super::Installation;
use super::people::{Caller, sign_in};
use super::records::{Order, read};

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
    /// A form has a new version in force: whoever has it before them looks at it anew.
    Form {
        form: Id,
        version: i64,
    },
    /// The draft of a form was changed: whoever designs it too takes the change in.
    Draft {
        form: Id,
        /// The version of the draft from now on.
        base: i64,
        by: Id,
        /// What the member is called who changed it.
        name: String,
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
    /// A member was told of something, or has read of it.
    Notice {
        #[serde(skip)]
        member: Id,
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

/// The event's name, if the caller may hear of it by the rights that they have now.
pub async fn seen_by(installation: &Installation, caller: &Caller, event: &Event) -> Option<&'static str> {
    let (workspace, me) = (caller.workspace_id(), caller.id());
    // Whoever was disabled in the meantime hears nothing more.
    let caller =
        sign_in::caller(installation, workspace, me, caller.credential.clone(), None).await.ok().flatten()?;
    match event {
        Event::Record { form, record, what, .. } => {
            let order = Order::to_read(installation, &caller, &form.to_string()).await.ok()?;
            let mut db = order.reader().await.ok()?;
            // That it is gone is news for those who could see it.
            let found = match *what {
                "delete" => read::find_deleted(&mut db, &order, *record).await,
                _ => read::find(&mut db, &order, *record).await,
            };
            found.ok()?.map(|_| "record")
        }
        Event::Form { form, .. } => {
            Order::to_read(installation, &caller, &form.to_string()).await.ok().map(|_| "form")
        }
        Event::Draft { form, .. } => {
            let designs = installation.designs.get(&installation.store, workspace).await.ok()?;
            designs.form_to_administer(&form.to_string(), &caller).ok().map(|_| "draft")
        }
        Event::Task { assignee, .. } => (*assignee == Some(me)).then_some("task"),
        Event::Job { owner, .. } => (*owner == Some(me)).then_some("job"),
        Event::Notice { member } => (*member == me).then_some("notice"),
    }
}
