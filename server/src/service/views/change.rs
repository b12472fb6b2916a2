//! Saving, changing and deleting views.

use engine::import::{free_key, key_of};
use engine::text::{Fault, Label, Language};
use engine::value::Id;
use engine::view::{ViewDocument, ViewScope};
use serde_json::{Map, Value as Json, json};
use store::view::{SavedView, ViewScope as StoredScope};
use store::{Tx, ids};

use super::read;
use crate::service::answer::Answer;
use crate::service::apps::to_json;
use crate::service::audit::{self, Note};
use crate::service::once::Key;
use crate::service::people::Caller;
use crate::service::records::Order;
use crate::service::{Cause, Installation, Refusal, strict};

/// Views of one form that a member has at most.
const MOST: usize = 200;

/// # Errors
/// Not found; forbidden for who sees no records, and to share for who does not design the form; every fault of the
/// document; `too_many`, `view_taken`.
pub async fn create(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    form: String,
    document: Json,
) -> Result<Answer, Refusal> {
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .act(caller, key, move |tx| {
            Box::pin(async move {
                let order = read::to_look(&parts, &actor, &form).await?;
                let workspace = actor.workspace_id();
                let known = SavedView::of_form(tx, workspace, order.form, actor.id()).await?;
                if known.iter().filter(|row| row.owner == actor.id()).count() >= MOST {
                    return Err(Refusal::invalid(vec![Fault::new("", "too_many").arg("max", MOST)]));
                }
                let document: ViewDocument = strict::document(with_key(document, &known))?;
                let faults = read::faults(&order, &document);
                if !faults.is_empty() {
                    return Err(Refusal::invalid(faults));
                }
                if document.scope != ViewScope::Own && !read::may_share(&order) {
                    return Err(Refusal::forbidden("forbidden"));
                }
                let row = SavedView {
                    workspace,
                    id: ids::next(),
                    form: order.form,
                    owner: actor.id(),
                    key: document.key.clone(),
                    scope: stored_scope(document.scope),
                    document: to_json(&document)?,
                    version: 1,
                };
                inserted(&row, tx).await?;
                note(tx, &actor, "view.create", (None, &row)).await?;
                Ok(Answer::created(&read::view(&order, &row)?)?.version(row.version))
            })
        })
        .await
}

/// Changes the members of a view that are given; what is `null` is as in a view that does not say.
///
/// # Errors
/// Not found; forbidden, `view_locked`; stale; every fault of what was given.
pub async fn update(
    installation: &Installation,
    caller: &Caller,
    id: Id,
    version: Option<i64>,
    patch: Json,
) -> Result<Answer, Refusal> {
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .act(caller, None, move |tx| {
            Box::pin(async move {
                let Json::Object(patch) = patch else { return Err(Refusal::fault("", "wrong_type")) };
                let (order, mut row) = to_change(&parts, tx, &actor, id, version).await?;
                let document = patched(&row, &patch)?;
                if document.key != row.key {
                    return Err(Refusal::fault("/key", "key_is_fixed"));
                }
                let mut faults = read::faults(&order, &document);
                // What was not given may have gone out of the form meanwhile; it is left as it is.
                faults.retain(|fault| is_given(&patch, &fault.path));
                if !faults.is_empty() {
                    return Err(Refusal::invalid(faults));
                }
                check_scope(&order, &row, document.scope)?;
                row.scope = stored_scope(document.scope);
                let old = std::mem::replace(&mut row.document, to_json(&document)?);
                row.version += 1;
                row.update(tx).await?;
                note(tx, &actor, "view.update", (Some(old.as_str()), &row)).await?;
                Ok(Answer::done(&read::view(&order, &row)?)?.version(row.version))
            })
        })
        .await
}

/// # Errors
/// Not found; forbidden, `view_locked`; stale.
pub async fn delete(
    installation: &Installation,
    caller: &Caller,
    id: Id,
    version: Option<i64>,
) -> Result<(), Refusal> {
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .write(move |tx| {
            Box::pin(async move {
                let (_, row) = to_change(&parts, tx, &actor, id, version).await?;
                SavedView::delete(tx, row.workspace, row.id).await?;
                note(tx, &actor, "view.delete", (None, &row)).await
            })
        })
        .await
}

/// A view for one who changes it, with its form.
async fn to_change(
    installation: &Installation,
    tx: &mut Tx,
    caller: &Caller,
    id: Id,
    version: Option<i64>,
) -> Result<(Order, SavedView), Refusal> {
    let row = read::known(tx, caller, id).await?.ok_or_else(Refusal::missing)?;
    let order = read::to_look(installation, caller, &row.form.to_string()).await?;
    if !read::may_change(&order, &row) {
        let is_locked = row.scope == StoredScope::Locked;
        return Err(Refusal::forbidden(if is_locked { "view_locked" } else { "forbidden" }));
    }
    if version.is_some_and(|version| version != row.version) {
        return Err(Refusal::new(Cause::Stale, "stale"));
    }
    Ok((order, row))
}

/// Who shows a view to others has to design the form. Only its owner takes it back for themselves or locks it: anybody else
/// would take it from its owner, too, or could not open their own lock.
fn check_scope(order: &Order, row: &SavedView, wanted: ViewScope) -> Result<(), Refusal> {
    if stored_scope(wanted) == row.scope {
        return Ok(());
    }
    let may = match wanted {
        ViewScope::Own => row.owner == order.caller.id(),
        ViewScope::Shared => read::may_share(order),
        ViewScope::Locked => {
            let is_own = row.owner == order.caller.id();
            read::may_share(order) && (is_own || order.caller.is_administrator())
        }
    };
    if may { Ok(()) } else { Err(Refusal::forbidden("forbidden")) }
}

/// The document with a key made of its name, where it has none.
fn with_key(mut document: Json, known: &[SavedView]) -> Json {
    if let Json::Object(members) = &mut document {
        let label =
            members.get("label").and_then(|label| serde_json::from_value::<Label>(label.clone()).ok());
        let wanted = key_of(label.unwrap_or_default().get(Language::En));
        let wanted = wanted.unwrap_or_else(|| "view".to_string());
        let free = || Json::from(free_key(&wanted, |key| known.iter().any(|row| row.key == key)));
        members.entry("key").or_insert_with(free);
    }
    document
}

fn patched(row: &SavedView, patch: &Map<String, Json>) -> Result<ViewDocument, Refusal> {
    let Ok(Json::Object(mut members)) = serde_json::from_str::<Json>(&row.document) else {
        return Err(Refusal::internal("saved_view: a document is an object"));
    };
    for (name, value) in patch {
        if value.is_null() {
            members.remove(name);
        } else {
            members.insert(name.clone(), value.clone());
        }
    }
    strict::document(Json::Object(members))
}

/// Whether a fault lies in a member that was given. What a kind needs was given with it.
fn is_given(patch: &Map<String, Json>, path: &str) -> bool {
    let member = path.split('/').nth(1).unwrap_or_default();
    patch.contains_key(member) || member == "options" && patch.contains_key("kind")
}

fn stored_scope(scope: ViewScope) -> StoredScope {
    match scope {
        ViewScope::Own => StoredScope::Own,
        ViewScope::Shared => StoredScope::Shared,
        ViewScope::Locked => StoredScope::Locked,
    }
}

async fn inserted(row: &SavedView, tx: &mut Tx) -> Result<(), Refusal> {
    match row.insert(tx).await {
        Err(store::Error::Conflict { .. }) => {
            let faults = vec![Fault::new("/key", "not_unique")];
            Err(Refusal { faults, ..Refusal::conflict("view_taken") })
        }
        other => Ok(other?),
    }
}

async fn note(
    tx: &mut Tx,
    caller: &Caller,
    action: &str,
    (old, row): (Option<&str>, &SavedView),
) -> Result<(), Refusal> {
    let document = |text: &str| serde_json::from_str::<Json>(text).unwrap_or_default();
    let changes = match old {
        Some(old) => audit::difference(&document(old), &document(&row.document)),
        // Whole, when it comes and when it goes.
        None => document(&row.document),
    };
    let changes = Some(json!({"form": row.form, "view": changes}));
    audit::note(tx, caller, Note { action, object: Some(row.id), label: Some(&row.key), changes }).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(key: &str) -> SavedView {
        let document = json!({"key": key, "label": "Old", "filter": {"all": []}}).to_string();
        let (workspace, id, form, owner) = (ids::next(), ids::next(), ids::next(), ids::next());
        let scope = StoredScope::Own;
        SavedView { workspace, id, form, owner, key: key.to_string(), scope, document, version: 1 }
    }

    #[test]
    fn a_view_without_a_key_gets_one_of_its_name_that_is_free() {
        let known = [row("my_orders")];
        let key = |document: Json| with_key(document, &known)["key"].clone();
        assert_eq!(key(json!({"label": "My orders"})), "my_orders_2");
        assert_eq!(key(json!({"label": {"zh-CN": "我的订单"}})), "view");
        assert_eq!(key(json!({"label": "My orders", "key": "own"})), "own");
    }

    #[test]
    fn a_patch_changes_what_it_gives_and_empties_what_it_says_is_nothing() {
        let patch = json!({"label": "New", "filter": null, "kind": "gallery"});
        let document = patched(&row("v"), patch.as_object().unwrap()).unwrap();
        assert_eq!((document.label, document.filter), (Label::from("New"), None));
        let unknown = json!({"color": "red"});
        let refused = patched(&row("v"), unknown.as_object().unwrap()).unwrap_err();
        assert_eq!(refused.faults[0].code, "unknown_member");
    }

    #[test]
    fn faults_of_what_was_not_given_are_left_alone() {
        let patch = json!({"kind": "kanban", "sort": []});
        let is_given = |path: &str| is_given(patch.as_object().unwrap(), path);
        assert!(is_given("/options/by") && is_given("/sort/0/field") && !is_given("/columns/1/field"));
    }
}
