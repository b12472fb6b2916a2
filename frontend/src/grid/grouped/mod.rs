//! The rows of a table gathered by a field, each group with its number and its figures; of any number of groups and rows
//! only those on the screen are there.

mod choice;
mod laid;
mod staying;
mod table;
mod value;

pub use choice::GroupRows;
pub use laid::Laid;
pub use table::GroupedTable;
