//! The audit trail: every action leaves an entry in its own transaction.

use engine::value::Id;
use serde_json::Value as Json;
use store::audit::AuditEntry;
use store::{Tx, ids};

use super::Refusal;
use super::people::Caller;
use crate::service::clock;

/// What is noted of an action besides who did it.
pub struct Note<'a> {
    /// A verb on a noun: `member.disable`.
    pub action: &'a str,
    pub object: Option<Id>,
    /// How the object is called.
    pub label: Option<&'a str>,
    /// Never a secret.
    pub changes: Option<Json>,
}

/// Notes what `caller` did.
pub async fn note(tx: &mut Tx, caller: &Caller, note: Note<'_>) -> Result<(), Refusal> {
    // Every change leaves an entry: this is the last door that one who only looks would have to pass.
    caller.may_change()?;
    let kind = note.action.split('.').next().unwrap_or_default();
    let entry = AuditEntry {
        workspace: caller.workspace_id(),
        id: ids::next(),
        at: clock::now(),
        who: Some(caller.id()),
        on_behalf_of: None,
        action: note.action.to_string(),
        object_kind: kind.to_string(),
        object: note.object,
        label: note.label.map(str::to_string),
        path: Some(caller.path().to_string()),
        ip: caller.address.map(|address| address.to_string()),
        changes: note.changes.map(|changes| changes.to_string()),
        hash: Vec::new(),
        seq: None,
        chain: None,
    };
    Ok(AuditEntry::insert_ahead(tx, &[entry.hashed()]).await?)
}
