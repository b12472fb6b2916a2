//! What the server does without being asked: it seals the audit trail, takes what a save left in the outbox, goes on
//! with the jobs of servers that fell silent, forgets answers, sessions, notices and uploads whose time is over, empties the
//! recycle bin of what has lain there long enough, gives demo records to the people for whom they wait, and gives the disk back
//! what removed data has left.

use std::time::{Duration, Instant};

use engine::value::{Id, Timestamp};
use futures::future::BoxFuture;
use store::Tx;
use store::audit::AuditEntry;
use store::flow_call::FlowCall;
use store::flow_message::FlowMessage;
use store::idempotency::Idempotency;
use store::inbound_hook::{HookDelivery, HookMessage};
use store::invitation::Invitation;
use store::kept_entry::KeptEntry;
use store::mail::Mail;
use store::notice::Notice;
use store::outbox::OutboxEntry;
use store::password_reset::PasswordReset;
use store::session::Session;

use super::{Installation, Refusal, audit, bin, clock, files, imports, jobs, mail, templates};

/// An audit entry is sealed within a second (semantics.md 8).
const TICK: Duration = Duration::from_millis(500);
const FORGET_EVERY: Duration = Duration::from_secs(600);
/// How often what has lain in the recycle bin for its time is looked for.
const EMPTY_EVERY: Duration = Duration::from_secs(3_600);
/// Where servers share a database, how often one looks for jobs that another left behind.
const LOOK_AFTER_JOBS_EVERY: Duration = Duration::from_secs(5);
/// How often it is looked whether somebody has come for whom demo records wait.
const HAND_OUT_EVERY: Duration = Duration::from_secs(2);
/// Work of one transaction: people's saves wait no longer than this takes.
const BATCH: i64 = 200;
/// Uploads that no record took: who sent them has had time to save what holds them.
const UPLOADS_KEPT: jiff::SignedDuration = jiff::SignedDuration::from_hours(24);
/// The same of visitors of public links: they send what they fill in within the hour.
const VISITORS_KEPT: jiff::SignedDuration = jiff::SignedDuration::from_mins(60);
/// Invitations whose time is over: who comes with one is told so.
const INVITATIONS_KEPT: jiff::SignedDuration = jiff::SignedDuration::from_hours(24 * 30);
const ANSWERS_KEPT: jiff::SignedDuration = jiff::SignedDuration::from_hours(24);
/// What members were told of, read or not.
const NOTICES_KEPT: jiff::SignedDuration = jiff::SignedDuration::from_hours(24 * 90);

/// What flows have sent, and what became of it. A message is kept a little longer than those who were told of it.
const CALLS_KEPT: jiff::SignedDuration = jiff::SignedDuration::from_hours(24 * 30);
const MESSAGES_KEPT: jiff::SignedDuration = jiff::SignedDuration::from_hours(24 * 91);

/// What inbound hooks have taken: the same message sent again within this time has no effect.
const TAKEN_KEPT: jiff::SignedDuration = jiff::SignedDuration::from_hours(72);
/// What came by them, for those who look whether it came.
const DELIVERIES_KEPT: jiff::SignedDuration = jiff::SignedDuration::from_hours(24 * 30);

/// What was entered and not saved: whoever has not come back for it by then will not.
const ENTRIES_KEPT: jiff::SignedDuration = jiff::SignedDuration::from_hours(24 * 30);

/// Takes away some of what is from before a moment, and gives how many that were.
type Purge = for<'t> fn(&'t mut Tx, Timestamp, i64) -> BoxFuture<'t, store::Result<u64>>;
/// What comes by the thousand, and how long it is kept.
const KEPT: [(jiff::SignedDuration, Purge); 6] = [
    (NOTICES_KEPT, |tx, before, limit| Box::pin(Notice::purge(tx, before, limit))),
    (ENTRIES_KEPT, |tx, before, limit| Box::pin(KeptEntry::purge(tx, before, limit))),
    (CALLS_KEPT, |tx, before, limit| Box::pin(FlowCall::purge(tx, before, limit))),
    (MESSAGES_KEPT, |tx, before, limit| Box::pin(FlowMessage::purge(tx, before, limit))),
    (TAKEN_KEPT, |tx, before, limit| Box::pin(HookMessage::purge(tx, before, limit))),
    (DELIVERIES_KEPT, |tx, before, limit| Box::pin(HookDelivery::purge(tx, before, limit))),
];
/// Of these, rows of one transaction: they are taken away without being looked at.
const FORGOTTEN_AT_ONCE: i64 = 2_000;

/// Runs until the server drains. What fails is tried again at the next tick.
pub async fn run(installation: Installation) {
    let (mut looked, mut emptied) = (Instant::now(), Instant::now());
    let (mut forgotten, mut forgetting) = (None::<Instant>, None::<tokio::task::JoinHandle<()>>);
    let (mut handed_out, mut handing_out) = (Instant::now(), None::<tokio::task::JoinHandle<()>>);
    while !installation.is_draining() {
        tokio::time::sleep(TICK).await;
        if let Err(error) = tick(&installation).await {
            tracing::warn!(code = error.code, "upkeep did not finish");
        }
        if installation.store.is_shared() && looked.elapsed() > LOOK_AFTER_JOBS_EVERY {
            looked = Instant::now();
            if let Err(error) = jobs::resume_all(&installation).await {
                tracing::warn!(code = error.code, "jobs of silent servers could not be taken over");
            }
        }
        if forgotten.is_none_or(|last| last.elapsed() > FORGET_EVERY)
            && forgetting.as_ref().is_none_or(|task| task.is_finished())
        {
            forgotten = Some(Instant::now());
            // Beside all this: much may be over.
            forgetting = Some(tokio::spawn(forget_all(installation.clone())));
        }
        if handed_out.elapsed() > HAND_OUT_EVERY && handing_out.as_ref().is_none_or(|task| task.is_finished())
        {
            handed_out = Instant::now();
            // Beside all this, as for the recycle bin.
            handing_out = Some(tokio::spawn(hand_out(installation.clone())));
        }
        if emptied.elapsed() > EMPTY_EVERY {
            emptied = Instant::now();
            // Beside all this: it may take longer than an audit entry may wait for its seal.
            tokio::spawn(empty_bin(installation.clone()));
        }
    }
}

async fn hand_out(installation: Installation) {
    match templates::hand_out(&installation).await {
        Ok(0) => {}
        Ok(records) => tracing::info!(records, "demo records have found those whom they are for"),
        Err(error) => tracing::warn!(code = error.code, "demo records could not be handed out"),
    }
}

async fn forget_all(installation: Installation) {
    if let Err(error) = forget(&installation).await {
        tracing::warn!(code = error.code, "what is over could not be forgotten");
    }
}

async fn empty_bin(installation: Installation) {
    match bin::purge_expired(&installation).await {
        Ok(0) => {}
        Ok(removed) => tracing::info!(removed, "records left the recycle bin for good"),
        Err(error) => tracing::warn!(code = error.code, "the recycle bin could not be emptied"),
    }
}

async fn tick(installation: &Installation) -> Result<(), Refusal> {
    seal_all(installation).await?;
    let waiting = OutboxEntry::has_records(&mut installation.store.read().await?).await?;
    if waiting {
        while deliver(installation).await? == BATCH.unsigned_abs() {}
    }
    if mail::is_due(installation).await? {
        // Beside all this: a mail server may be slow to answer, or silent.
        tokio::spawn(mail::send_due(installation.clone()));
    }
    Ok(())
}

/// Gives every audit entry that has none its seal, after those of what was refused are written. A server that stops does it once more, so that nothing is left open.
///
/// # Errors
/// When the database can't be written.
pub async fn seal_all(installation: &Installation) -> Result<(), Refusal> {
    audit::write_refusals(installation).await?;
    let workspaces = AuditEntry::unsealed(&mut installation.store.read().await?).await?;
    for workspace in workspaces {
        while seal(installation, workspace).await? == BATCH as usize {}
    }
    Ok(())
}

async fn seal(installation: &Installation, workspace: Id) -> Result<usize, Refusal> {
    let work = installation
        .write(move |tx| Box::pin(async move { Ok(AuditEntry::seal(tx, workspace, BATCH).await?) }));
    work.await
}

/// Takes the word of saved records and hands it to those who want it. What nobody wants is done: record events are wanted by
/// automations and hooks, and a workspace without any has none to wake. What happens in flows, and what is said of records, is
/// taken by who tells of it.
async fn deliver(installation: &Installation) -> Result<u64, Refusal> {
    let work = installation
        .write(move |tx| Box::pin(async move { Ok(OutboxEntry::drop_records(tx, BATCH).await?) }));
    work.await
}

async fn forget(installation: &Installation) -> Result<(), Refusal> {
    let work = installation.write(move |tx| {
        Box::pin(async move {
            let now = clock::now();
            Session::purge(tx, now).await?;
            Invitation::purge(tx, now.checked_sub(INVITATIONS_KEPT).map_err(Refusal::internal)?).await?;
            PasswordReset::purge(tx, now).await?;
            Mail::purge(tx, now).await?;
            let before = now.checked_sub(ANSWERS_KEPT).map_err(Refusal::internal)?;
            Idempotency::purge(tx, before).await?;
            Ok(())
        })
    });
    work.await?;
    forget_kept(installation, clock::now()).await?;
    let before = clock::now().checked_sub(UPLOADS_KEPT).map_err(Refusal::internal)?;
    let before_visitors = clock::now().checked_sub(VISITORS_KEPT).map_err(Refusal::internal)?;
    let removed = files::forget_untaken(installation, before).await?
        + files::forget_visitors(installation, before_visitors).await?;
    if removed > 0 {
        tracing::info!(removed, "uploads that no record took were removed");
    }
    imports::forget_sheets(installation).await?;
    // Last: what was forgotten above has left room, too.
    let pages = installation.store.give_back().await?;
    if pages > 0 {
        tracing::info!(pages, "the room of removed data was given back");
    }
    Ok(())
}

/// Forgets what comes by the thousand and is older than it is kept, all of it, a little at a time: saves come in between.
async fn forget_kept(installation: &Installation, now: Timestamp) -> Result<(), Refusal> {
    for (kept, purge) in KEPT {
        let before = now.checked_sub(kept).map_err(Refusal::internal)?;
        let mut removed = FORGOTTEN_AT_ONCE.unsigned_abs();
        while removed == FORGOTTEN_AT_ONCE.unsigned_abs() && !installation.is_draining() {
            let work = installation
                .write(move |tx| Box::pin(async move { Ok(purge(tx, before, FORGOTTEN_AT_ONCE).await?) }));
            removed = work.await?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::testing::on_an_installation;

    /// T64: what was taken is known for three days, and then forgotten, however many came at once.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn t64_a_message_is_known_for_seventy_two_hours() {
        on_an_installation("messages", async |installation, caller| {
            let (hook, now, workspace) = (store::ids::next(), clock::now(), caller.workspace_id());
            let message = move |name: String, hours: i64| HookMessage {
                workspace,
                hook,
                name,
                body_hash: String::new(),
                answer: "{}".to_string(),
                at: now.checked_sub(jiff::SignedDuration::from_hours(hours)).unwrap(),
            };
            let made: Result<(), Refusal> = installation
                .write(move |tx| {
                    Box::pin(async move {
                        for n in 0..FORGOTTEN_AT_ONCE + 10 {
                            message(format!("old_{n}"), 73).claim(tx).await?;
                        }
                        message("young".to_string(), 71).claim(tx).await?;
                        Ok(())
                    })
                })
                .await;
            made.unwrap();
            forget_kept(installation, now).await.unwrap();
            let mut db = installation.store.read().await.unwrap();
            for (name, is_known) in [
                ("old_0".to_string(), false),
                (format!("old_{}", FORGOTTEN_AT_ONCE + 9), false),
                ("young".to_string(), true),
            ] {
                let found = HookMessage::find(&mut db, workspace, hook, name.clone()).await.unwrap();
                assert_eq!(found.is_some(), is_known, "{name}");
            }
        })
        .await;
    }
}
