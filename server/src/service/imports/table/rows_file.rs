//! Rows as lines of JSON, with what is known of their table on the first one: what a workbook is turned into.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::service::Refusal;

/// The first line.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Head {
    pub sheets: Vec<String>,
    pub sheet: Option<String>,
    /// The names of the columns as they stand.
    pub headers: Vec<String>,
    pub from_1904: bool,
    /// Whether cells are values of the API and not of a spreadsheet.
    pub is_json: bool,
}

pub fn write_head(into: &mut impl Write, head: Head) -> io::Result<()> {
    serde_json::to_writer(&mut *into, &head)?;
    into.write_all(b"\n")
}

/// Writes a row with the line that it had in its file.
pub fn write_row(into: &mut impl Write, line: u64, cells: &[Json]) -> io::Result<()> {
    serde_json::to_writer(&mut *into, &(line, cells))?;
    into.write_all(b"\n")
}

#[derive(Clone, Debug)]
pub struct RowsFile {
    path: PathBuf,
}

impl RowsFile {
    /// # Errors
    /// When it can't be read.
    pub fn open(path: &Path) -> Result<(RowsFile, Head), Refusal> {
        let file = RowsFile { path: path.to_path_buf() };
        let mut line = String::new();
        file.lines()?.read_line(&mut line).map_err(Refusal::internal)?;
        Ok((file, serde_json::from_str(&line).map_err(Refusal::internal)?))
    }

    /// # Errors
    /// When it can't be read.
    pub fn rows(&self) -> Result<Lines, Refusal> {
        let mut reader = self.lines()?;
        let mut line = String::new();
        reader.read_line(&mut line).map_err(Refusal::internal)?;
        Ok(Lines { reader, line })
    }

    fn lines(&self) -> Result<BufReader<File>, Refusal> {
        Ok(BufReader::with_capacity(256 << 10, File::open(&self.path).map_err(Refusal::internal)?))
    }
}

/// The rows, in order, each with its line.
pub struct Lines {
    reader: BufReader<File>,
    line: String,
}

impl Iterator for Lines {
    type Item = Result<(u64, Vec<Json>), Refusal>;

    fn next(&mut self) -> Option<Result<(u64, Vec<Json>), Refusal>> {
        self.line.clear();
        match self.reader.read_line(&mut self.line) {
            Ok(0) => None,
            Ok(_) => Some(serde_json::from_str(&self.line).map_err(Refusal::internal)),
            Err(error) => Some(Err(Refusal::internal(error))),
        }
    }
}
