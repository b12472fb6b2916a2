//! Removing uploads that no record took, and bytes that nothing needs.

use std::collections::BTreeSet;
use std::io;

use engine::value::Timestamp;
use store::file::File;

use super::bytes::{place, refusal};
use super::{VISITOR, folder};
use crate::service::{Installation, Refusal};

/// Files of one transaction.
const BATCH: usize = 500;

/// Removes uploads from before `before` that no record holds; gives how many there were.
///
/// # Errors
/// When the database or the disk can't be written.
pub async fn forget_untaken(installation: &Installation, before: Timestamp) -> Result<usize, Refusal> {
    forget(installation, before, None).await
}

/// As [`forget_untaken`], of what visitors of public links have sent.
///
/// # Errors
/// As [`forget_untaken`].
pub async fn forget_visitors(installation: &Installation, before: Timestamp) -> Result<usize, Refusal> {
    forget(installation, before, Some(VISITOR)).await
}

async fn forget(
    installation: &Installation,
    before: Timestamp,
    place: Option<&'static str>,
) -> Result<usize, Refusal> {
    let mut removed = 0;
    loop {
        let work = installation.write(move |tx| {
            Box::pin(async move { Ok(File::forget_untaken(tx, before, place, BATCH as i64).await?) })
        });
        let hashes = work.await?;
        removed += hashes.len();
        let is_last = hashes.len() < BATCH;
        for sha256 in BTreeSet::from_iter(hashes) {
            discard(installation, &sha256).await?;
        }
        if is_last {
            return Ok(removed);
        }
    }
}

/// Removes bytes that no file has any more. Equal bytes lie on the disk once, for all files that have them.
///
/// # Errors
/// When the disk can't be written.
pub async fn discard(installation: &Installation, sha256: &str) -> Result<(), Refusal> {
    // Nobody is between keeping these bytes and storing the row that needs them.
    let _alone = installation.bytes.write().await;
    let mut db = installation.store.read().await?;
    let is_used = File::is_used(&mut db, sha256).await?;
    drop(db);
    if is_used {
        return Ok(());
    }
    match tokio::fs::remove_file(place(&folder(installation), sha256)).await {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(refusal(error)),
        Ok(()) | Err(_) => Ok(()),
    }
}
