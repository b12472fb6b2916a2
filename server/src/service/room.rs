//! Room on the disk. While a little is left nothing more is taken in, so that all that was taken in can still be kept whole,
//! read, and removed to make room.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use rustix::fs::statvfs;

use super::{Cause, Refusal};
use crate::settings::Settings;

const MIB: u64 = 1 << 20;
/// What stays free where nobody says otherwise …
const USUAL_RESERVE: u64 = 512 * MIB;
/// … or this part of a small disk.
const PART_OF_A_SMALL_DISK: u64 = 20;
/// Files leave the whole reserve; rows, which are small, may take all of it but this part.
const PART_FOR_THE_LAST: u64 = 4;
/// How long a look at the disk is good for.
const FRESH: Duration = Duration::from_secs(1);
/// When it is worth trying again.
const TRY_AGAIN: u32 = 60;

/// The room on the disks that this server writes to.
#[derive(Debug)]
pub struct Room {
    files: Disk,
    /// Where SQLite's file lies. PostgreSQL looks after its own disk, and says when it is full.
    database: Option<Disk>,
}

impl Room {
    pub fn of(settings: &Settings) -> Room {
        let disk = |folder: &Path| Disk::of(folder, settings.disk_reserve);
        let database = settings.database.strip_prefix("sqlite:").map(|file| {
            let file = Path::new(file.trim_start_matches("//"));
            let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
            disk(folder.unwrap_or(Path::new(".")))
        });
        Room { files: disk(&settings.data), database }
    }

    /// What the disks are for, the bytes that are free on each, and how many of them should stay so.
    pub fn figures(&self) -> Vec<(&'static str, u64, u64)> {
        let disks = [("files", Some(&self.files)), ("database", self.database.as_ref())];
        let figure = |(of, disk): (&'static str, Option<&Disk>)| {
            let left = disk?.left()?;
            Some((of, left.free, left.reserve))
        };
        disks.into_iter().filter_map(figure).collect()
    }

    /// Whether a file may be taken in.
    ///
    /// # Errors
    /// `disk_full`
    pub fn for_files(&self) -> Result<(), Refusal> {
        match self.files.left() {
            Some(left) if left.free < left.reserve => Err(full()),
            Some(_) | None => Ok(()),
        }
    }

    /// Whether rows may be added to the database.
    ///
    /// # Errors
    /// `disk_full`
    pub fn for_rows(&self) -> Result<(), Refusal> {
        match self.database.as_ref().and_then(Disk::left) {
            Some(left) if left.free < left.reserve / PART_FOR_THE_LAST => Err(full()),
            Some(_) | None => Ok(()),
        }
    }
}

fn full() -> Refusal {
    Refusal { retry_after: Some(TRY_AGAIN), ..Refusal::new(Cause::DiskFull, "disk_full") }
}

/// The disk under a folder.
#[derive(Debug)]
struct Disk {
    folder: PathBuf,
    /// Bytes, where an operator has said how many.
    reserve: Option<u64>,
    looked: Mutex<Option<(Instant, Option<Left>)>>,
}

/// Bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Left {
    free: u64,
    /// What should stay free.
    reserve: u64,
}

impl Disk {
    fn of(folder: &Path, megabytes: Option<u64>) -> Disk {
        let reserve = megabytes.map(|megabytes| megabytes.saturating_mul(MIB));
        Disk { folder: folder.to_path_buf(), reserve, looked: Mutex::default() }
    }

    /// What is left; nothing is known of a disk that can't be asked.
    fn left(&self) -> Option<Left> {
        let mut looked = self.looked.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, left)) = *looked
            && at.elapsed() < FRESH
        {
            return left;
        }
        let left = self.look();
        let before = looked.and_then(|(_, left)| left);
        self.tell(before, left);
        *looked = Some((Instant::now(), left));
        left
    }

    fn look(&self) -> Option<Left> {
        match statvfs(self.folder.as_path()) {
            Ok(disk) => {
                let (free, whole) = (disk.f_bavail, disk.f_blocks);
                let bytes = |blocks: u64| blocks.saturating_mul(disk.f_frsize);
                Some(Left { free: bytes(free), reserve: reserve(bytes(whole), self.reserve) })
            }
            Err(error) => {
                tracing::debug!(%error, folder = %self.folder.display(), "how much room there is is not known");
                None
            }
        }
    }

    /// Tells whoever looks after the server, once.
    fn tell(&self, before: Option<Left>, now: Option<Left>) {
        let is_low = |left: Option<Left>| left.is_some_and(|left| left.free < left.reserve);
        let free = now.map_or(0, |left| left.free / MIB);
        match (is_low(before), is_low(now)) {
            (false, true) => tracing::error!(
                folder = %self.folder.display(), free_mb = free,
                "the disk is nearly full: files are taken in no more, and soon nothing is"
            ),
            (true, false) => {
                tracing::info!(folder = %self.folder.display(), free_mb = free, "there is room again")
            }
            (true, true) | (false, false) => {}
        }
    }
}

/// The bytes that stay free on a disk of so many.
fn reserve(whole: u64, said: Option<u64>) -> u64 {
    said.unwrap_or_else(|| USUAL_RESERVE.min(whole / PART_OF_A_SMALL_DISK))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t71_a_large_disk_keeps_half_a_gigabyte_free_and_a_small_one_a_twentieth() {
        assert_eq!(reserve(1 << 40, None), 512 * MIB);
        assert_eq!(reserve(1 << 30, None), (1 << 30) / 20);
        assert_eq!(reserve(1 << 30, Some(7)), 7);
    }

    /// A look that is fresh: the disk itself is not asked.
    fn disk(free: u64) -> Disk {
        let left = Left { free, reserve: 400 };
        Disk { looked: Mutex::new(Some((Instant::now(), Some(left)))), ..Disk::of(Path::new("."), None) }
    }

    #[test]
    fn t71_files_are_refused_before_the_database_has_no_room() {
        let may = |files: u64, rows: u64| {
            let room = Room { files: disk(files), database: Some(disk(rows)) };
            (room.for_files().is_ok(), room.for_rows().is_ok())
        };
        assert_eq!(may(400, 400), (true, true));
        assert_eq!(may(399, 399), (false, true));
        assert_eq!(may(100, 100), (false, true));
        assert_eq!(may(99, 99), (false, false));
        let elsewhere = Room { files: disk(0), database: None };
        assert!(elsewhere.for_rows().is_ok());
        let refusal = elsewhere.for_files().unwrap_err();
        assert_eq!(
            (refusal.cause, refusal.code, refusal.retry_after),
            (Cause::DiskFull, "disk_full", Some(60))
        );
    }

    #[test]
    fn a_disk_is_asked_and_one_that_cannot_be_asked_refuses_nothing() {
        let left = Disk::of(&std::env::temp_dir(), Some(0)).left().expect("there is a disk");
        assert!(left.free > 0 && left.reserve == 0);
        assert_eq!(Disk::of(Path::new("/nowhere/at/all"), Some(0)).left(), None);
    }
}
