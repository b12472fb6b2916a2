//! Files that people send. Their bytes lie in the data folder under their hash, each once; the database has a row for
//! every upload, which says whose it is and which record holds it.
//!
//! A file that no record holds yet is its uploader's alone, takes from the room that each member has for such files, and
//! is removed after a day. One that a record holds follows the right to read that field of that record. All files of a workspace,
//! whichever way they came, count towards the room that an operator gives it.

mod bytes;
mod forget;
mod hold;
mod kind;
mod name;
mod part;
mod quota;
mod read;
mod upload;

pub use bytes::refusal as disk_refusal;
pub use forget::{discard, forget_untaken, forget_visitors};
pub use hold::hold;
pub use kind::shown_in_place;
pub use name::{from_disposition, to_disposition};
pub use part::{Part, begin_part};
pub use quota::{insert, told as room_of_workspace};
pub use read::{
    COMMENT, EXPORTED, OPINION, Opened, SIGNATURE, VISITOR, bytes_of, find_bytes, has, is_export, open,
};
pub use upload::{LARGEST, Purpose, adopt, upload};

use std::path::PathBuf;

use store::file::File;

use crate::data_folder::FILES;
use crate::service::{Installation, Refusal};

/// The folder with the bytes of all files.
pub fn folder(installation: &Installation) -> PathBuf {
    installation.settings.data.join(FILES)
}

/// Makes the folder ready when the server starts.
///
/// # Errors
/// When it can't be read.
pub async fn sweep(installation: &Installation) -> Result<(), Refusal> {
    bytes::sweep(&folder(installation)).await
}

/// A stored file as the wire has it.
pub fn view(file: &File) -> wire::StoredFile {
    wire::StoredFile {
        id: file.id,
        name: file.name.clone(),
        size: u64::try_from(file.size).unwrap_or_default(),
        media_type: file.media_type.clone(),
        sha256: file.sha256.clone(),
    }
}
