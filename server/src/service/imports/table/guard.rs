//! Goes along with the text of a csv file and stops it where it is broken in a way that a lenient reader would take
//! for something else: a quote that swallows the rest of the file, a cell without end, a NUL.

use super::fault::TableFault;

/// Bytes of one cell at most.
const LONGEST_CELL: usize = 128 << 10;

/// Where in the grammar of csv the text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    CellStart,
    Plain,
    Quoted,
    /// After a quote in quotes: the end, or a quote that is meant.
    AfterQuote,
}

#[derive(Clone, Debug)]
pub struct Guard {
    delimiter: u8,
    at: At,
    line: u64,
    /// Where the open quote is.
    opened: u64,
    cell: usize,
}

impl Guard {
    pub fn new(delimiter: u8) -> Guard {
        Guard { delimiter, at: At::CellStart, line: 1, opened: 1, cell: 0 }
    }

    pub fn line(&self) -> u64 {
        self.line
    }

    /// Follows the next piece of text.
    pub fn follow(&mut self, text: &[u8]) -> Result<(), TableFault> {
        for byte in text {
            self.cell += 1;
            self.at = match (self.at, *byte) {
                (_, 0) => return Err(TableFault::NotText { line: self.line }),
                (At::CellStart, b'"') => {
                    self.opened = self.line;
                    At::Quoted
                }
                (At::Quoted, b'"') => At::AfterQuote,
                (At::AfterQuote, b'"') => At::Quoted,
                (At::Quoted, _) => At::Quoted,
                (_, byte) if byte == self.delimiter || byte == b'\n' || byte == b'\r' => {
                    self.cell = 0;
                    At::CellStart
                }
                (_, _) => At::Plain,
            };
            if *byte == b'\n' {
                self.line += 1;
            }
            if self.cell > LONGEST_CELL {
                let line = if self.at == At::Quoted { self.opened } else { self.line };
                return Err(TableFault::CellTooLong { line, most: LONGEST_CELL });
            }
        }
        Ok(())
    }

    /// Nothing more comes.
    pub fn end(&self) -> Result<(), TableFault> {
        if self.at == At::Quoted { Err(TableFault::UnclosedQuote { line: self.opened }) } else { Ok(()) }
    }
}
