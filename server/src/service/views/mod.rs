//! Saved views of a form: who sees and changes which, and lists and files by them.
//!
//! A view widens nothing: what it asks for, its reader has to be allowed to ask without it.

mod applied;
mod change;
mod read;

pub use applied::{of_export, of_query};
pub use change::{create, delete, update};
pub use read::list;
