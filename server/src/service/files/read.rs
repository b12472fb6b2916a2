//! Giving a file out to whoever may have it.

use std::path::PathBuf;

use engine::value::Id;
use store::file::File;
use wire::records::Fields;

use super::bytes::{place, refusal};
use super::folder;
use crate::service::people::Caller;
use crate::service::{Cause, Installation, Refusal};
use crate::service::{exports, records};

/// The place in a record of what is signed with in its flow.
pub const SIGNATURE: &str = "$signature";

/// The place in a record of what goes with an opinion in its flow.
pub const OPINION: &str = "$opinion";

/// The place in a record of what goes with a comment.
pub const COMMENT: &str = "$comment";

/// The place of what somebody exported, which no record comes to hold.
pub const EXPORTED: &str = "$export";

/// The place of what a visitor of a public link has sent, until their answer takes it.
pub const VISITOR: &str = "$visitor";

/// A file and its bytes.
pub struct Opened {
    pub file: File,
    pub bytes: tokio::fs::File,
}

/// # Errors
/// Not found for a file that the caller may not have.
pub async fn open(installation: &Installation, caller: &Caller, id: Id) -> Result<Opened, Refusal> {
    let file = find(installation, caller, id).await?;
    let bytes = tokio::fs::File::open(place(&folder(installation), &file.sha256)).await.map_err(refusal)?;
    Ok(Opened { file, bytes })
}

/// The bytes of a file, for one who was found to be allowed to have it.
///
/// # Errors
/// When the disk can't be read.
pub async fn bytes_of(installation: &Installation, file: &File) -> Result<Vec<u8>, Refusal> {
    tokio::fs::read(place(&folder(installation), &file.sha256)).await.map_err(refusal)
}

/// A file that the caller may have, and where its bytes lie.
///
/// # Errors
/// `not_an_id` at `file` for others.
pub async fn find_bytes(
    installation: &Installation,
    caller: &Caller,
    id: Id,
) -> Result<(File, PathBuf), Refusal> {
    let file = find(installation, caller, id).await.map_err(|refusal| match refusal.cause {
        Cause::Missing => Refusal::fault("file", "not_an_id"),
        _ => refusal,
    })?;
    let path = place(&folder(installation), &file.sha256);
    Ok((file, path))
}

/// The row of a file that the caller may have.
///
/// # Errors
/// Not found for others.
pub async fn find(installation: &Installation, caller: &Caller, id: Id) -> Result<File, Refusal> {
    let mut db = installation.store.read().await?;
    let file = File::find(&mut db, caller.workspace_id(), id).await?.ok_or_else(Refusal::missing)?;
    drop(db);
    match (file.form, file.record) {
        (Some(form), Some(record)) => {
            let field = file.field.clone().unwrap_or_default();
            let may = shows(installation, caller, (form, record), &field).await?;
            if may { Ok(file) } else { Err(Refusal::missing()) }
        }
        // Nobody else's yet.
        _ if file.created_by != Some(caller.id()) => Err(Refusal::missing()),
        // It was made with rights that may be gone.
        _ if is_export(&file) => {
            let may = exports::may_still_have(installation, caller, id).await?;
            if may { Ok(file) } else { Err(Refusal::missing()) }
        }
        _ => Ok(file),
    }
}

/// Whether it is what somebody exported: theirs to take away, and for no record to hold.
pub fn is_export(file: &File) -> bool {
    file.record.is_none() && file.field.as_deref() == Some(EXPORTED)
}

/// Whether the caller may read that field of that record.
async fn shows(
    installation: &Installation,
    caller: &Caller,
    (form, record): (Id, Id),
    field: &str,
) -> Result<bool, Refusal> {
    let record = records::read::read(installation, caller, &form.to_string(), record).await?;
    // Who signed and what they said is told with the way of the approval, and comments to everybody who sees it.
    Ok([SIGNATURE, OPINION, COMMENT].contains(&field) || has(&record.fields, field))
}

/// Whether the fields that somebody sees have this one: `proof`, or `lines.photo` in some row.
pub fn has(fields: &Fields, path: &str) -> bool {
    match path.split_once('.') {
        None => fields.contains_key(path),
        Some((subform, column)) => {
            let rows = fields.get(subform).and_then(|rows| rows.as_array());
            rows.is_some_and(|rows| rows.iter().any(|row| row.get(column).is_some()))
        }
    }
}
