//! Who is told of what happened in flows, and of what was said about records: both leave word in the outbox, and this makes
//! notices of it.

use std::collections::{BTreeMap, BTreeSet};

use engine::flow::{Change, Event, Notice, NoticeKind, State, concerns_admins, notices, settled};
use engine::value::{Id, Timestamp};
use serde::{Deserialize, Serialize};
use store::comment::Comment;
use store::flow::FlowVersion;
use store::flow_call::FlowCall;
use store::flow_message::FlowMessage;
use store::instance::{Instance, LogEntry};
use store::notice::{Notice as Row, NoticeSettings};
use store::outbox::OutboxEntry;
use store::{Reader, Tx, ids};

use super::settings::{Settings, zone_of};
use crate::service::apps::to_json;
use crate::service::designs::stored;
use crate::service::flows::attached::Attached;
use crate::service::flows::instances::check_visible;
use crate::service::flows::messages::{MESSAGE, Posted};
use crate::service::flows::people::administrators;
use crate::service::flows::tasks::order_of;
use crate::service::live_events;
use crate::service::people::{Caller, Credential, sign_in};
use crate::service::records::read;
use crate::service::{Cause, Installation, Refusal, clock};

/// What its entries of the outbox are called.
pub const KINDS: [&str; 4] = [FLOW, COMMENT, MESSAGE, CALL];
const FLOW: &str = "flow";
const COMMENT: &str = "comment";
const CALL: &str = "call";
/// How often what can't be told is tried.
const MOST_ATTEMPTS: i64 = 5;

/// The lines of an instance's log that a command has written.
#[derive(Serialize, Deserialize)]
struct Happened {
    instance: Id,
    /// From this line
    first: i64,
    /// up to and with this one.
    last: i64,
}

/// Somebody said something about a record, and named others.
#[derive(Serialize, Deserialize)]
struct Said {
    form: Id,
    record: Id,
    by: Id,
    mentions: BTreeSet<Id>,
}

/// A call that was given up, or by which more than it came to its end.
#[derive(Serialize, Deserialize)]
struct GivenUp {
    call: Id,
    /// What did, where it is more than this call.
    #[serde(default)]
    why: Option<String>,
}

/// Leaves word of what a command did, in its transaction.
///
/// # Errors
/// When it can't be stored.
pub async fn leave(
    tx: &mut Tx,
    instance: &Instance,
    (first, last): (i64, i64),
    now: Timestamp,
) -> Result<(), Refusal> {
    let payload = to_json(&Happened { instance: instance.id, first, last })?;
    Ok(OutboxEntry::insert_ahead(tx, &[entry(instance.workspace, FLOW, payload, now)]).await?)
}

/// Leaves word of a comment on a record for those whom it names, in its transaction.
///
/// # Errors
/// When it can't be stored.
pub async fn leave_comment(tx: &mut Tx, comment: &Comment, mentions: &[Id]) -> Result<(), Refusal> {
    let mentions: BTreeSet<Id> = mentions.iter().copied().filter(|member| *member != comment.who).collect();
    if mentions.is_empty() {
        return Ok(());
    }
    let said = Said { form: comment.form, record: comment.record, by: comment.who, mentions };
    let entry = entry(comment.workspace, COMMENT, to_json(&said)?, comment.at);
    Ok(OutboxEntry::insert_ahead(tx, &[entry]).await?)
}

/// Leaves word of a call that was given up, in the transaction that gives it up; and of `why`, where no others are sent either.
///
/// # Errors
/// When it can't be stored.
pub async fn leave_call(
    tx: &mut Tx,
    call: &FlowCall,
    why: Option<&str>,
    now: Timestamp,
) -> Result<(), Refusal> {
    let given_up = GivenUp { call: call.id, why: why.map(str::to_string) };
    let entry = entry(call.workspace, CALL, to_json(&given_up)?, now);
    Ok(OutboxEntry::insert_ahead(tx, &[entry]).await?)
}

fn entry(workspace: Id, kind: &str, payload: String, now: Timestamp) -> OutboxEntry {
    OutboxEntry {
        workspace,
        id: ids::next(),
        kind: kind.to_string(),
        payload,
        created_at: now,
        due_at: now,
        attempts: 0,
    }
}

/// A task in its workspace, and whom it still concerns.
type Settled = (Id, Id, Option<Id>);

/// What is to be stored of several entries.
#[derive(Clone, Default)]
struct Told {
    rows: Vec<Row>,
    /// Tasks of which nobody need be told any more, but for the one whom they still concern.
    settled: Vec<Settled>,
    done: Vec<OutboxEntry>,
}

/// Makes notices of entries that were taken from the outbox. What can't be told now comes again.
///
/// # Errors
/// When the database can't be read or written.
pub async fn deliver(installation: &Installation, entries: Vec<OutboxEntry>) -> Result<(), Refusal> {
    let mut told = Told::default();
    for entry in entries {
        match tell(installation, &entry).await {
            Ok((rows, settled)) => {
                told.rows.extend(rows);
                told.settled.extend(settled);
                told.done.push(entry);
            }
            Err(refusal) if matches!(refusal.cause, Cause::Busy | Cause::DiskFull) => return Err(refusal),
            Err(refusal) => {
                tracing::warn!(%refusal, attempts = entry.attempts, "what happened could not be told");
                if entry.attempts >= MOST_ATTEMPTS {
                    told.done.push(entry);
                }
            }
        }
    }
    let live = installation.live.clone();
    installation
        .write(move |tx| {
            Box::pin(async move {
                let mut concerned: Vec<(Id, Id)> = Vec::new();
                let now = clock::now();
                for (workspace, task, still) in &told.settled {
                    let over = Row::settle(tx, *workspace, *task, *still, now).await?;
                    concerned.extend(over.into_iter().map(|member| (*workspace, member)));
                }
                Row::insert_all(tx, &told.rows).await?;
                OutboxEntry::delete_all(tx, &told.done).await?;
                concerned.extend(told.rows.iter().map(|row| (row.workspace, row.member)));
                concerned.sort();
                concerned.dedup();
                tx.on_commit(move || {
                    for (workspace, member) in concerned {
                        live.send(workspace, live_events::Event::Notice { member: Some(member) });
                    }
                });
                Ok(())
            })
        })
        .await
}

/// Works out who is told of one entry.
async fn tell(installation: &Installation, entry: &OutboxEntry) -> Result<(Vec<Row>, Vec<Settled>), Refusal> {
    match entry.kind.as_str() {
        COMMENT => Ok((tell_comment(installation, entry).await?, Vec::new())),
        MESSAGE => Ok((tell_message(installation, entry).await?, Vec::new())),
        CALL => Ok((tell_call(installation, entry).await?, Vec::new())),
        _flow => tell_command(installation, entry).await,
    }
}

async fn tell_command(
    installation: &Installation,
    entry: &OutboxEntry,
) -> Result<(Vec<Row>, Vec<Settled>), Refusal> {
    let happened: Happened = stored("outbox", &entry.payload)?;
    let workspace = entry.workspace;
    let mut db = installation.store.read().await?;
    // Its record may have been removed for good.
    let Some(instance) = Instance::find(&mut db, workspace, happened.instance).await? else {
        return Ok(Default::default());
    };
    let state: State = stored("instance", &instance.marking)?;
    let (first, last) = (happened.first, happened.last);
    let lines = LogEntry::between(&mut db, workspace, instance.id, first, last).await?;
    let (events, named) = read_lines(&lines)?;
    let over = settled(&events, &state).into_iter().map(|(task, still)| (workspace, task, still)).collect();
    let admins = match concerns_admins(&events, &state) {
        true => admins(installation, &instance).await?,
        false => Vec::new(),
    };
    let mut found = notices(&events, &state, &admins);
    found.extend(named);
    let (form, record) = (instance.form, instance.record);
    let subject = Subject { workspace, form, record, instance: Some(instance), message: None };
    Ok((rows(installation, &mut db, &subject, found).await?, over))
}

/// Those to whom it is shown that something waits for nobody or can't go on, and that a call was given up; no one where its form is gone.
async fn admins(installation: &Installation, instance: &Instance) -> Result<Vec<Id>, Refusal> {
    let people = installation.directories.get(&installation.store, instance.workspace).await?;
    let designs = installation.designs.get(&installation.store, instance.workspace).await?;
    let Ok(design) = designs.published(instance.form) else { return Ok(Vec::new()) };
    Ok(administrators(&people, designs.app_of(design)))
}

async fn tell_comment(installation: &Installation, entry: &OutboxEntry) -> Result<Vec<Row>, Refusal> {
    let said: Said = stored("outbox", &entry.payload)?;
    let named = said.mentions.into_iter().map(|member| mention(member, Some(said.by), entry.created_at));
    let found = named.collect();
    let (form, record) = (said.form, said.record);
    let subject = Subject { workspace: entry.workspace, form, record, instance: None, message: None };
    rows(installation, &mut installation.store.read().await?, &subject, found).await
}

/// Those to whom a step of a flow has something to say. They need have no part in it: what they read of its record is decided
/// when they do.
async fn tell_message(installation: &Installation, entry: &OutboxEntry) -> Result<Vec<Row>, Refusal> {
    let posted: Posted = stored("outbox", &entry.payload)?;
    let workspace = entry.workspace;
    let mut db = installation.store.read().await?;
    // Its record may have been removed for good.
    let Some(instance) = Instance::find(&mut db, workspace, posted.instance).await? else {
        return Ok(Vec::new());
    };
    let Some(message) = FlowMessage::find(&mut db, workspace, posted.message).await? else {
        return Ok(Vec::new());
    };
    let notice = |member: &Id| Notice {
        kind: NoticeKind::Message,
        member: *member,
        task: None,
        step: Some(message.step.clone()),
        by: None,
        at: entry.created_at,
        outcome: None,
    };
    let found = posted.members.iter().map(notice).collect();
    let (form, record) = (instance.form, instance.record);
    let subject = Subject { workspace, form, record, instance: Some(instance), message: Some(posted) };
    rows(installation, &mut db, &subject, found).await
}

/// Those who administer the app of a call that was given up: nobody else sees where it went, and nothing of the flow waits for it.
async fn tell_call(installation: &Installation, entry: &OutboxEntry) -> Result<Vec<Row>, Refusal> {
    let given_up: GivenUp = stored("outbox", &entry.payload)?;
    let workspace = entry.workspace;
    let mut db = installation.store.read().await?;
    let Some(call) = FlowCall::find(&mut db, workspace, given_up.call).await? else {
        return Ok(Vec::new());
    };
    // Its record may have been removed for good.
    let Some(instance) = Instance::find(&mut db, workspace, call.instance).await? else {
        return Ok(Vec::new());
    };
    let notice = |member: Id| Notice {
        kind: NoticeKind::Undelivered,
        member,
        task: None,
        step: Some(call.step.clone()),
        by: None,
        at: entry.created_at,
        outcome: None,
    };
    let mut concerned = admins(installation, &instance).await?;
    let (form, record, version) = (instance.form, instance.record, instance.flow_version);
    let subject = Subject { workspace, form, record, instance: Some(instance), message: None };
    if given_up.why.is_some() {
        // Whoever made the step can mend it, and may be another than who administers the app.
        let made = FlowVersion::find(&mut db, workspace, form, version).await?;
        let maker = made.and_then(|made| made.published_by).filter(|maker| !concerned.contains(maker));
        if let Some(maker) = maker
            && sees(installation, &mut db, &subject, maker).await?
        {
            concerned.push(maker);
        }
    }
    let found = concerned.into_iter().map(notice).collect();
    let mut rows = rows(installation, &mut db, &subject, found).await?;
    rows.iter_mut().for_each(|row| row.outcome = given_up.why.clone());
    Ok(rows)
}

/// What something is told of.
struct Subject {
    workspace: Id,
    form: Id,
    record: Id,
    /// The request; none where it is the record alone.
    instance: Option<Instance>,
    /// The message that it is told by, with the ways by which that goes.
    message: Option<Posted>,
}

/// The notices of `found` as they are stored: for those who are there, may know of it, and want to be told.
async fn rows(
    installation: &Installation,
    db: &mut Reader,
    subject: &Subject,
    mut found: Vec<Notice>,
) -> Result<Vec<Row>, Refusal> {
    let people = installation.directories.get(&installation.store, subject.workspace).await?;
    found.retain(|notice| people.is_active(notice.member));
    let members: Vec<Id> = found.iter().map(|notice| notice.member).collect();
    let said = NoticeSettings::of_members(db, subject.workspace, &members).await?;
    let mut may_see: BTreeMap<Id, bool> = BTreeMap::new();
    let mut rows = Vec::new();
    let now = clock::now();
    for notice in found {
        if !is_involved(notice.kind) {
            let sees = match may_see.get(&notice.member) {
                Some(known) => *known,
                None => sees(installation, db, subject, notice.member).await?,
            };
            may_see.insert(notice.member, sees);
            if !sees {
                continue;
            }
        }
        let settings = Settings::of(said.get(&notice.member))?;
        let (_, zone) = zone_of(&people, notice.member);
        let posted = subject.message.as_ref();
        let mail_at = match installation.postman.is_some() && posted.is_none_or(|posted| posted.mail) {
            true => settings.mail_at(notice.kind, now, &zone),
            false => None,
        };
        let listed = settings.channel(notice.kind).app && posted.is_none_or(|posted| posted.app);
        if listed || mail_at.is_some() {
            rows.push(row(subject, notice, listed, mail_at));
        }
    }
    Ok(rows)
}

fn mention(member: Id, by: Option<Id>, at: Timestamp) -> Notice {
    Notice { kind: NoticeKind::Mention, member, task: None, step: None, by, at, outcome: None }
}

/// The events of some lines, and whom the words beside them name.
fn read_lines(lines: &[LogEntry]) -> Result<(Vec<Event>, Vec<Notice>), Refusal> {
    let (mut events, mut named) = (Vec::new(), Vec::new());
    for line in lines {
        let event: Event = stored("instance_log", &line.event)?;
        // A comment names people itself.
        if !matches!(event.change, Change::Commented { .. }) {
            let mentions = Attached::of(line)?.mentions;
            let others = mentions.into_iter().filter(|member| event.who != Some(*member));
            named.extend(others.map(|member| mention(member, event.who, event.at)));
        }
        events.push(event);
    }
    Ok((events, named))
}

/// Whether somebody who is told of such a thing takes part in the request by it, administers it, or is told no more than
/// they may see.
fn is_involved(kind: NoticeKind) -> bool {
    match kind {
        NoticeKind::Task
        | NoticeKind::Returned
        | NoticeKind::Outcome
        | NoticeKind::Message
        | NoticeKind::Failed
        | NoticeKind::Undelivered => true,
        NoticeKind::Reminder | NoticeKind::Mention | NoticeKind::Comment | NoticeKind::Copy => false,
    }
}

/// Whether a member may know of it: who is named gains no right by it.
async fn sees(
    installation: &Installation,
    db: &mut Reader,
    subject: &Subject,
    member: Id,
) -> Result<bool, Refusal> {
    let credential = Credential::Session(String::new());
    let caller = sign_in::caller(installation, subject.workspace, member, credential, None).await?;
    let Some(caller) = caller else { return Ok(false) };
    match check_seen(installation, db, &caller, subject).await {
        Ok(()) => Ok(true),
        Err(refusal) if refusal.cause == Cause::Missing => Ok(false),
        Err(refusal) => Err(refusal),
    }
}

/// # Errors
/// Not found for who may not know of it.
async fn check_seen(
    installation: &Installation,
    db: &mut Reader,
    caller: &Caller,
    subject: &Subject,
) -> Result<(), Refusal> {
    let order = order_of(installation, caller, subject.form).await?;
    match &subject.instance {
        Some(instance) => check_visible(db, &order, instance).await,
        None => read::visible_paths(db, &order, subject.record).await.map(drop),
    }
}

fn row(subject: &Subject, notice: Notice, listed: bool, mail_at: Option<Timestamp>) -> Row {
    Row {
        workspace: subject.workspace,
        id: ids::next(),
        member: notice.member,
        kind: notice.kind.key().to_string(),
        at: notice.at,
        form: subject.form,
        record: subject.record,
        instance: subject.instance.as_ref().map(|instance| instance.id),
        task: notice.task,
        message: subject.message.as_ref().map(|posted| posted.message),
        step: notice.step,
        who: notice.by,
        outcome: notice.outcome.map(|status| status.key().to_string()),
        listed,
        read_at: None,
        mail_at,
    }
}
