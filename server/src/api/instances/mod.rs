//! Instances of approval flows.

pub mod act;
pub mod read;
