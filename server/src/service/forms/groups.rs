//! Permission groups of a form.

use engine::access::{Grant, PermissionGroup};
use engine::condition::Checked;
use engine::text::{Fault, Faults};
use engine::value::Id;
use serde_json::{Value as Json, json};
use store::role::Role;
use store::{Tx, ids};

use crate::service::answer::Answer;
use crate::service::apps::{is_key, to_json};
use crate::service::audit::{self, Note};
use crate::service::cached::Snapshot;
use crate::service::designs::{Designs, named};
use crate::service::once::Key;
use crate::service::people::Caller;
use crate::service::{Cause, Installation, Refusal, strict};

type Row = store::permission::PermissionGroup;

/// Letters of what a group is called, in each language.
const LONGEST_LABEL: usize = 200;

/// The groups of a form, for one who administers it.
///
/// # Errors
/// Not found, forbidden.
pub async fn list(
    installation: &Installation,
    caller: &Caller,
    form: &str,
) -> Result<Vec<wire::PermissionGroup>, Refusal> {
    let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
    let design = designs.form_to_administer(form, caller)?;
    design
        .groups
        .iter()
        .map(|group| {
            Ok(wire::PermissionGroup {
                id: group.id,
                version: group.version,
                document: serde_json::to_value(&group.document).map_err(Refusal::internal)?,
                people: u32::try_from(named(&group.document.who, &caller.people).len()).unwrap_or(u32::MAX),
            })
        })
        .collect()
}

/// # Errors
/// Not found, forbidden; every fault of the document; `group_taken`.
pub async fn create(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    form: String,
    document: Json,
) -> Result<Answer, Refusal> {
    let document: PermissionGroup = strict::document(document)?;
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .act(caller, key, move |tx| {
            Box::pin(async move {
                let designs = Designs::load(tx, actor.workspace_id()).await?;
                let form = designs.form_to_administer(&form, &actor)?.row.id;
                let row = insert(&parts, tx, &actor, &designs, form, &document).await?;
                Ok(Answer::created(&wire::Made { id: row.id, key: row.key })?.version(row.version))
            })
        })
        .await
}

/// As [`create`], inside a transaction.
pub async fn insert(
    installation: &Installation,
    tx: &mut Tx,
    caller: &Caller,
    designs: &Designs,
    form: Id,
    document: &PermissionGroup,
) -> Result<Row, Refusal> {
    check(designs, caller, form, document)?;
    let row = Row {
        workspace: caller.workspace_id(),
        id: ids::next(),
        form,
        key: document.key.clone(),
        document: to_json(document)?,
        version: 1,
    };
    match row.insert(tx).await {
        Err(store::Error::Conflict { .. }) => {
            let faults = vec![Fault::new("/key", "not_unique")];
            return Err(Refusal { faults, ..Refusal::conflict("group_taken") });
        }
        other => other?,
    }
    finish(installation, tx, caller, "permission_group.create", (None, &row)).await?;
    Ok(row)
}

/// # Errors
/// Not found, forbidden; stale; every fault of the document.
pub async fn replace(
    installation: &Installation,
    caller: &Caller,
    (form, id): (String, Id),
    version: Option<i64>,
    document: Json,
) -> Result<Answer, Refusal> {
    let document: PermissionGroup = strict::document(document)?;
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .act(caller, None, move |tx| {
            Box::pin(async move {
                let designs = Designs::load(tx, actor.workspace_id()).await?;
                let form = designs.form_to_administer(&form, &actor)?.row.id;
                let mut row = find(tx, &actor, form, id).await?;
                if version.is_some_and(|version| version != row.version) {
                    return Err(Refusal::new(Cause::Stale, "stale"));
                }
                if document.key != row.key {
                    return Err(Refusal::fault("/key", "key_is_fixed"));
                }
                check(&designs, &actor, form, &document)?;
                let old = std::mem::replace(&mut row.document, to_json(&document)?);
                row.version += 1;
                row.update(tx).await?;
                finish(&parts, tx, &actor, "permission_group.update", (Some(old.as_str()), &row)).await?;
                Ok(Answer::done(&wire::Made { id: row.id, key: row.key })?.version(row.version))
            })
        })
        .await
}

/// # Errors
/// Not found, forbidden.
pub async fn delete(
    installation: &Installation,
    caller: &Caller,
    (form, id): (String, Id),
) -> Result<(), Refusal> {
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .write(move |tx| {
            Box::pin(async move {
                let designs = Designs::load(tx, actor.workspace_id()).await?;
                let form = designs.form_to_administer(&form, &actor)?.row.id;
                let row = find(tx, &actor, form, id).await?;
                Row::delete(tx, row.workspace, id).await?;
                finish(&parts, tx, &actor, "permission_group.delete", (None, &row)).await
            })
        })
        .await
}

/// Takes a role that goes out of every group that names it: what was left of its name would keep the group from being saved,
/// and give its rights to whatever role took the same key later.
///
/// # Errors
/// When it can't be written.
pub async fn take_out_role(
    installation: &Installation,
    tx: &mut Tx,
    caller: &Caller,
    role: &Role,
) -> Result<(), Refusal> {
    let id = role.id.to_string();
    // Those of forms in the bin too: they come back with them.
    for mut row in Row::list(tx, caller.workspace_id()).await? {
        let Ok(mut document) = serde_json::from_str::<PermissionGroup>(&row.document) else { continue };
        let named = document.who.roles.len();
        document.who.roles.retain(|name| *name != role.key && *name != id);
        if document.who.roles.len() == named {
            continue;
        }
        let old = std::mem::replace(&mut row.document, to_json(&document)?);
        row.version += 1;
        row.update(tx).await?;
        finish(installation, tx, caller, "permission_group.update", (Some(old.as_str()), &row)).await?;
    }
    Ok(())
}

async fn find(tx: &mut Tx, caller: &Caller, form: Id, id: Id) -> Result<Row, Refusal> {
    let row = Row::find(tx, caller.workspace_id(), id).await?;
    row.filter(|row| row.form == form).ok_or_else(Refusal::missing)
}

/// Checks a group that somebody designs; gives what it grants.
///
/// # Errors
/// Every fault of the document; `reads_hidden_field`, `reads_hidden_records`.
pub fn check(
    designs: &Designs,
    caller: &Caller,
    form: Id,
    group: &PermissionGroup,
) -> Result<Grant, Refusal> {
    let people = &caller.people;
    let mut faults = Faults::new();
    if !is_key(&group.key) {
        faults.push(Fault::new("/key", "invalid_key"));
    }
    if group.label.is_blank() {
        faults.push(Fault::new("/label", "label_missing"));
    }
    if group.label.texts().iter().any(|text| text.chars().count() > LONGEST_LABEL) {
        faults.push(Fault::new("/label", "too_long").arg("max", LONGEST_LABEL));
    }
    let id = |text: &String| text.parse::<Id>().ok();
    let who = &group.who;
    if who.members.iter().any(|member| id(member).is_none_or(|id| !people.members.contains_key(&id))) {
        faults.push(Fault::new("/who/members", "not_an_id"));
    }
    if who.departments.iter().any(|part| id(part).is_none_or(|id| !people.departments.contains_key(&id))) {
        faults.push(Fault::new("/who/departments", "not_an_id"));
    }
    if who.roles.iter().any(|role| people.role(role).is_none()) {
        faults.push(Fault::new("/who/roles", "not_an_id"));
    }
    let design = designs.published(form)?;
    let compiled = designs.compiled(design)?;
    let grant = Grant::new(group, &compiled.form, designs).map_err(|found| faults.extend(found)).ok();
    let Some(grant) = grant.filter(|_| faults.is_empty()) else { return Err(Refusal::invalid(faults)) };
    // Rows tell, by who sees them, what they read behind links.
    let is_known = design.groups.iter().any(|known| known.document.rows == group.rows);
    if caller.is_administrator() || is_known {
        return Ok(grant);
    }
    let rows = group.rows.as_ref().map(|rows| compiled.form.check(rows, designs)).transpose();
    let rows = rows.map_err(Refusal::invalid)?;
    let reads = compiled.form.reads_behind(rows.iter().flat_map(Checked::reaches));
    designs.may_decide_behind(caller, &Vec::from_iter(reads))?;
    Ok(grant)
}

async fn finish(
    installation: &Installation,
    tx: &mut Tx,
    caller: &Caller,
    action: &str,
    (old, row): (Option<&str>, &Row),
) -> Result<(), Refusal> {
    installation.designs.changed(tx, row.workspace).await?;
    let document = |text: &str| serde_json::from_str::<Json>(text).unwrap_or_default();
    let changes = match old {
        Some(old) => audit::difference(&document(old), &document(&row.document)),
        // Whole, when it comes and when it goes.
        None => document(&row.document),
    };
    let changes = Some(json!({"form": row.form, "group": changes}));
    audit::note(tx, caller, Note { action, object: Some(row.id), label: Some(&row.key), changes }).await
}
