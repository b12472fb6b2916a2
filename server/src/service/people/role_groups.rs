//! Groups of roles: where a role is looked for. They give nobody anything.

use engine::text::Fault;
use engine::value::Id;
use serde_json::{Value as Json, json};
use store::role_group::RoleGroup;
use store::{Tx, ids};

use super::{Caller, Directory, change};
use crate::service::answer::{Answer, Outcome};
use crate::service::audit::Note;
use crate::service::cached::Snapshot;
use crate::service::once::Key;
use crate::service::{Installation, Refusal};

const LONGEST_NAME: usize = 200;

fn view(group: &RoleGroup) -> wire::RoleGroup {
    wire::RoleGroup { id: group.id, name: group.name.clone() }
}

/// All of them, by name.
pub fn list(caller: &Caller) -> Vec<wire::RoleGroup> {
    let mut all: Vec<_> = caller.people.role_groups.values().map(view).collect();
    all.sort_by(|a, b| a.name.cmp(&b.name).then(a.id.cmp(&b.id)));
    all
}

/// # Errors
/// Faults of what was given.
pub async fn create(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    input: wire::RoleGroupInput,
) -> Result<Answer, Refusal> {
    let (workspace, name) = (caller.workspace_id(), change::in_one_line(&input.name));
    let group = RoleGroup { workspace, id: ids::next(), name, version: 1 };
    check(&group)?;
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .act(caller, key, move |tx| {
            Box::pin(async move {
                group.insert(tx).await?;
                finish(&parts, tx, &actor, "role_group.create", &group).await
            })
        })
        .await
        .map(|answer| Answer { outcome: Outcome::Created, ..answer })
}

/// # Errors
/// Not found; faults of what was given.
pub async fn update(
    installation: &Installation,
    caller: &Caller,
    id: Id,
    input: wire::RoleGroupInput,
) -> Result<Answer, Refusal> {
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .act(caller, None, move |tx| {
            Box::pin(async move {
                let people = Directory::load(tx, actor.workspace_id()).await?;
                let mut group = people.role_groups.get(&id).cloned().ok_or_else(Refusal::missing)?;
                group.name = change::in_one_line(&input.name);
                check(&group)?;
                group.version += 1;
                group.update(tx).await?;
                finish(&parts, tx, &actor, "role_group.update", &group).await
            })
        })
        .await
}

/// Its roles stay, in no group.
///
/// # Errors
/// Not found.
pub async fn delete(installation: &Installation, caller: &Caller, id: Id) -> Result<(), Refusal> {
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .write(move |tx| {
            Box::pin(async move {
                let workspace = actor.workspace_id();
                let group = RoleGroup::find(tx, workspace, id).await?.ok_or_else(Refusal::missing)?;
                RoleGroup::empty(tx, workspace, id).await?;
                RoleGroup::delete(tx, workspace, id).await?;
                finish(&parts, tx, &actor, "role_group.delete", &group).await.map(drop)
            })
        })
        .await
}

fn check(group: &RoleGroup) -> Result<(), Refusal> {
    if group.name.is_empty() {
        return Err(Refusal::fault("name", "required"));
    }
    if group.name.chars().count() > LONGEST_NAME {
        return Err(Refusal::invalid(vec![Fault::new("name", "too_long").arg("max", LONGEST_NAME)]));
    }
    Ok(())
}

async fn finish(
    installation: &Installation,
    tx: &mut Tx,
    caller: &Caller,
    action: &str,
    group: &RoleGroup,
) -> Result<Answer, Refusal> {
    let note = Note { action, object: Some(group.id), label: Some(&group.name), changes: None };
    let id = group.id;
    let described = move |people: &Directory| {
        people.role_groups.get(&id).map_or(Json::Null, |group| json!({"name": group.name}))
    };
    change::finish(installation, tx, caller, note, described).await?;
    Ok(Answer::done(&view(group))?.version(group.version))
}
