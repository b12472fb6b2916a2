//! News for those who look on: which record changed, which task came, how far a job is. Sent after the commit; whoever
//! hears of something asks for it as usual, with their own rights.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use engine::value::Id;
use serde::{Deserialize, Serialize};
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Instant, timeout_at};

use super::neighbours::Mouth;
use super::people::{Caller, sign_in};
use super::records::{Order, read};
use super::{Installation, Refusal};

/// How many events wait for a slow listener before it has to start over.
const BACKLOG: usize = 1024;
/// Of so many records of a form each is told of, of more at once only that there are: as many as a list saves at once, so that what
/// somebody pastes stays where it is.
const FEW: usize = 100;
/// What happens to records within so long is told together: a commit, or some slices of a larger work.
const TOGETHER: Duration = Duration::from_millis(200);

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
    /// So many records of a form changed at once that one looks at the form's lists instead of at each record.
    Records {
        form: Id,
        /// Which, by which is found out who may hear of it. What goes out does not say it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        records: Vec<Id>,
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
            Event::Record { .. } | Event::Records { .. } | Event::Form { .. } | Event::Draft { .. } => None,
        }
    }

    /// The same for one member, where it is for one.
    pub fn addressed(mut self, to: Option<Id>) -> Event {
        match &mut self {
            Event::Task { assignee: member, .. }
            | Event::Job { owner: member, .. }
            | Event::Notice { member } => *member = to,
            Event::Record { .. } | Event::Records { .. } | Event::Form { .. } | Event::Draft { .. } => {}
        }
        self
    }

    /// The same as it goes out: of many records it says only whose form they are of.
    pub fn outward(mut self) -> Event {
        if let Event::Records { records, .. } = &mut self {
            records.clear();
        }
        self
    }

    fn is_of_records(&self) -> bool {
        matches!(self, Event::Record { .. } | Event::Records { .. })
    }
}

/// The same news, with one of each form of which more than a few records changed, or many by one work, in place of those of
/// its records.
pub fn together(events: Vec<Event>) -> Vec<Event> {
    let mut changed: BTreeMap<Id, BTreeSet<Id>> = BTreeMap::new();
    let mut by_one_work = BTreeSet::new();
    for event in &events {
        match event {
            Event::Record { form, record, .. } => {
                changed.entry(*form).or_default().insert(*record);
            }
            Event::Records { form, records } => {
                changed.entry(*form).or_default().extend(records);
                by_one_work.insert(*form);
            }
            Event::Form { .. }
            | Event::Draft { .. }
            | Event::Task { .. }
            | Event::Job { .. }
            | Event::Notice { .. } => {}
        }
    }
    changed.retain(|form, records| records.len() > FEW || by_one_work.contains(form));
    let is_alone = |event: &Event| match event {
        Event::Record { form, .. } | Event::Records { form, .. } => !changed.contains_key(form),
        Event::Form { .. }
        | Event::Draft { .. }
        | Event::Task { .. }
        | Event::Job { .. }
        | Event::Notice { .. } => true,
    };
    let mut told: Vec<Event> = events.into_iter().filter(is_alone).collect();
    let many =
        |(form, records): (Id, BTreeSet<Id>)| Event::Records { form, records: records.into_iter().collect() };
    told.extend(changed.into_iter().map(many));
    told
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

    /// Listens to what happens in a workspace from now on.
    pub fn listen(&self, workspace: Id) -> Ear {
        let news = self.here.subscribe();
        Ear { news, workspace, waiting: Vec::new(), until: None, ready: VecDeque::new() }
    }
}

/// Hears what happens in a workspace, and takes together what happens to many of its records.
pub struct Ear {
    news: broadcast::Receiver<News>,
    workspace: Id,
    /// What happened to records, and what happened after that …
    waiting: Vec<Event>,
    /// … and how long more of it is waited for.
    until: Option<Instant>,
    ready: VecDeque<Event>,
}

/// What an [`Ear`] hears.
pub enum Heard {
    Event(Event),
    /// More happened than was heard: whoever listens looks at everything anew.
    Missed,
    /// There will be nothing more.
    End,
}

impl Ear {
    /// What happened next. Whoever stops waiting for it misses nothing: the next call goes on.
    pub async fn next(&mut self) -> Heard {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Heard::Event(event);
            }
            // Asked before it is listened: where news never ends, it is told all the same.
            if self.until.is_some_and(|until| Instant::now() >= until) {
                self.until = None;
                self.ready = together(std::mem::take(&mut self.waiting)).into();
                continue;
            }
            let heard = match self.until {
                None => self.news.recv().await,
                Some(until) => match timeout_at(until, self.news.recv()).await {
                    Ok(heard) => heard,
                    Err(_) => continue,
                },
            };
            match heard {
                Ok(News::Of(workspace, event)) if workspace == self.workspace => self.take(event),
                Ok(News::Of(..)) => {}
                Ok(News::Missed) | Err(RecvError::Lagged(_)) => {
                    // Who looks at everything sees this, too.
                    self.waiting.clear();
                    self.until = None;
                    return Heard::Missed;
                }
                Err(RecvError::Closed) => return Heard::End,
            }
        }
    }

    /// News of records waits for more of it, and what came after it waits with it.
    fn take(&mut self, event: Event) {
        if event.is_of_records() {
            self.until.get_or_insert_with(|| Instant::now() + TOGETHER);
        }
        match self.until {
            Some(_) => self.waiting.push(event),
            None => self.ready.push_back(event),
        }
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
        Event::Records { form, records } => {
            let order = Order::to_read(installation, &caller, &form.to_string()).await.ok()?;
            knows_any(&order, records).await.ok()?.then_some("records")
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

/// Whether the caller knows of any of these records, by one question.
async fn knows_any(order: &Order, records: &[Id]) -> Result<bool, Refusal> {
    if order.is_administrator() {
        return Ok(true);
    }
    let mut db = order.reader().await?;
    let who = (order.caller.id(), &order.context);
    let known = store::record::known_to(&mut db, &order.access, order.table(), records, who).await?;
    Ok(!known.is_empty())
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;
    use store::ids;

    use super::*;

    fn record(form: Id, record: Id) -> Event {
        Event::Record { form, record, version: 2, what: "update".into() }
    }

    /// The names of events, and how many records those of many are of.
    fn told(events: &[Event]) -> Vec<(String, usize)> {
        let name = |event: &Event| serde_json::to_value(event).unwrap()["kind"].as_str().unwrap().to_string();
        let count = |event: &Event| match event {
            Event::Records { records, .. } => records.len(),
            _ => 1,
        };
        events.iter().map(|event| (name(event), count(event))).collect()
    }

    #[test]
    fn of_a_few_records_each_is_told_and_of_more_that_there_are() {
        let (form, other) = (ids::next(), ids::next());
        let some = |count: usize| (0..count).map(|_| record(form, ids::next())).collect::<Vec<Event>>();
        assert_eq!(together(some(FEW)).len(), FEW);
        let mut events = some(FEW + 1);
        events.insert(3, record(other, ids::next()));
        events.push(Event::Notice { member: None });
        let expected = [("record", 1), ("notice", 1), ("records", FEW + 1)];
        assert_eq!(told(&together(events)), expected.map(|(name, count)| (name.to_string(), count)));

        // One record that changes often is one record.
        let often = vec![record(form, other); FEW + 1];
        assert_eq!(together(often).len(), FEW + 1);
    }

    #[test]
    fn what_one_work_does_to_a_form_is_told_once_and_names_no_record() {
        let form = ids::next();
        let slice = || Event::Records { form, records: vec![ids::next(), ids::next()] };
        let events = together(vec![slice(), record(form, ids::next()), slice()]);
        assert_eq!(told(&events), [("records".to_string(), 5)]);
        let told = serde_json::to_value(events[0].clone().outward()).unwrap();
        assert_eq!(told, serde_json::json!({"kind": "records", "form": form}));
    }

    #[tokio::test]
    async fn what_happens_to_records_in_a_moment_is_heard_together_and_anything_else_at_once() {
        let (live, workspace, form) = (LiveEvents::default(), ids::next(), ids::next());
        let mut ear = live.listen(workspace);
        live.send(workspace, Event::Notice { member: None });
        assert!(matches!(ear.next().now_or_never(), Some(Heard::Event(Event::Notice { .. }))));

        live.send(ids::next(), record(form, ids::next()));
        for _ in 0..=FEW {
            live.send(workspace, record(form, ids::next()));
        }
        // Whoever stops waiting goes on with the next call.
        assert!(ear.next().now_or_never().is_none());
        let Heard::Event(Event::Records { records, .. }) = ear.next().await else { panic!("many records") };
        assert_eq!(records.len(), FEW + 1);

        live.send(workspace, record(form, form));
        live.send(workspace, Event::Notice { member: None });
        assert!(matches!(ear.next().await, Heard::Event(Event::Record { .. })), "in their order");
        assert!(matches!(ear.next().await, Heard::Event(Event::Notice { .. })));
        live.hear(News::Missed);
        assert!(matches!(ear.next().await, Heard::Missed));
    }
}
