//! Approval flows: designing them, and carrying out what people decide.

mod attached;
mod course;
pub mod design;
mod drawing;
pub mod inbox;
pub mod instances;
mod people;
pub mod phrases;
pub mod place;
pub mod simulate;
pub mod tasks;
mod title;
pub mod versions;
mod words;

pub use course::{Moved, decide, link_reads, refused, store_moved, version};
pub use people::directory;
