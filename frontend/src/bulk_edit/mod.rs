//! The same change for every record that a list shows: what is set, a look at what would happen, the change, and the way
//! back from it.

mod dialog;
mod lines;
mod outcome;

pub use dialog::{BulkEditDialog, Meant};
