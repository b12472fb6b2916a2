//! That a role which goes is no more among the readers of dashboards, reports and aggregate tables.

use engine::access::Who;
use engine::value::Id;
use serde_json::Value as Json;
use store::Tx;
use store::aggregate::AggregateRow;
use store::bin_line::BinLine;
use store::document::{AppDocument, DocumentKind};

use super::Caller;
use super::role_uses::Named;
use crate::service::apps::to_json;
use crate::service::audit::{self, Note};
use crate::service::{Refusal, bin};

/// Takes the role out of the readers of all that has some, also of what lies in the bin, by itself or with its app: it comes
/// back as it is there.
pub(super) async fn take_out(tx: &mut Tx, caller: &Caller, named: &Named<'_>) -> Result<(), Refusal> {
    let workspace = caller.workspace_id();
    let kinds = [(DocumentKind::Dashboard, "dashboard.update"), (DocumentKind::Report, "report.update")];
    for (kind, action) in kinds {
        for mut row in AppDocument::list(tx, workspace, kind).await? {
            let Some((document, changes)) = without(named, &row.document)? else { continue };
            row.document = document;
            row.version += 1;
            row.update(tx).await?;
            note(tx, caller, action, (row.id, row.key.as_str()), changes).await?;
        }
    }
    for mut row in AggregateRow::list(tx, workspace).await? {
        let Some((document, changes)) = without(named, &row.document)? else { continue };
        row.document = document;
        row.version += 1;
        row.update(tx).await?;
        note(tx, caller, "aggregate.update", (row.id, row.key.as_str()), changes).await?;
    }
    for mut line in BinLine::with_readers(tx, workspace).await? {
        let document = line.document.as_deref().unwrap_or_default();
        let Some((document, changes)) = without(named, document)? else { continue };
        line.document = Some(document);
        line.update(tx).await?;
        let action = format!("{}.update", bin::noun(line.kind));
        note(tx, caller, &action, (line.id, line.key.as_str()), changes).await?;
    }
    Ok(())
}

/// A document without the role among its readers, and what differs; nothing where it does not name it. One that named nobody
/// else is its administrators' alone from then on, as one that names no readers.
fn without(named: &Named<'_>, text: &str) -> Result<Option<(String, Json)>, Refusal> {
    let Ok(before) = serde_json::from_str::<Json>(text) else { return Ok(None) };
    let readers = before.get("read").cloned();
    let readers = readers.and_then(|read| serde_json::from_value::<Who>(read).ok());
    let Some(mut readers) = readers.filter(|who| named.is_one_of(who)) else { return Ok(None) };
    readers.roles.retain(|name| !named.is(name));
    let mut after = before.clone();
    if let Some(members) = after.as_object_mut() {
        if readers == Who::default() {
            members.remove("read");
        } else {
            let left = serde_json::to_value(&readers).map_err(Refusal::internal)?;
            members.insert("read".to_string(), left);
        }
    }
    Ok(Some((to_json(&after)?, audit::difference(&before, &after))))
}

async fn note(
    tx: &mut Tx,
    caller: &Caller,
    action: &str,
    (id, key): (Id, &str),
    changes: Json,
) -> Result<(), Refusal> {
    let note = Note { action, object: Some(id), label: Some(key), changes: Some(changes) };
    audit::note(tx, caller, note).await
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use store::role::Role;

    use super::*;

    #[test]
    fn what_only_the_role_read_is_read_by_nobody_it_named() {
        let id = Id::from_i64(7).unwrap();
        let (key, name) = ("cashier".to_string(), "Cashier".to_string());
        let role = Role { workspace: Id::from_i64(1).unwrap(), id, key, name, role_group: None, version: 1 };
        let named = Named::of(&role);
        let left = |read: Json| {
            let text = json!({"key": "sales", "read": read}).to_string();
            let found = without(&named, &text).unwrap();
            found.map(|(document, _)| serde_json::from_str::<Json>(&document).unwrap())
        };
        assert_eq!(left(json!({"roles": ["cashier"]})), Some(json!({"key": "sales"})));
        assert_eq!(left(json!({"roles": [id.to_string()]})), Some(json!({"key": "sales"})));
        let others = json!({"members": ["0000000000009"], "roles": ["boss", "cashier"]});
        let rest = json!({"members": ["0000000000009"], "roles": ["boss"]});
        assert_eq!(left(others), Some(json!({"key": "sales", "read": rest})));
        let open = Some(json!({"key": "sales", "read": {"everyone": true}}));
        assert_eq!(left(json!({"everyone": true, "roles": ["cashier"]})), open, "as open as it was");
        assert_eq!(left(json!({"roles": ["boss"]})), None);
        assert_eq!(left(Json::Null), None);
    }
}
