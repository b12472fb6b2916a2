//! Who is told of what happened in flows: commands leave word in the outbox, and this makes notices of it.

use std::collections::BTreeMap;

use engine::flow::{Change, Event, Notice, NoticeKind, State, notices, settled};
use engine::value::{Id, Timestamp};
use serde::{Deserialize, Serialize};
use store::instance::{Instance, LogEntry};
use store::notice::{Notice as Row, NoticeSettings};
use store::outbox::OutboxEntry;
use store::{Reader, Tx, ids};

use super::settings::{Settings, zone_of};
use crate::service::apps::to_json;
use crate::service::designs::stored;
use crate::service::flows::attached::Attached;
use crate::service::flows::instances::check_visible;
use crate::service::flows::tasks::order_of;
use crate::service::live_events;
use crate::service::people::{Credential, sign_in};
use crate::service::{Cause, Installation, Refusal, clock};

/// What its entries of the outbox are called.
pub const KIND: &str = "flow";
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
    let entry = OutboxEntry {
        workspace: instance.workspace,
        id: ids::next(),
        kind: KIND.to_string(),
        payload: to_json(&Happened { instance: instance.id, first, last })?,
        created_at: now,
        due_at: now,
        attempts: 0,
    };
    Ok(OutboxEntry::insert_ahead(tx, &[entry]).await?)
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
                tracing::warn!(%refusal, attempts = entry.attempts, "what happened in a flow could not be told");
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
                        live.send(workspace, live_events::Event::Notice { member });
                    }
                });
                Ok(())
            })
        })
        .await
}

/// Works out who is told of one entry.
async fn tell(installation: &Installation, entry: &OutboxEntry) -> Result<(Vec<Row>, Vec<Settled>), Refusal> {
    let happened: Happened = stored("outbox", &entry.payload)?;
    let workspace = entry.workspace;
    let people = installation.directories.get(&installation.store, workspace).await?;
    let mut db = installation.store.read().await?;
    // Its record may have been removed for good.
    let Some(instance) = Instance::find(&mut db, workspace, happened.instance).await? else {
        return Ok(Default::default());
    };
    let state: State = stored("instance", &instance.marking)?;
    let (first, last) = (happened.first, happened.last);
    let lines = LogEntry::between(&mut db, workspace, instance.id, first, last).await?;
    let (events, named) = read(&lines)?;
    let over = settled(&events, &state).into_iter().map(|(task, still)| (workspace, task, still)).collect();
    let mut found = notices(&events, &state);
    found.extend(named);
    found.retain(|notice| people.is_active(notice.member));
    let members: Vec<Id> = found.iter().map(|notice| notice.member).collect();
    let said = NoticeSettings::of_members(&mut db, workspace, &members).await?;
    let mut may_see: BTreeMap<Id, bool> = BTreeMap::new();
    let mut rows = Vec::new();
    let now = clock::now();
    for notice in found {
        if !is_involved(notice.kind) {
            let sees = match may_see.get(&notice.member) {
                Some(known) => *known,
                None => sees(installation, &mut db, &instance, notice.member).await?,
            };
            may_see.insert(notice.member, sees);
            if !sees {
                continue;
            }
        }
        let settings = Settings::of(said.get(&notice.member))?;
        let (_, zone) = zone_of(&people, notice.member);
        let mail_at = match installation.postman.is_some() {
            true => settings.mail_at(notice.kind, now, &zone),
            false => None,
        };
        let listed = settings.channel(notice.kind).app;
        if listed || mail_at.is_some() {
            rows.push(row(&instance, notice, listed, mail_at));
        }
    }
    Ok((rows, over))
}

/// The events of some lines, and whom the words beside them name.
fn read(lines: &[LogEntry]) -> Result<(Vec<Event>, Vec<Notice>), Refusal> {
    let (mut events, mut named) = (Vec::new(), Vec::new());
    for line in lines {
        let event: Event = stored("instance_log", &line.event)?;
        // A comment names people itself.
        if !matches!(event.change, Change::Commented { .. }) {
            let mentions = Attached::of(line)?.mentions;
            let others = mentions.into_iter().filter(|member| event.who != Some(*member));
            named.extend(others.map(|member| Notice {
                kind: NoticeKind::Mention,
                member,
                task: None,
                step: None,
                by: event.who,
                at: event.at,
                outcome: None,
            }));
        }
        events.push(event);
    }
    Ok((events, named))
}

/// Whether somebody who is told of such a thing takes part in the request by it.
fn is_involved(kind: NoticeKind) -> bool {
    match kind {
        NoticeKind::Task | NoticeKind::Returned | NoticeKind::Outcome => true,
        NoticeKind::Reminder | NoticeKind::Mention | NoticeKind::Comment | NoticeKind::Copy => false,
    }
}

/// Whether a member may know of an instance: who is named gains no right by it.
async fn sees(
    installation: &Installation,
    db: &mut Reader,
    instance: &Instance,
    member: Id,
) -> Result<bool, Refusal> {
    let credential = Credential::Session(String::new());
    let caller = sign_in::caller(installation, instance.workspace, member, credential, None).await?;
    let Some(caller) = caller else { return Ok(false) };
    let order = match order_of(installation, &caller, instance.form).await {
        Err(refusal) if refusal.cause == Cause::Missing => return Ok(false),
        order => order?,
    };
    match check_visible(db, &order, instance).await {
        Ok(()) => Ok(true),
        Err(refusal) if refusal.cause == Cause::Missing => Ok(false),
        Err(refusal) => Err(refusal),
    }
}

fn row(instance: &Instance, notice: Notice, listed: bool, mail_at: Option<Timestamp>) -> Row {
    Row {
        workspace: instance.workspace,
        id: ids::next(),
        member: notice.member,
        kind: notice.kind.key().to_string(),
        at: notice.at,
        form: instance.form,
        record: instance.record,
        instance: instance.id,
        task: notice.task,
        step: notice.step,
        who: notice.by,
        outcome: notice.outcome.map(|status| status.key().to_string()),
        listed,
        read_at: None,
        mail_at,
    }
}
