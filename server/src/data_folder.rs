//! The data folder, held by one process at a time.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

/// The data folder, locked for as long as this lives. The operating system gives the lock back when the
/// process ends, however it ends.
#[derive(Debug)]
pub struct DataFolder {
    path: PathBuf,
    _lock: File,
}

#[derive(Debug, thiserror::Error)]
pub enum DataFolderError {
    #[error(
        "another formwork process uses the data folder {0}: stop it first, or choose another with --data"
    )]
    InUse(PathBuf),
    #[error("can't use the data folder {path}: {source}")]
    Unusable { path: PathBuf, source: io::Error },
}

/// What lies in it of what people have sent: the bytes of files, and the rows of workbooks.
pub const FILES: &str = "files";
pub const SHEETS: &str = "sheets";

impl DataFolder {
    /// Makes the folder if it is missing and takes its lock. What people have sent is closed to others on the machine also in a
    /// folder that was there before, and is open to them.
    pub fn lock(path: &Path) -> Result<DataFolder, DataFolderError> {
        let unusable = |source| DataFolderError::Unusable { path: path.to_path_buf(), source };
        make_private_folder(path).map_err(unusable)?;
        let lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(path.join("lock"))
            .map_err(unusable)?;
        match lock.try_lock() {
            Ok(()) => {
                for inner in [FILES, SHEETS] {
                    close(&path.join(inner)).map_err(unusable)?;
                }
                Ok(DataFolder { path: path.to_path_buf(), _lock: lock })
            }
            Err(fs::TryLockError::WouldBlock) => Err(DataFolderError::InUse(path.to_path_buf())),
            Err(fs::TryLockError::Error(source)) => Err(unusable(source)),
        }
    }

    /// The socket on which a running server takes the commands of an operator on the same machine.
    pub fn socket(data: &Path) -> PathBuf {
        data.join("formwork.sock")
    }

    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// A new folder is for the one who runs the server alone.
fn make_private_folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Makes a folder that is for the one who runs the server alone, or makes it so.
fn close(path: &Path) -> io::Result<()> {
    make_private_folder(path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let rights = fs::metadata(path)?.permissions().mode() & 0o777;
        let closed = fs::Permissions::from_mode(rights & 0o700);
        // Somebody may have put it onto a disk that has no rights, or other ones.
        if rights & 0o077 != 0
            && let Err(error) = fs::set_permissions(path, closed)
        {
            tracing::warn!(folder = %path.display(), %error, "others on the machine may read what people have sent");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_holds_a_data_folder() {
        let path = std::env::temp_dir().join(format!("formwork-lock-{}", std::process::id()));
        let first = DataFolder::lock(&path).unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o700);
        }
        assert!(matches!(DataFolder::lock(&path), Err(DataFolderError::InUse(_))));
        drop(first);
        DataFolder::lock(&path).unwrap();
        fs::remove_dir_all(&path).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn what_people_have_sent_is_closed_in_an_open_folder_too() {
        use std::os::unix::fs::PermissionsExt;
        let path = std::env::temp_dir().join(format!("formwork-open-{}", std::process::id()));
        fs::create_dir_all(path.join(FILES)).unwrap();
        let open = |folder: &Path| fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).unwrap();
        open(&path);
        open(&path.join(FILES));
        let folder = DataFolder::lock(&path).unwrap();
        for inner in [FILES, SHEETS] {
            assert_eq!(
                fs::metadata(path.join(inner)).unwrap().permissions().mode() & 0o777,
                0o700,
                "{inner}"
            );
        }
        drop(folder);
        fs::remove_dir_all(&path).unwrap();
    }
}
