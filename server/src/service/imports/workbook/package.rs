//! The zip that a workbook is: its parts by name, each read as it is unpacked and never beyond what is allowed, whatever
//! the zip says about itself.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use zip::ZipArchive;
use zip::read::ZipFile;

use super::fault::{BookFault, Size};
use super::xml::Xml;

/// Bytes of a workbook as it is sent.
pub const LARGEST_FILE: u64 = 50 << 20;
/// Bytes of all that is unpacked of it.
const LARGEST: u64 = 500 << 20;
/// How much larger a part may become than it is in the zip. Small parts may be repetitive.
const HIGHEST_RATIO: u64 = 100;
const SMALL: u64 = 1 << 20;
const MOST_PARTS: usize = 256;
const BUFFER: usize = 64 << 10;

/// A workbook's parts.
pub struct Package {
    archive: ZipArchive<BufReader<File>>,
    /// Places in the zip, by name in lower case.
    parts: BTreeMap<String, usize>,
    /// Bytes that may still be unpacked.
    left: Cell<u64>,
}

/// A part that is being read.
pub type Part<'p> = Xml<BufReader<Counted<'p, ZipFile<'p, BufReader<File>>>>>;

impl Package {
    pub fn open(path: &Path) -> Result<Package, BookFault> {
        let unreadable = |error: io::Error| BookFault::Unreadable { detail: error.to_string() };
        let file = File::open(path).map_err(unreadable)?;
        if file.metadata().map_err(unreadable)?.len() > LARGEST_FILE {
            return Err(BookFault::too_large(Size::File, LARGEST_FILE));
        }
        let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|_| BookFault::NotAWorkbook)?;
        if archive.len() > MOST_PARTS {
            return Err(BookFault::too_large(Size::Parts, MOST_PARTS as u64));
        }
        let mut parts = BTreeMap::new();
        for place in 0..archive.len() {
            // What can't be opened is no part; where it is needed, it is missing.
            let Ok(entry) = archive.by_index_raw(place) else { continue };
            if entry.encrypted() {
                return Err(BookFault::Locked);
            }
            let name = String::from_utf8_lossy(entry.name_raw()).trim_start_matches('/').to_ascii_lowercase();
            parts.entry(name).or_insert(place);
        }
        Ok(Package { archive, parts, left: Cell::new(LARGEST) })
    }

    pub fn has(&self, name: &str) -> bool {
        self.parts.contains_key(&name.to_ascii_lowercase())
    }

    /// The part with this name.
    pub fn part(&mut self, name: &str) -> Result<Part<'_>, BookFault> {
        let place = self.parts.get(&name.to_ascii_lowercase()).copied().ok_or(BookFault::NotAWorkbook)?;
        let entry = self.archive.by_index(place);
        let entry = entry.map_err(|_| BookFault::Damaged { part: name.to_string() })?;
        let most = entry.compressed_size().saturating_mul(HIGHEST_RATIO).max(SMALL);
        let counted = Counted { source: entry, total: &self.left, most, read: 0 };
        Ok(Xml::new(BufReader::with_capacity(BUFFER, counted)))
    }
}

/// Counts what is unpacked, and stops where it is too much.
pub struct Counted<'c, R> {
    source: R,
    total: &'c Cell<u64>,
    /// Bytes of this part at most.
    most: u64,
    read: u64,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read(into)?;
        self.read += count as u64;
        if self.read > self.most {
            return Err(io::Error::other(BookFault::too_large(Size::Ratio, HIGHEST_RATIO)));
        }
        let left = self.total.get().checked_sub(count as u64);
        self.total.set(left.ok_or_else(|| io::Error::other(BookFault::too_large(Size::Unpacked, LARGEST)))?);
        Ok(count)
    }
}
