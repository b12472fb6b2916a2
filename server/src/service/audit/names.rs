//! What entries speak of by ids, by its name of now: an entry is kept as it was written, and names of records are in none.

use std::collections::{BTreeMap, BTreeSet};

use engine::value::Id;
use serde_json::Value as Json;
use store::Reader;

use crate::service::designs::Designs;
use crate::service::people::Caller;
use crate::service::records::Order;
use crate::service::{Cause, Installation, Refusal, apps};

/// Adds to entries which form they are about, and what they speak of is called, as far as the caller may see it.
///
/// # Errors
/// When the database can't be read.
pub(super) async fn tell(
    installation: &Installation,
    caller: &Caller,
    db: &mut Reader,
    entries: &mut [wire::Audit],
) -> Result<(), Refusal> {
    let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
    let mut records: BTreeMap<Id, BTreeSet<Id>> = BTreeMap::new();
    for entry in entries.iter_mut() {
        let ids = spoken_of(entry);
        let named = ids.into_iter().filter_map(|id| Some((id.to_string(), name(&designs, caller, id)?)));
        entry.names = named.collect();
        entry.form = form_of(&designs, entry);
        if let Some(form) = &entry.form {
            records.entry(form.id).or_default().extend(record_of(entry));
        }
    }
    for (form, ids) in records {
        let ids: Vec<Id> = ids.into_iter().collect();
        let titles = titles(installation, caller, db, form, &ids).await?;
        for entry in entries.iter_mut().filter(|entry| entry.form.as_ref().is_some_and(|of| of.id == form)) {
            let Some(id) = record_of(entry) else { continue };
            let title = titles.get(&id.to_string()).cloned();
            entry.names.extend(title.map(|title| (id.to_string(), title)));
        }
    }
    Ok(())
}

/// Titles of the records that are still there.
async fn titles(
    installation: &Installation,
    caller: &Caller,
    db: &mut Reader,
    form: Id,
    ids: &[Id],
) -> Result<BTreeMap<String, String>, Refusal> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    match Order::to_read(installation, caller, &form.to_string()).await {
        Ok(order) => order.titles_in(db, form, ids).await,
        // Never published, or gone meanwhile.
        Err(refusal) if matches!(refusal.cause, Cause::Missing | Cause::Forbidden) => Ok(BTreeMap::new()),
        Err(refusal) => Err(refusal),
    }
}

/// The record that an entry is about, if it is about one.
fn record_of(entry: &wire::Audit) -> Option<Id> {
    match entry.object.kind.as_str() {
        "record" => entry.object.id,
        "comment" => entry.changes.as_ref()?.get("record")?.as_str()?.parse().ok(),
        _ => None,
    }
}

fn form_of(designs: &Designs, entry: &wire::Audit) -> Option<wire::AuditForm> {
    let id = match entry.object.kind.as_str() {
        "form" => entry.object.id?,
        "access" => entry.object.label.as_deref().and_then(asked_of)?,
        _ => entry.changes.as_ref()?.get("form")?.as_str()?.parse().ok()?,
    };
    let row = &designs.forms.get(&id)?.row;
    Some(wire::AuditForm { id, app: row.app, label: apps::label(&row.label) })
}

/// The form of an address: `/api/v1/forms/ID/…`.
fn asked_of(path: &str) -> Option<Id> {
    let mut parts = path.split('/').skip_while(|part| *part != "forms");
    parts.nth(1)?.parse().ok()
}

/// Every id in what an entry tells.
fn spoken_of(entry: &wire::Audit) -> BTreeSet<Id> {
    let mut found: BTreeSet<Id> = entry.object.id.into_iter().collect();
    let mut left: Vec<&Json> = entry.changes.iter().collect();
    while let Some(json) = left.pop() {
        match json {
            Json::String(text) => found.extend(text.parse::<Id>()),
            Json::Array(items) => left.extend(items),
            Json::Object(members) => left.extend(members.values()),
            Json::Null | Json::Bool(_) | Json::Number(_) => {}
        }
    }
    found
}

/// How a person, a place of theirs, or a design is called.
fn name(designs: &Designs, caller: &Caller, id: Id) -> Option<String> {
    let (people, language) = (&caller.people, caller.language());
    let person = people.members.get(&id).map(|member| member.name.clone());
    let place = || people.departments.get(&id).map(|department| department.name.clone());
    let role = || people.roles.get(&id).map(|role| role.name.clone());
    let role_group = || people.role_groups.get(&id).map(|group| group.name.clone());
    let app = || designs.apps.get(&id).map(|app| apps::label(&app.label).get(language).to_string());
    let form =
        || designs.forms.get(&id).map(|design| apps::label(&design.row.label).get(language).to_string());
    let group = || {
        let mut groups = designs.forms.values().flat_map(|design| &design.groups);
        groups.find(|group| group.id == id).map(|group| group.document.label.get(language).to_string())
    };
    let found =
        person.or_else(place).or_else(role).or_else(role_group).or_else(app).or_else(form).or_else(group);
    found.filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_about_the_form_of_its_address() {
        let id = Id::from_i64(7).unwrap();
        assert_eq!(asked_of(&format!("/api/v1/forms/{id}/permissions")), Some(id));
        assert_eq!(asked_of(&format!("/api/v1/forms/{id}")), Some(id));
        assert_eq!(asked_of("/api/v1/apps/crm/forms"), None);
        assert_eq!(asked_of("/api/v1/roles"), None);
    }
}
