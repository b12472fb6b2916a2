//! The cells of a sheet, row by row, and which of them are merged.

use engine::import::{NumberFormat, moment_of, percent_text, plain_number};
use engine::value::{format_date, format_time};

use super::LONGEST_CELL;
use super::book::{Book, rich_text, unescaped};
use super::fault::{BookFault, Size};
use super::package::Part;
use super::xml::Token;
use crate::service::imports::table::MOST_COLUMNS;

const MOST_ROWS: u64 = 1_048_576;
const MOST_CELLS: u64 = 20_000_000;
const MOST_MERGED: usize = 100_000;

/// What a cell holds; those that hold nothing are left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    Text(String),
    /// A formula that came to nothing: `#N/A`.
    Error(String),
}

/// A row with the places of its filled cells, from the left.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SheetRow {
    /// As people count rows: from 1.
    pub number: u64,
    pub cells: Vec<(usize, Content)>,
}

impl SheetRow {
    pub fn cell(&self, column: usize) -> Option<&Content> {
        self.cells.iter().find(|(place, _)| *place == column).map(|(_, content)| content)
    }
}

/// Cells that are shown as one: its content stands in the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Area {
    pub first_row: u64,
    pub last_row: u64,
    pub first: usize,
    pub last: usize,
}

impl Area {
    fn cells(&self) -> u64 {
        (self.last_row - self.first_row + 1).saturating_mul((self.last - self.first) as u64 + 1)
    }
}

/// A sheet that is being read.
pub struct Rows<'p, 'b> {
    part: Part<'p>,
    book: &'b Book,
    name: &'b str,
    /// The row that was read last.
    last: u64,
    cells: u64,
    /// Which cells are merged; whole once all rows were read.
    pub merged: Vec<Area>,
    merged_cells: u64,
}

impl<'p, 'b> Rows<'p, 'b> {
    pub fn new(part: Part<'p>, book: &'b Book, name: &'b str) -> Rows<'p, 'b> {
        Rows { part, book, name, last: 0, cells: 0, merged: Vec::new(), merged_cells: 0 }
    }

    /// The next row; rows without cells are among them.
    pub fn next_row(&mut self) -> Result<Option<SheetRow>, BookFault> {
        loop {
            match self.read()? {
                Token::Open => match self.part.name.as_str() {
                    "row" => return self.row().map(Some),
                    "dimension" => self.check_extent()?,
                    "mergeCell" => self.merge()?,
                    _ => {}
                },
                Token::Close | Token::Text => {}
                Token::End => return Ok(None),
            }
        }
    }

    fn read(&mut self) -> Result<Token, BookFault> {
        self.part.read().map_err(|fault| BookFault::of_xml(fault, self.name))
    }

    fn skip(&mut self) -> Result<(), BookFault> {
        self.part.skip().map_err(|fault| BookFault::of_xml(fault, self.name))
    }

    fn damaged(&self) -> BookFault {
        BookFault::Damaged { part: self.name.to_string() }
    }

    /// What the sheet says of its own extent is never made room for, but one that claims more than a sheet may have is
    /// not read at all.
    fn check_extent(&mut self) -> Result<(), BookFault> {
        let extent = self.part.attribute("ref").and_then(area);
        match extent.filter(|extent| extent.cells() > MOST_CELLS) {
            Some(_) => Err(BookFault::too_large(Size::Cells, MOST_CELLS)),
            None => Ok(()),
        }
    }

    fn merge(&mut self) -> Result<(), BookFault> {
        let Some(area) = self.part.attribute("ref").and_then(area) else { return Ok(()) };
        self.merged_cells = self.merged_cells.saturating_add(area.cells());
        if self.merged.len() == MOST_MERGED || self.merged_cells > MOST_CELLS {
            return Err(BookFault::too_large(Size::Cells, MOST_CELLS));
        }
        self.merged.push(area);
        Ok(())
    }

    fn row(&mut self) -> Result<SheetRow, BookFault> {
        let said = self.part.attribute("r").and_then(|number| number.parse::<u64>().ok());
        let number = said.unwrap_or(self.last + 1);
        if number <= self.last {
            return Err(self.damaged());
        }
        if number > MOST_ROWS {
            return Err(BookFault::too_large(Size::Rows, MOST_ROWS));
        }
        self.last = number;
        let mut row = SheetRow { number, cells: Vec::new() };
        let mut column = 0;
        loop {
            match self.read()? {
                Token::Open if self.part.name == "c" => {
                    let place = self.part.attribute("r").and_then(|at| column_of(at).map(|(place, _)| place));
                    let place = place.unwrap_or(column);
                    column = place + 1;
                    let Some(content) = self.cell(number, place)? else { continue };
                    if place >= MOST_COLUMNS {
                        return Err(BookFault::too_large(Size::Columns, MOST_COLUMNS as u64));
                    }
                    row.cells.push((place, content));
                }
                Token::Open => self.skip()?,
                Token::Text => {}
                Token::Close => return Ok(row),
                Token::End => return Err(self.damaged()),
            }
        }
    }

    /// The content of the cell whose tag was opened.
    fn cell(&mut self, row: u64, column: usize) -> Result<Option<Content>, BookFault> {
        self.cells += 1;
        if self.cells > MOST_CELLS {
            return Err(BookFault::too_large(Size::Cells, MOST_CELLS));
        }
        let kind = self.part.attribute("t").unwrap_or("n").to_string();
        let style = self.part.attribute("s").and_then(|style| style.parse::<usize>().ok());
        let mut value = None;
        loop {
            match self.read()? {
                Token::Open if self.part.name == "v" => {
                    let text = self.part.inner_text();
                    value = Some(text.map_err(|fault| BookFault::of_xml(fault, self.name))?);
                }
                Token::Open if self.part.name == "is" => value = Some(rich_text(&mut self.part, self.name)?),
                // Formulas count for what they came to.
                Token::Open => self.skip()?,
                Token::Text => {}
                Token::Close => break,
                Token::End => return Err(self.damaged()),
            }
        }
        let Some(value) = value.filter(|value| !value.is_empty()) else { return Ok(None) };
        let content = self.content(&kind, style, value)?;
        let length = match &content {
            Content::Text(text) | Content::Error(text) => text.chars().count(),
        };
        if length > LONGEST_CELL {
            let cell = name_of(row, column);
            return Err(BookFault::CellTooLong { cell, most: LONGEST_CELL as u64 });
        }
        Ok(Some(content).filter(|content| !matches!(content, Content::Text(text) if text.trim().is_empty())))
    }

    fn content(&self, kind: &str, style: Option<usize>, value: String) -> Result<Content, BookFault> {
        let text = match kind {
            "s" => {
                let place = value.trim().parse::<usize>().ok();
                let shared = place.and_then(|place| self.book.texts.get(place));
                shared.ok_or_else(|| self.damaged())?.to_string()
            }
            "inlineStr" => value,
            "str" => unescaped(&value),
            "b" => if value.trim() == "1" { "TRUE" } else { "FALSE" }.to_string(),
            "e" => return Ok(Content::Error(value)),
            "d" => value.trim_end_matches("T00:00:00").to_string(),
            _ => {
                let format =
                    style.and_then(|style| self.book.formats.get(style)).copied().unwrap_or_default();
                self.number(&value, format)
            }
        };
        Ok(Content::Text(text))
    }

    /// A number as its cell shows it, with the digits that count.
    fn number(&self, literal: &str, format: NumberFormat) -> String {
        let plain = || plain_number(literal).unwrap_or_else(|| literal.trim().to_string());
        let moment = || moment_of(literal, self.book.system);
        let clock = |time: engine::value::Time| {
            format!("{:02}:{:02}:{:02}", time.hour(), time.minute(), time.second())
        };
        let text = match format {
            NumberFormat::Plain => None,
            NumberFormat::Percent => percent_text(literal),
            NumberFormat::Date => moment().map(|(date, _)| format_date(date)),
            NumberFormat::Moment => {
                moment().map(|(date, time)| format!("{} {}", format_date(date), clock(time)))
            }
            // A time of day is less than a day.
            NumberFormat::Time if plain().starts_with("0.") || plain() == "0" => {
                moment().map(|(_, time)| format_time(time))
            }
            NumberFormat::Time => {
                moment().map(|(date, time)| format!("{} {}", format_date(date), clock(time)))
            }
        };
        text.unwrap_or_else(plain)
    }
}

/// The column and the row of a cell's name: `B7`.
fn column_of(name: &str) -> Option<(usize, u64)> {
    let letters = name.trim_start_matches('$').find(|sign: char| !sign.is_ascii_alphabetic())?;
    let (letters, row) = name.trim_start_matches('$').split_at_checked(letters)?;
    if letters.is_empty() || letters.len() > 3 {
        return None;
    }
    let digit = |sign: u8| usize::from(sign.to_ascii_uppercase() - b'A') + 1;
    let column = letters.bytes().fold(0, |column, sign| column * 26 + digit(sign));
    Some((column - 1, row.trim_start_matches('$').parse().ok()?))
}

/// What a cell is called.
fn name_of(row: u64, column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        let digit = u8::try_from((rest - 1) % 26).unwrap_or_default();
        letters.push(char::from(b'A' + digit));
        rest = (rest - 1) / 26;
    }
    let letters: String = letters.into_iter().rev().collect();
    format!("{letters}{row}")
}

/// `A1:C4`, or one cell.
fn area(name: &str) -> Option<Area> {
    let (from, to) = name.split_once(':').unwrap_or((name, name));
    let ((first, first_row), (last, last_row)) = (column_of(from)?, column_of(to)?);
    (first <= last && first_row <= last_row && first_row > 0).then_some(Area {
        first_row,
        last_row,
        first,
        last,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_called_by_letters_and_numbers() {
        for (name, column, row) in
            [("A1", 0, 1), ("Z9", 25, 9), ("AA10", 26, 10), ("XFD1048576", 16383, 1_048_576)]
        {
            assert_eq!(column_of(name), Some((column, row)));
            assert_eq!(name_of(row, column), name);
        }
        assert_eq!(column_of("$B$2"), Some((1, 2)));
        for broken in ["", "A", "7", "ABCD1", "A-1", "Ä1"] {
            assert_eq!(column_of(broken), None, "{broken}");
        }
        assert_eq!(area("B2:C5").map(|area| area.cells()), Some(8));
        assert_eq!(area("A1:XFD1048576").map(|area| area.cells()), Some(17_179_869_184));
        assert_eq!(area("C5:B2"), None);
    }
}
