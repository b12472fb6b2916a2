//! Roles: what people are asked to do, whatever department they are in.

use engine::text::{Fault, Label, Language};
use engine::value::Id;
use serde_json::{Value as Json, json};
use store::role::Role;
use store::{Tx, ids};

use super::{Caller, Directory, change, role_uses};
use crate::service::answer::{Answer, Outcome};
use crate::service::audit::Note;
use crate::service::cached::Snapshot;
use crate::service::once::Key;
use crate::service::templates::own_packages;
use crate::service::{Installation, Refusal};

/// What a role is called: one that a template of the product brought is called in the reader's language, as long as nobody
/// has given it a name of their own.
pub fn name_in(role: &Role, language: Language) -> String {
    let brought = names_from_templates(role).find(|label| is_one_of(label, &role.name));
    brought.map_or_else(|| role.name.clone(), |label| label.get(language).to_string())
}

/// Whether a role is called so, in any language that its name is known in.
pub fn is_called(role: &Role, name: &str) -> bool {
    let brought = || names_from_templates(role).find(|label| is_one_of(label, &role.name));
    role.name == name || brought().is_some_and(|label| is_one_of(label, name))
}

/// The names that the product's own templates have for a role with this key.
fn names_from_templates(role: &Role) -> impl Iterator<Item = &'static Label> {
    let packages = own_packages().ok().into_iter().flat_map(|packages| packages.values());
    let key = role.key.clone();
    packages.flat_map(|package| &package.roles).filter(move |rule| rule.key == key).map(|rule| &rule.label)
}

fn is_one_of(label: &Label, name: &str) -> bool {
    Language::ALL.into_iter().any(|language| label.get(language) == name)
}

pub fn view(role: &Role, people: &Directory, language: Language) -> wire::Role {
    let members = people.in_role.get(&role.id).map_or(0, |members| members.len());
    wire::Role {
        id: role.id,
        key: role.key.clone(),
        name: name_in(role, language),
        members: u32::try_from(members).unwrap_or(u32::MAX),
        group: role.role_group,
    }
}

/// All of them, by name.
pub fn list(caller: &Caller) -> Vec<wire::Role> {
    let view = |role: &Role| view(role, &caller.people, caller.language());
    let mut all: Vec<_> = caller.people.roles.values().map(view).collect();
    all.sort_by(|a, b| a.name.cmp(&b.name).then(a.id.cmp(&b.id)));
    all
}

/// # Errors
/// Faults of what was given; `role_taken` for a key that is there already.
pub async fn create(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    input: wire::RoleInput,
) -> Result<Answer, Refusal> {
    let id = ids::next();
    let role = Role {
        workspace: caller.workspace_id(),
        id,
        key: input.key.clone().unwrap_or_else(|| id.to_string()),
        name: change::in_one_line(&input.name),
        role_group: input.group,
        version: 1,
    };
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .act(caller, key, move |tx| {
            Box::pin(async move {
                let people = Directory::load(tx, role.workspace).await?;
                check(&people, &role, &input.members)?;
                match role.insert(tx).await {
                    Err(store::Error::Conflict { .. }) => return Err(role_taken()),
                    other => other?,
                }
                Role::set_members(tx, role.workspace, role.id, &input.members).await?;
                finish(&parts, tx, &actor, "role.create", &role).await
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
    patch: wire::RolePatch,
) -> Result<Answer, Refusal> {
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .act(caller, None, move |tx| {
            Box::pin(async move {
                let people = Directory::load(tx, actor.workspace_id()).await?;
                let mut role = people.roles.get(&id).cloned().ok_or_else(Refusal::missing)?;
                if let Some(name) = &patch.name {
                    role.name = change::in_one_line(name);
                }
                role.role_group = patch.group.unwrap_or(role.role_group);
                check(&people, &role, patch.members.as_deref().unwrap_or_default())?;
                role.version += 1;
                role.update(tx).await?;
                if let Some(members) = &patch.members {
                    Role::set_members(tx, role.workspace, id, members).await?;
                }
                finish(&parts, tx, &actor, "role.update", &role).await
            })
        })
        .await
}

/// With it goes what names it: permission groups, and those who administer.
///
/// # Errors
/// Not found.
pub async fn delete(installation: &Installation, caller: &Caller, id: Id) -> Result<(), Refusal> {
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .write(move |tx| {
            Box::pin(async move {
                let workspace = actor.workspace_id();
                let role = Role::find(tx, workspace, id).await?.ok_or_else(Refusal::missing)?;
                role_uses::take_out(&parts, tx, &actor, &role).await?;
                Role::set_members(tx, workspace, id, &[]).await?;
                Role::delete(tx, workspace, id).await?;
                finish(&parts, tx, &actor, "role.delete", &role).await.map(drop)
            })
        })
        .await
}

fn check(people: &Directory, role: &Role, members: &[Id]) -> Result<(), Refusal> {
    let mut faults = change::faults(people, &role.name, members);
    let is_key = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if role.key.is_empty() || role.key.len() > 63 || !role.key.chars().all(is_key) {
        faults.push(Fault::new("key", "invalid_key"));
    }
    if role.role_group.is_some_and(|group| !people.role_groups.contains_key(&group)) {
        faults.push(Fault::new("group", "not_an_id"));
    }
    if faults.is_empty() { Ok(()) } else { Err(Refusal::invalid(faults)) }
}

fn role_taken() -> Refusal {
    Refusal { faults: vec![Fault::new("key", "not_unique")], ..Refusal::conflict("role_taken") }
}

async fn finish(
    installation: &Installation,
    tx: &mut Tx,
    caller: &Caller,
    action: &str,
    role: &Role,
) -> Result<Answer, Refusal> {
    let note = Note { action, object: Some(role.id), label: Some(&role.name), changes: None };
    let id = role.id;
    let described = move |people: &Directory| {
        let members: Vec<Id> = people.in_role.get(&id).into_iter().flatten().copied().collect();
        let role = people.roles.get(&id);
        role.map_or(Json::Null, |role| {
            let (key, name, group) = (&role.key, &role.name, role.role_group);
            json!({"key": key, "name": name, "group": group, "members": members})
        })
    };
    let people = change::finish(installation, tx, caller, note, described).await?;
    Ok(Answer::done(&view(role, &people, caller.language()))?.version(role.version))
}
