//! Taking a file in: its bytes go to the disk while they come, then a row says that they are there.

use bytes::Bytes;
use engine::value::Id;
use futures::{Stream, StreamExt};
use sha2::{Digest, Sha256};
use store::file::File;
use store::ids;

use super::bytes::{Incoming, Kept};
use super::{folder, kind, name, view};
use crate::service::answer::Answer;
use crate::service::once::Key;
use crate::service::people::Caller;
use crate::service::people::secret::hex;
use crate::service::{Cause, Installation, Refusal, clock};

/// The largest file.
pub const LARGEST: u64 = 100 << 20;

/// Stores a file that comes in pieces; it is the caller's until a record holds it.
///
/// # Errors
/// `too_large`; `disk_full`; what the stream says.
pub async fn upload<S>(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    file_name: &str,
    mut chunks: S,
) -> Result<Answer, Refusal>
where
    S: Stream<Item = Result<Bytes, Refusal>> + Unpin,
{
    let mut incoming = Incoming::begin(folder(installation)).await?;
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk?;
        if incoming.size() + chunk.len() as u64 > LARGEST {
            return Err(Refusal::new(Cause::TooLarge, "too_large"));
        }
        incoming.write(&chunk).await?;
    }
    let kept = incoming.keep().await?;
    let file = row(caller, file_name, &kept)?;
    // The bytes went by without being kept in mind: they belong to the key now that their hash is known.
    let key = key.map(|key| Key { body_hash: hash_of(&file), ..key });
    installation
        .act(caller, key, move |tx| {
            Box::pin(async move {
                file.insert(tx).await?;
                Answer::created(&view(&file))
            })
        })
        .await
}

/// A file that the product made for the caller, such as the rows that an import could not take.
///
/// # Errors
/// `disk_full`; when it can't be stored.
pub async fn store(
    installation: &Installation,
    caller: &Caller,
    file_name: &str,
    incoming: Incoming,
) -> Result<Id, Refusal> {
    let file = row(caller, file_name, &incoming.keep().await?)?;
    let id = file.id;
    installation.write(move |tx| Box::pin(async move { Ok(file.insert(tx).await?) })).await?;
    Ok(id)
}

fn row(caller: &Caller, file_name: &str, kept: &Kept) -> Result<File, Refusal> {
    let file_name = name::clean(file_name);
    Ok(File {
        workspace: caller.workspace_id(),
        id: ids::next(),
        media_type: kind::media_type(&file_name, &kept.head),
        name: file_name,
        size: i64::try_from(kept.size).map_err(Refusal::internal)?,
        sha256: kept.sha256.clone(),
        created_at: clock::now(),
        created_by: Some(caller.id()),
        form: None,
        record: None,
        field: None,
    })
}

fn hash_of(file: &File) -> String {
    let mut hash = Sha256::new();
    hash.update(file.sha256.as_bytes());
    hash.update(file.name.as_bytes());
    hex(&hash.finalize())
}
