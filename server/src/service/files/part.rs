//! A file that the product makes piece by piece, before it is somebody's.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use store::ids;

use super::bytes::{INCOMING, refusal};
use super::folder;
use crate::service::{Installation, Refusal};

/// The place of such a file. What lies there is gone with this, and when the server starts anew.
pub struct Part(PathBuf);

impl Part {
    /// A place of its own; nothing is there yet.
    pub fn new(installation: &Installation) -> Part {
        Part(folder(installation).join(INCOMING).join(ids::next().to_string()))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// Begins the file at a place. Blocks.
///
/// # Errors
/// `disk_full`; when the folder can't be written.
pub fn begin_part(place: &Path) -> Result<File, Refusal> {
    if let Some(folder) = place.parent() {
        fs::create_dir_all(folder).map_err(refusal)?;
    }
    File::create_new(place).map_err(refusal)
}
