//! The hints that one has put away.

pub mod read;
pub mod replace;
