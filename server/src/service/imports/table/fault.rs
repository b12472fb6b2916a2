//! What can be wrong with a csv file, or with a list in JSON, and on which line.

use std::fmt;

use engine::text::Fault;

use crate::service::{Cause, Refusal};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableFault {
    NoHeader,
    /// Bytes that are no text in the file's encoding, or a NUL.
    NotText {
        line: u64,
    },
    /// A quote that nothing closes; where it opens.
    UnclosedQuote {
        line: u64,
    },
    CellTooLong {
        line: u64,
        most: usize,
    },
    Cells {
        line: u64,
        expected: usize,
        found: usize,
    },
    TooManyColumns {
        most: usize,
    },
    TooManyRows {
        most: u64,
    },
    /// Where an object of a list has to be, the `line`th, there is none.
    NotAnObject {
        line: u64,
    },
    /// The disk does not give the file.
    Unreadable,
}

impl TableFault {
    /// What an error of the csv reader means: our own faults come through it.
    pub fn of(error: csv::Error) -> TableFault {
        let line = error.position().map_or(1, |position| position.line());
        match error.into_kind() {
            csv::ErrorKind::Io(error) => {
                let inner = error.into_inner().and_then(|inner| inner.downcast::<TableFault>().ok());
                inner.map_or(TableFault::Unreadable, |fault| *fault)
            }
            _ => TableFault::NotText { line },
        }
    }

    pub fn refusal(self) -> Refusal {
        // The sentence says the line too: where there is room for one, it stands without its path.
        let at = |line: u64, code: &'static str| Fault::new(format!("line {line}"), code).arg("line", line);
        let fault = match self {
            TableFault::NoHeader => at(1, "csv_no_header"),
            TableFault::NotText { line } => at(line, "csv_not_text"),
            TableFault::UnclosedQuote { line } => at(line, "csv_unclosed_quote"),
            TableFault::CellTooLong { line, most } => at(line, "csv_cell_too_long").arg("max", most),
            TableFault::Cells { line, expected, found } => {
                at(line, "csv_cells").arg("expected", expected).arg("found", found)
            }
            TableFault::TooManyColumns { most } => at(1, "csv_too_many_columns").arg("max", most),
            TableFault::TooManyRows { most } => at(most + 1, "csv_too_many_rows").arg("max", most),
            TableFault::NotAnObject { line } => {
                let fault = Fault::new("", "list_not_an_object").arg("number", line);
                return Refusal { faults: vec![fault], ..Refusal::new(Cause::Invalid, "broken_list") };
            }
            TableFault::Unreadable => return Refusal::internal(self),
        };
        let line = fault.path.trim_start_matches("line ").to_string();
        Refusal { faults: vec![fault], ..Refusal::new(Cause::Invalid, "broken_csv") }.arg("line", line)
    }
}

impl fmt::Display for TableFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl std::error::Error for TableFault {}
