//! The recycle bin.

pub mod list;
pub mod purge;
pub mod restore;
pub mod retention_read;
pub mod retention_replace;
