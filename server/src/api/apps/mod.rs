//! Apps.

pub mod create;
pub mod delete;
pub mod import;
pub mod list;
pub mod read;
pub mod update;
