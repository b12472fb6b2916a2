//! What people say in a flow, and sign with: opinions, comments, signatures.

use engine::text::Fault;
use engine::value::Id;
use store::Tx;
use store::file::File;
use store::instance::Task;

use crate::service::Refusal;
use crate::service::files::SIGNATURE;
use crate::service::people::Caller;

/// Characters of an opinion or a comment.
const LONGEST: usize = 4_000;
/// People that a comment names.
const MOST_MENTIONS: usize = 100;

/// What is said at `path` is read with its instance by everybody, so it is no place to store a book.
///
/// # Errors
/// `too_long`.
pub fn check_said(said: Option<&str>, path: &'static str) -> Result<(), Refusal> {
    let is_long = said.is_some_and(|said| said.chars().count() > LONGEST);
    if is_long {
        Err(Refusal::invalid(vec![Fault::new(path, "too_long").arg("max", LONGEST)]))
    } else {
        Ok(())
    }
}

/// Those whom a comment names are members.
///
/// # Errors
/// `too_many`, `not_an_id`.
pub fn check_mentions(caller: &Caller, mentions: &[Id]) -> Result<(), Refusal> {
    if mentions.len() > MOST_MENTIONS {
        return Err(Refusal::invalid(vec![Fault::new("mentions", "too_many").arg("max", MOST_MENTIONS)]));
    }
    match mentions.iter().position(|member| !caller.people.is_active(*member)) {
        Some(place) => Err(Refusal::fault(format!("mentions.{place}"), "not_an_id")),
        None => Ok(()),
    }
}

/// Puts a signature under a decision: a picture that the caller has uploaded themselves, and that nothing else holds. From
/// then on it stays with the record.
///
/// # Errors
/// `not_an_id` for any other file.
pub async fn hold_signature(tx: &mut Tx, caller: &Caller, task: &Task, id: Id) -> Result<(), Refusal> {
    let workspace = caller.workspace_id();
    let file = File::find(tx, workspace, id).await?;
    let is_own_picture = file.is_some_and(|file| {
        file.created_by == Some(caller.id()) && file.record.is_none() && file.media_type.starts_with("image/")
    });
    if !is_own_picture || !File::attach(tx, workspace, id, task.form, task.record, SIGNATURE).await? {
        return Err(Refusal::fault("signature", "not_an_id"));
    }
    Ok(())
}
