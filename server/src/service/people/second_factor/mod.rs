//! The second step of signing in: a code of an authenticator, or a recovery code.

pub mod totp;

use std::time::Instant;

use engine::value::{Id, Timestamp, format_timestamp};
use store::Tx;
use store::member::Member;
use store::second_factor::{RecoveryCode, SecondFactor};
use store::sign_in_policy::Demand;

use super::confirm::is_fresh;
use super::secret::{hash_of, new_recovery_code};
use super::{Caller, Credential};
use crate::service::audit::{self, Note};
use crate::service::clock;
use crate::service::seal::Seal;
use crate::service::{Cause, Installation, Refusal};

/// How many recovery codes somebody gets.
const RECOVERY_CODES: usize = 10;

/// Whether the workspace asks a caller for a second step.
pub fn is_demanded(caller: &Caller) -> bool {
    match caller.people.demand {
        Demand::Nobody => false,
        Demand::Administrators => caller.is_administrator(),
        Demand::Everybody => true,
    }
}

/// Whether a caller must set up a second step before anything else. Programs have tokens, and an identity provider asks
/// for second steps itself.
pub fn must_set_up(caller: &Caller) -> bool {
    let by_password = matches!(caller.credential, Credential::Session(_)) && !caller.vouched;
    by_password && is_demanded(caller) && !caller.people.second_factors.contains(&caller.id())
}

/// What the caller has.
///
/// # Errors
/// `session_required`; when the database can't be read.
pub async fn read(installation: &Installation, caller: &Caller) -> Result<wire::SecondFactor, Refusal> {
    super::tokens::is_no_token(caller)?;
    let (workspace, member) = (caller.workspace_id(), caller.id());
    let mut db = installation.store.read().await?;
    let factor = SecondFactor::find(&mut db, workspace, member).await?;
    let since = factor.and_then(|factor| factor.confirmed_at);
    let left = if since.is_some() { RecoveryCode::count(&mut db, workspace, member).await? } else { 0 };
    Ok(wire::SecondFactor {
        enabled: since.is_some(),
        required: is_demanded(caller),
        since: since.map(format_timestamp),
        recovery_codes_left: u32::try_from(left).unwrap_or(u32::MAX),
    })
}

/// Makes a secret for the caller's authenticator. It is asked for only once it was shown to be there ([`enable`]).
///
/// # Errors
/// `second_factor_on` where there is one; `reauth_required`, `session_required`.
pub async fn offer(installation: &Installation, caller: &Caller) -> Result<wire::SecondFactorOffer, Refusal> {
    is_fresh(installation, caller).await?;
    let mut secret = [0_u8; totp::SECRET_BYTES];
    getrandom::fill(&mut secret).map_err(|error| Refusal::internal(error.to_string()))?;
    let factor = SecondFactor {
        workspace: caller.workspace_id(),
        member: caller.id(),
        secret: installation.seal.close(&totp::base32(&secret), &bound(caller.id()))?,
        confirmed_at: None,
        last_step: 0,
    };
    installation
        .write(move |tx| {
            Box::pin(async move {
                match SecondFactor::find(tx, factor.workspace, factor.member).await? {
                    Some(known) if known.confirmed_at.is_some() => {
                        return Err(Refusal::conflict("second_factor_on"));
                    }
                    Some(_) => factor.update(tx).await?,
                    None => factor.insert(tx).await?,
                }
                Ok(())
            })
        })
        .await?;
    let issuer = format!("Formwork ({})", caller.workspace.name);
    let uri = totp::uri(&secret, &issuer, &caller.member.email);
    let picture = engine::text::qr_code(&uri).ok_or_else(|| Refusal::internal("too long for a QR code"))?;
    Ok(wire::SecondFactorOffer { secret: totp::base32(&secret), uri, picture })
}

/// Asks for the second step from now on: the code shows that the authenticator has the secret. Other browsers of the
/// caller must sign in with it.
///
/// # Errors
/// `wrong_code`; `not_found` where none was offered; `second_factor_on`; `session_required`, `reauth_required`.
pub async fn enable(
    installation: &Installation,
    caller: &Caller,
    code: &str,
) -> Result<wire::RecoveryCodes, Refusal> {
    is_fresh(installation, caller).await?;
    let key = installation.codes.admit(&caller.id().to_string(), Instant::now())?;
    let known = find(installation, caller.workspace_id(), caller.id()).await?;
    let factor = known.ok_or_else(Refusal::missing)?;
    if factor.confirmed_at.is_some() {
        return Err(Refusal::conflict("second_factor_on"));
    }
    let now = clock::now();
    let step = step(installation, &factor, code, now)?.ok_or_else(|| wrong_code("code"))?;
    installation.codes.forgive(key);
    let codes = new_codes()?;
    let (parts, actor, kept) = (installation.clone(), caller.clone(), codes.clone());
    installation
        .write(move |tx| {
            Box::pin(async move {
                let enabled = SecondFactor { confirmed_at: Some(now), last_step: step, ..factor };
                enabled.update(tx).await?;
                replace_codes(tx, &actor, &kept).await?;
                let own = if let Credential::Session(hash) = &actor.credential {
                    Some(hash.as_str())
                } else {
                    None
                };
                super::sign_in::end_sessions(&parts, tx, actor.workspace_id(), actor.id(), own).await?;
                changed(&parts, tx, &actor, actor.id(), "second_factor.enable").await
            })
        })
        .await?;
    Ok(wire::RecoveryCodes { codes })
}

/// Gives the caller new recovery codes; those from before are no good any more.
///
/// # Errors
/// `not_found` where there is no second step; `session_required`, `reauth_required`.
pub async fn renew_codes(
    installation: &Installation,
    caller: &Caller,
) -> Result<wire::RecoveryCodes, Refusal> {
    is_fresh(installation, caller).await?;
    let known = find(installation, caller.workspace_id(), caller.id()).await?;
    known.filter(|factor| factor.confirmed_at.is_some()).ok_or_else(Refusal::missing)?;
    let codes = new_codes()?;
    let (actor, kept) = (caller.clone(), codes.clone());
    installation
        .write(move |tx| {
            Box::pin(async move {
                replace_codes(tx, &actor, &kept).await?;
                note(tx, &actor, actor.id(), "second_factor.recovery_codes").await
            })
        })
        .await?;
    Ok(wire::RecoveryCodes { codes })
}

/// Takes the caller's second step away.
///
/// # Errors
/// `not_found` where there is none; `session_required`, `reauth_required`.
pub async fn remove(installation: &Installation, caller: &Caller) -> Result<(), Refusal> {
    is_fresh(installation, caller).await?;
    forget(installation, caller, caller.id()).await
}

/// Takes the second step of a member away who can't sign in with it any more, and ends their sessions.
///
/// # Errors
/// `not_found` where there is none, or no such member; `session_required` for who comes with a token, and `reauth_required` for
/// one's own.
pub async fn reset(installation: &Installation, caller: &Caller, member: Id) -> Result<(), Refusal> {
    super::tokens::is_no_token(caller)?;
    if member == caller.id() {
        is_fresh(installation, caller).await?;
    }
    forget(installation, caller, member).await
}

async fn forget(installation: &Installation, caller: &Caller, member: Id) -> Result<(), Refusal> {
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .write(move |tx| {
            Box::pin(async move {
                let workspace = actor.workspace_id();
                if !SecondFactor::delete(tx, workspace, member).await? {
                    return Err(Refusal::missing());
                }
                RecoveryCode::forget(tx, workspace, member).await?;
                if member != actor.id() {
                    super::sign_in::end_sessions(&parts, tx, workspace, member, None).await?;
                }
                changed(&parts, tx, &actor, member, "second_factor.remove").await
            })
        })
        .await
}

/// Checks the second step of a member who has shown their password. Codes are counted for the account alone: only who
/// knows the password can use them up.
///
/// # Errors
/// `second_step_required` without a code; `wrong_code`; `too_many_requests`.
pub async fn pass(installation: &Installation, member: &Member, code: Option<&str>) -> Result<(), Refusal> {
    let known = find(installation, member.workspace, member.id).await?;
    let Some(factor) = known.filter(|factor| factor.confirmed_at.is_some()) else { return Ok(()) };
    let Some(code) = code.map(str::trim).filter(|code| !code.is_empty()) else {
        return Err(Refusal::new(Cause::SignIn, "second_step_required"));
    };
    if is_right(installation, &factor, code).await? {
        Ok(())
    } else {
        Err(Refusal::new(Cause::SignIn, "wrong_code"))
    }
}

/// Whether a code is right; then it is used up.
///
/// # Errors
/// `too_many_requests` after too many wrong ones.
pub(super) async fn is_right(
    installation: &Installation,
    factor: &SecondFactor,
    code: &str,
) -> Result<bool, Refusal> {
    let key = installation.codes.admit(&factor.member.to_string(), Instant::now())?;
    let code = totp::as_written(code);
    let (workspace, member) = (factor.workspace, factor.member);
    let step = if totp::is_code(&code) { step(installation, factor, &code, clock::now())? } else { None };
    let right = match step {
        Some(step) => {
            installation
                .write(move |tx| {
                    Box::pin(async move { Ok(SecondFactor::use_step(tx, workspace, member, step).await?) })
                })
                .await?
        }
        None => {
            let hash = hash_of(&code.to_lowercase());
            installation
                .write(move |tx| {
                    Box::pin(async move { Ok(RecoveryCode::delete(tx, workspace, member, hash).await?) })
                })
                .await?
        }
    };
    if right {
        installation.codes.forgive(key);
    }
    Ok(right)
}

/// What is stored of a member's second step, being set up or not.
///
/// # Errors
/// When the database can't be read.
pub(super) async fn find(
    installation: &Installation,
    workspace: Id,
    member: Id,
) -> Result<Option<SecondFactor>, Refusal> {
    Ok(SecondFactor::find(&mut installation.store.read().await?, workspace, member).await?)
}

/// The time step of a code, if it is right.
fn step(
    installation: &Installation,
    factor: &SecondFactor,
    code: &str,
    now: Timestamp,
) -> Result<Option<i64>, Refusal> {
    let damaged = || Refusal::internal("a stored second factor can't be opened");
    let text = installation.seal.open(&factor.secret, &bound(factor.member)).ok_or_else(damaged)?;
    let secret = totp::from_base32(&text).ok_or_else(damaged)?;
    Ok(totp::step_of(&secret, &totp::as_written(code), now, factor.last_step))
}

/// Seals every secret anew. One that no key opens stays as it is: its member signs in with a recovery code.
///
/// # Errors
/// When the database can't be read or written.
pub async fn seal_anew(tx: &mut Tx, seal: &Seal) -> Result<(), Refusal> {
    for factor in SecondFactor::everywhere(tx).await? {
        if let Some(secret) = seal.anew(&factor.secret, &bound(factor.member))? {
            SecondFactor { secret, ..factor }.update(tx).await?;
        }
    }
    Ok(())
}

/// Takes the second step of everybody away, as an operator; gives how many had one. The trail names each of them.
///
/// # Errors
/// When the database can't be written.
pub async fn forget_all(tx: &mut Tx) -> Result<u64, Refusal> {
    for SecondFactor { workspace, member, .. } in SecondFactor::everywhere(tx).await? {
        let known = Member::find(tx, workspace, member).await?;
        let label = known.as_ref().map(|member| member.name.as_str());
        let note = Note { action: "second_factor.remove", object: Some(member), label, changes: None };
        audit::by_operator(tx, workspace, note).await?;
    }
    Ok(SecondFactor::forget_everywhere(tx).await?)
}

/// What a sealed secret is good for.
fn bound(member: Id) -> String {
    format!("second factor of {member}")
}

/// The fault of a code that is not right, where somebody is signed in already.
fn wrong_code(path: &str) -> Refusal {
    Refusal::fault(path, "wrong_code")
}

fn new_codes() -> Result<Vec<String>, Refusal> {
    (0..RECOVERY_CODES).map(|_| new_recovery_code()).collect()
}

async fn replace_codes(tx: &mut Tx, caller: &Caller, codes: &[String]) -> Result<(), Refusal> {
    let (workspace, member) = (caller.workspace_id(), caller.id());
    RecoveryCode::forget(tx, workspace, member).await?;
    let rows: Vec<RecoveryCode> = codes
        .iter()
        .map(|code| RecoveryCode { workspace, member, hash: hash_of(&totp::as_written(code)) })
        .collect();
    Ok(RecoveryCode::insert_all(tx, &rows).await?)
}

async fn note(tx: &mut Tx, caller: &Caller, member: Id, action: &str) -> Result<(), Refusal> {
    let label = caller.people.members.get(&member).map(|member| member.name.as_str());
    audit::note(tx, caller, Note { action, object: Some(member), label, changes: None }).await
}

async fn changed(
    installation: &Installation,
    tx: &mut Tx,
    caller: &Caller,
    member: Id,
    action: &str,
) -> Result<(), Refusal> {
    note(tx, caller, member, action).await?;
    installation.directories.changed(tx, caller.workspace_id()).await?;
    let (parts, workspace) = (installation.clone(), caller.workspace_id());
    tx.on_commit(move || parts.look_up_again(workspace, member));
    Ok(())
}
