//! Print templates of a form: who designs the form makes them, and who may print its records prints by them.

mod change;
mod gather;
mod print;
mod read;

pub use change::{create, delete, insert, replace};
pub use print::print;
pub use read::list;
