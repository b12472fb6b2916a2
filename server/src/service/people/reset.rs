//! Choosing a new password by a link: of a letter, or of an administrator who hands it over.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::Instant;

use engine::value::{Id, format_timestamp};
use jiff::SignedDuration;
use store::Tx;
use store::member::{Member, MemberState};
use store::password_reset::PasswordReset;
use store::token::Token;

use super::secret::{hash_of, new_secret};
use super::sign_in::{self, From, end_sessions};
use super::{Caller, Credential, confirm, tokens, workspace};
use crate::service::answer::Answer;
use crate::service::audit::{self, Note};
use crate::service::clock;
use crate::service::mail::{self, Letter};
use crate::service::{Cause, Installation, Refusal};
use crate::texts::texts;

/// How long a link is good for, in minutes.
const MINUTES: i64 = 30;
const LIVES: SignedDuration = SignedDuration::from_mins(MINUTES);
/// The page of the browser that takes a link. What comes after `#` is sent to no server and kept in no log.
const PAGE: &str = "/new-password#";

/// How one can sign in here, besides with a password.
pub async fn ways(installation: &Installation) -> wire::SignInWays {
    let services = &installation.settings.services;
    wire::SignInWays {
        reset: installation.postman.is_some(),
        provider: services.provider.as_ref().map(|provider| provider.label.clone()),
        plain_http: installation.settings.reach.plain_http,
        // Where the database is too busy for a name, people sign in without it.
        workspace: workspace::told_at_sign_in(installation).await.ok().flatten(),
    }
}

/// Sends a link to whoever has this address. The answer is the same whether somebody has it or not, and comes as soon.
///
/// # Errors
/// Not found where no mail is sent; `too_many_requests`.
pub async fn ask(installation: &Installation, from: From, email: &str) -> Result<(), Refusal> {
    if installation.postman.is_none() {
        return Err(Refusal::missing());
    }
    let email = email.trim().to_lowercase();
    let address = from.address.unwrap_or(IpAddr::from([127, 0, 0, 1]));
    installation.throttle.admit(&format!("reset {email}"), address, Instant::now())?;
    installation.letters.admit(&email, Instant::now())?;
    let parts = installation.clone();
    tokio::spawn(async move {
        if let Err(error) = send_links(&parts, &email, &from).await {
            tracing::warn!(code = error.code, "a link for a new password could not be made");
        }
    });
    Ok(())
}

async fn send_links(installation: &Installation, email: &str, from: &From) -> Result<(), Refusal> {
    let members = Member::by_email(&mut installation.store.read().await?, email).await?;
    for member in members {
        let Some(caller) = as_caller(installation, &member, from).await? else { continue };
        let secret = new_secret()?;
        let link = address(installation, &secret);
        let letter = letter(&caller, &link);
        let reset = PasswordReset {
            hash: hash_of(&secret),
            workspace: member.workspace,
            member: member.id,
            expires_at: clock::now().checked_add(LIVES).map_err(Refusal::internal)?,
        };
        let parts = installation.clone();
        installation
            .write(move |tx| {
                Box::pin(async move {
                    reset.insert(tx).await?;
                    mail::post(&parts, tx, &caller, &letter, LIVES).await?;
                    note(tx, &caller, "password.reset_asked", &caller.member).await
                })
            })
            .await?;
    }
    Ok(())
}

fn address(installation: &Installation, secret: &str) -> String {
    format!("{}{PAGE}{secret}", installation.settings.base_url)
}

/// Makes a link for a member who has forgotten the password, for an administrator to hand over: where no mail is sent, or none
/// arrives, there is no other way back in. It is shown once, not kept for a repeated request, and makes earlier ones worthless.
///
/// # Errors
/// Not found; `has_not_joined` for who is still invited, `member_disabled` for who has left; `session_required` for who comes with
/// a token, and `reauth_required` for one's own.
pub async fn hand_out(installation: &Installation, caller: &Caller, id: Id) -> Result<Answer, Refusal> {
    tokens::is_no_token(caller)?;
    if id == caller.id() {
        confirm::is_fresh(installation, caller).await?;
    }
    let secret = new_secret()?;
    let (hash, actor) = (hash_of(&secret), caller.clone());
    let expires_at = clock::now().checked_add(LIVES).map_err(Refusal::internal)?;
    installation
        .write(move |tx| {
            Box::pin(async move {
                let workspace = actor.workspace_id();
                let member = Member::find(tx, workspace, id).await?.ok_or_else(Refusal::missing)?;
                match member.state {
                    MemberState::Active => {}
                    MemberState::Invited => return Err(Refusal::conflict("has_not_joined")),
                    MemberState::Disabled => return Err(Refusal::conflict("member_disabled")),
                }
                PasswordReset::end_all(tx, workspace, id).await?;
                PasswordReset { hash, workspace, member: id, expires_at }.insert(tx).await?;
                note(tx, &actor, "password.link", &member).await
            })
        })
        .await?;
    let url = address(installation, &secret);
    Answer::created(&wire::PasswordLink { token: secret, url, expires_at: format_timestamp(expires_at) })
}

/// Sets the password of whoever a link was made for. It ends their sessions, their tokens and their other links; it signs
/// nobody in, so that a second step is still asked for.
///
/// # Errors
/// `link_expired`, also for one that was used; faults of the password.
pub async fn redeem(
    installation: &Installation,
    from: From,
    input: wire::ResetRedemption,
) -> Result<(), Refusal> {
    let expired = || Refusal::new(Cause::Gone, "link_expired");
    let hash = hash_of(input.token.trim());
    let mut db = installation.store.read().await?;
    let found = PasswordReset::find(&mut db, hash.clone()).await?;
    let reset = found.filter(|reset| reset.expires_at > clock::now()).ok_or_else(expired)?;
    let member = Member::find(&mut db, reset.workspace, reset.member).await?.ok_or_else(expired)?;
    drop(db);
    let caller = as_caller(installation, &member, &from).await?.ok_or_else(expired)?;
    let (asked, about) = (caller.people.rules.password, [member.name.as_str(), member.email.as_str()]);
    let hashed = installation.passwords.hash(&input.password, asked, &about, "password").await?;
    let parts = installation.clone();
    installation
        .write(move |tx| {
            Box::pin(async move {
                let (workspace, id) = (reset.workspace, reset.member);
                if !PasswordReset::delete(tx, hash).await? {
                    return Err(Refusal::new(Cause::Gone, "link_expired"));
                }
                let mut member = Member::find(tx, workspace, id).await?.ok_or_else(Refusal::missing)?;
                member.password_hash = Some(hashed);
                member.version += 1;
                member.update(tx).await?;
                PasswordReset::end_all(tx, workspace, id).await?;
                Token::end_all(tx, workspace, id).await?;
                note(tx, &caller, "password.reset", &member).await?;
                parts.directories.changed(tx, workspace).await?;
                // After the directory: who is woken by it sees the member as they are now.
                end_sessions(&parts, tx, workspace, id, None).await
            })
        })
        .await
}

/// The one a link is for; `None` where they may not sign in.
async fn as_caller(
    installation: &Installation,
    member: &Member,
    from: &From,
) -> Result<Option<Caller>, Refusal> {
    if member.state != MemberState::Active {
        return Ok(None);
    }
    let credential = Credential::Session(String::new());
    let caller = sign_in::caller(installation, member.workspace, member.id, credential, from.address).await?;
    Ok(caller.map(|caller| Caller { request: from.request.clone(), ..caller }))
}

fn letter(caller: &Caller, link: &str) -> Letter {
    let texts = texts(caller.language());
    let none = BTreeMap::new();
    let minutes = MINUTES.to_string();
    let args: BTreeMap<String, String> = [
        ("name", caller.member.name.as_str()),
        ("email", caller.member.email.as_str()),
        ("workspace", caller.workspace.name.as_str()),
        ("minutes", minutes.as_str()),
        ("link", link),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_string(), value.to_string()))
    .collect();
    Letter {
        to: caller.member.email.clone(),
        subject: texts.get("mail-reset-subject", &none).unwrap_or_default(),
        text: texts.get("mail-reset-body", &args).unwrap_or_default(),
    }
}

async fn note(tx: &mut Tx, caller: &Caller, action: &str, member: &Member) -> Result<(), Refusal> {
    let note = Note { action, object: Some(member.id), label: Some(&member.name), changes: None };
    audit::note(tx, caller, note).await
}
