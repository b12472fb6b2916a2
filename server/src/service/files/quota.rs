//! How much room the files of a workspace may take, where an operator has set a bound. It is looked at where the row of a file is
//! made, whichever way its bytes came, and in the transaction that makes it: of two who send the last bytes at once one is refused.

use engine::value::Id;
use store::file::File;
use store::file_room::FileRoom;
use store::{Reader, Tx};
use wire::FilesLevel;

use crate::service::{Cause, Installation, Refusal};

/// Parts of a hundred from which administrators are told that there will be no room …
const LOW: i128 = 80;
/// … soon.
const NEARLY_FULL: i128 = 95;
/// When it is worth trying again: somebody has to make room.
const TRY_AGAIN: u32 = 600;

/// Stores a new file, which takes its room.
///
/// # Errors
/// `workspace_full`.
pub async fn insert(tx: &mut Tx, installation: &Installation, file: &File) -> Result<(), Refusal> {
    let most = bound(installation);
    let Some(bytes) = file.take_in(tx, most.unwrap_or(i64::MAX)).await? else { return Err(full()) };
    let now = level(bytes, most);
    if now != level(bytes.saturating_sub(file.size), most) {
        let (workspace, quota) = (file.workspace, most.unwrap_or_default());
        tx.on_commit(move || {
            tracing::warn!(%workspace, bytes, quota, reached = ?now, "the files of a workspace take nearly all of their room");
        });
    }
    Ok(())
}

/// Bytes that may still come in.
///
/// # Errors
/// When the database can't be read.
pub async fn left(db: &mut Reader, installation: &Installation, workspace: Id) -> Result<u64, Refusal> {
    let Some(most) = bound(installation) else { return Ok(u64::MAX) };
    let bytes = FileRoom::of(db, workspace).await?;
    Ok(u64::try_from(most.saturating_sub(bytes)).unwrap_or_default())
}

/// How much room the files of a workspace take, for its administrators.
///
/// # Errors
/// When the database can't be read.
pub async fn told(installation: &Installation, workspace: Id) -> Result<wire::WorkspaceFiles, Refusal> {
    let mut db = installation.store.read().await?;
    let bytes = FileRoom::of(&mut db, workspace).await?;
    let most = bound(installation);
    let number = |bytes: i64| u64::try_from(bytes).unwrap_or_default();
    Ok(wire::WorkspaceFiles { bytes: number(bytes), quota: most.map(number), level: level(bytes, most) })
}

/// What is told where there is no room.
pub fn full() -> Refusal {
    Refusal { retry_after: Some(TRY_AGAIN), ..Refusal::new(Cause::DiskFull, "workspace_full") }
}

/// The bound of an operator, in bytes.
fn bound(installation: &Installation) -> Option<i64> {
    installation.settings.workspace_quota.map(|quota| i64::try_from(quota).unwrap_or(i64::MAX))
}

fn level(bytes: i64, most: Option<i64>) -> FilesLevel {
    let Some(most) = most else { return FilesLevel::Ample };
    let reached = |percent: i128| i128::from(bytes) * 100 >= i128::from(most) * percent;
    if reached(100) {
        FilesLevel::Full
    } else if reached(NEARLY_FULL) {
        FilesLevel::NearlyFull
    } else if reached(LOW) {
        FilesLevel::Low
    } else {
        FilesLevel::Ample
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn administrators_are_told_from_eighty_and_from_ninety_five_parts_of_a_hundred() {
        let of = |bytes: i64| level(bytes, Some(1_000));
        assert_eq!((of(0), of(799)), (FilesLevel::Ample, FilesLevel::Ample));
        assert_eq!((of(800), of(949)), (FilesLevel::Low, FilesLevel::Low));
        assert_eq!((of(950), of(999)), (FilesLevel::NearlyFull, FilesLevel::NearlyFull));
        assert_eq!((of(1_000), of(1_001)), (FilesLevel::Full, FilesLevel::Full));
        assert_eq!(level(i64::MAX, Some(i64::MAX)), FilesLevel::Full);
        assert_eq!(level(i64::MAX, None), FilesLevel::Ample, "where nobody has set a bound there is none");
    }
}
