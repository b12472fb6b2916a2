//! The keys of an installation, and the file that they lie in.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt, chown};
use std::path::Path;
use std::process;

use sha2::{Digest, Sha256};

use super::{random, unhex};
use crate::service::people::secret::hex;
use crate::service::{Cause, Refusal};
use crate::settings::SealKey;

/// In bytes.
pub const LENGTH: usize = 32;
/// Random bytes have more different ones among them; what somebody typed, or copied from an example, has fewer.
const LEAST_DIFFERENT: usize = 16;

/// Keys, the newest first: it seals, all open.
#[derive(Clone, PartialEq, Eq)]
pub struct Keys(Vec<[u8; LENGTH]>);

impl Keys {
    /// Keys of 64 hexadecimal digits each, apart by commas or white space.
    ///
    /// # Errors
    /// `bad_seal_key` where one is none, or nobody's secret.
    pub fn read(text: &str) -> Result<Keys, Refusal> {
        let words = text.split(|c: char| c == ',' || c.is_whitespace()).filter(|word| !word.is_empty());
        let keys: Result<Vec<_>, Refusal> = words.map(key_in).collect();
        let keys = keys?;
        if keys.is_empty() { Err(bad()) } else { Ok(Keys(keys)) }
    }

    /// What an operator has given; nothing where the file is not there yet.
    ///
    /// # Errors
    /// `bad_seal_key`, and where the file can't be read.
    pub fn given(source: &SealKey) -> Result<Option<Keys>, Refusal> {
        match source {
            SealKey::Given(text) => Keys::read(text).map(Some),
            SealKey::File(file) => match fs::read_to_string(file) {
                Ok(text) => {
                    let rights = fs::metadata(file).map_or(0, |about| about.permissions().mode());
                    if rights & 0o077 != 0 {
                        tracing::warn!(file = %file.display(), "others on this machine may read the key");
                    }
                    Keys::read(&text).map(Some)
                }
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
                Err(error) => Err(unusable(file, &error)),
            },
        }
    }

    /// A new key alone.
    ///
    /// # Errors
    /// When the machine gives no randomness.
    pub fn fresh() -> Result<Keys, Refusal> {
        Ok(Keys(vec![random()?]))
    }

    /// With these others behind its own.
    pub fn and(&self, others: &Keys) -> Keys {
        let mut all = self.0.clone();
        all.extend(others.0.iter().filter(|key| !self.0.contains(key)));
        Keys(all)
    }

    /// The newest alone.
    pub fn newest(&self) -> Keys {
        Keys(self.0.iter().take(1).copied().collect())
    }

    pub fn all(&self) -> &[[u8; LENGTH]] {
        &self.0
    }

    /// What the database remembers of the newest: enough to know it again, and nothing to open anything with.
    pub fn fingerprint(&self) -> String {
        self.0.first().map(fingerprint).unwrap_or_default()
    }

    /// Whether the key with this fingerprint is among them.
    pub fn know(&self, known: &str) -> bool {
        self.0.iter().any(|key| fingerprint(key) == known)
    }

    /// A new key in a file where there is none. Of two servers that make one at once both take that of the first.
    ///
    /// # Errors
    /// Where the file can't be written.
    pub fn make(file: &Path) -> Result<Keys, Refusal> {
        let keys = Keys::fresh()?;
        match keys.put(file, |beside| fs::hard_link(beside, file)) {
            Ok(()) => Ok(keys),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                Keys::given(&SealKey::File(file.to_path_buf()))?.ok_or_else(|| unusable(file, &error))
            }
            // Not every file system has links.
            Err(_) => keys.write(file).map(|()| keys),
        }
    }

    /// Puts them into a file that only its owner may read; what was there is replaced at once or not at all.
    ///
    /// # Errors
    /// Where the file can't be written.
    pub fn write(&self, file: &Path) -> Result<(), Refusal> {
        let replace = |beside: &Path| {
            keep_owner(file, beside)?;
            fs::rename(beside, file)
        };
        self.put(file, replace).map_err(|error| unusable(file, &error))
    }

    /// Writes them beside the file, whole, and has them put in its place.
    fn put(&self, file: &Path, place: impl FnOnce(&Path) -> io::Result<()>) -> io::Result<()> {
        let beside = file.with_extension(format!("new-{}", process::id()));
        match fs::remove_file(&beside) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            Ok(()) | Err(_) => {}
        }
        let text: String = self.0.iter().map(|key| hex(key) + "\n").collect();
        let mut new = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside)?;
        let written = new.write_all(text.as_bytes()).and_then(|()| new.sync_all());
        let placed = written.and_then(|()| place(&beside));
        // Where it has its place under another name, or none, nothing is left of it.
        let _ = fs::remove_file(&beside);
        placed?;
        // The name is on the disk, too, before anything is sealed with the key.
        file.parent()
            .filter(|folder| !folder.as_os_str().is_empty())
            .map_or(Ok(()), |folder| File::open(folder).and_then(|folder| folder.sync_all()))
    }
}

/// Whoever could read the former file can read the new one: an operator who is root makes it for the server's user.
fn keep_owner(former: &Path, new: &Path) -> io::Result<()> {
    let (Ok(former), about) = (fs::metadata(former), fs::metadata(new)?) else { return Ok(()) };
    let (owner, group) = (former.uid(), former.gid());
    if (owner, group) == (about.uid(), about.gid()) { Ok(()) } else { chown(new, Some(owner), Some(group)) }
}

fn fingerprint(key: &[u8; LENGTH]) -> String {
    let mut hash = Sha256::new();
    hash.update(b"formwork seal key");
    hash.update(key);
    hex(&hash.finalize()).chars().take(32).collect()
}

fn key_in(word: &str) -> Result<[u8; LENGTH], Refusal> {
    let bytes = unhex(word).and_then(|bytes| <[u8; LENGTH]>::try_from(bytes).ok()).ok_or_else(bad)?;
    let different: BTreeSet<u8> = bytes.iter().copied().collect();
    if different.len() < LEAST_DIFFERENT { Err(bad()) } else { Ok(bytes) }
}

fn bad() -> Refusal {
    Refusal::new(Cause::Invalid, "bad_seal_key")
}

fn unusable(file: &Path, error: &io::Error) -> Refusal {
    Refusal::new(Cause::Invalid, "unusable_key_file").arg("file", file.display()).arg("detail", error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t49_a_key_is_random_and_no_example_of_one() {
        let (a, b) = (Keys::fresh().unwrap(), Keys::fresh().unwrap());
        assert_ne!(a.fingerprint(), b.fingerprint());
        for example in [
            "",
            "test-key",
            "change me",
            &"0".repeat(64),
            &"0123456789abcdef".repeat(4),
            &"ab".repeat(32),
            &"zz".repeat(32),
        ] {
            assert!(Keys::read(example).is_err(), "{example}");
        }
        let text = hex(&a.0[0]);
        assert_eq!(Keys::read(&format!(" {text}\n")).unwrap().fingerprint(), a.fingerprint());
        assert!(!a.fingerprint().contains(&text[..16]));
    }

    #[test]
    fn the_newest_of_several_stands_first() {
        let (old, new) = (Keys::fresh().unwrap(), Keys::fresh().unwrap());
        let both = new.and(&old);
        assert_eq!(both.fingerprint(), new.fingerprint());
        assert!(both.know(&old.fingerprint()) && !new.know(&old.fingerprint()));
        assert!(both.newest() == new && both.and(&old) == both);
        let text = format!("{},{}", hex(&new.0[0]), hex(&old.0[0]));
        assert!(Keys::read(&text).unwrap() == both);
    }

    #[test]
    fn a_key_file_is_for_its_owner_alone() {
        let file = std::env::temp_dir().join(format!("formwork-key-{}", process::id()));
        let source = SealKey::File(file.clone());
        assert!(Keys::given(&source).unwrap().is_none());
        for _ in 0..2 {
            let keys = Keys::fresh().unwrap();
            keys.write(&file).unwrap();
            assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
            assert!(Keys::given(&source).unwrap().unwrap() == keys);
        }
        fs::write(&file, "test-key\n").unwrap();
        assert!(Keys::given(&source).is_err());
        fs::remove_file(&file).unwrap();
    }

    #[test]
    fn of_two_who_make_a_key_both_have_that_of_the_first() {
        let folder = std::env::temp_dir().join(format!("formwork-keys-{}", process::id()));
        fs::create_dir(&folder).unwrap();
        let file = folder.join("formwork.key");
        let first = Keys::make(&file).unwrap();
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(Keys::make(&file).unwrap() == first);
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
        fs::remove_dir_all(&folder).unwrap();
    }
}
