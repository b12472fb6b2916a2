//! The recycle bin.

pub mod list;
pub mod retention_read;
pub mod retention_replace;
