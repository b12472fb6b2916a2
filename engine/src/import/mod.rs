//! Records that come in from a file: what form would take them, which column belongs to which field, and what a cell
//! means for its field.
//!
//! Reading the file is not done here: cells arrive as text.

mod cell;
mod column;
mod key;
mod mapping;
mod proposal;

pub use cell::{cell_fault, cell_json};
pub use column::{ColumnProfile, Guess};
pub use key::{free_key, key_of};
pub use mapping::guess_mapping;
pub use proposal::{ProposedColumn, propose};
