//! Giving uploads to a record that go with what is said about it, and stand in none of its fields.

use engine::text::Fault;
use engine::value::Id;
use store::Tx;
use store::file::File;

use super::is_export;
use crate::service::Refusal;
use crate::service::people::Caller;

/// Files with one opinion or comment.
const MOST: usize = 20;

/// Puts files under a place of a record: uploads of the caller's own that nothing else holds.
///
/// # Errors
/// `too_many`, `not_an_id`.
pub async fn hold(
    tx: &mut Tx,
    caller: &Caller,
    files: &[Id],
    (form, record): (Id, Id),
    place: &str,
) -> Result<(), Refusal> {
    if files.len() > MOST {
        return Err(Refusal::invalid(vec![Fault::new("files", "too_many").arg("max", MOST)]));
    }
    let workspace = caller.workspace_id();
    for (at, id) in files.iter().enumerate() {
        let file = File::find(tx, workspace, *id).await?;
        let is_free = |file: &File| file.record.is_none() && !is_export(file);
        let is_own = file.is_some_and(|file| file.created_by == Some(caller.id()) && is_free(&file));
        if !is_own || !File::attach(tx, workspace, *id, form, record, place).await? {
            return Err(Refusal::fault(format!("files.{at}"), "not_an_id"));
        }
    }
    Ok(())
}
