//! Departments: a tree, with people in its nodes.

use engine::text::Fault;
use engine::value::Id;
use serde_json::{Value as Json, json};
use store::department::Department;
use store::{Tx, ids};

use super::{Caller, Directory, change};
use crate::service::answer::Answer;
use crate::service::audit::Note;
use crate::service::cached::Snapshot;
use crate::service::once::Key;
use crate::service::{Installation, Refusal};

pub fn view(department: &Department, people: &Directory) -> wire::Department {
    let members = people.in_department.get(&department.id).map_or(0, |members| members.len());
    wire::Department {
        id: department.id,
        name: department.name.clone(),
        parent: department.parent,
        head: department.head,
        members: u32::try_from(members).unwrap_or(u32::MAX),
    }
}

/// All of them, by name.
pub fn list(caller: &Caller) -> Vec<wire::Department> {
    let mut all: Vec<_> =
        caller.people.departments.values().map(|department| view(department, &caller.people)).collect();
    all.sort_by(|a, b| a.name.cmp(&b.name).then(a.id.cmp(&b.id)));
    all
}

/// # Errors
/// Faults of what was given.
pub async fn create(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    input: wire::DepartmentInput,
) -> Result<Answer, Refusal> {
    let department = Department {
        workspace: caller.workspace_id(),
        id: ids::next(),
        name: change::in_one_line(&input.name),
        parent: input.parent,
        head: input.head,
        version: 1,
    };
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .act(caller, key, move |tx| {
            Box::pin(async move {
                let people = Directory::load(tx, department.workspace).await?;
                check(&people, &department, &input.members)?;
                department.insert(tx).await?;
                Department::set_members(tx, department.workspace, department.id, &input.members).await?;
                finish(&parts, tx, &actor, "department.create", &department).await
            })
        })
        .await
        .map(|answer| Answer { outcome: crate::service::answer::Outcome::Created, ..answer })
}

/// # Errors
/// Not found; faults of what was given, a circle of departments among them.
pub async fn update(
    installation: &Installation,
    caller: &Caller,
    id: Id,
    patch: wire::DepartmentPatch,
) -> Result<Answer, Refusal> {
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .act(caller, None, move |tx| {
            Box::pin(async move {
                let people = Directory::load(tx, actor.workspace_id()).await?;
                let mut department = people.departments.get(&id).cloned().ok_or_else(Refusal::missing)?;
                if let Some(name) = &patch.name {
                    department.name = change::in_one_line(name);
                }
                department.parent = patch.parent.unwrap_or(department.parent);
                department.head = patch.head.unwrap_or(department.head);
                check(&people, &department, patch.members.as_deref().unwrap_or_default())?;
                department.version += 1;
                department.update(tx).await?;
                if let Some(members) = &patch.members {
                    Department::set_members(tx, department.workspace, id, members).await?;
                }
                finish(&parts, tx, &actor, "department.update", &department).await
            })
        })
        .await
}

/// # Errors
/// Not found; `department_in_use` while it has parts.
pub async fn delete(installation: &Installation, caller: &Caller, id: Id) -> Result<(), Refusal> {
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .write(move |tx| {
            Box::pin(async move {
                let people = Directory::load(tx, actor.workspace_id()).await?;
                let department = people.departments.get(&id).ok_or_else(Refusal::missing)?;
                if people.departments.values().any(|other| other.parent == Some(id)) {
                    return Err(Refusal::conflict("department_in_use"));
                }
                Department::set_members(tx, department.workspace, id, &[]).await?;
                Department::delete(tx, department.workspace, id).await?;
                finish(&parts, tx, &actor, "department.delete", department).await.map(drop)
            })
        })
        .await
}

fn check(people: &Directory, department: &Department, members: &[Id]) -> Result<(), Refusal> {
    let mut faults = change::faults(people, &department.name, members);
    if let Some(parent) = department.parent {
        if !people.departments.contains_key(&parent) {
            faults.push(Fault::new("parent", "not_an_id"));
        } else if people.with_parts(department.id).contains(&parent) {
            faults.push(Fault::new("parent", "department_circle"));
        }
    }
    if department.head.is_some_and(|head| !people.members.contains_key(&head)) {
        faults.push(Fault::new("head", "not_an_id"));
    }
    if faults.is_empty() { Ok(()) } else { Err(Refusal::invalid(faults)) }
}

async fn finish(
    installation: &Installation,
    tx: &mut Tx,
    caller: &Caller,
    action: &str,
    department: &Department,
) -> Result<Answer, Refusal> {
    let note = Note { action, object: Some(department.id), label: Some(&department.name), changes: None };
    let id = department.id;
    let described = move |people: &Directory| {
        let members: Vec<Id> = people.in_department.get(&id).into_iter().flatten().copied().collect();
        people.departments.get(&id).map_or(Json::Null, |department| {
            let (parent, head) = (department.parent, department.head);
            json!({"name": department.name, "parent": parent, "head": head, "members": members})
        })
    };
    let people = change::finish(installation, tx, caller, note, described).await?;
    Ok(Answer::done(&view(department, &people))?.version(department.version))
}
