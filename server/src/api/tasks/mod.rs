//! Tasks of approval flows.

pub mod act;
pub mod list;
pub mod read;
