//! Members are stored, a slice of rows at a time, with room for people's saves between them.

use std::sync::Arc;

use engine::value::Id;
use serde_json::json;
use store::Tx;
use store::department::Department;
use store::member::Member;
use store::role::Role;
use wire::{MemberImport, RowFate, RowFault};

use super::departments::New;
use super::plan::{Plan, Planned};
use super::{Sheet, outcome};
use crate::service::audit::{self, Note};
use crate::service::cached::Snapshot;
use crate::service::faults::detail;
use crate::service::jobs::{self, Handle};
use crate::service::people::{Caller, Directory, members};
use crate::service::{Installation, Refusal};

/// Rows of one transaction.
const SLICE: usize = 50;

/// Stores what a file brings; gives what became of it.
///
/// # Errors
/// When the database can't be written; `job_cancelled`, and forbidden for who does not administer the workspace any more, with
/// what was stored before.
pub async fn write(
    installation: &Installation,
    caller: &Caller,
    sheet: &Sheet,
    make_departments: bool,
    handle: &Handle,
) -> Result<MemberImport, Refusal> {
    let people = installation.directories.get(&installation.store, caller.workspace_id()).await?;
    let plan = Plan::new(&people, &sheet.lines, make_departments);
    let mut done = outcome(&plan, sheet, caller.language());
    handle.begin(plan.rows.len());
    handle.add_errors(usize::try_from(done.failed).unwrap_or(usize::MAX));
    store_departments(installation, caller, plan.departments).await?;
    let rows: Vec<Arc<Planned>> = plan.rows.into_iter().map(Arc::new).collect();
    for slice in rows.chunks(SLICE) {
        // It takes as long as the list is, and whoever began it may have been let go meanwhile.
        let administrator = administrator(installation, caller).await?;
        let refused = store_slice(installation, &administrator, slice.to_vec()).await?;
        for (row, refusal) in refused {
            count_refused(&mut done, &row, &refusal, caller);
            handle.add_errors(1);
        }
        handle.advance(slice.len())?;
    }
    note(installation, caller, &done).await?;
    Ok(done)
}

/// Who brings the list in, as long as they administer the workspace.
async fn administrator(installation: &Installation, caller: &Caller) -> Result<Caller, Refusal> {
    let caller = jobs::of_this_moment(installation, caller).await?;
    if caller.is_administrator() { Ok(caller) } else { Err(Refusal::forbidden("forbidden")) }
}

async fn store_departments(
    installation: &Installation,
    caller: &Caller,
    new: Vec<New>,
) -> Result<(), Refusal> {
    if new.is_empty() {
        return Ok(());
    }
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .write(move |tx| {
            Box::pin(async move {
                let workspace = actor.workspace_id();
                for New { id, parent, name, .. } in new {
                    let department = Department { workspace, id, name, parent, head: None, version: 1 };
                    department.insert(tx).await?;
                    let label = Some(department.name.as_str());
                    let made = json!({"name": department.name, "parent": parent});
                    let changes = Some(audit::difference(&json!(null), &made));
                    let note = Note { action: "department.create", object: Some(id), label, changes };
                    audit::note(tx, &actor, note).await?;
                }
                parts.directories.changed(tx, workspace).await
            })
        })
        .await
}

type Refused = Vec<(Arc<Planned>, Refusal)>;

async fn store_slice(
    installation: &Installation,
    caller: &Caller,
    rows: Vec<Arc<Planned>>,
) -> Result<Refused, Refusal> {
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .write(move |tx| {
            Box::pin(async move {
                let mut refused = Vec::new();
                let people = Arc::new(Directory::load(tx, actor.workspace_id()).await?);
                for row in rows {
                    if let Some(refusal) = stored(tx, &actor, &people, &row).await? {
                        refused.push((row, refusal));
                    }
                }
                parts.directories.changed(tx, actor.workspace_id()).await?;
                Ok(refused)
            })
        })
        .await
}

/// Stores a row; a refusal undoes nothing else. `people` are as they were before the rows of its slice.
async fn stored(
    tx: &mut Tx,
    caller: &Caller,
    people: &Arc<Directory>,
    row: &Arc<Planned>,
) -> Result<Option<Refusal>, Refusal> {
    if matches!(row.fate, RowFate::Refused | RowFate::Unchanged) {
        return Ok(None);
    }
    let (actor, people, planned) = (caller.clone(), people.clone(), row.clone());
    let outcome =
        tx.nested(|tx| Box::pin(async move { store_row(tx, &actor, &people, &planned).await })).await?;
    match outcome {
        Ok(()) => Ok(None),
        Err(refusal) if crate::service::records::failing::is_of_all(&refusal) => Err(refusal),
        Err(refusal) => Ok(Some(refusal)),
    }
}

async fn store_row(tx: &mut Tx, caller: &Caller, people: &Directory, row: &Planned) -> Result<(), Refusal> {
    let member = match row.fate {
        RowFate::Created => {
            let written = row.member.insert(tx).await;
            written.map_err(taken)?;
            row.member.clone()
        }
        RowFate::Updated | RowFate::Unchanged | RowFate::Refused => {
            // What the file says nothing about is as it is now.
            let now = Member::find(tx, row.member.workspace, row.member.id).await?;
            let now = now.ok_or_else(Refusal::missing)?;
            let version = now.version + 1;
            let Member { name, title, phone, manager, .. } = row.member.clone();
            let member = Member { name, title, phone, manager, version, ..now };
            member.update(tx).await?;
            member
        }
    };
    let lists = |ids: &std::collections::BTreeSet<Id>| ids.iter().copied().collect::<Vec<Id>>();
    if let Some(departments) = &row.departments {
        Department::set_of_member(tx, member.workspace, member.id, &lists(departments)).await?;
    }
    if let Some(roles) = &row.roles {
        Role::set_of_member(tx, member.workspace, member.id, &lists(roles)).await?;
    }
    let action = if row.fate == RowFate::Created { "member.create" } else { "member.update" };
    let old = people.members.get(&member.id).map(|member| members::view(member, people));
    let mut new = members::view(&member, people);
    if let Some(departments) = &row.departments {
        new.departments = lists(departments);
    }
    if let Some(roles) = &row.roles {
        new.roles = lists(roles);
    }
    members::note(tx, caller, action, (old.as_ref(), &new), false).await
}

fn taken(error: store::Error) -> Refusal {
    match error {
        store::Error::Conflict { .. } => members::email_taken(),
        other => other.into(),
    }
}

/// Somebody else took the address meanwhile, or changed what the row changes.
fn count_refused(done: &mut MemberImport, row: &Planned, refusal: &Refusal, caller: &Caller) {
    match row.fate {
        RowFate::Created => done.created = done.created.saturating_sub(1),
        RowFate::Updated => done.updated = done.updated.saturating_sub(1),
        RowFate::Unchanged | RowFate::Refused => {}
    }
    done.failed += 1;
    if let Some(fault) = refusal.faults.first().filter(|_| done.faults.len() < super::TOLD) {
        done.faults.push(RowFault {
            line: row.line,
            path: fault.path.clone(),
            column: None,
            value: None,
            code: fault.code.to_string(),
            message: detail(fault, 1, caller.language()),
        });
    }
}

async fn note(installation: &Installation, caller: &Caller, done: &MemberImport) -> Result<(), Refusal> {
    let changes = json!({
        "created": done.created, "updated": done.updated, "unchanged": done.unchanged, "failed": done.failed,
    });
    let actor = caller.clone();
    installation
        .write(move |tx| {
            Box::pin(async move {
                let (object, label) = (None, None);
                let note = Note { action: "member.import", object, label, changes: Some(changes) };
                audit::note(tx, &actor, note).await
            })
        })
        .await
}
