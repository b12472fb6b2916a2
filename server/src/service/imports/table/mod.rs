//! A file as a table: names of columns, and rows that are given one by one. A csv file is read as it is; of a workbook, or
//! of a list in JSON, the rows were written into a file of lines before.

mod decode;
mod encoding;
mod fault;
mod guard;
mod list;
mod rows_file;
mod separated;

use std::borrow::Cow;
use std::path::Path;

use csv::StringRecord;
use engine::import::{DateSystem, undefused};
use engine::text::Language;
use serde_json::Value as Json;

use crate::service::Refusal;
use rows_file::{Lines, RowsFile};
use separated::{Records, Separated};

pub use fault::TableFault;
pub use list::list_into_rows;
pub use rows_file::{Head, write_head, write_row};

/// Columns of a file at most.
pub const MOST_COLUMNS: usize = 500;
/// Rows of a file at most.
pub const MOST_ROWS: u64 = 5_000_000;

/// A file that was looked at.
#[derive(Clone, Debug)]
pub struct Table {
    source: Source,
    /// The names of its columns, each once.
    pub headers: Vec<String>,
    /// The sheets of the workbook that it comes from, and the one that it is.
    pub sheets: Vec<String>,
    pub sheet: Option<String>,
    /// From which day its numbers count where a day is asked for; none of a file whose numbers are no days.
    pub system: Option<DateSystem>,
    /// Whether its cells may be lists and objects.
    pub is_json: bool,
}

#[derive(Clone, Debug)]
enum Source {
    Separated(Separated),
    Rows(RowsFile),
}

/// A row with something in it.
#[derive(Clone, Debug)]
pub struct Row {
    /// The line, or the row of the sheet, on which it begins; the header is on line 1.
    pub line: u64,
    pub cells: Cells,
}

/// The cells of a row.
#[derive(Clone, Debug)]
pub enum Cells {
    Text(StringRecord),
    Values(Vec<Json>),
}

/// A cell, with what its file makes a difference between.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell<'c> {
    Text(&'c str),
    /// Not text: a number, a list, an object, or the error that a formula came to.
    Json(&'c Json),
}

impl Cells {
    pub fn get(&self, place: usize) -> Cell<'_> {
        match self {
            Cells::Text(cells) => Cell::Text(undefused(cells.get(place).unwrap_or_default())),
            Cells::Values(cells) => match cells.get(place) {
                None | Some(Json::Null) => Cell::Text(""),
                Some(Json::String(text)) => Cell::Text(text),
                Some(json) => Cell::Json(json),
            },
        }
    }

    /// The cell as one reads it.
    pub fn text(&self, place: usize) -> Cow<'_, str> {
        match self.get(place) {
            Cell::Text(text) => Cow::Borrowed(text),
            Cell::Json(json) => match json.get("error").and_then(Json::as_str) {
                Some(code) => Cow::Borrowed(code),
                None => Cow::Owned(json.to_string()),
            },
        }
    }
}

impl Cell<'_> {
    pub fn is_blank(&self) -> bool {
        matches!(self, Cell::Text(text) if text.trim().is_empty())
    }
}

impl Table {
    /// Looks at a csv file: `reader` speaks the language that decides between encodings that look alike.
    ///
    /// # Errors
    /// `broken_csv`; when it can't be read.
    pub fn separated(path: &Path, reader: Language) -> Result<Table, Refusal> {
        let (file, headers) = Separated::open(path, reader)?;
        let source = Source::Separated(file);
        Ok(Table { source, headers, sheets: Vec::new(), sheet: None, system: None, is_json: false })
    }

    /// Looks at a file of lines that a workbook or a list was written into.
    ///
    /// # Errors
    /// When it can't be read.
    pub fn of_rows(path: &Path) -> Result<Table, Refusal> {
        let (file, head) = RowsFile::open(path)?;
        let system = if head.from_1904 { DateSystem::From1904 } else { DateSystem::From1900 };
        Ok(Table {
            source: Source::Rows(file),
            headers: named(head.headers.iter().map(String::as_str)),
            sheets: head.sheets,
            sheet: head.sheet,
            system: (!head.is_json).then_some(system),
            is_json: head.is_json,
        })
    }

    /// The encoding of a csv file by its name in the Encoding Standard; none of another file.
    pub fn encoding(&self) -> Option<String> {
        match &self.source {
            Source::Separated(file) => Some(file.encoding().to_string()),
            Source::Rows(_) => None,
        }
    }

    /// The rows below the header; blank ones are passed over.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn rows(&self) -> Result<Rows, Refusal> {
        Ok(match &self.source {
            Source::Separated(file) => Rows::Separated(Box::new(file.rows()?)),
            Source::Rows(file) => Rows::Lines(file.rows()?),
        })
    }
}

/// The rows of a table, in order.
pub enum Rows {
    Separated(Box<Records>),
    Lines(Lines),
}

impl Iterator for Rows {
    type Item = Result<Row, Refusal>;

    fn next(&mut self) -> Option<Result<Row, Refusal>> {
        match self {
            Rows::Separated(records) => {
                let row = |(line, cells)| Row { line, cells: Cells::Text(cells) };
                Some(records.next()?.map(row))
            }
            Rows::Lines(lines) => {
                let row = |(line, cells)| Row { line, cells: Cells::Values(cells) };
                Some(lines.next()?.map(row))
            }
        }
    }
}

/// The header's cells as names: blank ones are called by their place, a second of a name gets a number.
fn named<'c>(header: impl Iterator<Item = &'c str>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (place, cell) in header.enumerate() {
        let name = undefused(cell).trim();
        let name = if name.is_empty() { format!("#{}", place + 1) } else { name.to_string() };
        let free = (2..)
            .map(|number| format!("{name} ({number})"))
            .find(|numbered| names.iter().all(|known| known != numbered));
        let taken = names.contains(&name);
        names.push(if taken { free.unwrap_or(name) } else { name });
    }
    names
}
