//! Workbooks: read in a process of their own that has little memory and little time, so that no file, however it was made,
//! takes the server with it. The process writes the rows of one sheet into a file, line by line, and whoever reads
//! them does not see that they once were a workbook.
//!
//! What a workbook says about itself (counts, extents, sizes) is never made room for; what it holds is counted while it is
//! unpacked.

mod book;
mod fault;
mod header;
mod package;
mod process;
mod read;
mod sheet;
#[cfg(test)]
mod tests;
mod xml;

pub use fault::BookFault;
pub use package::LARGEST_FILE;
pub use process::{COMMAND, convert, run};
#[cfg(test)]
pub use read::read as read_here;

/// Characters of one cell.
pub const LONGEST_CELL: usize = 32_767;
