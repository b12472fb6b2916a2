//! News for those who look on: which record changed, which task came, how far a job is. Sent after the commit; whoever
//! hears of something asks for it as usual, with their own rights.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use engine::value::Id;
use serde::{Deserialize, Serialize};
use tokio::sync::broadcast;

use super::Installation;
use super::neighbours::Mouth;
use super::people::{Caller, sign_in};
use super::records::{Order, read};

/// How many events wait for a slow listener before it has to start over.
const BACKLOG: usize = 1024;

/// Something happened.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Event {
    Record {
        form: Id,
        record: Id,
        version: i64,
        what: Cow<'static, str>,
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
        member: Option<Id>,
    },
}

impl Event {
    /// Who alone hears of it, where it is for one member. What goes out does not say it.
    pub fn addressee(&self) -> Option<Id> {
        match self {
            Event::Task { assignee: member, .. }
            | Event::Job { owner: member, .. }
            | Event::Notice { member } => *member,
            Event::Record { .. } | Event::Form { .. } | Event::Draft { .. } => None,
        }
    }

    /// The same for one member, where it is for one.
    pub fn addressed(mut self, to: Option<Id>) -> Event {
        match &mut self {
            Event::Task { assignee: member, .. }
            | Event::Job { owner: member, .. }
            | Event::Notice { member } => *member = to,
            Event::Record { .. } | Event::Form { .. } | Event::Draft { .. } => {}
        }
        self
    }
}

/// What listeners get.
#[derive(Clone, Debug)]
pub enum News {
    /// Of a workspace.
    Of(Id, Event),
    /// More happened elsewhere than was told: whoever listens looks at everything anew.
    Missed,
}

/// Carries events to the listeners of each workspace, and to those at the other servers of the database.
#[derive(Clone, Debug)]
pub struct LiveEvents {
    here: broadcast::Sender<News>,
    elsewhere: Arc<OnceLock<Mouth>>,
}

impl Default for LiveEvents {
    fn default() -> LiveEvents {
        LiveEvents { here: broadcast::channel(BACKLOG).0, elsewhere: Arc::default() }
    }
}

impl LiveEvents {
    pub fn send(&self, workspace: Id, event: Event) {
        if let Some(mouth) = self.elsewhere.get() {
            mouth.tell(workspace, &event);
        }
        self.hear(News::Of(workspace, event));
    }

    /// Has the other servers look up the credentials of a member again.
    pub fn send_end(&self, workspace: Id, member: Id) {
        if let Some(mouth) = self.elsewhere.get() {
            mouth.tell_of_end(workspace, member);
        }
    }

    /// Carries on what another server has told.
    pub fn hear(&self, news: News) {
        // Nobody listening is no fault.
        let _ = self.here.send(news);
    }

    /// What happens here is told to other servers, too, from now on.
    pub fn speak_by(&self, mouth: Mouth) {
        // The first one stays: there is one for each process.
        let _ = self.elsewhere.set(mouth);
    }

    pub fn listen(&self) -> broadcast::Receiver<News> {
        self.here.subscribe()
    }
}

/// The event's name, if the caller may hear of it by the rights that they have now.
pub async fn seen_by(installation: &Installation, caller: &Caller, event: &Event) -> Option<&'static str> {
    let (workspace, me) = (caller.workspace_id(), caller.id());
    // Whoever was disabled in the meantime hears nothing more.
    let caller =
        sign_in::caller(installation, workspace, me, caller.credential.clone(), None).await.ok().flatten()?;
    // A token that may not read hears of nothing that it would have to read; of its owner's jobs it began some itself.
    if !matches!(event, Event::Job { .. }) && !caller.has_scope(wire::Scope::Read) {
        return None;
    }
    match event {
        Event::Record { form, record, what, .. } => {
            let order = Order::to_read(installation, &caller, &form.to_string()).await.ok()?;
            let mut db = order.reader().await.ok()?;
            // That it is gone is news for those who could see it.
            let found = match what.as_ref() {
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
        Event::Notice { member } => (*member == Some(me)).then_some("notice"),
    }
}
