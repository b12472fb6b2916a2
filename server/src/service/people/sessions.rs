//! The browsers that somebody is signed in with: seen, and ended.

use engine::value::{Id, format_timestamp};
use store::session::Session;

use super::sign_in::end_sessions;
use super::{Caller, Credential};
use crate::service::audit::{self, Note};
use crate::service::clock;
use crate::service::{Installation, Refusal};

/// How much of a session's hash names it. Who knows it all can do nothing with it either.
const NAME: usize = 32;

/// The caller's own, the last used first.
///
/// # Errors
/// `session_required` for who comes with a token.
pub async fn list(installation: &Installation, caller: &Caller) -> Result<Vec<wire::Session>, Refusal> {
    super::tokens::is_no_token(caller)?;
    let sessions = all(installation, caller).await?;
    Ok(sessions.iter().map(|session| view(session, caller)).collect())
}

/// Ends one of the caller's own, at once.
///
/// # Errors
/// Not found, for sessions of others too; `session_required`.
pub async fn end(installation: &Installation, caller: &Caller, id: &str) -> Result<(), Refusal> {
    super::tokens::is_no_token(caller)?;
    let sessions = all(installation, caller).await?;
    let named = sessions.into_iter().find(|session| name(&session.hash) == id);
    let hash = named.ok_or_else(Refusal::missing)?.hash;
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .write(move |tx| {
            Box::pin(async move {
                Session::delete(tx, hash).await?;
                let member = actor.id();
                audit::note(tx, &actor, note("session.end", &actor, member)).await?;
                tx.on_commit(move || parts.look_up_again(actor.workspace_id(), member));
                Ok(())
            })
        })
        .await
}

/// Ends all of the caller's but the one that asks.
///
/// # Errors
/// `session_required`.
pub async fn end_others(installation: &Installation, caller: &Caller) -> Result<(), Refusal> {
    super::tokens::is_no_token(caller)?;
    let own = if let Credential::Session(hash) = &caller.credential { Some(hash.clone()) } else { None };
    end_all(installation, caller, caller.id(), own).await
}

/// Ends all sessions of a member.
///
/// # Errors
/// Not found where there is no such member.
pub async fn end_of(installation: &Installation, caller: &Caller, member: Id) -> Result<(), Refusal> {
    if !caller.people.members.contains_key(&member) {
        return Err(Refusal::missing());
    }
    end_all(installation, caller, member, None).await
}

async fn end_all(
    installation: &Installation,
    caller: &Caller,
    member: Id,
    except: Option<String>,
) -> Result<(), Refusal> {
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .write(move |tx| {
            Box::pin(async move {
                end_sessions(&parts, tx, actor.workspace_id(), member, except.as_deref()).await?;
                audit::note(tx, &actor, note("session.end_all", &actor, member)).await
            })
        })
        .await
}

async fn all(installation: &Installation, caller: &Caller) -> Result<Vec<Session>, Refusal> {
    let mut db = installation.store.read().await?;
    Ok(Session::list(&mut db, caller.workspace_id(), caller.id(), clock::now()).await?)
}

fn view(session: &Session, caller: &Caller) -> wire::Session {
    wire::Session {
        id: name(&session.hash).to_string(),
        current: matches!(&caller.credential, Credential::Session(hash) if *hash == session.hash),
        created_at: format_timestamp(session.created_at),
        seen_at: format_timestamp(session.seen_at),
        expires_at: format_timestamp(session.expires_at),
        ip: session.ip.clone(),
        agent: session.agent.clone(),
    }
}

fn name(hash: &str) -> &str {
    hash.get(..NAME).unwrap_or(hash)
}

fn note<'a>(action: &'a str, caller: &'a Caller, member: Id) -> Note<'a> {
    let label = caller.people.members.get(&member).map(|member| member.name.as_str());
    Note { action, object: Some(member), label, changes: None }
}
