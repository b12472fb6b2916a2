//! Goes along with the text of a csv file and stops it where it is broken in a way that a lenient reader would take
//! for something else: a quote that swallows the rest of the file, a cell without end, a NUL. It also knows on which
//! line each record begins: the reader counts blank lines before a record as part of it.

use std::collections::VecDeque;

use super::fault::TableFault;

/// Bytes of one cell at most.
pub(super) const LONGEST_CELL: usize = 128 << 10;

/// Where in the grammar of csv the text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    RecordStart,
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
    after_return: bool,
    /// The lines on which records begin that the reader has not given yet.
    starts: VecDeque<u64>,
}

impl Guard {
    pub fn new(delimiter: u8) -> Guard {
        Guard {
            delimiter,
            at: At::RecordStart,
            line: 1,
            opened: 1,
            cell: 0,
            after_return: false,
            starts: VecDeque::new(),
        }
    }

    pub fn line(&self) -> u64 {
        self.line
    }

    /// The line on which the next record begins.
    pub fn next_start(&mut self) -> Option<u64> {
        self.starts.pop_front()
    }

    /// Follows the next piece of text.
    pub fn follow(&mut self, text: &[u8]) -> Result<(), TableFault> {
        for byte in text {
            let ends_line = matches!(byte, b'\n' | b'\r');
            if self.at == At::RecordStart && !ends_line {
                self.starts.push_back(self.line);
                self.at = At::CellStart;
            }
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
                (_, byte) if ends_line || byte == self.delimiter => {
                    self.cell = 0;
                    if ends_line { At::RecordStart } else { At::CellStart }
                }
                (_, _) => At::Plain,
            };
            // The two signs of one line's end count once.
            if ends_line && !(self.after_return && *byte == b'\n') {
                self.line += 1;
            }
            self.after_return = *byte == b'\r';
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
