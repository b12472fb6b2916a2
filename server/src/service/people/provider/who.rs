//! Which member somebody at the provider is.

use store::identity::Identity;
use store::member::{Member, MemberState};
use store::session::Method;

use super::token::Claims;
use crate::service::audit::{self, Note};
use crate::service::clock;
use crate::service::people::sign_in::{self, From, open};
use crate::service::people::{Caller, Credential};
use crate::service::{Installation, Refusal};

/// Opens a session for who a token names; gives the cookie's value.
///
/// Who came before is known by the provider's name for them. Who comes for the first time is the member with their address,
/// where the provider has made sure of it and nobody else of the provider is that member already. Nobody becomes a
/// member by it.
///
/// # Errors
/// `unknown_at_provider` for who is no member here.
pub async fn enter(
    installation: &Installation,
    issuer: &str,
    claims: &Claims,
    from: From,
) -> Result<String, Refusal> {
    let member = match known(installation, issuer, &claims.sub).await? {
        Some(member) => member,
        None => {
            let found = match claims.verified_email() {
                Some(email) => newcomer(installation, issuer, email).await?,
                None => None,
            };
            let Some(found) = found else {
                audit::turn_away(installation, &[], &from).await?;
                return Err(Refusal::forbidden("unknown_at_provider"));
            };
            join(installation, found, issuer, &claims.sub, &from).await?
        }
    };
    open(installation, &member, from, Method::Provider).await
}

/// The active member who has come by this name before.
async fn known(installation: &Installation, issuer: &str, subject: &str) -> Result<Option<Member>, Refusal> {
    let mut db = installation.store.read().await?;
    for identity in Identity::of_subject(&mut db, issuer, subject).await? {
        let member = Member::find(&mut db, identity.workspace, identity.member).await?;
        if let Some(member) = member.filter(|member| member.state == MemberState::Active) {
            return Ok(Some(member));
        }
    }
    Ok(None)
}

/// The member with this address whom nobody of the provider is yet.
async fn newcomer(installation: &Installation, issuer: &str, email: &str) -> Result<Option<Member>, Refusal> {
    let mut db = installation.store.read().await?;
    for member in Member::by_email(&mut db, email).await? {
        let taken = Identity::of_member(&mut db, member.workspace, member.id, issuer).await?;
        if member.state != MemberState::Disabled && taken.is_empty() {
            return Ok(Some(member));
        }
    }
    Ok(None)
}

/// Remembers who a member is at the provider. Who was invited has arrived by it.
async fn join(
    installation: &Installation,
    member: Member,
    issuer: &str,
    subject: &str,
    from: &From,
) -> Result<Member, Refusal> {
    let identity = Identity {
        workspace: member.workspace,
        issuer: issuer.to_string(),
        subject: subject.to_string(),
        member: member.id,
        created_at: clock::now(),
    };
    let (parts, address) = (installation.clone(), from.address);
    let joined = installation
        .write(move |tx| {
            Box::pin(async move {
                let mut member =
                    Member::find(tx, member.workspace, member.id).await?.ok_or_else(Refusal::missing)?;
                match member.state {
                    MemberState::Disabled => return Err(Refusal::forbidden("unknown_at_provider")),
                    MemberState::Invited => {
                        member.state = MemberState::Active;
                        member.version += 1;
                        member.update(tx).await?;
                    }
                    MemberState::Active => {}
                }
                identity.insert(tx).await?;
                parts.directories.changed(tx, member.workspace).await?;
                Ok(member)
            })
        })
        .await?;
    let credential = Credential::Session(String::new());
    let caller = sign_in::caller(installation, joined.workspace, joined.id, credential, address).await?;
    if let Some(caller) = caller {
        note(installation, Caller { request: from.request.clone(), ..caller }).await?;
    }
    Ok(joined)
}

async fn note(installation: &Installation, caller: Caller) -> Result<(), Refusal> {
    installation
        .write(move |tx| {
            Box::pin(async move {
                let note = Note {
                    action: "identity.join",
                    object: Some(caller.id()),
                    label: Some(&caller.member.name),
                    changes: None,
                };
                audit::note(tx, &caller, note).await
            })
        })
        .await
}
