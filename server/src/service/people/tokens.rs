//! API tokens: what programs use in a member's name.

use engine::text::Fault;
use engine::value::{Id, Timestamp, format_timestamp};
use jiff::SignedDuration;
use store::ids;
use store::token::Token;

use super::change::in_one_line;
use super::secret::{hash_of, new_secret};
use super::sign_in::TOKEN_PREFIX;
use super::{Caller, Credential};
use crate::service::answer::Answer;
use crate::service::audit::{self, Note};
use crate::service::clock;
use crate::service::{Installation, Refusal};

/// Days that a token with an end may live.
const LONGEST_DAYS: u32 = 3_650;
/// Letters of what one is called.
const LONGEST_NAME: usize = 200;
/// Tokens of one member.
const MOST: usize = 100;

/// What a stored token is limited to; nothing means everything that its owner may.
pub fn scopes(token: &Token) -> Vec<wire::Scope> {
    serde_json::from_str(&token.scopes).unwrap_or_default()
}

fn view(token: &Token, secret: Option<String>) -> wire::Token {
    wire::Token {
        id: token.id,
        name: token.name.clone(),
        scopes: scopes(token),
        created_at: format_timestamp(token.created_at),
        expires_at: token.expires_at.map(format_timestamp),
        seen_at: token.seen_at.map(format_timestamp),
        token: secret,
    }
}

/// A token that leaked must not make others that outlive it, nor end those of its owner, nor set another password.
///
/// # Errors
/// `session_required`
pub fn is_no_token(caller: &Caller) -> Result<(), Refusal> {
    match caller.credential {
        Credential::Token { .. } => Err(Refusal::forbidden("session_required")),
        Credential::SeeingAs { .. } => Err(Refusal::forbidden("see_as_reads_only")),
        Credential::Link(_) | Credential::Hook(_) => Err(Refusal::forbidden("session_required")),
        Credential::Session(_) | Credential::Operator | Credential::Product => Ok(()),
    }
}

/// The caller's own tokens.
///
/// # Errors
/// `session_required` for who comes with a token, as for all that is done with tokens.
pub async fn list(installation: &Installation, caller: &Caller) -> Result<Vec<wire::Token>, Refusal> {
    is_no_token(caller)?;
    let tokens =
        Token::list(&mut installation.store.read().await?, caller.workspace_id(), caller.id()).await?;
    Ok(tokens.iter().map(|token| view(token, None)).collect())
}

/// Makes a token for the caller; the answer shows it once. It is not kept for a repeated request, since a secret is
/// never stored.
///
/// # Errors
/// Faults of what was given; `session_required`.
pub async fn create(
    installation: &Installation,
    caller: &Caller,
    input: wire::TokenInput,
) -> Result<Answer, Refusal> {
    let (token, secret) = make(installation, caller, input).await?;
    Answer::created(&view(&token, Some(secret)))
}

/// As [`create`]; gives what is stored, and the token itself.
pub async fn make(
    installation: &Installation,
    caller: &Caller,
    input: wire::TokenInput,
) -> Result<(Token, String), Refusal> {
    is_no_token(caller)?;
    let name = in_one_line(&input.name);
    if name.is_empty() {
        return Err(Refusal::invalid(vec![Fault::new("name", "required")]));
    }
    if name.chars().count() > LONGEST_NAME {
        return Err(Refusal::invalid(vec![Fault::new("name", "too_long").arg("max", LONGEST_NAME)]));
    }
    let secret = format!("{TOKEN_PREFIX}{}", new_secret()?);
    let now = clock::now();
    let token = Token {
        workspace: caller.workspace_id(),
        id: ids::next(),
        hash: hash_of(&secret),
        member: caller.id(),
        name,
        scopes: serde_json::to_string(&input.scopes).map_err(Refusal::internal)?,
        created_at: now,
        expires_at: input.days.map(|days| end_of(now, days)).transpose()?,
        seen_at: None,
    };
    let actor = caller.clone();
    installation
        .write(move |tx| {
            Box::pin(async move {
                if Token::list(tx, token.workspace, token.member).await?.len() >= MOST {
                    return Err(Refusal::invalid(vec![Fault::new("", "too_many").arg("max", MOST)]));
                }
                token.insert(tx).await?;
                note(tx, &actor, "token.create", &token).await?;
                Ok((token, secret))
            })
        })
        .await
}

/// When a token that is made now ends.
fn end_of(now: Timestamp, days: u32) -> Result<Timestamp, Refusal> {
    let fault = match days {
        0 => Fault::new("days", "too_small").arg("min", 1),
        1..=LONGEST_DAYS => {
            return now
                .checked_add(SignedDuration::from_hours(24 * i64::from(days)))
                .map_err(Refusal::internal);
        }
        _ => Fault::new("days", "too_large").arg("max", LONGEST_DAYS),
    };
    Err(Refusal::invalid(vec![fault]))
}

/// # Errors
/// Not found, for tokens of others too; `session_required`.
pub async fn delete(installation: &Installation, caller: &Caller, id: Id) -> Result<(), Refusal> {
    is_no_token(caller)?;
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .write(move |tx| {
            Box::pin(async move {
                let found = Token::find(tx, actor.workspace_id(), id).await?;
                let token = found.filter(|token| token.member == actor.id()).ok_or_else(Refusal::missing)?;
                Token::delete(tx, token.workspace, id).await?;
                note(tx, &actor, "token.delete", &token).await?;
                tx.on_commit(move || parts.look_up_again(actor.workspace_id(), actor.id()));
                Ok(())
            })
        })
        .await
}

async fn note(tx: &mut store::Tx, caller: &Caller, action: &str, token: &Token) -> Result<(), Refusal> {
    let note = Note { action, object: Some(token.id), label: Some(&token.name), changes: None };
    audit::note(tx, caller, note).await
}
