//! Invitations: links by which a member joins, chooses a password, and is signed in.
//!
//! A link is good once, for seven days, and for the address that the member had when it was made; a newer one makes the
//! older worthless. It says nothing but who is invited: what they may do is what their membership says at that moment.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;

use engine::value::{Id, Timestamp, format_timestamp};
use jiff::SignedDuration;
use serde_json::json;
use store::Tx;
use store::invitation::Invitation;
use store::member::{Member, MemberState};

use super::change::in_one_line;
use super::secret::{hash_of, new_secret};
use super::sign_in::{From, open_session};
use super::{Caller, Credential, Directory, members};
use crate::service::answer::Answer;
use crate::service::audit::{self, Note};
use crate::service::cached::Snapshot;
use crate::service::clock;
use crate::service::mail::{self, Letter};
use crate::service::{Cause, Installation, Refusal};
use crate::texts::texts;

/// How long an invitation is good, in days.
const DAYS: i64 = 7;
const GOOD_FOR: SignedDuration = SignedDuration::from_hours(24 * DAYS);
/// The page of the browser that takes an invitation. What comes after `#` is sent to no server and kept in no log.
const PAGE: &str = "/invitation#";
/// What guesses are counted under.
const ACCOUNT: &str = "\u{0}invitation";

/// Makes a link for a member who has not joined yet. It is shown once, and not kept for a repeated request: a secret is
/// never stored.
///
/// # Errors
/// Not found; `has_joined` for who can sign in already, `member_disabled` for who has left.
pub async fn create(installation: &Installation, caller: &Caller, id: Id) -> Result<Answer, Refusal> {
    let secret = new_secret()?;
    let url = address(installation, &secret);
    let expires_at = make(installation, caller, id, &secret, None).await?;
    Answer::created(&wire::Invitation { token: secret, url, expires_at: format_timestamp(expires_at) })
}

/// Sends such a link to the address of the member, and shows it to nobody else.
///
/// # Errors
/// As [`create`]; not found where no mail is sent, `too_many_requests` where that address got several letters just now.
pub async fn send(installation: &Installation, caller: &Caller, id: Id) -> Result<(), Refusal> {
    if installation.postman.is_none() {
        return Err(Refusal::missing());
    }
    let member = caller.people.members.get(&id).ok_or_else(Refusal::missing)?;
    may_join(member)?;
    installation.letters.admit(&member.email, Instant::now())?;
    let secret = new_secret()?;
    let link = address(installation, &secret);
    make(installation, caller, id, &secret, Some(link)).await.map(drop)
}

fn address(installation: &Installation, secret: &str) -> String {
    format!("{}{PAGE}{secret}", installation.settings.base_url)
}

/// Makes a link in the place of earlier ones, and a letter with it where it is to be sent; gives until when it is good.
async fn make(
    installation: &Installation,
    caller: &Caller,
    id: Id,
    secret: &str,
    to_send: Option<String>,
) -> Result<Timestamp, Refusal> {
    let (hash, now) = (hash_of(secret), clock::now());
    let expires_at = now.checked_add(GOOD_FOR).map_err(Refusal::internal)?;
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .write(move |tx| {
            Box::pin(async move {
                let member = joining(tx, actor.workspace_id(), id).await?;
                Invitation::revoke(tx, member.workspace, id).await?;
                let invitation = Invitation {
                    hash,
                    workspace: member.workspace,
                    member: id,
                    email: member.email.clone(),
                    created_by: actor.id(),
                    created_at: now,
                    expires_at,
                    used_at: None,
                };
                invitation.insert(tx).await?;
                if let Some(link) = &to_send {
                    let letter = letter(&actor, &member, link);
                    mail::post(&parts, tx, &actor, &letter, GOOD_FOR).await?;
                }
                note(tx, &actor, "member.invite", &member).await
            })
        })
        .await?;
    Ok(expires_at)
}

/// In the member's own language, where they have one already.
fn letter(caller: &Caller, member: &Member, link: &str) -> Letter {
    let texts = texts(member.language.unwrap_or(caller.workspace.language));
    let days = DAYS.to_string();
    let args: BTreeMap<String, String> = [
        ("name", member.name.as_str()),
        ("who", caller.member.name.as_str()),
        ("workspace", caller.workspace.name.as_str()),
        ("days", days.as_str()),
        ("link", link),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_string(), value.to_string()))
    .collect();
    Letter {
        to: member.email.clone(),
        subject: texts.get("mail-invitation-subject", &args).unwrap_or_default(),
        text: texts.get("mail-invitation-body", &args).unwrap_or_default(),
    }
}

/// Makes the links of a member worthless that nobody has used.
///
/// # Errors
/// Not found.
pub async fn revoke(installation: &Installation, caller: &Caller, id: Id) -> Result<(), Refusal> {
    let actor = caller.clone();
    installation
        .write(move |tx| {
            Box::pin(async move {
                let workspace = actor.workspace_id();
                let member = Member::find(tx, workspace, id).await?.ok_or_else(Refusal::missing)?;
                if Invitation::revoke(tx, workspace, id).await? == 0 {
                    return Err(Refusal::missing());
                }
                note(tx, &actor, "member.uninvite", &member).await
            })
        })
        .await
}

/// The member with this id, as long as they can still join.
async fn joining(tx: &mut Tx, workspace: Id, id: Id) -> Result<Member, Refusal> {
    let member = Member::find(tx, workspace, id).await?.ok_or_else(Refusal::missing)?;
    may_join(&member)?;
    Ok(member)
}

fn may_join(member: &Member) -> Result<(), Refusal> {
    match member.state {
        MemberState::Invited => Ok(()),
        MemberState::Active => Err(Refusal::conflict("has_joined")),
        MemberState::Disabled => Err(Refusal::conflict("member_disabled")),
    }
}

/// Who is invited by a link.
///
/// # Errors
/// Not found; `invitation_over` for one that was used, whose time is over, or whose member has left or another address;
/// `too_many_requests` after too many that were wrong.
pub async fn look(
    installation: &Installation,
    token: &str,
    from: &From,
) -> Result<wire::InvitationSeen, Refusal> {
    let (invitation, member) = good(installation, token, from).await?;
    let people = installation.directories.get(&installation.store, invitation.workspace).await?;
    Ok(wire::InvitationSeen {
        workspace: people.workspace.name.clone(),
        email: member.email.clone(),
        name: member.name.clone(),
        language: member.language.unwrap_or(people.workspace.language),
        languages: people.rules.languages.clone(),
        password: people.rules.password,
        expires_at: format_timestamp(invitation.expires_at),
    })
}

/// Joins by a link; gives the value of a session's cookie.
///
/// # Errors
/// As [`look`]; faults of what was given.
pub async fn accept(
    installation: &Installation,
    input: wire::InvitationAcceptance,
    from: From,
) -> Result<String, Refusal> {
    let (invitation, invited) = good(installation, &input.token, &from).await?;
    let people = installation.directories.get(&installation.store, invitation.workspace).await?;
    people.rules.check_language(input.language)?;
    let about = [input.name.as_deref().unwrap_or(&invited.name), invited.email.as_str()];
    let asked = people.rules.password;
    let hashed = installation.passwords.hash(&input.password, asked, &about, "password").await?;
    let (parts, origin) = (installation.clone(), from.clone());
    let member = installation
        .write(move |tx| {
            Box::pin(async move {
                if !Invitation::redeem(tx, &invitation.hash, clock::now()).await? {
                    return Err(over());
                }
                let found = joining(tx, invitation.workspace, invitation.member).await;
                let before = found.map_err(|refusal| match refusal.cause {
                    Cause::Conflict | Cause::Missing => over(),
                    _ => refusal,
                })?;
                let mut member = before.clone();
                if member.email != invitation.email {
                    return Err(over());
                }
                member.password_hash = Some(hashed);
                member.state = MemberState::Active;
                member.name = input.name.map_or(member.name, |name| in_one_line(&name));
                member.language = input.language.or(member.language);
                member.version += 1;
                members::check(&member)?;
                member.update(tx).await?;
                parts.directories.changed(tx, member.workspace).await?;
                joined(tx, (&before, &member), origin).await?;
                Ok(member)
            })
        })
        .await?;
    open_session(installation, &member, from).await
}

/// An invitation that can be used now, with its member. Wrong ones are counted for each address.
async fn good(
    installation: &Installation,
    token: &str,
    from: &From,
) -> Result<(Invitation, Member), Refusal> {
    let address = from.address.unwrap_or(IpAddr::from([127, 0, 0, 1]));
    let now = Instant::now();
    installation.throttle.admit(ACCOUNT, address, now)?;
    let found = find(installation, token).await;
    if !matches!(&found, Err(refusal) if refusal.cause == Cause::Missing) {
        installation.throttle.forgive(ACCOUNT, address, now);
    }
    found
}

async fn find(installation: &Installation, token: &str) -> Result<(Invitation, Member), Refusal> {
    let mut db = installation.store.read().await?;
    let invitation = Invitation::find(&mut db, hash_of(token.trim())).await?.ok_or_else(Refusal::missing)?;
    let member = Member::find(&mut db, invitation.workspace, invitation.member).await?;
    let is_meant = |member: &Member| member.state == MemberState::Invited && member.email == invitation.email;
    let is_good = invitation.used_at.is_none() && invitation.expires_at > clock::now();
    match member.filter(is_meant).filter(|_| is_good) {
        Some(member) => Ok((invitation, member)),
        None => Err(over()),
    }
}

fn over() -> Refusal {
    Refusal::new(Cause::Gone, "invitation_over")
}

/// Notes that a member has joined, as what they did themselves.
async fn joined(tx: &mut Tx, (before, member): (&Member, &Member), from: From) -> Result<(), Refusal> {
    let people = Directory::load(tx, member.workspace).await?;
    let found = people.members.get(&member.id).cloned().ok_or_else(Refusal::missing)?;
    let (old, new) = (members::view(before, &people), members::view(member, &people));
    let caller = Caller {
        workspace: people.workspace.clone(),
        member: found,
        people: Arc::new(people),
        credential: Credential::Session(String::new()),
        asked_language: None,
        address: from.address,
        request: from.request,
        vouched: false,
    };
    members::note(tx, &caller, "member.join", (Some(&old), &new), true).await
}

async fn note(tx: &mut Tx, caller: &Caller, action: &str, member: &Member) -> Result<(), Refusal> {
    let changes = json!({"email": member.email});
    let note = Note { action, object: Some(member.id), label: Some(&member.name), changes: Some(changes) };
    audit::note(tx, caller, note).await
}
