//! The audit trail: every action leaves an entry in its own transaction; whoever was turned away leaves one soon after.
//!
//! Reading it is for administrators ([`list()`]), and taking it away as a file, too ([`start_export`]), which leaves an entry.

mod difference;
mod door;
mod export;
mod list;
mod names;
mod refusals;

use engine::value::Id;
use serde_json::Value as Json;
use store::audit::AuditEntry;
use store::{Tx, ids};

use super::Refusal;
use super::people::Caller;
use crate::service::clock;

pub use difference::difference;
pub use door::{by_operator, by_time, close_session, first_administrator, open_session, turn_away};
pub use export::{EXPORT, go_on, start as start_export};
pub use list::list;
pub use refusals::{Attempt, Refusals, write_refusals};

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
    let is_product = caller.is_product();
    let entry = AuditEntry {
        who: (!is_product).then(|| caller.id()),
        on_behalf_of: is_product.then(|| caller.id()),
        path: Some(caller.path().to_string()),
        ip: caller.address.map(|address| address.to_string()),
        request: caller.request.clone(),
        ..entry(caller.workspace_id(), note)
    };
    Ok(AuditEntry::insert_ahead(tx, &[entry.hashed()]).await?)
}

/// An entry of this moment that nobody has put their name to.
fn entry(workspace: Id, note: Note<'_>) -> AuditEntry {
    AuditEntry {
        workspace,
        id: ids::next(),
        at: clock::now(),
        who: None,
        on_behalf_of: None,
        action: note.action.to_string(),
        object_kind: note.action.split('.').next().unwrap_or_default().to_string(),
        object: note.object,
        label: note.label.map(str::to_string),
        path: None,
        ip: None,
        changes: note.changes.map(|changes| changes.to_string()),
        request: None,
        hash: Vec::new(),
        seq: None,
        chain: None,
    }
}
