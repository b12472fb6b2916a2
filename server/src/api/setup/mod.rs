//! The first administrator.

pub mod create;
pub mod read;
