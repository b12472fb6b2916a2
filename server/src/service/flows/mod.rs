//! Approval flows: designing them, and carrying out what people decide.

mod course;
mod people;

pub use course::{Moved, decide, store_moved, version};
pub use people::directory;
