//! Aggregate tables.

pub mod as_of;
pub mod create;
pub mod delete;
pub mod dependents;
pub mod list;
pub mod read;
pub mod records;
pub mod replace;
pub mod rows;
pub mod verify;
pub mod verify_app;
