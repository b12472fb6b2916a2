//! The rows of one sheet, as lines for the table that is made of them.

use std::collections::VecDeque;
use std::io::Write;
use std::path::Path;

use engine::import::DateSystem;
use serde_json::{Value as Json, json};

use super::book::{Book, Sheet};
use super::fault::BookFault;
use super::header::{self, Header, LOOKED_AT};
use super::package::Package;
use super::sheet::{Area, Content, Rows, SheetRow};
use crate::service::imports::table::{Head, write_head, write_row};

/// Writes the rows of a sheet, of the first one with something in it where none is named.
///
/// # Errors
/// What is wrong with the workbook.
pub fn read(book: &Path, wanted: Option<&str>, into: &mut impl Write) -> Result<(), BookFault> {
    let mut package = Package::open(book)?;
    let book = Book::read(&mut package)?;
    let (sheet, survey) = chosen(&mut package, &book, wanted)?;
    let no_header = || BookFault::NoHeader { sheet: sheet.name.clone() };
    let header = header::find(&survey.first, &survey.merged).ok_or_else(no_header)?;
    let width = survey.width.max(header.names.len());
    let head = Head {
        sheets: book.sheets.iter().map(|sheet| sheet.name.clone()).collect(),
        sheet: Some(sheet.name.clone()),
        headers: (0..width).map(|column| header.names.get(column).cloned().unwrap_or_default()).collect(),
        from_1904: book.system == DateSystem::From1904,
        is_json: false,
    };
    write_head(into, head).map_err(unwritten)?;
    let part = package.part(&sheet.part)?;
    let mut rows = Rows::new(part, &book, &sheet.part);
    let mut merged = Merged::new(&survey.merged, &header);
    while let Some(row) = rows.next_row()? {
        if row.number <= header.last_row {
            continue;
        }
        let is_blank = row.cells.is_empty();
        let row = merged.filled(row);
        if !is_blank {
            write_row(into, row.number, &cells(&row, width)).map_err(unwritten)?;
        }
    }
    into.flush().map_err(unwritten)
}

fn unwritten(error: std::io::Error) -> BookFault {
    BookFault::Unreadable { detail: error.to_string() }
}

/// What a first look at a sheet finds.
#[derive(Default)]
struct Survey {
    /// The first filled rows.
    first: Vec<SheetRow>,
    merged: Vec<Area>,
    /// Columns with something in them.
    width: usize,
}

fn chosen<'b>(
    package: &mut Package,
    book: &'b Book,
    wanted: Option<&str>,
) -> Result<(&'b Sheet, Survey), BookFault> {
    if let Some(wanted) = wanted {
        let sheet = book.sheets.iter().find(|sheet| sheet.name == wanted);
        let sheet = sheet.ok_or_else(|| BookFault::UnknownSheet { sheet: wanted.to_string() })?;
        return Ok((sheet, survey(package, book, sheet)?));
    }
    let mut first = None;
    for sheet in &book.sheets {
        let survey = survey(package, book, sheet)?;
        if !survey.first.is_empty() {
            return Ok((sheet, survey));
        }
        first.get_or_insert((sheet, survey));
    }
    first.ok_or(BookFault::NotAWorkbook)
}

fn survey(package: &mut Package, book: &Book, sheet: &Sheet) -> Result<Survey, BookFault> {
    let mut survey = Survey::default();
    let mut rows = Rows::new(package.part(&sheet.part)?, book, &sheet.part);
    while let Some(row) = rows.next_row()? {
        let width = row.cells.iter().map(|(place, _)| place + 1).max();
        survey.width = survey.width.max(width.unwrap_or_default());
        if !row.cells.is_empty() && survey.first.len() < LOOKED_AT {
            survey.first.push(shortened(row));
        }
    }
    survey.merged = rows.merged;
    Ok(survey)
}

/// The row with as much of its cells as names may have.
fn shortened(row: SheetRow) -> SheetRow {
    let short = |content: Content| match content {
        Content::Text(text) => Content::Text(text.chars().take(512).collect()),
        Content::Error(text) => Content::Error(text.chars().take(512).collect()),
    };
    SheetRow { cells: row.cells.into_iter().map(|(place, content)| (place, short(content))).collect(), ..row }
}

fn cells(row: &SheetRow, width: usize) -> Vec<Json> {
    let mut cells = vec![Json::Null; width];
    for (place, content) in &row.cells {
        if let Some(cell) = cells.get_mut(*place) {
            *cell = match content {
                Content::Text(text) => Json::String(text.clone()),
                Content::Error(code) => json!({ "error": code }),
            };
        }
    }
    cells
}

/// Cells of data that are merged downwards: what the first holds, the rows below it hold too.
struct Merged {
    /// Still to come, from the top.
    ahead: VecDeque<Area>,
    open: Vec<(Area, Option<Content>)>,
}

impl Merged {
    fn new(merged: &[Area], header: &Header) -> Merged {
        let downwards = |area: &&Area| area.last_row > area.first_row && area.first_row > header.last_row;
        let mut ahead: Vec<Area> = merged.iter().filter(downwards).copied().collect();
        ahead.sort_by_key(|area| area.first_row);
        Merged { ahead: ahead.into(), open: Vec::new() }
    }

    fn filled(&mut self, mut row: SheetRow) -> SheetRow {
        self.open.retain(|(area, _)| area.last_row >= row.number);
        while self.ahead.front().is_some_and(|area| area.first_row <= row.number) {
            let Some(area) = self.ahead.pop_front() else { break };
            let begins_here = area.first_row == row.number;
            self.open.push((area, row.cell(area.first).filter(|_| begins_here).cloned()));
        }
        for (area, content) in &self.open {
            if let Some(content) = content.as_ref().filter(|_| row.cell(area.first).is_none()) {
                row.cells.push((area.first, content.clone()));
            }
        }
        row
    }
}
