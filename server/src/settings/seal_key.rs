//! Where the key lies that seals secrets in the database: not in the database.

use std::fmt;
use std::path::{Path, PathBuf};

/// The variable with the key itself, where no file has it.
const VARIABLE: &str = "FORMWORK_KEY";
/// Beside the database, where nothing else is said.
const FILE: &str = "formwork.key";

/// Where the key comes from.
#[derive(Clone, PartialEq, Eq)]
pub enum SealKey {
    /// The key itself, from the environment: it is on no disk of ours.
    Given(String),
    /// Read from this file, which is made when the database has none yet.
    File(PathBuf),
}

impl SealKey {
    /// What the environment says, or else the file.
    pub(super) fn of(file: Option<PathBuf>, data: &Path) -> SealKey {
        let given = std::env::var(VARIABLE).ok().filter(|text| !text.trim().is_empty());
        given.map_or_else(|| SealKey::File(file.unwrap_or_else(|| SealKey::usual(data))), SealKey::Given)
    }

    /// The file of a data folder.
    fn usual(data: &Path) -> PathBuf {
        data.join(FILE)
    }
}

// The key stays out of logs.
impl fmt::Debug for SealKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SealKey::Given(_) => f.write_str("Given"),
            SealKey::File(file) => f.debug_tuple("File").field(file).finish(),
        }
    }
}
