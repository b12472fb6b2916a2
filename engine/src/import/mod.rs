//! Records that come in from a file: what form would take them, which column belongs to which field, and what a cell
//! means for its field; and how they go out into one.
//!
//! Reading and writing the file is not done here: cells arrive as text, and leave as what they hold.

mod block;
mod cell;
mod column;
mod defuse;
mod key;
mod likeness;
mod mapping;
mod proposal;
mod sheet_number;
mod written;

pub use block::{read_block, write_block};
pub use cell::{cell_fault, cell_json, cell_parts};
pub use column::{ColumnProfile, Guess};
pub use defuse::{defused, undefused};
pub use key::{free_key, key_of};
pub use mapping::{RECORD_ID, guess_mapping};
pub use proposal::{ProposedColumn, propose};
pub use sheet_number::{DateSystem, NumberFormat, moment_of, number_of, percent_text, plain_number};
pub use written::{Writing, Written};
