//! Members let others decide in their place for a while (approvals.md, "People").

use engine::text::{Fault, Faults};
use engine::value::{Id, Timestamp, format_timestamp, parse_timestamp};
use serde_json::json;
use store::delegation::Delegation;
use store::{Tx, ids};

use super::{Caller, Directory};
use crate::service::answer::Answer;
use crate::service::audit::{self, Note};
use crate::service::cached::Snapshot;
use crate::service::designs::{Designs, stored};
use crate::service::flows::pass_on;
use crate::service::once::Key;
use crate::service::{Installation, Refusal, clock};

/// Delegations of one member.
const MOST: usize = 100;

/// A delegation as the engine reads it.
///
/// # Errors
/// When what is stored can't be read.
pub fn in_force(row: &Delegation) -> Result<engine::flow::Delegation, Refusal> {
    Ok(engine::flow::Delegation {
        from: row.giver,
        to: row.receiver,
        starts: row.starts_at,
        ends: row.ends_at,
        forms: stored("delegation", &row.forms)?,
    })
}

fn view(row: &Delegation, people: &Directory, job: Option<Id>) -> Result<wire::Delegation, Refusal> {
    let named = [row.giver, row.receiver].map(|id| (id.to_string(), people.name(id).to_string()));
    Ok(wire::Delegation {
        id: row.id,
        from: row.giver,
        to: row.receiver,
        starts: row.starts_at.map(format_timestamp),
        ends: row.ends_at.map(format_timestamp),
        forms: stored("delegation", &row.forms)?,
        names: named.into_iter().collect(),
        job,
    })
}

/// Those that the caller has given or received; an administrator sees all.
///
/// # Errors
/// When the database can't be read.
pub async fn list(installation: &Installation, caller: &Caller) -> Result<Vec<wire::Delegation>, Refusal> {
    let mut db = installation.store.read().await?;
    let all = Delegation::list(&mut db, caller.workspace_id()).await?;
    let concerns = |row: &&Delegation| {
        caller.is_administrator() || row.giver == caller.id() || row.receiver == caller.id()
    };
    all.iter().filter(concerns).map(|row| view(row, &caller.people, None)).collect()
}

/// Lets somebody decide in the place of the caller, or of whomever an administrator names: new tasks go to them, and open
/// ones on request, in a job that the answer names.
///
/// # Errors
/// Forbidden for who names somebody else and administers nothing; faults of what was given.
pub async fn create(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    input: wire::DelegationInput,
) -> Result<Answer, Refusal> {
    let giver = input.from.unwrap_or_else(|| caller.id());
    if giver != caller.id() && !caller.is_administrator() {
        return Err(Refusal::forbidden("forbidden"));
    }
    let runtime = tokio::runtime::Handle::current();
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .act(caller, key, move |tx| {
            Box::pin(async move {
                let workspace = actor.workspace_id();
                let designs = parts.designs.newest(&parts.store, tx, workspace).await?;
                let people = Directory::load(tx, workspace).await?;
                let row = checked(&actor, &designs, &people, giver, &input)?;
                let known = Delegation::list(tx, workspace).await?;
                if known.iter().filter(|known| known.giver == giver).count() >= MOST {
                    return Err(Refusal::invalid(vec![Fault::new("", "too_many").arg("max", MOST)]));
                }
                row.insert(tx).await?;
                note(tx, &actor, "delegation.create", &row).await?;
                parts.directories.changed(tx, workspace).await?;
                let job = match input.open_tasks {
                    true => Some(pass_on::begin(tx, &parts, &actor, runtime, giver).await?),
                    false => None,
                };
                Answer::created(&view(&row, &people, job)?)
            })
        })
        .await
}

/// Has somebody else decide wherever a member decides in the place of others, now or later. What they would decide in their
/// own place ends. [`crate::service::people::Directory`] is the caller's to renew.
///
/// # Errors
/// When it can't be written.
pub async fn hand_over(tx: &mut Tx, caller: &Caller, (member, to): (Id, Id)) -> Result<(), Refusal> {
    let (workspace, now) = (caller.workspace_id(), clock::now());
    for row in Delegation::list(tx, workspace).await? {
        if row.receiver != member || row.ends_at.is_some_and(|ends| ends <= now) {
            continue;
        }
        if row.giver == to {
            Delegation::delete(tx, workspace, row.id).await?;
            note(tx, caller, "delegation.delete", &row).await?;
            continue;
        }
        let row = Delegation { receiver: to, ..row };
        row.update(tx).await?;
        let changes = Some(json!({"to": {"old": member, "new": to}}));
        let note = Note { action: "delegation.update", object: Some(row.id), label: None, changes };
        audit::note(tx, caller, note).await?;
    }
    Ok(())
}

/// Reads and checks what was given.
fn checked(
    caller: &Caller,
    designs: &Designs,
    people: &Directory,
    giver: Id,
    input: &wire::DelegationInput,
) -> Result<Delegation, Refusal> {
    let now = clock::now();
    let mut faults = Faults::new();
    let mut moment = |name: &'static str, text: &Option<String>| -> Option<Timestamp> {
        let moment = parse_timestamp(text.as_deref()?);
        if moment.is_none() {
            faults.push(Fault::new(name, "wrong_type"));
        }
        moment
    };
    let (starts, ends) = (moment("starts", &input.starts), moment("ends", &input.ends));
    for (name, member) in [("from", giver), ("to", input.to)] {
        if !people.is_active(member) {
            faults.push(Fault::new(name, "not_an_id"));
        }
    }
    let mut forms: Vec<Id> = Vec::new();
    for (place, name) in input.forms.iter().enumerate() {
        // Who is only asked in a flow knows its form by its id.
        let known = designs.form_named(name).filter(|design| design.sketch.is_some());
        let may_name = |id: Id| name.parse() == Ok(id);
        match known.filter(|design| may_name(design.row.id) || designs.may_use(design, caller)) {
            Some(design) => forms.push(design.row.id),
            None => faults.push(Fault::new(format!("forms.{place}"), "unknown_form").arg("form", name)),
        }
    }
    forms.sort();
    forms.dedup();
    let asked = engine::flow::Delegation {
        from: giver,
        to: input.to,
        starts: starts.or(Some(now)),
        ends,
        forms: forms.clone(),
    };
    if let Some(code) = asked.fault() {
        let place = if asked.from == asked.to { "to" } else { "ends" };
        faults.push(Fault::new(place, code));
    }
    if input.open_tasks && starts.is_some_and(|starts| starts > now) {
        faults.push(Fault::new("open_tasks", "not_in_force_yet"));
    }
    if !faults.is_empty() {
        return Err(Refusal::invalid(faults));
    }
    Ok(Delegation {
        workspace: caller.workspace_id(),
        id: ids::next(),
        giver,
        receiver: input.to,
        starts_at: starts,
        ends_at: ends,
        forms: serde_json::to_string(&forms).map_err(Refusal::internal)?,
        created_by: caller.id(),
        created_at: now,
    })
}

/// Ends a delegation. What went to the other member meanwhile stays with them.
///
/// # Errors
/// Not found; forbidden for who has not given it.
pub async fn delete(installation: &Installation, caller: &Caller, id: Id) -> Result<(), Refusal> {
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .write(move |tx| {
            Box::pin(async move {
                actor.may_change()?;
                let workspace = actor.workspace_id();
                let row = Delegation::find(tx, workspace, id).await?.ok_or_else(Refusal::missing)?;
                match actor.id() {
                    _ if actor.is_administrator() => {}
                    me if me == row.giver => {}
                    me if me == row.receiver => return Err(Refusal::forbidden("forbidden")),
                    _ => return Err(Refusal::missing()),
                }
                Delegation::delete(tx, workspace, id).await?;
                note(tx, &actor, "delegation.delete", &row).await?;
                parts.directories.changed(tx, workspace).await
            })
        })
        .await
}

async fn note(tx: &mut Tx, caller: &Caller, action: &str, row: &Delegation) -> Result<(), Refusal> {
    let changes = json!({
        "from": row.giver, "to": row.receiver, "starts": row.starts_at.map(format_timestamp),
        "ends": row.ends_at.map(format_timestamp), "forms": stored::<Vec<Id>>("delegation", &row.forms)?,
    });
    let note = Note { action, object: Some(row.id), label: None, changes: Some(changes) };
    audit::note(tx, caller, note).await
}
