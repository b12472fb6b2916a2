//! Bytes on their way to the disk and there: written under a name of no meaning, then given their hash as a name, so
//! that no half file is ever found under a hash.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest, Sha256};
use store::ids;
use tokio::fs::{self, File};
use tokio::io::{AsyncWriteExt, BufWriter};

use crate::service::people::secret::hex;
use crate::service::{Cause, Refusal};

/// Of the first bytes, so many are kept for a look at what they are.
const HEAD: usize = 8192;
const BUFFER: usize = 256 << 10;
/// Where files are until they are whole.
pub const INCOMING: &str = "incoming";

/// Removes what a former process was still writing. Nobody else writes here: the data folder is locked.
///
/// # Errors
/// When the folder can't be read.
pub async fn sweep(folder: &Path) -> Result<(), Refusal> {
    let mut left = match fs::read_dir(folder.join(INCOMING)).await {
        Ok(left) => left,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(refusal(error)),
    };
    while let Some(entry) = left.next_entry().await.map_err(refusal)? {
        fs::remove_file(entry.path()).await.map_err(refusal)?;
    }
    Ok(())
}

/// A file that is being written. Dropped before it is kept, it leaves nothing behind.
pub struct Incoming {
    folder: PathBuf,
    path: PathBuf,
    file: BufWriter<File>,
    hash: Sha256,
    size: u64,
    head: Vec<u8>,
}

/// What lies on the disk now.
pub struct Kept {
    pub sha256: String,
    pub size: u64,
    pub head: Vec<u8>,
}

impl Incoming {
    /// Begins a file under `folder`.
    ///
    /// # Errors
    /// `disk_full`; when the folder can't be written.
    pub async fn begin(folder: PathBuf) -> Result<Incoming, Refusal> {
        let incoming = folder.join(INCOMING);
        fs::create_dir_all(&incoming).await.map_err(refusal)?;
        let path = incoming.join(ids::next().to_string());
        let file = File::options().write(true).create_new(true).open(&path).await.map_err(refusal)?;
        let file = BufWriter::with_capacity(BUFFER, file);
        Ok(Incoming { folder, path, file, hash: Sha256::new(), size: 0, head: Vec::new() })
    }

    /// Bytes so far.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// # Errors
    /// `disk_full`; when the disk can't be written.
    pub async fn write(&mut self, chunk: &[u8]) -> Result<(), Refusal> {
        let room = HEAD.saturating_sub(self.head.len()).min(chunk.len());
        self.head.extend_from_slice(chunk.get(..room).unwrap_or_default());
        self.hash.update(chunk);
        self.size += chunk.len() as u64;
        self.file.write_all(chunk).await.map_err(refusal)
    }

    /// Ends the file: after this its bytes outlive a power cut.
    ///
    /// # Errors
    /// `disk_full`; when the disk can't be written.
    pub async fn keep(mut self) -> Result<Kept, Refusal> {
        self.file.flush().await.map_err(refusal)?;
        self.file.get_ref().sync_all().await.map_err(refusal)?;
        let sha256 = hex(&self.hash.finalize_reset());
        let place = place(&self.folder, &sha256);
        let parent = place.parent().unwrap_or(&self.folder).to_path_buf();
        if !fs::try_exists(&place).await.map_err(refusal)? {
            fs::create_dir_all(&parent).await.map_err(refusal)?;
            fs::rename(&self.path, &place).await.map_err(refusal)?;
        }
        // Also where the bytes were there already: whoever put them there may still wait for the disk, or have been killed before
        // it had the name.
        for folder in [parent.as_path(), self.folder.as_path()] {
            File::open(folder).await.map_err(refusal)?.sync_all().await.map_err(refusal)?;
        }
        Ok(Kept { sha256, size: self.size, head: std::mem::take(&mut self.head) })
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        // Gone already where it was kept. One quick call; nothing waits for it.
        let _ = std::fs::remove_file(&self.path);
    }
}

/// Where the bytes with this hash lie.
pub fn place(folder: &Path, sha256: &str) -> PathBuf {
    folder.join(sha256.get(..2).unwrap_or("__")).join(sha256)
}

pub fn refusal(error: io::Error) -> Refusal {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            Refusal { source: Some(Arc::new(error)), ..Refusal::new(Cause::DiskFull, "disk_full") }
        }
        _ => Refusal::internal(error),
    }
}
