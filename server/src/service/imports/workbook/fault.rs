//! What can be wrong with a workbook. It is found in a process of its own, which tells it as JSON.

use std::fmt;
use std::io;

use engine::text::Fault;
use serde::{Deserialize, Serialize};

use super::xml::XmlFault;
use crate::service::{Cause, Refusal};

/// What a workbook has too much of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Size {
    /// Bytes of the file as it was sent.
    File,
    /// Bytes of its parts, unpacked.
    Unpacked,
    /// Times that a part is larger than its packed form.
    Ratio,
    Parts,
    Sheets,
    Rows,
    Columns,
    Cells,
    Texts,
}

impl Size {
    fn name(self) -> &'static str {
        match self {
            Size::File => "file",
            Size::Unpacked => "unpacked",
            Size::Ratio => "ratio",
            Size::Parts => "parts",
            Size::Sheets => "sheets",
            Size::Rows => "rows",
            Size::Columns => "columns",
            Size::Cells => "cells",
            Size::Texts => "texts",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BookFault {
    /// No zip, or none with a workbook in it.
    NotAWorkbook,
    /// Encrypted, or of a program from before 2007.
    Locked,
    /// A part that is not as it should be, or stops in the middle.
    Damaged {
        part: String,
    },
    /// A part defines entities, or names some that it does not have.
    Entities {
        part: String,
    },
    TooLarge {
        what: Size,
        most: u64,
    },
    CellTooLong {
        cell: String,
        most: u64,
    },
    NoHeader {
        sheet: String,
    },
    UnknownSheet {
        sheet: String,
    },
    /// It took more memory or time than one workbook may.
    TooCostly,
    /// Nobody's fault but the disk's.
    Unreadable {
        detail: String,
    },
}

impl BookFault {
    pub fn too_large(what: Size, most: u64) -> BookFault {
        BookFault::TooLarge { what, most }
    }

    /// The file is larger than a workbook may be.
    pub fn too_large_file() -> BookFault {
        BookFault::too_large(Size::File, super::LARGEST_FILE)
    }

    /// What an error of a part's text means.
    pub fn of_xml(fault: XmlFault, part: &str) -> BookFault {
        let part = part.to_string();
        match fault {
            XmlFault::Broken => BookFault::Damaged { part },
            XmlFault::Entity => BookFault::Entities { part },
            XmlFault::TooLong => BookFault::CellTooLong { cell: part, most: super::LONGEST_CELL as u64 },
            XmlFault::Io(error) => BookFault::of_io(error, &part),
        }
    }

    /// What an error of reading means: limits of our own come through it.
    pub fn of_io(error: io::Error, part: &str) -> BookFault {
        match error.downcast::<BookFault>() {
            Ok(own) => own,
            // The packed bytes end too early, or are none.
            Err(_) => BookFault::Damaged { part: part.to_string() },
        }
    }

    pub fn refusal(self) -> Refusal {
        let fault = match self {
            BookFault::NotAWorkbook => Fault::new("", "xlsx_not_a_workbook"),
            BookFault::Locked => Fault::new("", "xlsx_locked"),
            BookFault::Damaged { part } => Fault::new("", "xlsx_damaged").arg("part", part),
            BookFault::Entities { part } => Fault::new("", "xlsx_entities").arg("part", part),
            BookFault::TooLarge { what, most } => {
                Fault::new("", "xlsx_too_large").arg("what", what.name()).arg("max", most)
            }
            BookFault::CellTooLong { cell, most } => {
                Fault::new("", "xlsx_cell_too_long").arg("cell", cell).arg("max", most)
            }
            BookFault::NoHeader { sheet } => Fault::new("", "xlsx_no_header").arg("sheet", sheet),
            BookFault::UnknownSheet { sheet } => {
                return Refusal::invalid(vec![Fault::new("sheet", "unknown_sheet").arg("sheet", sheet)]);
            }
            BookFault::TooCostly => Fault::new("", "xlsx_too_costly"),
            BookFault::Unreadable { detail } => return Refusal::internal(detail),
        };
        Refusal { faults: vec![fault], ..Refusal::new(Cause::Invalid, "broken_xlsx") }
    }
}

impl fmt::Display for BookFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl std::error::Error for BookFault {}
