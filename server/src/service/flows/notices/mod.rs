//! What members are told of: in the product, and by mail (docs/decisions/0049).
//!
//! A command of a flow, or a comment on a record, leaves word of itself in the outbox; [`deliver`] works out who is told,
//! [`letters`] writes to those who want mail. What is shown or written is read anew with the rights of its reader.

pub mod deliver;
pub mod letters;
pub mod settings;
mod shown;

use std::time::Duration;

use engine::text::Fault;
use engine::value::Id;
use store::notice::Notice as Row;
use store::outbox::OutboxEntry;
use wire::{Notice as View, NoticeCount, NoticesRead};

use crate::service::answer::Answer;
use crate::service::live_events::Event;
use crate::service::once::Key;
use crate::service::people::Caller;
use crate::service::{Installation, Refusal, clock};

/// Notices that are marked by name at once.
const MOST: usize = 500;
/// How often it is looked whether somebody is to be told of something.
const TICK: Duration = Duration::from_millis(500);
/// Entries of which one turn tells, and until when others leave them to it.
const BATCH: i64 = 200;
const TAKEN_FOR: jiff::SignedDuration = jiff::SignedDuration::from_secs(60);

/// Tells people what happened until the server drains. What fails is tried again.
pub async fn run(installation: Installation) {
    while !installation.is_draining() {
        tokio::time::sleep(TICK).await;
        if let Err(error) = turn(&installation).await {
            tracing::warn!(code = error.code, "not everybody was told of what happened");
        }
    }
}

/// Tells of everything that happened up to now, and writes the letters that are due.
///
/// # Errors
/// When the database can't be read or written.
pub async fn turn(installation: &Installation) -> Result<(), Refusal> {
    for kind in deliver::KINDS {
        while OutboxEntry::is_due(&mut installation.store.read().await?, kind, clock::now()).await? {
            let now = clock::now();
            let until = now.checked_add(TAKEN_FOR).map_err(Refusal::internal)?;
            let taken = installation
                .write(move |tx| {
                    Box::pin(async move { Ok(OutboxEntry::take(tx, kind, now, until, BATCH).await?) })
                })
                .await?;
            if taken.is_empty() {
                // Another server is at it.
                break;
            }
            deliver::deliver(installation, taken).await?;
        }
    }
    while letters::is_due(installation).await? {
        letters::write_due(installation).await?;
    }
    Ok(())
}

/// A page of what the caller was told of, newest first, and where the next one starts.
///
/// # Errors
/// A limit that is too large.
pub async fn list(
    installation: &Installation,
    caller: &Caller,
    is_unread: bool,
    before: Option<Id>,
    limit: Option<u32>,
) -> Result<(Vec<View>, Option<String>), Refusal> {
    let limit = crate::service::records::query::checked_limit(limit)?;
    let me = (caller.workspace_id(), caller.id());
    let mut db = installation.store.read().await?;
    let mut rows = Row::of_member(&mut db, me, is_unread, before, i64::from(limit) + 1).await?;
    let more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let next = rows.last().filter(|_| more).map(|row| row.id.to_string());
    Ok((shown::shown(installation, &mut db, caller, &rows).await?, next))
}

/// How much of it the caller has not read.
///
/// # Errors
/// When the database can't be read.
pub async fn count(installation: &Installation, caller: &Caller) -> Result<NoticeCount, Refusal> {
    let mut db = installation.store.read().await?;
    let unread = Row::count_unread(&mut db, caller.workspace_id(), caller.id()).await?;
    Ok(NoticeCount { unread: u64::try_from(unread).unwrap_or_default() })
}

/// Marks notices of the caller's as read, or as not read; those of others stay as they are.
///
/// # Errors
/// `required` where none is named, `too_many`.
pub async fn mark(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    input: NoticesRead,
) -> Result<Answer, Refusal> {
    if input.notices.len() > MOST {
        return Err(Refusal::invalid(vec![Fault::new("notices", "too_many").arg("max", MOST)]));
    }
    let until = input.until.filter(|_| input.read);
    if input.notices.is_empty() && until.is_none() {
        return Err(Refusal::fault("notices", "required"));
    }
    let (workspace, member) = (caller.workspace_id(), caller.id());
    let live = installation.live.clone();
    installation
        .act(caller, key, move |tx| {
            Box::pin(async move {
                let now = clock::now();
                let read_at = input.read.then_some(now);
                Row::mark(tx, (workspace, member), &input.notices, read_at).await?;
                if let Some(until) = until {
                    Row::read_all(tx, (workspace, member), until, now).await?;
                }
                let unread = Row::count_unread(tx, workspace, member).await?;
                // Other windows of theirs count anew.
                tx.on_commit(move || live.send(workspace, Event::Notice { member: Some(member) }));
                Answer::done(&NoticeCount { unread: u64::try_from(unread).unwrap_or_default() })
            })
        })
        .await
}
