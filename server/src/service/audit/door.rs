//! Who comes in, who is turned away, who leaves, who sits at the terminal, and what time does: all that is no caller.

use engine::value::Id;
use serde_json::json;
use store::Tx;
use store::audit::AuditEntry;
use store::member::Member;
use store::workspace::Workspace;

use super::{Note, entry, note};
use crate::service::people::Caller;
use crate::service::people::sign_in::From;
use crate::service::{Installation, Refusal};

/// Notes that a member has signed in.
pub async fn open_session(tx: &mut Tx, member: &Member, from: &From) -> Result<(), Refusal> {
    let entry = AuditEntry { who: Some(member.id), ..at_the_door("session.open", member, from) };
    Ok(AuditEntry::insert_ahead(tx, &[entry.hashed()]).await?)
}

/// Notes that a member has signed out.
pub async fn close_session(tx: &mut Tx, caller: &Caller) -> Result<(), Refusal> {
    let (object, label) = (Some(caller.id()), Some(caller.member.name.as_str()));
    note(tx, caller, Note { action: "session.close", object, label, changes: None }).await
}

/// Notes that somebody has tried to sign in as these members, or as nobody whom the installation knows. What they have
/// given as their address is not kept: people type passwords there.
///
/// # Errors
/// When it can't be stored.
pub async fn turn_away(
    installation: &Installation,
    as_members: &[Member],
    from: &From,
) -> Result<(), Refusal> {
    let mut entries: Vec<AuditEntry> =
        as_members.iter().map(|member| at_the_door("session.refuse", member, from)).collect();
    if entries.is_empty() {
        // Whoever is known and whoever is not take the same time: see the constant work of `sign_in`.
        let workspaces = Workspace::list(&mut installation.store.read().await?).await?;
        let Some(first) = workspaces.first() else { return Ok(()) };
        let changes = Some(json!({"agent": from.agent}));
        let unknown = Note { action: "session.refuse", object: None, label: None, changes };
        entries.push(came_from(entry(first.id, unknown), from));
    }
    let entries: Vec<AuditEntry> = entries.into_iter().map(AuditEntry::hashed).collect();
    let written = installation
        .write(move |tx| Box::pin(async move { Ok(AuditEntry::insert_all(tx, &entries).await?) }));
    written.await
}

/// Notes how the first administrator came to be: with the set-up code from somewhere, or from the terminal.
pub async fn first_administrator(tx: &mut Tx, member: &Member, from: Option<&From>) -> Result<(), Refusal> {
    let changes = Some(json!({"email": member.email, "administrator": true}));
    let made = Note { action: "member.create", object: Some(member.id), label: Some(&member.name), changes };
    let made = AuditEntry { who: Some(member.id), ..entry(member.workspace, made) };
    let entry = match from {
        Some(from) => came_from(made, from),
        None => AuditEntry { path: Some("operator".to_string()), ..made },
    };
    Ok(AuditEntry::insert_ahead(tx, &[entry.hashed()]).await?)
}

/// Notes what an operator did from the terminal, in nobody's name.
///
/// # Errors
/// When it can't be stored.
pub async fn by_operator(tx: &mut Tx, workspace: Id, note: Note<'_>) -> Result<(), Refusal> {
    let entry = AuditEntry { path: Some("operator".to_string()), ..entry(workspace, note) };
    Ok(AuditEntry::insert_ahead(tx, &[entry.hashed()]).await?)
}

/// Notes what the product did in nobody's name because its time had come.
///
/// # Errors
/// When it can't be stored.
pub async fn by_time(tx: &mut Tx, workspace: Id, note: Note<'_>) -> Result<(), Refusal> {
    let entry = AuditEntry { path: Some("retention".to_string()), ..entry(workspace, note) };
    Ok(AuditEntry::insert_ahead(tx, &[entry.hashed()]).await?)
}

fn at_the_door(action: &str, member: &Member, from: &From) -> AuditEntry {
    let (object, label) = (Some(member.id), Some(member.name.as_str()));
    let changes = Some(json!({"agent": from.agent}));
    came_from(entry(member.workspace, Note { action, object, label, changes }), from)
}

fn came_from(entry: AuditEntry, from: &From) -> AuditEntry {
    AuditEntry {
        path: Some("web".to_string()),
        ip: from.address.map(|address| address.to_string()),
        request: from.request.clone(),
        ..entry
    }
}
