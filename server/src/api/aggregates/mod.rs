//! Aggregate tables.

pub mod create;
pub mod list;
pub mod rows;
pub mod verify;
