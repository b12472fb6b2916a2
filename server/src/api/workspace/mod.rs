//! The workspace of the caller.

pub mod zone_replace;
