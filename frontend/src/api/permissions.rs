//! Permission groups: their documents, what they show, what a change means, and why somebody may do something.

use engine::access::PermissionGroup;
use engine::value::Id;
use wire::{
    Explanation, FormAdmins, GroupChange, GroupChangeInput, GroupPreview, GroupPreviewInput, List, Made,
    PermissionGroup as Stored,
};

use super::{Call, Problem};

pub async fn groups(form: Id) -> Result<Vec<Stored>, Problem> {
    let list: List<Stored> = Call::get(format!("/forms/{form}/permissions")).send().await?;
    Ok(list.items)
}

/// Who administers the form without administering its app.
pub async fn admins(form: Id) -> Result<FormAdmins, Problem> {
    Call::get(format!("/forms/{form}/admins")).send().await
}

/// Has others administer it.
pub async fn replace_admins(form: Id, admins: &FormAdmins) -> Result<FormAdmins, Problem> {
    Call::put(format!("/forms/{form}/admins")).if_match_any().json(admins).send().await
}

/// The groups that are offered to begin with.
pub async fn predefined(form: Id) -> Result<Vec<PermissionGroup>, Problem> {
    let list: List<PermissionGroup> =
        Call::get(format!("/forms/{form}/permissions/predefined")).send().await?;
    Ok(list.items)
}

/// Makes a group, or puts another document in its place; gives its id.
pub async fn save(form: Id, stored: Option<(Id, i64)>, group: &PermissionGroup) -> Result<Id, Problem> {
    let call = match stored {
        None => Call::post(format!("/forms/{form}/permissions")),
        Some((id, version)) => {
            let version = u64::try_from(version).unwrap_or_default();
            Call::put(format!("/forms/{form}/permissions/{id}")).if_match(version)
        }
    };
    let made: Made = call.json(group).send().await?;
    Ok(made.id)
}

pub async fn delete(form: Id, id: Id) -> Result<(), Problem> {
    Call::delete(format!("/forms/{form}/permissions/{id}")).if_match_any().send_unit().await
}

/// What a group would show; nothing is stored.
pub async fn preview(form: Id, input: &GroupPreviewInput) -> Result<GroupPreview, Problem> {
    Call::post(format!("/forms/{form}/permissions/preview")).json(input).send().await
}

/// Who would gain and lose what; nothing is stored.
pub async fn dry_run(form: Id, input: &GroupChangeInput) -> Result<GroupChange, Problem> {
    Call::post(format!("/forms/{form}/permissions/dry-run")).json(input).send().await
}

/// Why a member may or may not do what is asked with a record.
pub async fn explain(
    form: Id,
    record: Id,
    member: Id,
    (operation, field): (Option<&str>, Option<&str>),
) -> Result<Explanation, Problem> {
    let mut call = Call::get(format!("/forms/{form}/records/{record}/explain")).query("member", member);
    if let Some(operation) = operation {
        call = call.query("operation", operation);
    }
    if let Some(field) = field {
        call = call.query("field", field);
    }
    call.send().await
}
