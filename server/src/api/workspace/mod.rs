//! The workspace of the caller.

pub mod files;
pub mod read;
pub mod update;
pub mod zone_replace;
