//! Looking as another member: an administrator of the workspace sees what that member sees, and changes nothing.
//!
//! What the browser carries besides its session is sealed for that session alone, so that there is nothing to store and
//! nothing to forge. Beginning and ending are in the audit trail. That no write passes is held three times: by the route
//! (only what reads is let in), by whatever opens a transaction for a caller, and by the audit entry that every change
//! leaves.

use engine::value::Id;
use jiff::SignedDuration;
use store::member::MemberState;

use super::{Caller, Credential};
use crate::service::audit::{self, Note};
use crate::service::clock;
use crate::service::{Cause, Installation, Refusal};

/// How long one look may last.
const LONGEST: SignedDuration = SignedDuration::from_hours(1);

/// Begins to look as a member; gives what the browser has to bring along, and the caller as they are from now on.
///
/// # Errors
/// Forbidden for who does not administer the workspace; `session_required` for who comes with a token; a fault for
/// somebody who can't sign in, and for oneself.
pub async fn begin(
    installation: &Installation,
    caller: &Caller,
    member: Id,
) -> Result<(String, Caller), Refusal> {
    let Credential::Session(session) = &caller.credential else {
        return Err(Refusal::forbidden("session_required"));
    };
    if !caller.is_administrator() {
        return Err(Refusal::forbidden("forbidden"));
    }
    let seen = caller.people.members.get(&member).filter(|seen| seen.state == MemberState::Active);
    let seen = seen.filter(|seen| seen.id != caller.id()).cloned();
    let seen = seen.ok_or_else(|| Refusal::fault("member", "not_an_id"))?;
    let until = (clock::now() + LONGEST).as_microsecond();
    let sealed = installation.seal.close(&format!("{member} {until}"), &bound(session))?;
    note(installation, caller, "see_as.begin", member).await?;
    Ok((sealed, caller.seeing_as(seen)))
}

/// Ends a look; `sealed` is what the browser brought along. One that is over already ends all the same.
///
/// # Errors
/// When it can't be noted.
pub async fn end(installation: &Installation, caller: &Caller, sealed: Option<&str>) -> Result<(), Refusal> {
    let Credential::Session(session) = &caller.credential else { return Ok(()) };
    match sealed.and_then(|sealed| opened(installation, session, sealed)) {
        Some((member, _)) => note(installation, caller, "see_as.end", member).await,
        None => Ok(()),
    }
}

/// The caller as the member whom they look as. What is sealed for another session means nothing.
///
/// # Errors
/// `see_as_ended` where the time is over, the member is gone, or the caller does not administer the workspace any more.
pub fn resolve(installation: &Installation, caller: Caller, sealed: &str) -> Result<Caller, Refusal> {
    let Credential::Session(session) = &caller.credential else { return Ok(caller) };
    let Some((member, until)) = opened(installation, session, sealed) else { return Ok(caller) };
    let seen = caller.people.members.get(&member).filter(|seen| seen.state == MemberState::Active).cloned();
    let is_over = !caller.is_administrator() || clock::now().as_microsecond() >= until;
    match seen.filter(|_| !is_over) {
        Some(seen) => Ok(caller.seeing_as(seen)),
        None => Err(Refusal::new(Cause::Forbidden, "see_as_ended")),
    }
}

/// The member and the moment at which it is over.
fn opened(installation: &Installation, session: &str, sealed: &str) -> Option<(Id, i64)> {
    let text = installation.seal.open(sealed, &bound(session))?;
    let (member, until) = text.split_once(' ')?;
    Some((member.parse().ok()?, until.parse().ok()?))
}

fn bound(session: &str) -> String {
    format!("see as, in {session}")
}

async fn note(
    installation: &Installation,
    caller: &Caller,
    action: &'static str,
    member: Id,
) -> Result<(), Refusal> {
    let actor = caller.clone();
    installation
        .write(move |tx| {
            Box::pin(async move {
                let name = actor.people.name(member).to_string();
                let note = Note { action, object: Some(member), label: Some(&name), changes: None };
                audit::note(tx, &actor, note).await
            })
        })
        .await
}
