//! Fields that were taken out or changed, whose values lie aside until the purge: they can be put into the draft again as
//! they were, and with the next version their values are back.

use std::collections::BTreeSet;

use engine::field::FieldKind;
use engine::form::edit::Edit;
use engine::form::{Field, FormDocument};
use engine::value::{Id, Timestamp, format_timestamp};
use serde_json::json;
use store::Reader;
use store::form::FormVersion;
use store::table::PutAside;
use wire::RemovedField;

use super::draft::{self, Stored};
use crate::service::answer::Answer;
use crate::service::audit::{self, Note};
use crate::service::bin::Retention;
use crate::service::designs::stored;
use crate::service::once::Key;
use crate::service::people::Caller;
use crate::service::{Installation, Refusal};

/// What lies aside of a form, the last first; of each path what was put aside last.
///
/// # Errors
/// Not found, forbidden.
pub async fn list(
    installation: &Installation,
    caller: &Caller,
    name: &str,
) -> Result<Vec<RemovedField>, Refusal> {
    let workspace = caller.workspace_id();
    let designs = installation.designs.get(&installation.store, workspace).await?;
    let design = designs.form_to_administer(name, caller)?;
    let form = design.row.id;
    let mut db = installation.store.read().await?;
    let retention = Retention::of(&mut db, workspace).await?;
    let aside = newest(store::table::put_aside(&mut db, workspace, form).await?);
    let versions = if aside.is_empty() { Vec::new() } else { versions(&mut db, workspace, form).await? };
    let now = design.sketch.as_ref().map(|sketch| &sketch.document);
    let told = aside.into_iter().filter_map(|one| {
        let label = in_force_until(&versions, one.at)?.label_at(&one.path)?;
        Some(RemovedField {
            label,
            kind: one.kind.as_ref().map(|kind| kind.name().to_string()),
            is_changed: now.is_some_and(|now| now.field(&one.path).is_some()),
            removed_at: format_timestamp(one.at),
            purged_at: format_timestamp(retention.ends(one.at)),
            values: one.values,
            path: one.path,
        })
    });
    Ok(told.collect())
}

/// What was put aside last of each path. The columns of a sub-form that lies aside itself go with it.
fn newest(aside: Vec<PutAside>) -> Vec<PutAside> {
    let all: Vec<(String, Timestamp)> = aside.iter().map(|one| (one.path.clone(), one.at)).collect();
    let goes_along = |one: &PutAside| {
        let rows = one.path.split_once('.').map(|(subform, _)| subform);
        all.iter().any(|(path, at)| Some(path.as_str()) == rows && *at >= one.at)
    };
    let mut seen = BTreeSet::new();
    let own = aside.into_iter().filter(|one| !goes_along(one));
    own.filter(|one| seen.insert(one.path.clone())).collect()
}

/// The documents of a form as they were published, the newest first.
///
/// # Errors
/// When the database can't be read.
pub async fn versions(
    db: &mut Reader,
    workspace: Id,
    form: Id,
) -> Result<Vec<(Timestamp, FormDocument)>, Refusal> {
    let versions = FormVersion::list(db, workspace, form).await?;
    let read = |version: FormVersion| Ok((version.published_at, stored("form_version", &version.document)?));
    versions.into_iter().map(read).collect()
}

/// The document that was in force until something was put aside.
fn in_force_until(versions: &[(Timestamp, FormDocument)], at: Timestamp) -> Option<&FormDocument> {
    versions.iter().find(|(published, _)| *published < at).map(|(_, document)| document)
}

/// Puts a field into the draft as it was before it was taken out, or gives it back the kind and the options that it had.
/// Once that is published, its values are back.
///
/// # Errors
/// Not found, also for a field of which nothing lies aside; forbidden; what the draft refuses.
pub async fn restore(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    name: String,
    path: String,
) -> Result<Answer, Refusal> {
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .act(caller, key, move |tx| {
            Box::pin(async move {
                let (designs, row) = draft::lock(tx, &actor, &name).await?;
                let (workspace, form) = (row.workspace, row.id);
                let aside = newest(store::table::put_aside(tx, workspace, form).await?);
                let aside = aside.into_iter().find(|one| one.path == path).ok_or_else(Refusal::missing)?;
                let versions = versions(tx, workspace, form).await?;
                let former = in_force_until(&versions, aside.at).and_then(|document| document.field(&path));
                let former = former.cloned().ok_or_else(Refusal::missing)?;
                let mut draft = Stored::read(&row)?;
                put_back(&mut draft.definition, &path, former)?;
                draft.touch(row.draft_version + 1, format!("field {path}"));
                draft::store(&parts, tx, &designs, row, draft, 1, &actor).await
            })
        })
        .await
}

fn put_back(document: &mut FormDocument, path: &str, former: Field) -> Result<(), Refusal> {
    if let Some(field) = field_mut(document, path) {
        field.kind = former.kind;
        return Ok(());
    }
    let within = path.split_once('.').map(|(subform, _)| subform.to_string());
    let add = Edit::AddField { within, position: None, at: None, field: Box::new(former) };
    add.apply(document).map(drop).map_err(|fault| Refusal::invalid(vec![fault]))
}

fn field_mut<'d>(document: &'d mut FormDocument, path: &str) -> Option<&'d mut Field> {
    let (key, column) = match path.split_once('.') {
        None => (path, None),
        Some((subform, column)) => (subform, Some(column)),
    };
    let field = document.fields.iter_mut().find(|field| field.key == key)?;
    let Some(column) = column else { return Some(field) };
    match &mut field.kind {
        FieldKind::Subform(rows) => rows.fields.iter_mut().find(|field| field.key == column),
        _ => None,
    }
}

/// Removes what lies aside of a field for good.
///
/// # Errors
/// Not found, also for a field of which nothing lies aside; forbidden.
pub async fn purge(
    installation: &Installation,
    caller: &Caller,
    name: String,
    path: String,
) -> Result<(), Refusal> {
    let actor = caller.clone();
    installation
        .write(move |tx| {
            Box::pin(async move {
                let (_, row) = draft::lock(tx, &actor, &name).await?;
                let aside = store::table::put_aside(tx, row.workspace, row.id).await?;
                let inside = format!("{path}.");
                let goes = |one: &&PutAside| one.path == path || one.path.starts_with(&inside);
                let (numbers, values): (Vec<i64>, Vec<u64>) =
                    aside.iter().filter(goes).map(|one| (one.number, one.values)).unzip();
                if numbers.is_empty() {
                    return Err(Refusal::missing());
                }
                store::table::purge_aside(tx, row.workspace, row.id, &numbers).await?;
                let changes = Some(json!({ "field": path, "values": values.iter().max() }));
                let note =
                    Note { action: "field.purge", object: Some(row.id), label: Some(&row.key), changes };
                audit::note(tx, &actor, note).await
            })
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_each_field_the_last_is_listed_and_columns_go_with_their_rows() {
        let aside = |number: i64, path: &str, at: i64| PutAside {
            number,
            path: path.to_string(),
            at: Timestamp::from_second(at).unwrap(),
            kind: None,
            values: 1,
        };
        let all = vec![
            aside(4, "lines", 30),
            aside(5, "lines.qty", 30),
            aside(2, "code", 20),
            aside(6, "rows.qty", 15),
            aside(1, "code", 10),
            aside(3, "lines.old", 5),
        ];
        let found: Vec<i64> = newest(all).iter().map(|one| one.number).collect();
        assert_eq!(found, [4, 2, 6]);
    }

    #[test]
    fn a_field_is_put_back_or_gets_its_kind_again() {
        let json = json!({"key": "f", "label": "F", "fields": [
            {"key": "n", "label": "Number", "kind": "number"},
            {"key": "lines", "label": "L", "kind": "subform", "options": {"fields": []}}]});
        let mut document: FormDocument = serde_json::from_value(json).unwrap();
        let field = |json| -> Field { serde_json::from_value(json).unwrap() };
        put_back(&mut document, "n", field(json!({"key": "n", "label": "N", "kind": "text"}))).unwrap();
        let n = document.field("n").unwrap();
        assert_eq!((n.kind.name(), n.label.get(engine::text::Language::En)), ("text", "Number"));
        put_back(&mut document, "lines.qty", field(json!({"key": "qty", "label": "Q", "kind": "number"})))
            .unwrap();
        assert!(document.field("lines.qty").is_some());
        let lost = field(json!({"key": "x", "label": "X", "kind": "text"}));
        assert!(put_back(&mut document, "gone.x", lost).is_err());
    }
}
